"""What may still be shown of a snapshot that an earlier version of the bot stored.

Formats 1 and 2 told more of small sections, and of those beside a hidden item, and their lists went by figures that were
not shown. What may not be shown today is taken away when such a snapshot is read, and the lists are made anew from what
is left. Nothing is added. Source: METHODS, section 4.
"""

from dataclasses import replace
from fractions import Fraction

from instrument.definition import Instrument, Section, builtin
from instrument.disclosure import coarse, detail_from
from instrument.ranking import ranking
from instrument.snapshot import Cell, Coded, Figure, Finding, SectionResult, Snapshot


def as_shown_today(stored: Snapshot) -> Snapshot:
    """Raises UnknownVersion where its instrument isn't shipped."""
    instrument = builtin(stored.instrument_version)
    exact = {section.id for section in _exact(instrument, stored)}
    sections = tuple(_section(instrument, one, one.section in exact) for one in stored.sections)
    items_shown = {item.id for section in instrument.sections if section.id in exact for item in section.items}
    subs_shown = {sub.id for section in instrument.sections if section.id in exact for sub in section.sub_competencies}
    items = tuple(one for one in stored.items if one.item in items_shown)
    listed = ranking(instrument, sections, items)
    return replace(
        stored,
        sections=sections,
        sub_competencies=tuple(one for one in stored.sub_competencies if one.sub_competency in subs_shown),
        items=items,
        priorities=listed.priorities,
        near_tie=listed.near_tie,
        strengths=listed.strengths,
        dont_know=tuple(Finding(one.item, float(round(one.share))) for one in stored.dont_know),
        doesnt_apply=tuple(Finding(one.item, float(round(one.share))) for one in stored.doesnt_apply),
        by_function=tuple(
            replace(
                row,
                cells=tuple(
                    _cell(cell, section, is_coarse=section.id not in exact or cell.n < detail_from(stored.minimum))
                    if cell
                    else None
                    for section, cell in zip(instrument.sections, row.cells, strict=False)
                ),
            )
            for row in stored.by_function
        ),
        gaps=None if stored.gaps is None else tuple(one for one in stored.gaps if one.section in exact),
    )


def _exact(instrument: Instrument, stored: Snapshot) -> list[Section]:
    """The sections whose items are all shown. An item that is missing may be one that nobody rated, or one that few did."""
    shown = {one.item for one in stored.items}
    had = {one.section for one in stored.sections if one.exact}
    return [one for one in instrument.sections if one.id in had and all(item.id in shown for item in one.items)]


def _section(instrument: Instrument, stored: SectionResult, is_exact: bool) -> SectionResult:
    section = instrument.section(stored.section)
    if is_exact or stored.n is None or stored.mean is None or section is None:
        return stored
    mean = _coarse(stored.mean, stored.n, section)
    points = None if isinstance(mean, Coded) else float(round(Fraction(mean) * section.maximum / 100))
    return SectionResult(stored.section, stored.n, mean, points)


def _cell(stored: Cell, section: Section, *, is_coarse: bool) -> Cell:
    return Cell(stored.n, _coarse(stored.mean, stored.n, section)) if is_coarse else stored


def _coarse(stored: Figure, people: int, section: Section) -> Figure:
    percent = stored.middle if isinstance(stored, Coded) else Fraction(stored)
    return coarse(percent, people, section.maximum)
