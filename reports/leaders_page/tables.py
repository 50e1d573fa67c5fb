"""The tables of the page for leaders: sections with bars, kinds of work, and growth, as the layout takes them."""

from collections.abc import Sequence
from typing import Any

from instrument.definition import Instrument
from instrument.disclosure import reach
from instrument.growth import Grown, Growth, growth
from instrument.snapshot import Cell, Coded, Figure, Snapshot
from reports import figures, sentences
from reports.charts.colours import CHOICES, cividis, text_on
from reports.round_report import RoundReport
from reports.wording import whole

_, _, OFTEN, ALWAYS = CHOICES
COLOURS = {"bar": OFTEN, "edge": ALWAYS}

Said = dict[str, Any]
"""A piece of what the page says, by the names that the layout knows."""


def moved_since(closed: RoundReport) -> tuple[Growth, ...]:
    """How each section has moved since the round before; empty where there is nothing to compare."""
    earlier = closed.earlier
    if earlier is None or earlier.snapshot.finished is None or closed.snapshot.finished is None:
        return ()
    return growth(closed.instrument, earlier.snapshot, closed.snapshot, earlier.instrument)


def bars(instrument: Instrument, snapshot: Snapshot, moved: Sequence[Growth]) -> Said:
    first = {one.section for one in snapshot.priorities}
    before = {one.section: one.before for one in moved if isinstance(one, Grown)}
    rows = []
    for result in snapshot.sections:
        where = instrument.section(result.section)
        if where is None:
            continue
        cells = [
            figures.score(result),
            "–" if result.whole_only else figures.likely_range(result.interval),
            sentences.count(result, snapshot),
            "–" if result.whole_only else figures.low(result),
        ]
        was = before.get(result.section)
        rows.append(
            {
                "name": f"{where.number} {where.title}",
                "first": result.section in first,
                "cells": cells,
                "mean": _exact(result.mean),
                "between": _between(result.mean),
                "range": result.interval,
                "before": _exact(was.mean) if was else None,
            }
        )
    circle = " Circle: last time." if before else ""
    added_up = figures.total(instrument, snapshot)
    total = f" Total: {added_up}, the sections' points added up." if added_up else ""
    return {
        "title": "The seven sections",
        "note": f"Score: percent of the maximum. Bar: score; line: likely range.{circle} In bold: to work on first.{total}",
        "alt": _alt(instrument, snapshot),
        "heads": ["Section", "0 to 100 %", "Score", "Likely range", "People", "Never or Occasionally"],
        "rows": rows,
    }


def _alt(instrument: Instrument, snapshot: Snapshot) -> str:
    """What the bars show, for those who hear it: the takeaway; the numbers stand beside them in the table."""
    shown = sorted(
        (_place(one.mean), instrument.heading(one.section), figures.score(one))
        for one in snapshot.sections
        if one.mean is not None
    )
    if not shown:
        return "Bar chart of the seven sections. None of their scores can be shown."
    (_, lowest, low), (_, highest, high) = shown[0], shown[-1]
    line = " A line on a bar is its likely range." if any(one.interval for one in snapshot.sections) else ""
    return (
        f"Bar chart: a horizontal bar for each section, from 0 to 100 % of the maximum. Shortest: {lowest}, {low}. "
        f"Longest: {highest}, {high}.{line} All numbers stand in this table."
    )


def _place(figure: Figure) -> float:
    """What a figure is sorted by: a coded one stands in the middle of its code."""
    return float(figure.middle if isinstance(figure, Coded) else figure)


def _exact(figure: Figure | None) -> float | None:
    return None if figure is None or isinstance(figure, Coded) else figure


def _between(figure: Figure | None) -> tuple[int, int] | None:
    """What a coded figure may be, which is drawn in place of a bar."""
    if not isinstance(figure, Coded):
        return None
    low, high = reach(figure)
    return int(low), int(high)


def heat(instrument: Instrument, snapshot: Snapshot) -> Said:
    rows = [
        {"name": figures.kind_of_work(instrument, row.function), "cells": [_cell(cell) for cell in row.cells]}
        for row in snapshot.by_function
    ]
    return {
        "title": "By kind of work",
        "note": "Percent of the maximum, one column a section; darker is lower. – is not shown.",
        "heads": ["Kind of work", *(one.number for one in instrument.sections)],
        "rows": rows,
    }


def _cell(cell: Cell | None) -> Said:
    match cell.mean if cell else None:
        case None:
            return {"words": "–", "fill": None}
        case Coded() as code:
            return _coloured(code.value.replace("under", "<").replace("over", ">"), float(code.middle))
        case mean:
            return _coloured(f"{whole(mean)}", mean)


def _coloured(words: str, percent: float) -> Said:
    fill = cividis(percent)
    return {"words": words, "fill": fill, "ink": text_on(fill)}


def since(instrument: Instrument, earlier: RoundReport, moved: Sequence[Growth]) -> Said:
    rows = []
    for one in moved:
        where = instrument.section(one.section)
        number = where.number if where else "–"
        if not isinstance(one, Grown):
            rows.append([number, "–", "–", "–", "can't be compared"])
            continue
        rows.append(
            [
                number,
                figures.score(one.before),
                figures.moved(one.now, one.before),
                figures.likely_move(one.interval),
                one.word.value if one.word else "–",
            ]
        )
    fell = any(isinstance(one, Grown) and one.fell for one in moved)
    why = " After training, people may rate lower because they know more." if fell else ""
    was = figures.total(earlier.instrument, earlier.snapshot)
    total = f" Total then: {was}." if was else ""
    return {
        "title": f"Since {sentences.day_of(earlier.closed_on)}",
        "note": f"Then: percent of the maximum. Change: in points of it, up to the score of now.{total}{why}",
        "heads": ["Section", "Then", "Change", "Likely range", "In a word"],
        "rows": rows,
    }
