"""Nobody is seen to start, to finish or to say no: not in a picture, and not between two of them."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from instrument.participation import Exact, Picture, Row, follows, picture

DAY = date(2027, 3, 4)
functions = st.sampled_from(["provider", "nursing", "leadership", "security", "other"])


@st.composite
def exacts(draw: st.DrawFn) -> Exact:
    finished = draw(st.dictionaries(functions, st.integers(0, 40)))
    under_way = {function: draw(st.integers(0, 12)) for function in finished}
    started = {function: finished[function] + under_way[function] for function in finished}
    return Exact(started, finished, draw(st.integers(0, 30)))


def test_a_picture_of_many_shows_all() -> None:
    exact = Exact({"nursing": 30, "provider": 12}, {"nursing": 20, "provider": 12}, 7)

    assert picture(exact, 5, DAY) == Picture(DAY, 42, 32, 7, (Row("nursing", 20, 30), Row("provider", 12, 12)), ())


def test_a_picture_of_few_shows_nothing_but_that_they_are_few() -> None:
    assert picture(Exact({"nursing": 4}, {"nursing": 3}, 2), 5, DAY) == Picture(DAY, None, None, None, (), ("nursing",))


@pytest.mark.parametrize(("number", "shown"), [(4, None), (5, 5), (6, 6)])
def test_a_count_is_shown_from_the_minimum_on(number: int, shown: int | None) -> None:
    counted = picture(Exact({"nursing": number}, {"nursing": number}, number), 5, DAY)

    assert (counted.started, counted.finished, counted.declined) == (shown, shown, shown)
    assert bool(counted.rows) is (shown is not None)


@pytest.mark.parametrize(("started", "shown"), [(20, 20), (21, None), (24, None), (25, 25)])
def test_who_is_half_way_is_not_shown_where_they_are_few(started: int, shown: int | None) -> None:
    assert picture(Exact({"nursing": started}, {"nursing": 20}, 0), 5, DAY).started == shown


@given(exact=exacts(), minimum=st.integers(5, 20))
def test_no_count_that_is_shown_or_subtracted_is_of_few(exact: Exact, minimum: int) -> None:
    shown = picture(exact, minimum, DAY)

    def is_safe(count: int | None) -> bool:
        return count is None or count == 0 or count >= minimum

    assert all(map(is_safe, (shown.started, shown.finished, shown.declined)))
    for row in shown.rows:
        assert row.finished >= minimum
        assert row.started is None or is_safe(row.started - row.finished)
    if shown.started is not None and shown.finished is not None:
        assert is_safe(shown.started - shown.finished)
    if shown.rows and shown.finished is not None:
        hidden = {function for function, number in exact.finished.items() if number} - {
            row.function for row in shown.rows
        }
        assert is_safe(shown.finished - sum(row.finished for row in shown.rows))
        assert len(hidden) != 1, "a single hidden group would be the rest"
    if shown.started is not None and shown.finished is not None and shown.rows:
        known = {row.function for row in shown.rows if row.started is not None}
        under_way = {name: number - exact.finished.get(name, 0) for name, number in exact.started.items()}
        hidden = {name for name, number in under_way.items() if number} - known
        assert len(hidden) != 1, "a single hidden group would be the rest"
        assert is_safe(sum(under_way[name] for name in hidden))


@given(exact=exacts(), minimum=st.integers(5, 20))
def test_a_picture_follows_itself_and_survives_being_stored(exact: Exact, minimum: int) -> None:
    shown = picture(exact, minimum, DAY)

    assert follows(shown, shown, minimum)
    assert Picture.from_json(shown.to_json()) == shown


@given(exact=exacts(), minimum=st.integers(5, 20), more=st.integers(1, 4), who=functions)
def test_a_picture_in_which_fewer_than_the_minimum_moved_does_not_follow(
    exact: Exact, minimum: int, more: int, who: str
) -> None:
    """One to four more people of one function finish: the new picture may come only where no count shows how many."""
    started = dict(exact.started) | {who: exact.started.get(who, 0) + more}
    finished = dict(exact.finished) | {who: exact.finished.get(who, 0) + more}
    old, new = picture(exact, minimum, DAY), picture(Exact(started, finished, exact.declined), minimum, DAY)

    assume(old.finished is not None and new.finished is not None)

    assert not follows(old, new, minimum)


def test_a_picture_in_which_enough_moved_follows() -> None:
    old = picture(Exact({"nursing": 20}, {"nursing": 10}, 0), 5, DAY)
    new = picture(Exact({"nursing": 25}, {"nursing": 20}, 0), 5, DAY)

    assert follows(old, new, 5)
