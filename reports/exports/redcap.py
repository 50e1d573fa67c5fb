"""A REDCap project: a data dictionary of two forms, and a file to import.

Form self_assessment has the items as a person answers them; without the respondents' rows nothing is imported into it, and
a project can use it to ask anew. Form results is small: one record for the round, sections only, since a record of every
figure would be five hundred fields (the CSV has them). Without a mark for UTF-8, which REDCap would read as part of a name.
"""

from collections.abc import Iterator, Sequence

from instrument.definition import Instrument
from reports.exports import respondents
from reports.exports.cells import Value, csv_file
from reports.exports.file import File
from reports.exports.lines import Level, Line, Shown, lines
from reports.exports.respondents import Row
from reports.round_report import RoundReport

HEADS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
ITEMS, RESULTS = "self_assessment", "results"
COMPLETE = 2
WHOLE = ("asked", "finished", "minimum")
OF_SECTION = ("mean", "low", "high")
SHOWN = {
    Shown.EXACT: 1,
    Shown.WHOLE: 2,
    Shown.UNDER_10: 3,
    Shown.OVER_90: 4,
    Shown.HIDDEN: 5,
    Shown.UNDER_25: 6,
    Shown.OVER_75: 7,
}


def dictionary(closed: RoundReport) -> File:
    """The fields of both forms, 18 columns each."""
    instrument = closed.instrument
    fields = [
        _field("record_id", ITEMS, "text", "Record ID"),
        _field(
            "function",
            ITEMS,
            "radio",
            "Which best describes your work?",
            choices=_choices(respondents.function_labels(instrument)),
        ),
        *_items(instrument),
        *_results(instrument),
    ]
    rows: list[list[Value]] = [list(HEADS)]
    rows += [[field.get(head, "") for head in HEADS] for field in fields]
    return File(closed.named("redcap-dictionary.csv"), csv_file(rows, bom=False), "Data dictionary (REDCap)")


def results(closed: RoundReport) -> File:
    """One record: the round's results by section."""
    record: dict[str, Value] = {"record_id": f"round_{closed.round_id}"}
    for line in lines(closed):
        if line.level is Level.ORGANIZATION:
            record |= {measure: line.number(measure) for measure in WHOLE}
            record["total_points"] = line.number("total")
        elif line.level is Level.SECTION:
            record |= _of_section(line)
    record[f"{RESULTS}_complete"] = COMPLETE
    rows: list[list[Value]] = [list(record), list(record.values())]
    return File(closed.named("redcap-results.csv"), csv_file(rows, bom=False), "Results by section, to import (REDCap)")


def people(closed: RoundReport, rows: Sequence[Row]) -> File:
    """A record a respondent, numbered as they come, which tells nothing."""
    heads = ["record_id", *respondents.columns(closed.instrument), f"{ITEMS}_complete"]
    records: list[list[Value]] = [
        [number, *respondents.cells(row), COMPLETE] for number, row in enumerate(rows, start=1)
    ]
    content = csv_file([heads, *records], bom=False)
    return File(closed.named("redcap-respondents.csv"), content, "Respondents' rows, to import (REDCap)")


def _items(instrument: Instrument) -> Iterator[dict[str, str]]:
    choices = _choices({str(code): label for code, label in respondents.code_labels(instrument).items()})
    for section in instrument.sections:
        for sub in section.sub_competencies:
            for number, item in enumerate(sub.items):
                head = "" if number else f"{section.heading}: {sub.title}"
                yield _field(
                    item.id, ITEMS, "radio", item.text, choices=choices, head=head, note=item.short, number=item.label
                )


def _results(instrument: Instrument) -> Iterator[dict[str, str]]:
    labels = {"asked": "People asked", "finished": "People who finished", "minimum": "Smallest group shown"}
    for place, (measure, label) in enumerate(labels.items()):
        yield _number(measure, label, "integer", head="" if place else "The self-assessment")
    yield _number("total_points", f"The sections' points added up, of {instrument.maximum}", "number")
    named = {
        "mean": "Score, percent of the maximum",
        "low": "Never or Occasionally, percent",
        "high": "Often or Always, percent",
    }
    shown = _choices({str(code): one.value for one, code in SHOWN.items()})
    for section in instrument.sections:
        yield _number(f"{section.id}_n", "People scored", "integer", head=section.heading)
        for measure, label in named.items():
            yield _number(f"{section.id}_{measure}", label, "number", most="100")
            yield _field(f"{section.id}_{measure}_shown", RESULTS, "radio", f"{label}: how it is shown", choices=shown)


def _of_section(line: Line) -> dict[str, Value]:
    record: dict[str, Value] = {f"{line.id}_n": line.number("n")}
    for measure in OF_SECTION:
        record[f"{line.id}_{measure}"] = line.number(measure)
        record[f"{line.id}_{measure}_shown"] = SHOWN[line.shown(measure)]
    return record


def _number(name: str, label: str, kind: str, *, head: str = "", most: str = "") -> dict[str, str]:
    limits = {
        "Text Validation Type OR Show Slider Number": kind,
        "Text Validation Min": "0",
        "Text Validation Max": most,
    }
    return _field(name, RESULTS, "text", label, head=head) | limits


def _field(
    name: str,
    form: str,
    kind: str,
    label: str,
    *,
    choices: str = "",
    head: str = "",
    note: str = "",
    number: str = "",
) -> dict[str, str]:
    return {
        "Variable / Field Name": name,
        "Form Name": form,
        "Section Header": head,
        "Field Type": kind,
        "Field Label": label,
        "Choices, Calculations, OR Slider Labels": choices,
        "Field Note": note,
        "Question Number (surveys only)": number,
    }


def _choices(labels: dict[str, str]) -> str:
    """REDCap's way to write options. A bar would end one, and what looks like a tag would be one."""
    plain = str.maketrans({"|": "/", "<": "(", ">": ")", "\r": " ", "\n": " "})
    return " | ".join(f"{code}, {label.translate(plain)}" for code, label in labels.items())
