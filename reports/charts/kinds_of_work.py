"""The heat map: kinds of work down, sections across, the mean printed in each cell.

What may not be shown is striped and has no number. No total stands here, so that none can be subtracted from (REVIEW, 5).
"""

from collections.abc import Iterator, Sequence

from instrument.definition import Instrument, Section
from instrument.snapshot import Cell, Coded, FunctionRow, Snapshot
from reports.charts import paper
from reports.charts.colours import CIVIDIS, INK, cividis, text_on
from reports.charts.paper import Chart, row, soft, space, text
from reports.figures import HIDDEN, kind_of_work
from reports.wording import percent, whole

NAME, TITLE = "kinds_of_work.png", "How each kind of work sees us"
LEFT_OUT = "The rest stands under By function."
CELL = 34
"""Points wide and high: so much is left beside the names of the kinds of work."""
CODED = {code: (float(code.middle), code.value.replace("under ", "<").replace("over ", ">")) for code in Coded}


def kinds_of_work(instrument: Instrument, snapshot: Snapshot, closed_on: str) -> Chart | None:
    """`closed_on` is a day, as people say it. None: no kind of work can stand alone in any section."""
    if not snapshot.by_function:
        return None
    takeaway = _takeaway(instrument, snapshot)
    base = f"Score in percent of the maximum. {paper.of_how_many(snapshot, closed_on)}"
    page = [
        row(text(takeaway, 13, "semibold")),
        space(5),
        row(soft(base)),
        space(12),
        _table(instrument, snapshot),
        space(9),
        row(_scale(snapshot)),
        space(8),
        _sections(instrument),
        space(8),
        row(soft(_note(snapshot))),
    ]
    heads = ", ".join(one.heading for one in instrument.sections)
    lead = f"Heat map, kinds of work by section. {takeaway} {base} Sections in this order: {heads}."
    said = (_spoken(instrument, one) for one in snapshot.by_function)
    return paper.titled(NAME, TITLE, paper.fitting(lead, said, LEFT_OUT), page)


def _takeaway(instrument: Instrument, snapshot: Snapshot) -> str:
    if snapshot.gaps is None:
        return "Each row is a kind of work, each column a section."
    if not snapshot.gaps:
        return "No kind of work stands clearly apart from the others."
    widest = max(snapshot.gaps, key=lambda gap: abs(gap.difference))
    far = f"{abs(widest.difference)} points {'above' if widest.difference > 0 else 'below'} the others"
    return (
        f"Furthest apart: {kind_of_work(instrument, widest.function)} in {instrument.heading(widest.section)}, {far}."
    )


def _table(instrument: Instrument, snapshot: Snapshot) -> str:
    heads = ", ".join(f"align(center, {text(one.number, 13, 'bold')})" for one in instrument.sections)
    apart = {(gap.function, gap.section) for gap in snapshot.gaps or ()}
    cells = [part for one in snapshot.by_function for part in _row(instrument, one, apart)]
    columns = f"(1fr, {', '.join([f'{CELL}pt'] * len(instrument.sections))})"
    return f"#grid(columns: {columns}, align: horizon, gutter: 2pt, [], {heads}, {', '.join(cells)})"


def _row(instrument: Instrument, one: FunctionRow, apart: set[tuple[str, str]]) -> Iterator[str]:
    yield f"pad(y: 2.5pt, {text(kind_of_work(instrument, one.function), 12)})"
    for section, cell in zip(instrument.sections, one.cells, strict=True):
        yield _cell(cell, is_apart=(one.function or "", section.id) in apart)


def _cell(cell: Cell | None, *, is_apart: bool) -> str:
    if cell is None:
        return f"box(width: 100%, height: {CELL}pt, fill: stripes, stroke: {paper.DASHED})"
    level, said = CODED[cell.mean] if isinstance(cell.mean, Coded) else (cell.mean, f"{whole(cell.mean)}")
    fill = cividis(level)
    on_it = text_on(fill)
    number = f"align(center + horizon, {text(said, 13, 'semibold', on_it)})"
    if is_apart:
        number = f'box(width: 100%, height: 100%, stroke: 1.5pt + rgb("{on_it}"), {number})'
    return f'box(width: 100%, height: {CELL}pt, fill: rgb("{fill}"), inset: 2pt, {number})'


def _scale(snapshot: Snapshot) -> str:
    """The key to the colours, and to what is striped."""
    stops = ", ".join(f'rgb("{colour}")' for colour in CIVIDIS)
    size = "width: 90pt, height: 11pt, baseline: 1.5pt"
    bar = f'box({size}, fill: gradient.linear({stops}), stroke: 0.8pt + rgb("{INK}"))'
    parts = [text("0", 11), "h(4pt)", bar, "h(4pt)", text("100 %", 11)]
    if any(cell is None for one in snapshot.by_function for cell in one.cells):
        parts += ["h(14pt)", paper.swatch("stripes", HIDDEN)]
    return f"{{ {'; '.join(parts)} }}"


def _sections(instrument: Instrument) -> str:
    """What the numbers above the columns mean."""
    half = (len(instrument.sections) + 1) // 2
    columns = (_keys(instrument.sections[:half]), _keys(instrument.sections[half:]))
    return f"#grid(columns: (1fr, 1fr), column-gutter: 12pt, {', '.join(columns)})"


def _keys(sections: Sequence[Section]) -> str:
    keys = (f"{text(one.number, 11, 'bold')}, {text(one.title, 11)}" for one in sections)
    return f"grid(columns: (auto, 1fr), column-gutter: 5pt, row-gutter: 4.5pt, {', '.join(keys)})"


def _note(snapshot: Snapshot) -> str:
    note = (
        f"Shown are groups of {snapshot.minimum} or more people, and never so that a smaller one could be worked out. "
        "Kinds of work see different things; a gap is a reason to talk, not a verdict."
    )
    return f"Framed: clearly apart from the others. {note}" if snapshot.gaps else note


def _spoken(instrument: Instrument, one: FunctionRow) -> str:
    return f"{kind_of_work(instrument, one.function)} {', '.join(_said(cell) for cell in one.cells)}."


def _said(cell: Cell | None) -> str:
    return "hidden" if cell is None else percent(cell.mean).removesuffix(" %")
