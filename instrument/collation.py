"""What do many responses say together?

Only the snapshot leaves this module, and whatever may not be shown is gone from it. The people of a figure are: of a
section's mean, median and interval, those scored in it; of shares of choices, those who chose; of "Don't know" and
"Doesn't apply", all who finished. Sources: METHODS, sections 3 and 4.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from instrument import by_function
from instrument.definition import Instrument, Section, SubCompetency
from instrument.disclosure import MINIMUMS, coarse, detail_from, figure, tells_of_few
from instrument.distribution import Distribution, together
from instrument.ranking import Standing, near_tie, priorities, strengths
from instrument.snapshot import Finding, ItemResult, SectionResult, Snapshot, SubCompetencyResult
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
    sections = [_measured(section, counted, minimum) for section in instrument.sections]
    standings = [_standing(measured) for measured in sections if measured.items]
    first = priorities(standings)
    finished_by = Counter(answers.function for answers in responses)
    columns = by_function.columns(instrument, counted.scores, finished_by, minimum)
    # Of items that too few rated to be shown, too: what is found is that so few did, and it tells nobody's choice.
    asked_of = counted.items if finished >= detail_from(minimum) else ()
    return Snapshot(
        instrument.version,
        minimum,
        asked,
        finished,
        sections=tuple(_section_result(measured, minimum) for measured in sections),
        sub_competencies=tuple(
            _sub_competency_result(sub, items) for measured in sections for sub, items in measured.inside
        ),
        items=tuple(
            _item_result(item, finished) for measured in sections for _, items in measured.inside for item in items
        ),
        priorities=first,
        near_tie=near_tie(standings),
        strengths=strengths(standings, but_not=first),
        dont_know=_findings({it.item.id: Fraction(100 * it.dont_know, finished) for it in asked_of}, DONT_KNOW_FROM),
        doesnt_apply=_findings(
            {it.item.id: Fraction(100 * it.doesnt_apply, finished) for it in asked_of}, DOESNT_APPLY_FROM
        ),
        by_function=by_function.rows(instrument, columns),
        gaps=by_function.gaps(instrument, counted.scores, columns, minimum),
    )


@dataclass(frozen=True)
class _Measured:
    """One section before anything is hidden.

    rated: the items that the minimum rated. items: those whose shares of choices make up the section's. exact: these
    items are shown themselves.
    """

    section: Section
    scores: Distribution
    rated: tuple[ItemTally, ...]
    items: tuple[ItemTally, ...]
    exact: bool

    @property
    def inside(self) -> list[tuple[SubCompetency, list[ItemTally]]]:
        """The sub-competencies and items that may be shown."""
        found = [(sub, [it for it in self.items if it.item in sub.items]) for sub in self.section.sub_competencies]
        return [(sub, items) for sub, items in found if items and self.exact]


def _measured(section: Section, counted: Tally, minimum: int) -> _Measured:
    """One section, with the items whose shares count in it.

    From ten people on (or the minimum, where that is more) these are the items that as many people rated, and all of
    them are shown: a mean of shown shares gives no hidden one away. Where that leaves fewer than half of the items, and
    in smaller groups, they are the items that the minimum rated: none of them is shown, and their mean whole or coded.
    """
    scores = together(counted.scores[section.id].values())
    items = counted.items[section.positions]
    rated = tuple(it for it in items if it.people >= minimum)
    showable = tuple(it for it in items if it.people >= detail_from(minimum))
    enough = scores.people >= detail_from(minimum) and 2 * len(showable) >= len(items)
    if enough and not tells_of_few(counted.by_answered[section.id], len(items), minimum):
        return _Measured(section, scores, rated, showable, exact=True)
    if scores.people >= minimum:
        return _Measured(section, scores, rated, rated, exact=False)
    return _Measured(section, scores, (), (), exact=False)


def _standing(measured: _Measured) -> Standing:
    """A section's place is by all items that the minimum rated (METHODS, section 3), whichever its figures leave out.

    An order gives a hidden item no more than a bound, where a figure would give the item itself.
    """
    return Standing(
        measured.section.id,
        average(it.shares for it in measured.rated),
        measured.scores.mean,
        sub_competencies=tuple(_mean_standing(sub.id, items) for sub, items in measured.inside),
        items=tuple(_mean_standing(it.item.id, [it]) for _, items in measured.inside for it in items),
        small=not measured.exact,
        shown=average(it.shares for it in measured.items),
    )


def _mean_standing(id: str, items: Iterable[ItemTally]) -> Standing:
    shares = average(it.shares for it in items)
    return Standing(id, shares, shares.mean)


def _section_result(measured: _Measured, minimum: int) -> SectionResult:
    scores, section = measured.scores, measured.section
    if scores.people < minimum:
        return SectionResult(section.id)
    mean = figure(scores.mean, scores.people, minimum)
    result = SectionResult(section.id, scores.people, mean)
    if scores.people >= detail_from(minimum):
        points = float(scores.mean * section.maximum / 100)
        median, deviation, interval = float(scores.median), scores.deviation, scores.interval
        result = replace(result, points=points, median=median, deviation=deviation, interval=interval)
    elif isinstance(mean, float):
        # From the whole percent: points rounded on their own would narrow the mean down further.
        result = replace(result, points=float(round(Fraction(mean) * section.maximum / 100)))
    if not measured.items:
        return result
    shares = average(it.shares for it in measured.items)
    if not measured.exact:
        return replace(result, low=coarse(shares.low), high=coarse(shares.high))
    low, high, never, often, always = _percents(shares)
    return replace(result, low=low, high=high, never=never, often=often, always=always)


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


def _findings(percents: dict[str, Fraction], at_least: int) -> tuple[Finding, ...]:
    """Those of the items that reach `at_least` percent, the largest first."""
    found = [Finding(item, float(percent)) for item, percent in percents.items() if percent >= at_least]
    return tuple(sorted(found, key=lambda finding: -finding.share))
