"""The day's picture of participation: bands, never a person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument.participation import LEFT_OPEN, Exact, Picture, picture

DAY = date(2027, 3, 4)


@st.composite
def exacts(draw: st.DrawFn) -> Exact:
    finished, under_way, declined, undecided = (draw(st.integers(0, 60)) for _ in range(4))
    started = finished + under_way
    return Exact(started + declined + undecided, started, finished, declined)


def test_counts_are_rounded_down_to_multiples_of_the_minimum() -> None:
    assert picture(Exact(100, 43, 37, 7), 5, DAY) == Picture(DAY, 40, 35, 5)
    assert picture(Exact(100, 43, 37, 7), 20, DAY) == Picture(DAY, 40, 20, None)


@pytest.mark.parametrize(("number", "shown"), [(0, None), (4, None), (5, 5), (6, 5), (9, 5), (10, 10)])
def test_a_count_is_shown_from_the_minimum_on(number: int, shown: int | None) -> None:
    counted = picture(Exact(100, number, number, number), 5, DAY)

    assert (counted.started, counted.finished, counted.declined) == (shown, shown, shown)


@pytest.mark.parametrize(("asked", "shown"), [(10, 5), (11, 5), (12, 10)])
def test_that_all_or_all_but_one_did_is_never_told(asked: int, shown: int) -> None:
    """All but one: the one might be the reader."""
    assert picture(Exact(asked, 10, 10, 0), 5, DAY) == Picture(DAY, shown, shown, None)
    assert picture(Exact(asked, 0, 0, 10), 5, DAY) == Picture(DAY, None, None, shown)


@given(exact=exacts(), minimum=st.integers(5, 20))
def test_every_count_is_true_and_a_multiple_of_the_minimum(exact: Exact, minimum: int) -> None:
    shown = picture(exact, minimum, DAY)

    for count, real in (
        (shown.started, exact.started),
        (shown.finished, exact.finished),
        (shown.declined, exact.declined),
    ):
        if count is None:
            assert real < minimum
        else:
            assert minimum <= count <= real
            assert count % minimum == 0
            assert count <= exact.asked - LEFT_OPEN or exact.asked < minimum + LEFT_OPEN
    assert (shown.started or 0) >= (shown.finished or 0)


@given(exact=exacts(), minimum=st.integers(5, 20))
def test_a_picture_survives_being_stored(exact: Exact, minimum: int) -> None:
    shown = picture(exact, minimum, DAY)

    assert Picture.from_json(shown.to_json()) == shown
