"""Is what docs/exports.md says what is written?"""

import re

import pytest

from closed_rounds import INSTRUMENT, closed_round, responses
from places import ROOT
from reports.exports import long, redcap, respondents
from reports.exports.formats import Format, files, respondents_files
from reports.exports.lines import MEASURES, Shown
from reports.exports.spss import CODED, WORDS

PAGE = (ROOT / "docs" / "exports.md").read_text("utf-8")


def table(name: str) -> list[list[str]]:
    """The rows of the page's table of that name, without code marks."""
    _, inside, _ = re.split(rf"<!-- /?{name} -->", PAGE)
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in inside.strip().splitlines()[2:]]
    return [[row[0].strip("` "), *row[1:]] for row in rows]


def test_the_documented_columns_of_the_csv_are_the_written_ones() -> None:
    assert table("csv") == [[column, meaning] for column, meaning in long.COLUMNS.items()]


def test_the_documented_measures_are_the_written_ones() -> None:
    assert table("measures") == [[one.id, one.label, one.unit.value, one.meaning] for one in MEASURES.values()]


@pytest.mark.parametrize("format", Format)
def test_every_file_is_named(format: Format) -> None:
    closed = closed_round()
    made = [*files(format, closed), *respondents_files(format, closed, respondents.rows(INSTRUMENT, responses(40), 5))]

    assert f"| `{format.value}` |" in PAGE
    for file in made:
        assert f"`{file.name.replace('hta-7-', 'hta-<n>-')}`" in PAGE


def test_the_codes_are_named() -> None:
    words = " ".join(PAGE.split())

    labels = respondents.code_labels(INSTRUMENT)
    assert ", ".join(f"{code} {label}" for code, label in labels.items()) in words
    assert ", ".join(f"{code} {shown.value}" for shown, code in redcap.SHOWN.items()) in words
    for shown, code in CODED.items():
        assert re.search(rf"{code:.0f}( is)? `{shown.value}`", words)
    assert ", ".join(f"`{column}`" for column in WORDS).replace(", `name`", ", `name` and the measures") in words
    assert all(shown.value in words for shown in Shown)
