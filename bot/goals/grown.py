"""Tells what has become of what an earlier plan was about: the growth of each section, beside the goals set on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.goals.service import Setting
from bot.goals.topics import InstrumentOf
from bot.results.compare import FALL, ONLY_ITSELF
from instrument.definition import Instrument, builtin
from instrument.goals import Status
from instrument.growth import Grown, Growth, OtherItems, TooFew, growth
from reports.figures import HIDDEN, moved
from reports.wording import listed
from storage import goals, snapshots
from storage.goals import Goal


@dataclass(frozen=True)
class Beside:
    """How the sections moved from the round of an earlier plan to the latest, and the goals of that plan.

    earlier_round: the number of that round.
    """

    growth: tuple[Growth, ...]
    goals: tuple[Goal, ...]
    earlier_round: int


def beside(connection: Connection, team_id: str, here: Setting, instrument_of: InstrumentOf = builtin) -> Beside | None:
    """The last plan before the latest round, beside how its sections moved since; None: there was none."""
    before = [one for one in goals.plans(connection, team_id) if one.round_id < here.round.id]
    earlier = snapshots.of(connection, before[-1].round_id) if before else None
    if earlier is None:
        return None
    now = here.snapshot
    since = growth(instrument_of(now.instrument_version), earlier, now, instrument_of(earlier.instrument_version))
    return Beside(since, goals.of_plan(connection, before[-1].id), before[-1].round_id)


def said(instrument: Instrument, found: Beside) -> str:
    """A line for each section that a goal was set on."""
    lines = []
    for one in found.growth:
        theirs = [goal for goal in found.goals if goal.section == one.section]
        if theirs:
            lines.append(f"{instrument.heading(one.section)}: {_moved(one)}; {_counted(theirs)}.")
    fell = any(isinstance(one, Grown) and one.fell for one in found.growth)
    return "\n".join(["*Since the last self-assessment*", *lines, ONLY_ITSELF, *([FALL] if fell else [])])


def _moved(one: Growth) -> str:
    match one:
        case OtherItems():
            return "it had other statements then"
        case TooFew():
            return "too few people to compare"
        case Grown(_, before, now, difference, _, word):
            figure = f"{moved(now, before)} points" if difference is not None else HIDDEN
            return f"{word}, {figure}" if word else figure


def _counted(theirs: Sequence[Goal]) -> str:
    counted = Counter(goal.status for goal in theirs)
    named = listed(f"{counted[one]} {one.label.lower()}" for one in Status if counted[one])
    return f"{len(theirs)} {'goal' if len(theirs) == 1 else 'goals'}: {named}"
