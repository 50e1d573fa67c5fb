"""One long CSV, a figure a row, for programs; the workbook is for people."""

from collections.abc import Sequence

from reports.exports import respondents
from reports.exports.cells import Value, csv_file
from reports.exports.file import File
from reports.exports.lines import MEASURES, lines
from reports.exports.respondents import Row
from reports.round_report import RoundReport

COLUMNS = {
    "round": "Number of the self-assessment.",
    "instrument": "Version of the questionnaire.",
    "closed_on": "Day on which it closed, in the organization's time zone.",
    "level": "What the row is about: organization, section, sub_competency, item, kind_of_work.",
    "section": "Id of the section; empty for the organization.",
    "id": "Id of the section, sub-competency, item or kind of work; `merged`: kinds of work not shown separately.",
    "label": "How the questionnaire numbers it, as text.",
    "name": "Title of the section or sub-competency, short label of the item, kind of work.",
    "measure": "Which figure it is; the measures are listed below.",
    "value": "The figure as a number; empty where `shown` is no number.",
    "shown": "exact, whole (rounded), under 10, under 25, over 75, over 90, or not shown.",
    "unit": "people, percent, points, place, or 1 yes, 0 no.",
}


def csv(closed: RoundReport) -> File:
    """Every figure of the snapshot, those that are not shown marked as such."""
    rows: list[list[Value]] = [list(COLUMNS)]
    for line in lines(closed):
        for measure in line.figures:
            row: dict[str, Value] = {
                "round": closed.round_id,
                "instrument": closed.instrument.version,
                "closed_on": closed.closed_on.isoformat(),
                "level": line.level.value,
                "section": line.section,
                "id": line.id,
                "label": line.label,
                "name": line.name,
                "measure": measure,
                "value": line.number(measure),
                "shown": line.shown(measure).value,
                "unit": MEASURES[measure].unit.value,
            }
            rows.append([row[column] for column in COLUMNS])
    return File(closed.named("results.csv"), csv_file(rows, bom=True), "All figures, one a row (CSV)")


def people(closed: RoundReport, rows: Sequence[Row]) -> File:
    """A row a respondent: the kind of work, and a code for each item."""
    table: list[list[Value]] = [list(respondents.columns(closed.instrument)), *(respondents.cells(row) for row in rows)]
    return File(closed.named("respondents.csv"), csv_file(table, bom=True), "Respondents' rows (CSV)")
