"""Figures of a snapshot in words, the same in every table, line and sentence."""

from math import ceil, floor

from instrument.definition import Instrument
from instrument.disclosure import detail_from
from instrument.snapshot import Cell, SectionResult, Snapshot
from reports.wording import people, percent, whole

HIDDEN = "not shown"
NOT_SEPARATE = "Not shown separately"
"""The kinds of work that have no row of their own, together."""


def of_how_many(snapshot: Snapshot, work_here: int | None = None) -> str:
    """Whom results are of; every one says it. work_here: how many people the organization has, where that is known."""
    known = believed(work_here, snapshot.asked)
    workplace = f" {known:,} people work here." if known else ""
    return f"{snapshot.finished or 0:,} of {people(snapshot.asked)} asked finished.{workplace} Staff without Slack were not asked."


def believed(work_here: int | None, asked: int) -> int | None:
    """How many people the organization has; None where nobody said, or fewer than were asked: that was a slip."""
    return work_here if work_here and work_here >= asked else None


def is_small(count: int, snapshot: Snapshot) -> bool:
    """Whether so few stand behind a figure that it may be coded, and has no range."""
    return count < detail_from(snapshot.minimum)


def score_only(snapshot: Snapshot) -> str:
    """Why a section has its score and nothing else, in one sentence; empty where none is like that."""
    if not any(one.whole_only for one in snapshot.sections):
        return ""
    least = detail_from(snapshot.minimum)
    return (
        f"Where fewer than {least} people rated a section, or one of its statements, only its whole percent is shown: as "
        "“under 10 %”, “under 25 %”, “over 75 %” or “over 90 %” where a number could give away what people answered."
    )


def list_marks(snapshot: Snapshot) -> str:
    """How lists were made, where it was not by shares of answers; empty where it was."""
    if not snapshot.by_score:
        return ""
    return (
        "The lists go by score: work on first at 50 % or less, share from 67 % on, which is Often throughout. By score, "
        "since not every section has shares of answers; those with the same score stand in the document's order."
    )


def total(instrument: Instrument, snapshot: Snapshot) -> str | None:
    """The organization's total: "98.4 of 186 points (53 %)". None: a section's points are not shown."""
    if snapshot.total is None:
        return None
    decimals = 0 if all(one.whole_only for one in snapshot.sections) else 1
    return (
        f"{snapshot.total:.{decimals}f} of {instrument.maximum} points "
        f"({percent(100 * snapshot.total / instrument.maximum)})"
    )


def total_moved(now: tuple[Instrument, Snapshot], before: tuple[Instrument, Snapshot]) -> str:
    """The organization's total in two rounds, in one sentence; empty where one has none, or they are of other maximums."""
    is_now, was = total(*now), total(*before)
    if is_now is None or was is None or now[0].maximum != before[0].maximum:
        return ""
    return f"Total: {is_now}; before, {was}."


def points(result: SectionResult) -> str | None:
    """A section's points: whole where its percent is."""
    if result.points is None:
        return None
    return f"{result.points:.0f}" if result.whole_only else f"{result.points:.1f}"


def score(result: SectionResult) -> str:
    """A section's mean in percent of the maximum."""
    return percent(result.mean)


def low(result: SectionResult) -> str:
    """The share of Never or Occasionally."""
    return percent(result.low)


def high(result: SectionResult) -> str:
    """The share of Often or Always."""
    return percent(result.high)


def likely_range(interval: tuple[float, float] | None) -> str:
    """Of a mean: "52 to 71 %"."""
    return f"{whole(interval[0])} to {whole(interval[1])} %" if interval else HIDDEN


def moved(now: SectionResult, before: SectionResult) -> str:
    """How far a section's score moved, in points of percent, with its sign: "+14", "−3", "0".

    It is the difference of the two figures as they are shown: who subtracts one from the other finds this one (METHODS,
    3 and 4). Words, ranges and files go by exact ones.
    """
    if not isinstance(now.mean, float) or not isinstance(before.mean, float):
        return HIDDEN
    return signed(whole(now.mean) - whole(before.mean))


def likely_move(interval: tuple[float, float] | None) -> str:
    """The range of a difference: "+3 to +17". Rounded outward, so that the difference as it is shown lies in it."""
    return f"{signed(floor(round(interval[0], 9)))} to {signed(ceil(round(interval[1], 9)))}" if interval else HIDDEN


def signed(points: int) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points)}"


def cell(shown: Cell | None) -> str:
    """One kind of work in one section."""
    return percent(shown.mean if shown else None)


def kind_of_work(instrument: Instrument, function_id: str | None) -> str:
    """A kind of work as people chose it; None: those without a row of their own, together."""
    known = instrument.function(function_id) if function_id else None
    return known.label if known else NOT_SEPARATE
