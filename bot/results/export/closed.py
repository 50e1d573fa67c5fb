"""What is a file made from, and what is it then?"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from instrument.definition import Instrument, builtin
from instrument.snapshot import Snapshot
from storage.rounds import Round


@dataclass(frozen=True)
class File:
    """`name` is safe in any folder; `title` says in a few words what is in it."""

    name: str
    content: bytes
    title: str


@dataclass(frozen=True)
class Closed:
    """A closed round as files tell of it: no person of it is named.

    zone: the organization's. work_here: how many people it has; None: the coordinator did not say.
    """

    round: Round
    zone: ZoneInfo
    instrument: Instrument
    snapshot: Snapshot
    work_here: int | None = None

    @property
    def round_id(self) -> int:
        return self.round.id

    @property
    def workspace(self) -> str:
        """Slack's id of it."""
        return self.round.team_id

    @property
    def opened_on(self) -> date:
        return self._day(self.round.opened_at)

    @property
    def closed_on(self) -> date:
        return self._day(self.round.closed_at or self.round.closing_at)

    def named(self, what: str) -> str:
        """The name of a file of this round, like `hta-3-results.xlsx`."""
        return f"hta-{self.round_id}-{what}"

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def closed(round_: Round, snapshot: Snapshot, work_here: int | None, zone: ZoneInfo) -> Closed:
    """The round with the questionnaire that it used."""
    return Closed(round_, zone, builtin(round_.instrument_version), snapshot, work_here)
