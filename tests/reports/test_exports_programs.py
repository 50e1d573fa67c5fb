"""Do REDCap, FHIR and SPSS files keep their programs' rules, and say the same as the CSV?"""

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from fhir.resources.R4B.questionnaire import Questionnaire

from closed_rounds import INSTRUMENT, WORK, closed_round, hostile_round, numbers_of, responses, round_apart
from instrument.collation import Answers
from instrument.scoring import own_scores
from reports.exports import long, redcap, respondents, spss
from reports.exports.fhir import WEIGHTS, questionnaire, questionnaire_file
from reports.exports.fhir_rules import faults
from reports.exports.formats import Format, files
from reports.exports.lines import MEASURES, Shown, Unit
from reports.round_report import RoundReport

ROUNDS = [round_apart(), closed_round(7), closed_round(3), closed_round(40, minimum=20)]
ROWS = respondents.rows(INSTRUMENT, responses(40), 5)

Json = dict[str, Any]


def records(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@cache
def frame(content: bytes) -> tuple[list[Json], Any]:
    """The rows of a .sav with its missing codes as they stand, and what it says of its variables."""
    with tempfile.NamedTemporaryFile(suffix=".sav") as file:
        Path(file.name).write_bytes(content)
        table, told = pyreadstat.read_sav(file.name, user_missing=True)
    rows: list[Any] = table.to_dict("records")
    return rows, told


@cache
def in_csv(closed: RoundReport) -> dict[tuple[str, str, str, str], dict[str, str]]:
    rows = records(long.csv(closed).content)
    return {(row["level"], row["section"], row["id"], row["measure"]): row for row in rows}


# REDCap.

OFFICIAL = [
    *("Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label"),
    *("Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number"),
    *("Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)"),
    *("Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name"),
    *("Matrix Ranking?", "Field Annotation"),
]


def choices(field: dict[str, str]) -> dict[str, str]:
    """The options of a field, split as REDCap splits them: at bars, then at the first comma."""
    pairs = [one.split(",", 1) for one in field["Choices, Calculations, OR Slider Labels"].split("|")]
    return {code.strip(): label.strip() for code, label in pairs}


@pytest.mark.parametrize("closed", [closed_round(), hostile_round()])
def test_the_dictionary_keeps_redcaps_rules(closed: RoundReport) -> None:
    content = redcap.dictionary(closed).content
    fields = records(content)

    assert content.startswith(b"Variable / Field Name,"), "a mark for UTF-8 would become part of the first name"
    assert list(fields[0]) == OFFICIAL
    assert all(None not in field and None not in field.values() for field in fields), "18 columns in every row"
    names = [field["Variable / Field Name"] for field in fields]
    assert names[0] == "record_id"
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name) for name in names)
    forms = [field["Form Name"] for field in fields]
    assert sorted(forms, key=forms.index) == forms, "a form's fields stand together"
    for field in fields:
        assert field["Field Type"] in {"text", "radio"}
        assert (field["Field Type"] == "radio") == bool(field["Choices, Calculations, OR Slider Labels"])
        assert field["Text Validation Type OR Show Slider Number"] in {"", "integer", "number"}
        assert field["Field Label"]
        if field["Field Type"] == "radio":
            assert all(re.fullmatch(r"[A-Za-z0-9_]+", code) for code in choices(field))


def test_the_dictionary_has_every_item_under_its_heading_with_the_missing_codes() -> None:
    fields = [
        one for one in records(redcap.dictionary(closed_round()).content) if re.search(r"_\d\d$", one[OFFICIAL[0]])
    ]

    assert [(one[OFFICIAL[0]], one["Field Label"]) for one in fields] == [(it.id, it.text) for it in INSTRUMENT.items]
    assert sum(bool(one["Section Header"]) for one in fields) == 20
    assert choices(fields[0]) == {
        "0": "Never",
        "1": "Occasionally",
        "2": "Often",
        "3": "Always",
        "7": "No answer",
        "8": "Doesn't apply",
        "9": "Don't know",
    }


@pytest.mark.parametrize("closed", ROUNDS)
def test_the_import_fits_the_dictionary_and_agrees_with_the_csv(closed: RoundReport) -> None:
    fields = {one[OFFICIAL[0]]: one for one in records(redcap.dictionary(closed).content)}
    (record,) = records(redcap.results(closed).content)

    assert record.pop("results_complete") == "2"
    assert set(record) <= set(fields)
    shown = {str(code): one.value for one, code in redcap.SHOWN.items()}
    for section in INSTRUMENT.sections:
        for measure in ("mean", "low", "high"):
            other = in_csv(closed)["section", section.id, section.id, measure]
            assert record[f"{section.id}_{measure}"] == other["value"]
            assert shown[record[f"{section.id}_{measure}_shown"]] == other["shown"]
        assert record[f"{section.id}_n"] == in_csv(closed)["section", section.id, section.id, "n"]["value"]
    for name, value in record.items():
        if options := choices(fields[name]) if fields[name]["Field Type"] == "radio" else None:
            assert value in options
        elif name != "record_id" and value:
            assert 0 <= float(value) <= float(fields[name]["Text Validation Max"] or "inf")


def test_respondents_rows_fit_the_dictionary() -> None:
    fields = {one[OFFICIAL[0]]: one for one in records(redcap.dictionary(closed_round()).content)}
    told = records(redcap.people(closed_round(), ROWS).content)

    assert len(told) == 40
    assert [row["record_id"] for row in told] == [str(number) for number in range(1, 41)]
    for row in told:
        assert row.pop("self_assessment_complete") == "2"
        assert all(value in choices(fields[name]) for name, value in row.items() if name != "record_id")


# FHIR.


def items_of(listed: list[Json]) -> list[Json]:
    return [item for one in listed for item in (one, *items_of(one.get("item", [])))]


def test_the_questionnaire_is_fhir_r4_and_keeps_the_rules_that_its_model_does_not_know() -> None:
    content = questionnaire_file(closed_round()).content

    read = Questionnaire.model_validate_json(content)

    assert read.status == "active"
    assert len(items_of(json.loads(content)["item"])) == 7 + 20 + 62 + 7 * 2 + 1
    assert faults(json.loads(content)) == []


def test_the_weights_give_the_scores_of_the_instrument() -> None:
    strip = ("0123" * 16)[:62]
    made = items_of(questionnaire(INSTRUMENT)["item"])
    weights = {
        (item["linkId"], option["valueCoding"]["code"], one["url"]): one["valueDecimal"]
        for item in made
        for option in item.get("answerOption", [])
        for one in option.get("extension", [])
    }

    for url in WEIGHTS:
        total = sum(weights[item.id, strip[item.position], url] for item in INSTRUMENT.items)
        assert total == own_scores(INSTRUMENT, strip).total
    assert len(weights) == 62 * 4 * 2
    (last,) = (one for one in made if one["linkId"] == "total_points")
    assert "186" in last["text"]
    for section in INSTRUMENT.sections:
        (points,) = (one for one in made if one["linkId"] == f"{section.id}_points")
        assert f"out of {section.maximum}" in points["text"]
        assert f">= {len(section.items)}, {len(section.items)}.0 *" in str(points["extension"])


def broken(place: Callable[[Json], Json], **values: Any) -> Json:
    made = deepcopy(questionnaire(INSTRUMENT))
    place(made).update(values)
    return made


def top(made: Json) -> Json:
    return made


def section(made: Json) -> Json:
    one: Json = made["item"][0]
    return one


def item(made: Json) -> Json:
    one: Json = made["item"][0]["item"][0]["item"][0]
    return one


def score(made: Json) -> Json:
    one: Json = made["item"][0]["item"][-1]["extension"][0]["valueExpression"]
    return one


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (broken(top, status="final"), "status final is none of FHIR's"),
        (broken(top, name="self assessment"), "que-0"),
        (broken(top, id="hta_2021"), "id has other characters"),
        (broken(top, date="September 2021"), "date is none"),
        (broken(top, url="hta"), "no absolute address"),
        (broken(top, item=[]), "there is no item"),
        (broken(top, resourceType="Survey"), "resourceType"),
        (broken(item, type="radio"), "type radio is none of FHIR R4's"),
        (broken(item, type="coding"), "type coding is none of FHIR R4's"),
        (broken(item, type="boolean"), "answerOption on boolean (que-5)"),
        (broken(item, type="display"), "answerOption on display (que-5)"),
        (broken(item, linkId="u_02"), "linkId u_02 stands 2 times (que-2)"),
        (broken(item, linkId=" u_99"), "begins or ends with a space"),
        (broken(item, answerValueSet="http://example.org"), "que-4"),
        (broken(item, answerOption=[]), "a choice without options"),
        (broken(item, initial=[{"valueInteger": 1}]), "que-11"),
        (broken(item, maxLength=3), "que-10"),
        (broken(item, enableWhen=[{"question": "x"}]), "asks x, which is not there"),
        (broken(item, enableWhen=[{"question": "u_02"}, {"question": "u_03"}]), "que-12"),
        (broken(item, answerOption=[{"valueCoding": {"code": "1"}}] * 2), "code 1 is offered 2 times"),
        (broken(item, answerOption=[{"valueCoding": {"display": "1"}}]), "an option without a code"),
        (broken(section, item=[]), "a group without items (que-1)"),
        (broken(section, initial=[]), "que-8"),
        (broken(score, expression="%nothing + 1"), "%nothing is used and not defined"),
        (broken(score, expression="item.where(linkId = 'c9')"), "linkId c9 is asked for and not there"),
        (broken(score, language="text/excel"), "language text/excel is none of FHIR's"),
    ],
)
def test_what_breaks_a_rule_is_told(made: Json, fault: str) -> None:
    found = faults(made)

    assert any(fault in one for one in found), found


# SPSS.


@pytest.mark.parametrize("closed", ROUNDS)
def test_the_sav_agrees_with_the_csv(closed: RoundReport) -> None:
    told, _ = frame(spss.sav(closed).content)
    codes = {code: shown.value for shown, code in spss.CODED.items()}

    compared = 0
    for row in told:
        for measure in MEASURES.values():
            other = in_csv(closed).get((row["level"], row["section"], row["id"], measure.id))
            stands = row[measure.id]
            if other is None:
                assert isnan(stands)
            elif other["value"]:
                assert stands == float(other["value"])
            elif measure.unit is Unit.PEOPLE:
                assert isnan(stands)
            else:
                assert codes[stands] == other["shown"]
            compared += other is not None
    assert compared == len(in_csv(closed))


@pytest.mark.parametrize("closed", ROUNDS)
def test_every_number_of_the_sav_stands_in_the_snapshot(closed: RoundReport) -> None:
    told, _ = frame(spss.sav(closed).content)

    values = {row[measure] for row in told for measure in MEASURES if not isnan(row[measure])}

    assert values <= numbers_of(closed) | set(spss.CODED.values())


def test_no_sav_says_when_it_was_made() -> None:
    closed = closed_round()

    for file in (spss.sav(closed), spss.people(closed, ROWS)):
        assert file.content[92:109] == b"29 Mar 2700:00:00", "the day on which it closed, as everybody knows"
        assert f"{frame(file.content)[1].creation_time:%Y-%m-%d %H:%M}" == "2027-03-29 00:00"


def test_the_sav_has_labels_and_declares_what_is_missing() -> None:
    _, told = frame(spss.sav(closed_round()).content)
    _, people = frame(spss.people(closed_round(), ROWS).content)

    assert told.column_names_to_labels["mean"] == "Score (percent)"
    assert told.variable_value_labels["low"] == {code: shown.value for shown, code in spss.CODED.items()}
    assert told.missing_ranges["mean"] == [{"lo": 995, "hi": 999}]
    assert "n" not in told.missing_ranges, "999 people are 999 people"
    assert people.column_names_to_labels["c5_10"].startswith("5.10 ")
    assert people.variable_value_labels["u_01"][8] == "Doesn't apply"
    assert people.variable_value_labels["function"]["merged"] == "Not shown separately"
    assert [one["lo"] for one in people.missing_ranges["c6_11"]] == [7, 8, 9]


# All of them.


def test_nothing_in_any_file_begins_like_a_formula() -> None:
    closed = hostile_round()
    rows = respondents.rows(closed.instrument, responses(40), 5)

    tables = [redcap.dictionary(closed), redcap.results(closed), redcap.people(closed, rows), long.people(closed, rows)]
    cells = [one for file in tables for row in csv.reader(io.StringIO(file.content.decode("utf-8-sig"))) for one in row]
    for file in (spss.sav(closed), spss.people(closed, rows)):
        told, meta = frame(file.content)
        cells += [value for row in told for value in row.values() if isinstance(value, str)]
        cells += [label for labels in meta.variable_value_labels.values() for label in labels.values()]
        cells += meta.column_names_to_labels.values()

    assert not [one for one in cells if re.match(r"[=+\-@\t\r\n]", one)]
    assert sum("evil.example" in one for one in cells) > 10


def test_the_files_of_a_round_have_names_of_their_own() -> None:
    made = [file for format in Format for file in files(format, closed_round())]

    assert [file.name for file in made] == [
        "hta-7-report.pdf",
        "hta-7-results.xlsx",
        "hta-7-results.csv",
        "hta-7-redcap-dictionary.csv",
        "hta-7-redcap-results.csv",
        "hta-7-questionnaire.fhir.json",
        "hta-7-results.sav",
    ]
    assert all(file.content and file.title for file in made)


# Respondents' rows.


def test_rows_hold_every_respondent_once_with_codes_for_what_is_missing() -> None:
    kept = [Answers("nursing", "0123nd." + "0" * 55), *responses(20)]

    made = respondents.rows(INSTRUMENT, kept, 5)

    assert len(made) == 21
    assert any(row.codes[:7] == (0, 1, 2, 3, 8, 9, 7) for row in made)
    back = {code: mark for mark, (code, _) in respondents.REASONS.items()} | {code: str(code) for code in range(4)}
    strips = sorted((row.function, "".join(back[code] for code in row.codes)) for row in made)
    assert strips == sorted((one.function, one.strip) for one in kept)


def test_rows_come_in_another_order_each_time() -> None:
    assert len({respondents.rows(INSTRUMENT, responses(40), 5) for _ in range(5)}) == 5


@pytest.mark.parametrize(("people", "minimum", "shown"), [(9, 5, 0), (10, 5, 10), (14, 15, 0), (15, 15, 15)])
def test_no_row_leaves_where_no_single_item_is_shown(people: int, minimum: int, shown: int) -> None:
    assert len(respondents.rows(INSTRUMENT, responses(people), minimum)) == shown


def test_a_kind_of_work_that_the_questionnaire_does_not_have_is_merged() -> None:
    kept = [replace(one, function="merged" if number % 2 else "chaplain") for number, one in enumerate(responses(12))]

    assert {row.function for row in respondents.rows(INSTRUMENT, kept, 5)} == {"merged"}


def test_the_rows_file_has_its_columns() -> None:
    told = records(long.people(closed_round(), ROWS).content)

    assert list(told[0]) == ["function", *(one.id for one in INSTRUMENT.items)]
    assert {row["function"] for row in told} == set(WORK[:5])
    assert {value for row in told for name, value in row.items() if name != "function"} == set("0123789")


def test_hidden_figures_are_hidden_in_every_file() -> None:
    closed = closed_round(7)
    hidden = [row for row in in_csv(closed).values() if row["level"] == "item"]

    assert {row["shown"] for row in hidden} == {Shown.HIDDEN.value}
    told, _ = frame(spss.sav(closed).content)
    assert {row["mean"] for row in told if row["level"] == "item"} == {999}
