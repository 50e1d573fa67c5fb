"""What results say in whole sentences, for what is printed."""

from collections.abc import Callable, Sequence
from datetime import date

from instrument.definition import Instrument
from instrument.ranking import PRIORITY_FROM, PRIORITY_SCORE, STRENGTH_FROM, STRENGTH_SCORE
from instrument.snapshot import Coded, Figure, Ranked, SectionResult, Snapshot
from reports.figures import high, low, score
from reports.round_report import Planned, RoundReport
from reports.wording import listed, people, whole


def day_of(date: date) -> str:
    """ "30 March 2027"."""
    return f"{date.day} {date:%B} {date.year}"


def open_between(closed: RoundReport) -> str:
    """From when to when people could answer: "2 March 2027 to 30 March 2027"."""
    return f"{day_of(closed.opened_on)} to {day_of(closed.closed_on)}"


def due(goal: Planned) -> str:
    """When a goal is due: "10 days: 9 April 2027"."""
    return f"{goal.due_in}: {day_of(goal.due_on)}"


def base(snapshot: Snapshot, work_here: int | None) -> str:
    """Of how many the results are: asked, finished, and the number who work here, where that is known."""
    finished = f"Fewer than {snapshot.minimum}" if snapshot.finished is None else f"{snapshot.finished:,}"
    return f"{finished} of {people(snapshot.asked)} asked finished. {workplace(work_here)}"


def workplace(work_here: int | None) -> str:
    """How many work here, as far as the coordinator said, and who of them was not asked."""
    known = (
        f"{people(work_here)} {'works' if work_here == 1 else 'work'} here."
        if work_here
        else "How many people work here was not stated."
    )
    return f"{known} Staff without Slack were not asked."


def work_on(instrument: Instrument, snapshot: Snapshot) -> str:
    """What to work on first, with the shares that put it there."""
    if not snapshot.priorities:
        return NO_PRIORITY[snapshot.by_score]
    how, words = (score, "of the maximum") if snapshot.by_score else (low, "Never or Occasionally")
    named = _ranked(instrument, snapshot, snapshot.priorities, how, words)
    relative = below_half(snapshot)
    tie = f" Close behind: {instrument.heading(snapshot.near_tie)}." if snapshot.near_tie else ""
    return f"{by_what(snapshot)}{named}.{relative}{tie}"


def share(instrument: Instrument, snapshot: Snapshot) -> str:
    """What to share with others, likewise."""
    if not snapshot.strengths:
        return NO_STRENGTH[snapshot.by_score]
    how, words = (score, "of the maximum") if snapshot.by_score else (high, "Often or Always")
    named = _ranked(instrument, snapshot, snapshot.strengths, how, words)
    relative = below_three_quarters(snapshot)
    return f"{by_what(snapshot)}{named}.{relative}"


NO_PRIORITY = {
    False: "No section was answered with Never or Occasionally often enough to stand out.",
    True: "No section's score is low enough to stand out.",
}
NO_STRENGTH = {
    False: "No section was answered with Often or Always often enough to stand out.",
    True: "No section's score is high enough to stand out.",
}
"""Where a list is empty; by whether it goes by score."""


def by_what(snapshot: Snapshot) -> str:
    """Before a list that goes by score."""
    return "By score: " if snapshot.by_score else ""


def below_half(snapshot: Snapshot) -> str:
    """A sentence, or none, where the priority only stands out. A share just below the mark is shown as if it reached it."""
    (first, *_) = snapshot.priorities
    if not first.relative:
        return ""
    if snapshot.by_score:
        return f" None is at {PRIORITY_SCORE} % or less; this one is the lowest."
    is_near = _is_shown_as(_of(snapshot, first).low, PRIORITY_FROM)
    return (
        " None quite reaches half; this one comes closest."
        if is_near
        else " None reaches half; this one is the lowest."
    )


def below_three_quarters(snapshot: Snapshot) -> str:
    """The same of the strength."""
    (first, *_) = snapshot.strengths
    if not first.relative:
        return ""
    if snapshot.by_score:
        return f" None reaches {STRENGTH_SCORE} %; this one is the highest."
    if _is_shown_as(_of(snapshot, first).high, STRENGTH_FROM):
        return " None quite reaches three quarters; this one comes closest."
    return " None reaches three quarters; this one is the highest."


def _of(snapshot: Snapshot, ranked: Ranked) -> SectionResult:
    return next(one for one in snapshot.sections if one.section == ranked.section)


def _is_shown_as(figure: Figure | None, mark: int) -> bool:
    return isinstance(figure, float) and whole(figure) == mark


def count(result: SectionResult, snapshot: Snapshot) -> str:
    return f"under {snapshot.minimum}" if result.n is None else f"{result.n:,}"


def has_coded_cell(snapshot: Snapshot) -> bool:
    return any(isinstance(cell.mean, Coded) for row in snapshot.by_function for cell in row.cells if cell)


def printed_maximum_notes(instrument: Instrument) -> list[str]:
    """Where the document prints another maximum than its items add up to."""
    return [
        f"The document prints “out of {one.printed_maximum}” for section {one.number}, whose {len(one.items)} items of up "
        f"to 3 points make {one.maximum}; it is scored out of {one.maximum} here."
        for one in instrument.sections
        if one.printed_maximum != one.maximum
    ]


def _ranked(
    instrument: Instrument,
    snapshot: Snapshot,
    ranked: Sequence[Ranked],
    how: Callable[[SectionResult], str],
    words: str,
) -> str:
    results = {one.section: one for one in snapshot.sections}
    parts = []
    for place, one in enumerate(ranked):
        shown = how(results[one.section])
        said = f"{shown} {words}" if place == 0 else shown
        equal = ", about equal to the next" if one.about_equal_to_next else ""
        parts.append(f"{instrument.heading(one.section)} ({said}{equal})")
    return listed(parts)
