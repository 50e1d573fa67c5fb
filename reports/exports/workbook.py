"""The workbook for people: a summary first, then tables, then what every column means."""

import io
from datetime import UTC, datetime, time
from typing import Any

from reports.exports.cells import text
from reports.exports.file import File
from reports.exports.lines import Unit
from reports.exports.sheets import Cell, Column, Sheet, Whole, sheets
from reports.round_report import RoundReport

INK, LINE, SHADE = "#1f2933", "#c5ccd3", "#eef1f4"
FONT = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}
PERCENT, COUNT = "0.0", "#,##0"


def xlsx(closed: RoundReport) -> File:
    """All sheets as values: no formula, no link, no macro."""
    # Takes a fifth of a second to load, which no click has to wait for.
    import xlsxwriter  # type: ignore[import-untyped]

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": text(f"Self-assessment results, {closed.closed_on}"),
                "comments": text(closed.instrument.credit),
                # The only date that a file tells is one that everybody knows.
                "created": datetime.combine(closed.closed_on, time(), UTC),
            }
        )
        styles = _Styles(book)
        for sheet in sheets(closed):
            _write(book.add_worksheet(sheet.name), sheet, styles)
    return File(closed.named("results.xlsx"), made.getvalue(), "Workbook with codebook (Excel)")


class _Styles:
    """The few looks of a cell, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def of(self, **look: Any) -> Any:
        key = repr(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(FONT | look)
        return self._made[key]


def _write(page: Any, sheet: Sheet, styles: _Styles) -> None:
    top = 0
    if sheet.title:
        page.write_string(0, 0, text(sheet.title), styles.of(bold=True, font_size=14))
        top = 2
    head = {"bold": True, "bg_color": SHADE, "bottom": 1, "bottom_color": LINE, "text_wrap": True}
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.wide)
        right = {"align": "right"} if column.unit else {}
        page.write_string(top, place, text(column.heading), styles.of(**head, **right))
    for row, cells in enumerate(sheet.rows, start=top + 1):
        strong = {"bold": True} if row - top - 1 in sheet.strong else {}
        for place, (cell, column) in enumerate(zip(cells, sheet.columns, strict=True)):
            _write_cell(page, row, place, cell, column, strong, styles)
    page.freeze_panes(top + 1, sheet.frozen)
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _write_cell(page: Any, row: int, place: int, cell: Cell, column: Column, look: dict[str, Any], styles: Any) -> None:
    line = {"bottom": 4, "bottom_color": LINE}
    match cell:
        case None:
            page.write_blank(row, place, None, styles.of(**line, **look))
        case str():
            side = {"align": "right"} if column.unit else {"text_wrap": True}
            page.write_string(row, place, text(cell), styles.of(**line, **side, **look))
        case Whole(value):
            page.write_number(row, place, value, styles.of(**line, **look, num_format=COUNT))
        case _:
            tenth = isinstance(cell, float) and column.unit in (Unit.PERCENT, Unit.POINTS)
            form = PERCENT if tenth else COUNT
            page.write_number(row, place, cell, styles.of(**line, **look, num_format=form))
