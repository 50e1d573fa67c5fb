"""The figures of a snapshot as lines, one a thing that was measured, in the instrument's order.

All tables are made from these lines, so they can't disagree. Nothing is worked out here that the snapshot does not show:
an item's shares are its shown counts over its shown people, and a section's Occasionally is its low share less its Never.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from instrument.definition import MERGED, Item
from instrument.snapshot import Coded, Figure, ItemResult, Ranked, SectionResult, SubCompetencyResult
from reports.figures import NOT_SEPARATE
from reports.round_report import RoundReport


class Unit(StrEnum):
    PEOPLE = "people"
    PERCENT = "percent"
    POINTS = "points"
    PLACE = "place"
    YES = "1 yes, 0 no"


@dataclass(frozen=True)
class Measure:
    """A figure that lines may have. `meaning` is one sentence for codebooks."""

    id: str
    label: str
    unit: Unit
    meaning: str


MEASURES = {
    one.id: one
    for one in (
        Measure("asked", "Asked", Unit.PEOPLE, "People who were invited."),
        Measure("finished", "Finished", Unit.PEOPLE, "People who submitted their answers."),
        Measure("work_here", "Work here", Unit.PEOPLE, "People in the organization, as the coordinator gave it."),
        Measure("minimum", "Smallest group shown", Unit.PEOPLE, "Groups of fewer people are never shown."),
        Measure("n", "People", Unit.PEOPLE, "Section, kind of work: people scored in the section. Item: who rated it."),
        Measure("mean", "Score", Unit.PERCENT, "Mean over people, in percent of the maximum."),
        Measure("total", "Total", Unit.POINTS, "The sections' points, as they are printed with one decimal, added up."),
        Measure("points", "Points", Unit.POINTS, "The score as points out of the section's maximum."),
        Measure(
            "maximum", "Out of", Unit.POINTS, "The section's maximum, or that of all sections: 3 points for each item."
        ),
        Measure("median", "Median", Unit.PERCENT, "Half of the people scored lower, half higher."),
        Measure(
            "deviation", "Standard deviation", Unit.PERCENT, "How far people's scores spread, as sample deviation."
        ),
        Measure("interval_low", "Likely range from", Unit.PERCENT, "Lower end of the 95 % interval of the score."),
        Measure("interval_high", "Likely range to", Unit.PERCENT, "Upper end of the 95 % interval of the score."),
        Measure("low", "Never or Occasionally", Unit.PERCENT, "Share of these answers, on average over the items."),
        Measure("high", "Often or Always", Unit.PERCENT, "Share of these answers, on average over the items."),
        Measure("never", "Never", Unit.PERCENT, "Share of this answer, on average over the items."),
        Measure("occasionally", "Occasionally", Unit.PERCENT, "Share of this answer, on average over the items."),
        Measure("often", "Often", Unit.PERCENT, "Share of this answer, on average over the items."),
        Measure("always", "Always", Unit.PERCENT, "Share of this answer, on average over the items."),
        Measure("count_never", "Never, people", Unit.PEOPLE, "How many people chose Never."),
        Measure("count_occasionally", "Occasionally, people", Unit.PEOPLE, "How many people chose Occasionally."),
        Measure("count_often", "Often, people", Unit.PEOPLE, "How many people chose Often."),
        Measure("count_always", "Always, people", Unit.PEOPLE, "How many people chose Always."),
        Measure("dont_know", "Don't know", Unit.PERCENT, "Share of all who finished."),
        Measure("doesnt_apply", "Doesn't apply", Unit.PERCENT, "Share of all who finished."),
        Measure(
            "split", "We disagree here", Unit.YES, "People disagree so much that the mean hides it: discuss first."
        ),
        Measure(
            "higher_by", "Higher than the rest by", Unit.PERCENT, "Points of percent; a kind of work that stands apart."
        ),
        Measure(
            "lower_by", "Lower than the rest by", Unit.PERCENT, "Points of percent; a kind of work that stands apart."
        ),
        Measure(
            "work_on", "Work on first", Unit.PLACE, "Place among the sections to work on first; empty: not listed."
        ),
        Measure("share", "Share with others", Unit.PLACE, "Place among the sections to share; empty: not listed."),
    )
}


class Level(StrEnum):
    """What a line is about."""

    ORGANIZATION = "organization"
    SECTION = "section"
    SUB_COMPETENCY = "sub_competency"
    ITEM = "item"
    WORK = "kind_of_work"


class Shown(StrEnum):
    """How a figure is shown. Whole: rounded to a whole percent or point, as small groups and kinds of work are."""

    EXACT = "exact"
    WHOLE = "whole"
    UNDER_10 = "under 10"
    UNDER_25 = "under 25"
    OVER_75 = "over 75"
    OVER_90 = "over 90"
    HIDDEN = "not shown"


@dataclass(frozen=True)
class Line:
    """figures: by measure; None: it may not be shown (or, of a likely range, all agree and it has no width).

    id, label, name: of the section, sub-competency, item or kind of work. section: the one it belongs to. rounded: its
    percents and points are whole.
    """

    level: Level
    id: str
    label: str
    name: str
    section: str
    figures: Mapping[str, Figure | None] = field(repr=False)
    rounded: bool = False

    def shown(self, measure: str) -> Shown:
        figure = self.figures[measure]
        match figure:
            case None:
                return Shown.HIDDEN
            case Coded():
                return Shown(figure.value)
            case _:
                coarse = self.rounded and MEASURES[measure].unit in (Unit.PERCENT, Unit.POINTS) and measure != "maximum"
                return Shown.WHOLE if coarse else Shown.EXACT

    def number(self, measure: str) -> float | None:
        """The figure where it is a number."""
        figure = self.figures.get(measure)
        return None if isinstance(figure, Coded) else figure


def lines(closed: RoundReport) -> tuple[Line, ...]:
    """The organization, then each section with its sub-competencies and items, then kinds of work by section."""
    snapshot = closed.snapshot
    whole: dict[str, Figure | None] = {"asked": snapshot.asked, "finished": snapshot.finished}
    if closed.work_here:
        whole["work_here"] = closed.work_here
    whole["minimum"] = snapshot.minimum
    whole["total"], whole["maximum"] = snapshot.total, closed.instrument.maximum
    first = Line(Level.ORGANIZATION, "", "", "", "", whole)
    return (first, *_sections(closed), *_kinds_of_work(closed))


def _sections(closed: RoundReport) -> Iterator[Line]:
    snapshot = closed.snapshot
    sections = {one.section: one for one in snapshot.sections}
    subs = {one.sub_competency: one for one in snapshot.sub_competencies}
    items = {one.item: one for one in snapshot.items}
    for section in closed.instrument.sections:
        result = sections.get(section.id, SectionResult(section.id))
        listed = _places("work_on", section.id, snapshot.priorities) | _places("share", section.id, snapshot.strengths)
        figures = _of_section(result) | {"maximum": section.maximum} | listed
        yield Line(Level.SECTION, section.id, section.number, section.title, section.id, figures, result.whole_only)
        for sub in section.sub_competencies:
            of_sub = _of_sub_competency(subs.get(sub.id))
            yield Line(Level.SUB_COMPETENCY, sub.id, sub.id, sub.title, section.id, of_sub)
            for item in sub.items:
                of_item = _of_item(items[item.id]) if item.id in items else _of_hidden_item(closed, item)
                yield Line(Level.ITEM, item.id, item.label, item.short, section.id, of_item)


def _places(measure: str, section: str, listed: tuple[Ranked, ...]) -> dict[str, Figure | None]:
    sections = [one.section for one in listed]
    return {measure: sections.index(section) + 1} if section in sections else {}


def _of_section(result: SectionResult) -> dict[str, Figure | None]:
    low_end, high_end = result.interval or (None, None)
    return {
        "n": result.n,
        "mean": result.mean,
        "points": result.points,
        "median": result.median,
        "deviation": result.deviation,
        "interval_low": low_end,
        "interval_high": high_end,
        "low": result.low,
        "high": result.high,
        "never": result.never,
        "occasionally": None if result.low is None or result.never is None else _less(result.low, result.never),
        "often": result.often,
        "always": result.always,
    }


def _of_sub_competency(result: SubCompetencyResult | None) -> dict[str, Figure | None]:
    if result is None:
        return dict.fromkeys(("low", "high", "never", "occasionally", "often", "always"))
    return {
        "low": result.low,
        "high": result.high,
        "never": result.never,
        "occasionally": _less(result.low, result.never),
        "often": result.often,
        "always": result.always,
    }


OF_ITEM = (
    *("n", "mean", "low", "high", "never", "occasionally", "often", "always"),
    *("count_never", "count_occasionally", "count_often", "count_always", "dont_know", "doesnt_apply", "split"),
)


def _of_item(result: ItemResult) -> dict[str, Figure | None]:
    never, occasionally, often, always = result.counts
    return {
        "n": result.n,
        "mean": result.mean,
        "low": result.low,
        "high": _share(often + always, result.n),
        "never": _share(never, result.n),
        "occasionally": _share(occasionally, result.n),
        "often": _share(often, result.n),
        "always": _share(always, result.n),
        "count_never": never,
        "count_occasionally": occasionally,
        "count_often": often,
        "count_always": always,
        "dont_know": result.dont_know,
        "doesnt_apply": result.doesnt_apply,
        "split": float(result.split),
    }


def _of_hidden_item(closed: RoundReport, item: Item) -> dict[str, Figure | None]:
    """Too few rated it. That strikingly many could not is a finding, and shown."""
    figures: dict[str, Figure | None] = dict.fromkeys(OF_ITEM)
    for measure, found in (("dont_know", closed.snapshot.dont_know), ("doesnt_apply", closed.snapshot.doesnt_apply)):
        figures[measure] = next((one.share for one in found if one.item == item.id), None)
    return figures


def _less(low: float, never: float) -> float:
    """Floats may differ in their last digit where nobody chose Occasionally."""
    return max(0.0, low - never)


def _share(count: int, people: int) -> float:
    return 100 * count / people


def _kinds_of_work(closed: RoundReport) -> Iterator[Line]:
    apart = {(one.function, one.section): one.difference for one in closed.snapshot.gaps or ()}
    for row in closed.snapshot.by_function:
        known = closed.instrument.function(row.function) if row.function else None
        id, name = (known.id, known.label) if known else (MERGED, NOT_SEPARATE)
        for section, cell in zip(closed.instrument.sections, row.cells, strict=True):
            figures: dict[str, Figure | None] = {"n": cell.n, "mean": cell.mean} if cell else {"n": None, "mean": None}
            # Two measures, since no cell begins with a minus.
            if difference := apart.get((id, section.id)):
                figures["higher_by" if difference > 0 else "lower_by"] = abs(difference)
            yield Line(Level.WORK, id, id, name, section.id, figures, rounded=True)
