"""Do the right sections come first, in the right order?"""

from fractions import Fraction

import pytest

from instrument.ranking import Standing, near_tie, priorities, strengths
from instrument.snapshot import Ranked
from instrument.tally import Shares


def standing(id: str, *percents: float | str, mean: float = 50, small: bool = False) -> Standing:
    """Never, Occasionally, Often and Always; or only a low share, all Occasionally, the rest Often."""
    exact = [Fraction(percent) for percent in percents]
    never, occasionally, often, always = (
        exact if len(exact) == 4 else (Fraction(0), exact[0], 100 - exact[0], Fraction(0))
    )
    return Standing(id, Shares(never, occasionally, often, always), Fraction(mean), small=small)


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


@pytest.mark.parametrize(
    ("one", "other", "equal"), [(100, 91, True), (91, 90, True), (100, 90, True), (91, 89, False), (88, 83, True)]
)
def test_of_small_sections_about_equal_tells_no_more_than_what_is_shown(one: int, other: int, equal: bool) -> None:
    """A coded share counts as the middle of its code: 100 and 91 are both "over 90"."""
    first, _ = priorities([standing("a", one, small=True), standing("b", other, small=True)])

    assert first.about_equal_to_next is equal


def test_inside_a_priority_everything_is_ordered_from_the_lowest_and_three_items_are_offered() -> None:
    parts = (standing("s", 10), standing("t", 90))
    items = tuple(standing(id, low) for id, low in [("i", 40), ("j", 80), ("k", 60), ("l", 20)])
    section = Standing("a", standing("a", 60).shares, Fraction(50), sub_competencies=parts, items=items)

    (found,) = priorities([section])

    assert found.sub_competencies == ("t", "s")
    assert found.items == ("j", "k", "i")


def test_inside_a_strength_everything_is_ordered_from_the_highest() -> None:
    parts = (standing("s", 30), standing("t", 10))
    items = tuple(standing(id, low) for id, low in [("i", 40), ("j", 0), ("k", 10), ("l", 20)])
    section = Standing("a", standing("a", 20).shares, Fraction(50), sub_competencies=parts, items=items)

    (found,) = strengths([section], but_not=())

    assert found.sub_competencies == ("t", "s")
    assert found.items == ("j", "k", "l")
