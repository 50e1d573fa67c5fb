"""A .sav with labels, for SPSS, R and Stata: a row a section, sub-competency, item or kind of work."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from reports.exports import respondents
from reports.exports.cells import text
from reports.exports.file import File
from reports.exports.lines import MEASURES, Line, Shown, Unit, lines
from reports.exports.respondents import REASONS, Row
from reports.round_report import RoundReport

CODED = {
    Shown.UNDER_25: 995.0,
    Shown.OVER_75: 996.0,
    Shown.UNDER_10: 997.0,
    Shown.OVER_90: 998.0,
    Shown.HIDDEN: 999.0,
}
"""Declared as missing, beside the percents and points they stand among. Counts of people are empty where not shown."""
WHEN = slice(92, 109)
"""Where a .sav says when it was made (PSPP, System File Format: creation_date and creation_time of its header)."""
WORDS = {
    "level": "What the row is about",
    "section": "Id of the section",
    "id": "Id of the section, sub-competency, item or kind of work",
    "label": "How the questionnaire numbers it",
    "name": "Title, short label or kind of work",
}


def sav(closed: RoundReport) -> File:
    """The figures, one row for each thing that was measured; what a row does not have is system-missing."""
    told = lines(closed)
    words = [[one.level.value, one.section, one.id, one.label, text(one.name)] for one in told]
    columns: dict[str, list[Any]] = {name: [row[place] for row in words] for place, name in enumerate(WORDS)}
    columns |= {measure: [_number(line, measure) for line in told] for measure in MEASURES}
    coded = [one.id for one in MEASURES.values() if one.unit is not Unit.PEOPLE]
    labels = {measure: {code: shown.value for shown, code in CODED.items()} for measure in coded}
    labels["split"] = labels["split"] | {0.0: "no", 1.0: "yes"}
    content = _written(
        columns,
        day=closed.closed_on,
        title=f"Self-assessment results, {closed.closed_on}",
        names=WORDS | {one.id: f"{one.label} ({one.unit.value})" for one in MEASURES.values()},
        labels=labels,
        missing={key: [{"lo": min(CODED.values()), "hi": max(CODED.values())}] for key in coded},
        scales=dict.fromkeys(WORDS, "nominal") | dict.fromkeys(MEASURES, "scale"),
    )
    return File(closed.named("results.sav"), content, "Figures with labels (SPSS)")


def people(closed: RoundReport, rows: Sequence[Row]) -> File:
    """A row a respondent: the kind of work, and a code for each item."""
    instrument = closed.instrument
    items = [item.id for item in instrument.items]
    columns: dict[str, list[Any]] = {"function": [row.function for row in rows]}
    columns |= {item: [float(row.codes[place]) for row in rows] for place, item in enumerate(items)}
    codes = {float(code): label for code, label in respondents.code_labels(instrument).items()}
    functions = {id: text(label) for id, label in respondents.function_labels(instrument).items()}
    content = _written(
        columns,
        day=closed.closed_on,
        title=f"Self-assessment, respondents' rows, {closed.closed_on}",
        names={"function": "Kind of work"} | {item.id: f"{item.label} {item.short}" for item in instrument.items},
        labels={"function": functions} | dict.fromkeys(items, codes),
        missing={key: [float(code) for code, _ in REASONS.values()] for key in items},
        scales={"function": "nominal"} | dict.fromkeys(items, "ordinal"),
    )
    return File(closed.named("respondents.sav"), content, "Respondents' rows with labels (SPSS)")


def _number(line: Line, measure: str) -> float | None:
    if measure not in line.figures:
        return None
    figure = line.number(measure)
    if figure is None and MEASURES[measure].unit is not Unit.PEOPLE:
        return CODED[line.shown(measure)]
    return figure


def _written(
    columns: dict[str, list[Any]],
    *,
    day: date,
    title: str,
    names: Mapping[str, str],
    labels: Mapping[str, Mapping[Any, str]],
    missing: Mapping[str, list[Any]],
    scales: Mapping[str, str],
) -> bytes:
    # Together they take more than a second to load.
    import pandas
    import pyreadstat

    frame = pandas.DataFrame({name: _series(pandas, values) for name, values in columns.items()})
    # It writes to paths only; the folder is ours alone, and goes at once.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=title,
            column_labels={name: text(words) for name, words in names.items()},
            variable_value_labels={name: dict(of) for name, of in labels.items()},
            missing_ranges=dict(missing),
            variable_measure=dict(scales),
        )
        made = path.read_bytes()
    # The only date that a file tells is one that everybody knows; it would write when it was made, to the second.
    return made[: WHEN.start] + f"{day:%d %b %y}00:00:00".encode() + made[WHEN.stop :]


def _series(pandas: Any, values: list[Any]) -> Any:
    is_words = any(isinstance(value, str) for value in values)
    return pandas.Series(values, dtype="object" if is_words else "float64")
