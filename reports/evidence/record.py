"""Two short papers of plain facts: who took part, and what was planned and done since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from instrument.disclosure import shown
from reports.evidence.paper import Paper, Part, Piece, Table, points
from reports.round_report import Planned, RoundReport
from reports.sentences import due
from reports.wording import people, percent

TOOK_PART = "Participation"
PLAN = "Goals and check-ins"


TOGETHER = "Others, together"


@dataclass(frozen=True)
class Audience:
    """Part of those who were asked: a channel, a user group, or those chosen by name."""

    name: str
    asked: int


def audiences(brought: Mapping[str, int], minimum: int) -> tuple[Audience, ...]:
    """How many each brought, by its name, as far as it may be told: small ones stand together, as kinds of work do."""
    alone = shown(brought, minimum)
    rest = sum(asked for name, asked in brought.items() if name not in alone)
    told = [Audience(name, asked) for name, asked in brought.items() if name in alone]
    return (*told, *([Audience(TOGETHER, rest)] if told and rest else []))


def participation(closed: RoundReport, audiences: Sequence[Audience], foot: str) -> Paper:
    """Asked, finished, work here, and whom each channel or group brought. Nobody is named."""
    return Paper(
        TOOK_PART,
        "How many were asked and finished. Who they are is told to nobody.",
        foot,
        (
            Part("How many", (Table(("Who", "People", "Share"), _how_many(closed), (3, 1, 3)), _caveat(closed))),
            Part("Where those who were asked came from", _whence(closed, audiences)),
            Part(
                "Not told, for confidentiality",
                (
                    points(
                        [
                            "Who finished, who did not, and when.",
                            f"How many of a channel or group finished, and counts of fewer than {closed.snapshot.minimum}.",
                            "Who withdrew: what they had answered was deleted.",
                        ]
                    ),
                ),
            ),
        ),
    )


def plan(closed: RoundReport, check_ins: Sequence[Sequence[str]], foot: str) -> Paper:
    """The goals with what was said at their check-ins, a line each; says so where there are none yet.

    check_ins: those of each goal, the oldest first.
    """
    lead = "What is planned, by whom, until when, and how far it is."
    goals = closed.planned
    if not goals:
        *most, last = closed.instrument.horizons
        none = (
            "There are none yet. The document asks for goals that can be completed in "
            f"{', '.join(most)} and {last}, and for the self-assessment to be taken again once the plan is complete."
        )
        return Paper(PLAN, lead, foot, (Part("Goals", (none,)),))
    rows = tuple((due(one), one.words, one.owner, one.status) for one in goals)
    overview = Part("Overview", (Table(("Due in", "Goal", "Owner", "Status"), rows, (4, 7, 3, 3)),))
    each = [
        Part(f"{place}. {one.words}", _told(one, said))
        for place, (one, said) in enumerate(zip(goals, check_ins, strict=True), start=1)
    ]
    return Paper(PLAN, lead, foot, (overview, *each))


def _how_many(closed: RoundReport) -> tuple[tuple[str, str, str], ...]:
    snapshot, work_here = closed.snapshot, closed.work_here
    finished = f"fewer than {snapshot.minimum}" if snapshot.finished is None else f"{snapshot.finished:,}"
    return (
        *([("Work here", f"{work_here:,}", "as the coordinator said at the start")] if work_here else []),
        ("Asked", f"{snapshot.asked:,}", _share(snapshot.asked, work_here, "of those who work here") or "–"),
        (
            "Finished",
            finished,
            "; ".join(
                part
                for part in (
                    _share(snapshot.finished, snapshot.asked, "of those asked"),
                    _share(snapshot.finished, work_here, "of those who work here"),
                )
                if part
            )
            or "–",
        ),
    )


def _share(part: int | None, whole: int | None, of_whom: str) -> str | None:
    """ "40 % of those asked"; None where it can't be said, or the whole was guessed too small."""
    return f"{percent(100 * part / whole)} {of_whom}" if part is not None and whole and part <= whole else None


def _caveat(closed: RoundReport) -> str:
    known = "" if closed.work_here else "How many people work here was not stated. "
    return f"{known}Staff without Slack were not asked. Only what was submitted counts."


def _whence(closed: RoundReport, audiences: Sequence[Audience]) -> tuple[Piece, ...]:
    if not audiences:
        return (
            f"Groups of fewer than {closed.snapshot.minimum} are not told, nor what would give them away. None is left.",
        )
    rows = tuple((one.name, people(one.asked)) for one in audiences)
    note = "Whoever is in several counts in the first of them."
    return Table(("Channel or group", "Asked"), rows, (2, 1)), note


def _told(goal: Planned, check_ins: Sequence[str]) -> tuple[Piece, ...]:
    facts = f"Due in {due(goal)}. Owner: {goal.owner}. Status: {goal.status}. About: {goal.about}."
    measure = f" Measure: {goal.measure}" if goal.measure else ""
    return facts + measure, points(check_ins) if check_ins else "No check-in yet."
