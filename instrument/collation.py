"""Collates many responses into a snapshot.

Only the snapshot leaves this module, and whatever may not be shown is gone from it. The figures that are shown come first;
the lists are made from these alone. The people of a figure are: of a
section's mean, median and interval, those scored in it; of shares of choices, those who chose; of "Don't know" and
"Doesn't apply", all who finished. Sources: METHODS, sections 3 and 4.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from instrument import by_function
from instrument.definition import Instrument, Section, SubCompetency
from instrument.disclosure import MINIMUMS, coarse, detail_from
from instrument.distribution import Distribution, together
from instrument.ranking import ranking
from instrument.snapshot import Coded, Finding, ItemResult, SectionResult, Snapshot, SubCompetencyResult
from instrument.tally import Answers, ItemTally, Shares, Tally, average, tally

__all__ = ["Answers", "collate"]

DONT_KNOW_FROM = 30
DOESNT_APPLY_FROM = 50


def collate(instrument: Instrument, responses: Sequence[Answers], *, asked: int, minimum: int) -> Snapshot:
    """What may be shown of the submitted responses of a round in which `asked` people were invited.

    minimum: the smallest group shown, 5 to 20 people. With fewer responses the snapshot holds nothing but `asked`.
    The order of the responses changes nothing. Raises ValueError for another minimum, and where a strip is not this
    instrument's.
    """
    if minimum not in MINIMUMS:
        raise ValueError(f"the smallest group shown is {MINIMUMS[0]} to {MINIMUMS[-1]} people, not {minimum}")
    finished = len(responses)
    if finished < minimum:
        return Snapshot(instrument.version, minimum, asked, finished=None)
    counted = tally(instrument, responses)
    measured = [_measured(section, counted, minimum) for section in instrument.sections]
    sections = tuple(_section_result(one, minimum) for one in measured)
    items = tuple(_item_result(item, finished) for one in measured for item in one.items)
    listed = ranking(instrument, sections, items)
    finished_by = Counter(answers.function for answers in responses)
    exact = {one.section.id for one in measured if one.exact}
    columns = by_function.columns(instrument, counted.scores, finished_by, minimum, exact)
    # Of items that too few rated to be shown, too: what is found is that so few did, and it tells nobody's choice.
    asked_of = counted.items if finished >= detail_from(minimum) else ()
    return Snapshot(
        instrument.version,
        minimum,
        asked,
        finished,
        sections=sections,
        sub_competencies=tuple(_sub_competency_result(sub, some) for one in measured for sub, some in one.inside),
        items=items,
        priorities=listed.priorities,
        near_tie=listed.near_tie,
        strengths=listed.strengths,
        dont_know=_findings({it.item.id: it.dont_know for it in asked_of}, finished, DONT_KNOW_FROM),
        doesnt_apply=_findings({it.item.id: it.doesnt_apply for it in asked_of}, finished, DOESNT_APPLY_FROM),
        by_function=by_function.rows(instrument, columns),
        gaps=by_function.gaps(instrument, counted.scores, columns, minimum, exact),
    )


@dataclass(frozen=True)
class _Measured:
    """One section before anything is hidden.

    items: those that are shown. exact: whether the section's own figures are shown exactly.
    """

    section: Section
    scores: Distribution
    items: tuple[ItemTally, ...]
    exact: bool

    @property
    def inside(self) -> list[tuple[SubCompetency, list[ItemTally]]]:
        """The sub-competencies and items that may be shown."""
        found = [(sub, [it for it in self.items if it.item in sub.items]) for sub in self.section.sub_competencies]
        return [(sub, items) for sub, items in found if items]


def _measured(section: Section, counted: Tally, minimum: int) -> _Measured:
    """One section, with its items if they may be shown: all that anybody rated, or none.

    From ten people on (or the minimum, where that is more), in the section and in each of those items. Beside an item
    that is not shown, the section's mean and deviation and the other items gave its counts. Source: METHODS, section 4.
    """
    scores = together(counted.scores[section.id].values())
    rated = tuple(it for it in counted.items[section.positions] if it.people)
    least = detail_from(minimum)
    exact = scores.people >= least and all(it.people >= least for it in rated)
    return _Measured(section, scores, rated if exact else (), exact)


def _section_result(measured: _Measured, minimum: int) -> SectionResult:
    scores, section = measured.scores, measured.section
    if scores.people < minimum:
        return SectionResult(section.id)
    if not measured.exact:
        mean = coarse(scores.mean, scores.people, section.maximum)
        # From the whole percent: points rounded on their own would narrow the mean down further.
        points = None if isinstance(mean, Coded) else float(round(Fraction(mean) * section.maximum / 100))
        return SectionResult(section.id, scores.people, mean, points)
    low, high, never, often, always = _percents(average(it.shares for it in measured.items))
    return SectionResult(
        section.id,
        scores.people,
        float(scores.mean),
        float(scores.mean * section.maximum / 100),
        float(scores.median),
        scores.deviation,
        scores.interval,
        low,
        high,
        never,
        often,
        always,
    )


def _sub_competency_result(sub: SubCompetency, items: Iterable[ItemTally]) -> SubCompetencyResult:
    return SubCompetencyResult(sub.id, *_percents(average(it.shares for it in items)))


def _percents(shares: Shares) -> tuple[float, float, float, float, float]:
    """Low, high, Never, Often and Always, in the results' order."""
    return float(shares.low), float(shares.high), float(shares.never), float(shares.often), float(shares.always)


def _item_result(it: ItemTally, finished: int) -> ItemResult:
    return ItemResult(
        it.item.id,
        it.people,
        it.counts,
        mean=float(it.shares.mean),
        low=float(it.shares.low),
        dont_know=100 * it.dont_know / finished,
        doesnt_apply=100 * it.doesnt_apply / finished,
        split=it.split,
    )


def _findings(people: dict[str, int], finished: int, at_least: int) -> tuple[Finding, ...]:
    """The items with a whole percent of `at_least`, the largest first, else in the document's order."""
    found = [Finding(item, float(round(Fraction(100 * count, finished)))) for item, count in people.items()]
    return tuple(sorted((one for one in found if one.share >= at_least), key=lambda one: -one.share))
