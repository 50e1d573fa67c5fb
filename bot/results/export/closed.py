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

    workspace: Slack's id of it. opened_on, closed_on: days in the organization's time zone. work_here: how many people the
    organization has; None: the coordinator did not say.
    """

    round_id: int
    workspace: str
    opened_on: date
    closed_on: date
    work_here: int | None
    instrument: Instrument
    snapshot: Snapshot

    def named(self, what: str) -> str:
        """The name of a file of this round, like `hta-3-results.xlsx`."""
        return f"hta-{self.round_id}-{what}"


def closed(round_: Round, snapshot: Snapshot, work_here: int | None, zone: ZoneInfo) -> Closed:
    """The facts of a round that is closed."""
    return Closed(
        round_.id,
        round_.team_id,
        _day(round_.opened_at, zone),
        _day(round_.closed_at or round_.closing_at, zone),
        work_here,
        builtin(round_.instrument_version),
        snapshot,
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
