"""How times, numbers and percents are written, wherever people read them."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument.snapshot import Coded
from places import ROOT
from reports.wording import day, percent, spelled, when, whole
from rounding import rounded
from storage.terms import MOST_REMINDERS

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)


def test_a_day_of_another_year_is_said_with_its_year() -> None:
    assert when(datetime(2026, 12, 8, 14, tzinfo=UTC), NEW_YORK, NOW) == "Tuesday 8 December, 09:00"
    assert when(datetime(2027, 1, 5, 14, tzinfo=UTC), NEW_YORK, NOW) == "Tuesday 5 January 2027, 09:00"
    assert when(datetime(2025, 12, 8, 14, tzinfo=UTC), NEW_YORK, NOW) == "Monday 8 December 2025, 09:00"


def test_the_year_turns_at_midnight_in_the_organizations_zone() -> None:
    turn = datetime(2027, 1, 1, 5, tzinfo=UTC)
    before, after = turn - timedelta(hours=1), turn + timedelta(hours=1)

    assert when(before, NEW_YORK, before) == "Thursday 31 December, 23:00"
    assert when(after, NEW_YORK, before) == "Friday 1 January 2027, 01:00"
    assert when(before, NEW_YORK, after) == "Thursday 31 December 2026, 23:00"


def test_where_nobody_says_what_year_it_is_the_year_is_always_said() -> None:
    assert when(NOW, NEW_YORK) == "Tuesday 1 December 2026, 10:00"
    assert day(NOW, NEW_YORK) == "1 December 2026"


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (62.9, "63 %"),
        (62.5, "63 %"),
        (62.4999, "62 %"),
        (0.5, "1 %"),
        (0.4, "0 %"),
        (100.0, "100 %"),
        (37.5 - 1e-12, "38 %"),
        (Coded.UNDER_10, "under 10 %"),
        (Coded.OVER_90, "over 90 %"),
        (None, "not shown"),
    ],
)
def test_percents_are_whole_halves_go_up_and_what_is_coded_or_hidden_is_said_so(
    figure: float | Coded | None, words: str
) -> None:
    assert percent(figure) == words


@given(st.integers(0, 3000), st.integers(1, 1000))
def test_shares_of_people_are_rounded_as_by_hand(some: int, people: int) -> None:
    share = 100 * some / people

    assert whole(share) == rounded(share)


def test_small_numbers_are_spelled_and_large_ones_are_digits() -> None:
    assert [spelled(number) for number in (1, 3, 10, 11, 1200)] == ["one", "three", "ten", "11", "1,200"]


PLACES = (ROOT / "bot", ROOT / "reports")
TYPED = re.compile(rf"\b{spelled(MOST_REMINDERS)} (times|reminders)|at most {spelled(MOST_REMINDERS)}\b", re.IGNORECASE)


def sentences(path: Path) -> Iterator[str]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(path.read_text())
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def test_no_sentence_types_how_many_reminders_come_at_most() -> None:
    typed = [
        (path.name, words)
        for place in PLACES
        for path in place.rglob("*.py")
        for words in sentences(path)
        if TYPED.search(words)
    ]

    # Of the sections to work on; both happen to be three.
    assert [name for name, words in typed if "sections from 50 percent on" not in words] == []
