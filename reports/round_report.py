"""What reports are made from: a closed round, with the questionnaire, the round before it, and its goals."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from instrument.definition import Instrument, builtin
from instrument.snapshot import Snapshot
from reports.figures import believed
from storage.rounds import Round


@dataclass(frozen=True)
class Planned:
    """A goal that follows from the round, as it stands now. `owner`: a name, or Slack's id where nobody knows it."""

    due_in: str
    due_on: date
    about: str
    words: str
    measure: str | None
    owner: str
    status: str


@dataclass(frozen=True)
class RoundReport:
    """A closed round as files tell of it: nobody is named but the owners of goals.

    zone: the organization's. work_here: how many people it has; None: the coordinator did not say. earlier: the round
    before, where something can be shown of it. planned: by the day when they are due.
    """

    round: Round
    zone: ZoneInfo
    instrument: Instrument
    snapshot: Snapshot
    work_here: int | None = None
    earlier: "RoundReport | None" = None
    planned: tuple[Planned, ...] = ()

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


def with_names(closed: RoundReport, names: Mapping[str, str]) -> RoundReport:
    """Goals' owners by name, where `names` has them by Slack's id."""
    return replace(closed, planned=tuple(replace(one, owner=names.get(one.owner, one.owner)) for one in closed.planned))


def round_report(round_: Round, snapshot: Snapshot, work_here: int | None, zone: ZoneInfo) -> RoundReport:
    """The round with the questionnaire that it used."""
    known = believed(work_here, snapshot.asked)
    return RoundReport(round_, zone, builtin(round_.instrument_version), snapshot, known)
