"""Do the right sections come first, in the right order?"""

from fractions import Fraction

import pytest

from instrument.ranking import Standing, lists, near_tie, priorities, strengths
from instrument.snapshot import Coded, Ranked, as_printed
from instrument.tally import Shares


def standing(id: str, *percents: float | str, mean: float = 50) -> Standing:
    """Never, Occasionally, Often and Always; or only a low share, all Occasionally, the rest Often."""
    exact = [Fraction(percent) for percent in percents]
    never, occasionally, often, always = (
        exact if len(exact) == 4 else (Fraction(0), exact[0], 100 - exact[0], Fraction(0))
    )
    return Standing(id, Fraction(round(mean)), Shares(never, occasionally, often, always), Fraction(mean))


def scored(id: str, mean: float | Coded, *, exact: bool = False) -> Standing:
    """A section of which the score is shown; exact: its shares, too, which are all Never."""
    shares = Shares(Fraction(100), Fraction(0), Fraction(0), Fraction(0)) if exact else None
    return Standing(id, as_printed(mean), shares)


def ids(ranked: tuple[Ranked, ...]) -> list[str]:
    return [each.section for each in ranked]


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([standing("a", 60), standing("b", 80), standing("c", 70)], ["b", "c", "a"]),
        # Only three, and only from 50 % on.
        ([standing("a", 90), standing("b", 80), standing("c", 70), standing("d", 60)], ["a", "b", "c"]),
        ([standing("a", 50), standing("b", "49.999"), standing("c", 10)], ["a"]),
        # Equal low shares: more Never first, then the lower mean, then the document's order.
        ([standing("a", 10, 50, 40, 0), standing("b", 20, 40, 40, 0)], ["b", "a"]),
        ([standing("a", 60, mean=40), standing("b", 60, mean=30)], ["b", "a"]),
        ([standing("a", 60), standing("b", 60)], ["a", "b"]),
        # A third is not 33.3 %: fractions decide, not what is shown.
        ([standing("a", "66.6666666666666666"), standing("b", "200/3")], ["b", "a"]),
        ([], []),
    ],
)
def test_priorities_are_the_lowest_three_from_half_on(sections: list[Standing], expected: list[str]) -> None:
    found = priorities(sections)

    assert ids(found) == expected
    assert not any(each.relative for each in found)


@pytest.mark.parametrize(
    ("sections", "expected"), [([standing("a", 10), standing("b", 30)], ["b"]), ([standing("a", 0)], [])]
)
def test_where_no_section_reaches_half_the_lowest_is_a_relative_priority(
    sections: list[Standing], expected: list[str]
) -> None:
    found = priorities(sections)

    assert ids(found) == expected
    assert all(each.relative for each in found)


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([standing("a", 20), standing("b", 5), standing("c", 10), standing("d", 25)], ["b", "c", "a"]),
        ([standing("a", 25), standing("b", "25.001")], ["a"]),
        # Equal high shares: more Always first, then the higher mean, then the document's order.
        ([standing("a", 0, 20, 50, 30), standing("b", 0, 20, 40, 40)], ["b", "a"]),
        ([standing("a", 20, mean=60), standing("b", 20, mean=70)], ["b", "a"]),
        ([standing("a", 20), standing("b", 20)], ["a", "b"]),
    ],
)
def test_strengths_are_the_highest_three_from_three_quarters_on(sections: list[Standing], expected: list[str]) -> None:
    found = strengths(sections, but_not=())

    assert ids(found) == expected
    assert not any(each.relative for each in found)


@pytest.mark.parametrize(
    ("sections", "expected"), [([standing("a", 40), standing("b", 30)], ["b"]), ([standing("a", 50)], [])]
)
def test_where_no_section_reaches_three_quarters_the_highest_is_a_relative_strength(
    sections: list[Standing], expected: list[str]
) -> None:
    found = strengths(sections, but_not=())

    assert ids(found) == expected
    assert all(each.relative for each in found)


def test_no_section_is_in_both_lists() -> None:
    sections = [standing("a", 20), standing("b", 10)]

    first = priorities(sections)

    assert ids(first) == ["a"]
    assert ids(strengths(sections, but_not=first)) == ["b"]


@pytest.mark.parametrize(("low", "equal"), [(70, True), (65, True), ("64.999", False)])
def test_a_section_within_five_points_of_the_next_is_about_equal_to_it(low: float | str, equal: bool) -> None:
    first, second = priorities([standing("a", 70), standing("b", low)])

    assert first.about_equal_to_next is equal
    assert second.about_equal_to_next is False


@pytest.mark.parametrize(
    ("lows", "named"),
    [
        ((90, 80, 70, 66), "d"),
        ((90, 80, 70, 65), "d"),
        ((90, 80, 70, 64), None),
        # The fourth may lie below half; the third may not, since then it is none of the priorities.
        ((90, 80, 52, 48), "d"),
        ((90, 80, 49, 48), None),
        ((90, 80, 70), None),
    ],
)
def test_a_fourth_section_within_five_points_of_the_third_is_named(lows: tuple[int, ...], named: str | None) -> None:
    assert near_tie([standing(id, low) for id, low in zip("abcd", lows, strict=False)]) == named


# By score


@pytest.mark.parametrize(
    ("sections", "first", "shared"),
    [
        # Half of the maximum at most; the score of Often throughout at least.
        ([scored("a", 50.0), scored("b", 51.0), scored("c", 66.0), scored("d", 67.0)], ["a"], ["d"]),
        ([scored("a", 40.0), scored("b", 20.0), scored("c", Coded.UNDER_25), scored("d", 30.0)], ["c", "b", "d"], []),
        # As printed: 50.4 is 50, and ties stand in the document's order.
        ([scored("a", 50.4), scored("b", 49.6)], ["a", "b"], []),
        # All that are coded alike stand alike.
        ([scored(id, Coded.UNDER_25) for id in "abcd"], ["a", "b", "c"], []),
        ([scored(id, Coded.OVER_75) for id in "abcd"], [], ["a", "b", "c"]),
        ([scored("a", Coded.UNDER_25), scored("b", Coded.UNDER_10)], ["b", "a"], []),
        # One section without shares is enough for all to go by their scores.
        ([scored("a", 90.0, exact=True), scored("b", 80.0)], [], ["a", "b"]),
    ],
)
def test_where_a_section_has_only_its_score_lists_go_by_scores(
    sections: list[Standing], first: list[str], shared: list[str]
) -> None:
    found = lists(sections)

    assert ids(found.priorities) == first
    assert ids(found.strengths) == shared
    assert not any(each.relative for each in (*found.priorities, *found.strengths))


def test_by_score_the_lowest_and_the_highest_are_relative_where_none_reaches_the_mark() -> None:
    found = lists([scored("a", 60.0), scored("b", 55.0), scored("c", 66.0)])

    assert [(each.section, each.relative) for each in found.priorities] == [("b", True)]
    assert [(each.section, each.relative) for each in found.strengths] == [("c", True)]


def test_by_score_a_near_tie_is_told_by_the_scores_as_they_are_printed() -> None:
    lows = [scored("a", 20.0), scored("b", 30.0), scored("c", 40.4)]

    assert lists([*lows, scored("d", 45.4)]).near_tie == "d"
    assert lists([*lows, scored("d", 45.6)]).near_tie is None


def test_inside_a_priority_everything_is_ordered_from_the_lowest_and_three_items_are_offered() -> None:
    parts = (standing("s", 10), standing("t", 90))
    items = tuple(standing(id, low) for id, low in [("i", 40), ("j", 80), ("k", 60), ("l", 20)])
    section = Standing("a", Fraction(50), standing("a", 60).shares, Fraction(50), sub_competencies=parts, items=items)

    (found,) = priorities([section])

    assert found.sub_competencies == ("t", "s")
    assert found.items == ("j", "k", "i")


def test_inside_a_strength_everything_is_ordered_from_the_highest() -> None:
    parts = (standing("s", 30), standing("t", 10))
    items = tuple(standing(id, low) for id, low in [("i", 40), ("j", 0), ("k", 10), ("l", 20)])
    section = Standing("a", Fraction(50), standing("a", 20).shares, Fraction(50), sub_competencies=parts, items=items)

    (found,) = strengths([section], but_not=())

    assert found.sub_competencies == ("t", "s")
    assert found.items == ("j", "k", "l")
