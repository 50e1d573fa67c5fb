"""Do CSV and workbook open in their own readers, with the snapshot's figures and nothing else?"""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from functools import cache
from math import isclose
from typing import Any

import openpyxl
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closed_rounds import INSTRUMENT, closed_round, hostile_round, numbers_of, responses, round_apart
from instrument.collation import collate
from instrument.snapshot import SubCompetencyResult
from reports.exports import cells, long
from reports.exports.lines import MEASURES, Level, lines
from reports.exports.workbook import xlsx
from reports.round_report import Planned, RoundReport

ROUNDS = [round_apart(), closed_round(7), closed_round(3), closed_round(40, minimum=20)]


@cache
def table(closed: RoundReport) -> pandas.DataFrame:
    return pandas.read_csv(
        io.BytesIO(long.csv(closed).content), dtype={"label": str, "value": str}, keep_default_na=False
    )


@cache
def book(closed: RoundReport) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(closed).content))


def grid(closed: RoundReport, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by its heads."""
    rows = [[cell.value for cell in row] for row in book(closed)[name].rows]
    first = 2 if name == "Summary" else 0
    heads = [str(one) for one in rows[first]]
    return [dict(zip(heads, row, strict=True)) for row in rows[first + 1 :]]


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ("Nursing", "Nursing"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("\n1", "' 1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1\x00\nb", "a=1  b"),
        ("", ""),
    ],
)
def test_no_text_begins_like_a_formula(words: str, stands: str) -> None:
    assert cells.text(words) == stands


@pytest.mark.parametrize(("value", "stands"), [(14, "14"), (50.0, "50"), (1 / 3, "0.3333333333333333"), (0.0, "0")])
def test_a_number_reads_back_as_the_same_number(value: float, stands: str) -> None:
    assert cells.number(value) == stands
    assert float(stands) == value


def test_a_csv_is_rfc_4180_in_utf_8_with_the_mark_for_excel() -> None:
    content = cells.csv_file([["a", "b"], ['one, "two"', None]], bom=True)

    assert content == b'\xef\xbb\xbfa,b\r\n"one, ""two""",\r\n'
    assert not cells.csv_file([["a"]], bom=False).startswith(b"\xef")


def test_the_csv_has_a_row_for_every_section_item_and_measure_once() -> None:
    told = table(round_apart())

    assert long.csv(round_apart()).content.startswith(b"\xef\xbb\xbfround,instrument,")
    assert list(told.columns) == list(long.COLUMNS)
    assert not told.duplicated(["level", "section", "id", "measure"]).any()
    counts = told.groupby("level")["id"].nunique().to_dict()
    assert (counts["section"], counts["sub_competency"], counts["item"]) == (7, 20, 62)
    assert set(told["measure"]) == set(MEASURES)
    assert set(told["level"]) == {level.value for level in Level}
    assert set(told["closed_on"]) == {"2027-03-29"}


@pytest.mark.parametrize("closed", ROUNDS)
def test_every_number_of_the_csv_stands_in_the_snapshot(closed: RoundReport) -> None:
    told = table(closed)

    values = {float(value) for value in told["value"] if value != ""}

    assert values <= numbers_of(closed)
    assert (
        (told["value"] == "") == told["shown"].isin(["under 10", "under 25", "over 75", "over 90", "not shown"])
    ).all()


@settings(max_examples=40)
@given(st.integers(5, 40), st.integers(5, 20), st.integers(0, 1_000))
def test_no_line_of_any_round_has_a_number_that_the_snapshot_does_not_show(
    people: int, minimum: int, seed: int
) -> None:
    snapshot = collate(INSTRUMENT, responses(people, seed=seed), asked=people, minimum=minimum)
    closed = replace(closed_round(), snapshot=snapshot)

    told = {line.number(measure) for line in lines(closed) for measure in line.figures}

    assert told - {None} <= numbers_of(closed)


def test_where_nobody_chose_occasionally_its_share_is_0_and_never_less() -> None:
    sub = SubCompetencyResult("u_a", low=33.3, high=66.7, never=33.300000000000004, often=66.7, always=0.0)
    closed = closed_round()

    told = lines(replace(closed, snapshot=replace(closed.snapshot, sub_competencies=(sub,))))

    assert [one.figures["occasionally"] for one in told if one.id == "u_a"] == [0.0]


def test_a_small_group_shows_whole_percents_and_codes_and_no_item() -> None:
    told = table(closed_round(7))

    assert set(told[told["level"] == "item"]["shown"]) == {"not shown"}
    means = told[(told["level"] == "section") & (told["measure"] == "mean")]
    assert set(means["shown"]) <= {"whole", "under 25", "over 75", "not shown"}
    assert "whole" in set(means["shown"])


def test_below_the_minimum_only_how_many_were_asked_is_a_number() -> None:
    told = table(closed_round(3))

    numbers = told[(told["value"] != "") & (told["measure"] != "maximum")]
    assert dict(zip(numbers["measure"], numbers["value"], strict=True)) == {
        "asked": "26",
        "work_here": "431",
        "minimum": "5",
    }


def test_the_workbook_has_its_sheets_and_explains_every_column() -> None:
    made = book(closed_round())

    assert made.sheetnames == ["Summary", "Sections", "Items", "Kinds of work", "Goals", "Method", "Codebook"]
    explained = {(row["Sheet"], row["Column or code"]) for row in grid(closed_round(), "Codebook")}
    for name in made.sheetnames[:-1]:
        top = 3 if name == "Summary" else 1
        heads = [cell.value for cell in made[name][top]]
        assert {(name, head) for head in heads} <= explained
        assert made[name].freeze_panes == (
            "B4" if name == "Summary" else {"Sections": "C2", "Items": "C2"}.get(name, "B2")
        )


def test_every_statement_stands_in_the_workbook_in_full() -> None:
    told = grid(closed_round(), "Items")

    assert [(row["Id"], row["Item"], row["Statement"]) for row in told] == [
        (item.id, item.label, item.text) for item in INSTRUMENT.items
    ]


@pytest.mark.parametrize("closed", ROUNDS)
def test_every_number_of_the_workbook_stands_in_the_snapshot(closed: RoundReport) -> None:
    found = {
        float(cell.value)
        for name in ("Summary", "Sections", "Items", "Kinds of work")
        for row in book(closed)[name].rows
        for cell in row
        if isinstance(cell.value, int | float)
    }

    # A workbook keeps sixteen digits of a number, one less than the number has.
    known = sorted(numbers_of(closed))
    assert not [value for value in found if not any(isclose(value, one, rel_tol=1e-14) for one in known)]


@pytest.mark.parametrize("closed", ROUNDS)
def test_workbook_and_csv_agree(closed: RoundReport) -> None:
    told = table(closed)
    by_place = {(row.id, row.measure): row for row in told[told["level"].isin(["section", "item"])].itertuples()}

    compared = 0
    for name in ("Sections", "Items"):
        for row in grid(closed, name):
            for measure in MEASURES.values():
                other = by_place.get((row["Id"], measure.id))
                if other is None or measure.label not in row:
                    continue
                stands = row[measure.label]
                assert stands == (
                    other.shown if other.value == "" else pytest.approx(float(str(other.value)), rel=1e-13)
                )
                compared += 1
    assert compared > 1_000


def test_a_kind_of_work_that_stands_apart_is_told_without_a_minus() -> None:
    told = table(round_apart())
    apart = told[told["measure"].isin(["higher_by", "lower_by"])]

    assert apart[["section", "id", "measure", "value", "shown"]].values.tolist() == [
        ["c2", "nursing", "lower_by", "18", "whole"],
        ["c5", "leadership", "higher_by", "21", "whole"],
    ]
    rows = [row for row in grid(round_apart(), "Summary") if row["Summary"] == "Stands apart"]
    assert [(row["Which"], row["Figure"]) for row in rows] == [
        ("Nursing in 2 Risk: lower than the rest by", 18),
        ("Leadership in 5 Legal/Ethical Standards: higher than the rest by", 21),
    ]


def test_goals_stand_in_the_workbook_as_they_were_set() -> None:
    goal = Planned("1 month", date(2027, 4, 29), "2.1 Indicators", "Post the signs.", None, "Amara", "At risk")

    told = grid(replace(closed_round(), planned=(goal,)), "Goals")

    assert told == [
        {
            "Due in": "1 month",
            "Due on": "2027-04-29",
            "About": "2.1 Indicators",
            "Goal": "Post the signs.",
            "Measure": None,
            "Owner": "Amara",
            "Status": "At risk",
        }
    ]
    assert grid(closed_round(), "Goals")[0]["Due in"] == "No goals are set yet."


def test_nothing_in_a_workbook_or_a_csv_runs() -> None:
    closed = hostile_round()

    in_book = [
        str(cell.value) for sheet in book(closed) for row in sheet.rows for cell in row if cell.value is not None
    ]
    in_table = [one for row in csv.reader(io.StringIO(long.csv(closed).content.decode("utf-8-sig"))) for one in row]

    assert not [one for one in in_book + in_table if re.match(r"[=+\-@\t\r\n]", one)]
    assert {cell.data_type for sheet in book(closed) for row in sheet.rows for cell in row} <= {"s", "n"}
    assert any("evil.example" in one for one in in_book)
    assert any("evil.example" in one for one in in_table)
