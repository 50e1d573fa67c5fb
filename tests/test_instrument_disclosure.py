"""Can somebody who subtracts find out what is hidden?

The attacks are written out here, and each is first seen to succeed where only small groups are hidden.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.disclosure import cells, coarse, detail_from, figure, merged, shown
from instrument.distribution import Distribution, together
from instrument.snapshot import Cell, Coded

FUNCTIONS = ("provider", "nursing", "behavioral", "leadership", "front_office", "security")

minimums = st.integers(5, 20)
sizes = st.dictionaries(st.sampled_from(FUNCTIONS), st.integers(0, 30))
percents = st.sampled_from([Fraction(0), Fraction(100)] + [Fraction(100 * raw, 18) for raw in range(19)])
tables = st.dictionaries(
    st.sampled_from(FUNCTIONS),
    st.lists(percents, min_size=1, max_size=14).map(lambda scores: Distribution(Counter(scores))),
    min_size=1,
)


def only_small_ones_hidden(sizes: Mapping[str, int], minimum: int) -> frozenset[str]:
    """Naive suppression, for the attacks to succeed on."""
    return frozenset(function for function, size in sizes.items() if size >= minimum)


def derivable(sizes: Mapping[str, int], alone: frozenset[str]) -> list[frozenset[str]]:
    """The sets of functions whose sum is a combination of what is shown: the whole, each shown one, the rest together.

    One equation a published figure, a column a function; a set's sum can be solved for where its row of ones is a
    combination of theirs.
    """
    people = [function for function, size in sizes.items() if size]
    hidden = set(people) - alone
    published = [set(people), hidden, *({function} for function in alone)]
    equations = _independent([[Fraction(function in figure) for function in people] for figure in published])
    return [
        frozenset(group)
        for size in range(1, len(people) + 1)
        for group in combinations(people, size)
        if len(_independent([*equations, [Fraction(function in group) for function in people]])) == len(equations)
    ]


def _independent(rows: Iterable[list[Fraction]]) -> list[list[Fraction]]:
    """The rows less what earlier ones say already: Gaussian elimination."""
    kept: list[list[Fraction]] = []
    for row in rows:
        left = row
        for base in kept:
            pivot = next(place for place, value in enumerate(base) if value)
            factor = left[pivot] / base[pivot]
            left = [value - factor * other for value, other in zip(left, base, strict=True)]
        if any(left):
            kept.append(left)
    return kept


def opened(sizes: Mapping[str, int], alone: frozenset[str], minimum: int) -> list[frozenset[str]]:
    """The sets of fewer than `minimum` people that the attack finds."""
    return [group for group in derivable(sizes, alone) if sum(sizes[function] for function in group) < minimum]


def test_hiding_only_small_functions_leaves_them_open_to_subtraction() -> None:
    sizes = {"nursing": 12, "leadership": 7, "security": 2}

    assert opened(sizes, only_small_ones_hidden(sizes, 5), 5) == [{"security"}]


def test_hiding_only_small_functions_leaves_two_small_ones_open_together() -> None:
    sizes = {"nursing": 12, "leadership": 2, "security": 2}

    assert opened(sizes, only_small_ones_hidden(sizes, 5), 5) == [{"leadership", "security"}]


@given(sizes, minimums)
@example({"nursing": 12, "leadership": 7, "security": 2}, 5)
@example({"nursing": 12, "leadership": 2, "security": 2}, 5)
def test_no_hidden_function_can_be_solved_for(sizes: dict[str, int], minimum: int) -> None:
    alone = shown(sizes, minimum)

    # Where nothing stands alone there is no row at all.
    assert not alone or opened(sizes, alone, minimum) == []


@given(sizes, minimums)
def test_hidden_functions_are_two_and_hold_the_minimum_or_there_are_none(sizes: dict[str, int], minimum: int) -> None:
    alone = shown(sizes, minimum)
    hidden = [size for function, size in sizes.items() if size and function not in alone]

    assert all(sizes[function] >= minimum for function in alone)
    assert not alone or not hidden or (len(hidden) >= 2 and sum(hidden) >= minimum)


@pytest.mark.parametrize(
    ("sizes", "minimum", "expected"),
    [
        ({"nursing": 8, "provider": 6}, 5, {"nursing", "provider"}),
        ({"nursing": 8, "provider": 6, "security": 0}, 5, {"nursing", "provider"}),
        # One small one takes the next smallest along.
        ({"nursing": 8, "provider": 6, "security": 2}, 5, {"nursing"}),
        # Two that hold the minimum together need nobody else; two that don't take one along.
        ({"nursing": 8, "provider": 6, "security": 2, "leadership": 3}, 5, {"nursing", "provider"}),
        ({"nursing": 8, "provider": 6, "security": 2, "leadership": 2}, 5, {"nursing"}),
        ({"nursing": 8, "security": 2}, 5, set()),
        ({"nursing": 8}, 5, {"nursing"}),
        ({"nursing": 4}, 5, set()),
        ({}, 5, set()),
        # Of two that are equally small, always the same one goes.
        ({"nursing": 6, "provider": 6, "leadership": 9, "security": 1}, 5, {"leadership", "provider"}),
        ({"provider": 6, "nursing": 6, "leadership": 9, "security": 1}, 5, {"leadership", "provider"}),
        ({"nursing": 19, "provider": 20, "leadership": 20}, 20, {"provider"}),
    ],
)
def test_these_functions_stand_alone(sizes: dict[str, int], minimum: int, expected: set[str]) -> None:
    assert shown(sizes, minimum) == expected


def test_what_is_withheld_stays_hidden_however_large() -> None:
    assert shown({"nursing": 50, "provider": 20, "leadership": 9}, 5, withheld={"nursing"}) == {"provider"}


def test_stored_rows_keep_only_functions_that_may_stand_alone() -> None:
    assert merged({"nursing": 8, "provider": 6, "security": 2}, 5) == {
        "nursing": "nursing",
        "provider": "merged",
        "security": "merged",
    }


def test_merging_what_was_merged_changes_nothing() -> None:
    once = merged({"nursing": 8, "provider": 6, "security": 2, "leadership": 9}, 5)
    again = merged({"nursing": 8, "merged": 8, "leadership": 9}, 5)

    assert once["leadership"] == "leadership"
    assert again["merged"] == "merged"


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (0, Coded.UNDER_10),
        ("9.99", Coded.UNDER_10),
        (10, 10.0),
        ("10.4", 10.0),
        ("12.5", 12.0),
        ("87.5", 88.0),
        (90, 90.0),
        ("90.01", Coded.OVER_90),
        (100, Coded.OVER_90),
    ],
)
def test_a_small_groups_percent_is_whole_or_coded(percent: int | str, expected: float | Coded) -> None:
    assert coarse(Fraction(percent)) == expected


@given(st.fractions(10, 90))
def test_a_coarse_share_and_its_rest_make_100(percent: Fraction) -> None:
    share, rest = coarse(percent), coarse(100 - percent)

    assert isinstance(share, float)
    assert isinstance(rest, float)
    assert share + rest == 100


@pytest.mark.parametrize(("minimum", "people"), [(5, 10), (9, 10), (10, 10), (12, 12), (20, 20)])
def test_exact_figures_begin_at_ten_people_or_the_minimum(minimum: int, people: int) -> None:
    assert detail_from(minimum) == people
    assert figure(Fraction(100, 3), people, minimum) == 100 / 3
    assert figure(Fraction(100, 3), people - 1, minimum) == 33.0


# The attack on coded cells: the section's mean is exact, so a cell is the whole less the others.


def distributions(**scores: list[int]) -> dict[str, Distribution]:
    return {function: Distribution(Counter(map(Fraction, each))) for function, each in scores.items()}


def possible_means(cell: Cell, others: Iterable[Cell], total: Distribution) -> tuple[Fraction, Fraction]:
    """The lowest and the highest mean that `cell` may have, as far as the other cells and the whole tell."""
    lowest = highest = total.sum
    for other in others:
        match other.mean:
            case Coded.UNDER_10:
                low, high = Fraction(0), Fraction(10)
            case Coded.OVER_90:
                low, high = Fraction(90), Fraction(100)
            case whole:
                low, high = Fraction(whole) - Fraction(1, 2), Fraction(whole) + Fraction(1, 2)
        lowest -= other.n * min(high, Fraction(100))
        highest -= other.n * max(low, Fraction(0))
    return lowest / cell.n, highest / cell.n


def nearer_to_the_end_than_coded(section: Mapping[str | None, Cell], total: Distribution) -> list[str | None]:
    """The coded cells that the others show to lie between their code's inner edge and 0 or 100."""
    found = []
    for function, cell in section.items():
        lowest, highest = possible_means(cell, (it for key, it in section.items() if key != function), total)
        if (cell.mean is Coded.OVER_90 and lowest > 90) or (cell.mean is Coded.UNDER_10 and highest < 10):
            found.append(function)
    return found


def test_a_coded_cell_beside_others_that_are_shown_is_open_to_subtraction() -> None:
    scores = distributions(nursing=[100] * 5, provider=[50] * 5, leadership=[40] * 5)
    naive: dict[str | None, Cell] = {
        "nursing": Cell(5, Coded.OVER_90),
        "provider": Cell(5, 50.0),
        "leadership": Cell(5, 40.0),
    }

    assert nearer_to_the_end_than_coded(naive, together(scores.values())) == ["nursing"]


def test_a_coded_cell_that_the_others_give_away_is_hidden_with_the_next_smallest() -> None:
    scores = distributions(nursing=[100] * 5, provider=[50] * 5, leadership=[40] * 6)

    assert cells(scores, 5) == {"leadership": Cell(6, 40.0), None: Cell(10, 75.0)}


@pytest.mark.parametrize("mean", [0, 8, 92, 100])
def test_a_coded_cell_that_the_others_narrow_down_is_hidden(mean: int) -> None:
    scores = distributions(nursing=[mean] * 5, provider=[50] * 5, leadership=[40] * 6)

    assert cells(scores, 5).keys() == {"leadership", None}


@pytest.mark.parametrize(("mean", "code"), [(5, Coded.UNDER_10), (95, Coded.OVER_90)])
def test_a_coded_cell_with_enough_people_around_it_is_shown(mean: int, code: Coded) -> None:
    scores = distributions(nursing=[mean] * 5, provider=[50] * 120, leadership=[40] * 120)

    assert cells(scores, 5)["nursing"] == Cell(5, code)


def test_the_cell_that_is_given_away_is_hidden_before_smaller_ones() -> None:
    scores = distributions(nursing=[100] * 9, provider=[50] * 5, leadership=[40] * 5, security=[50] * 8)

    assert cells(scores, 5).keys() == {"provider", "security", None}


def test_the_row_of_the_others_takes_one_more_along_where_it_gives_itself_away() -> None:
    scores = distributions(nursing=[100] * 3, provider=[100] * 3, leadership=[50] * 7, security=[40] * 8)

    assert cells(scores, 5) == {"security": Cell(8, 40.0), None: Cell(13, 73.0)}


def test_a_single_function_shows_what_its_section_shows() -> None:
    assert cells(distributions(nursing=[100] * 7), 5) == {"nursing": Cell(7, Coded.OVER_90)}


def test_where_no_function_may_stand_alone_there_is_no_cell() -> None:
    assert cells(distributions(nursing=[50] * 7, security=[20] * 2), 5) == {}


def test_large_groups_are_whole_percents_too() -> None:
    assert cells(distributions(nursing=[33, 34] * 8 + [33], provider=[50] * 5), 5)["nursing"] == Cell(17, 33.0)


@given(tables, minimums)
@example(distributions(nursing=[100] * 5, provider=[50] * 5, leadership=[40] * 6), 5)
@example(distributions(nursing=[0] * 5, provider=[50] * 5, leadership=[40] * 6), 5)
def test_no_coded_cell_is_given_away(scores: dict[str, Distribution], minimum: int) -> None:
    section, total = cells(scores, minimum), together(scores.values())

    # With fewer than ten people the section's own mean is coded or whole.
    assert total.people < 10 or nearer_to_the_end_than_coded(section, total) == []


@given(tables, minimums)
def test_cells_hold_the_minimum_and_everybody_once(scores: dict[str, Distribution], minimum: int) -> None:
    section = cells(scores, minimum)

    assert all(cell.n >= minimum for cell in section.values())
    assert not section or sum(cell.n for cell in section.values()) == together(scores.values()).people


@given(tables, minimums)
def test_what_coding_hides_is_hidden_as_well_as_what_is_small(scores: dict[str, Distribution], minimum: int) -> None:
    sizes = {function: each.people for function, each in scores.items()}
    alone = frozenset(function for function in cells(scores, minimum) if function is not None)

    assert not alone or opened(sizes, alone, minimum) == []


def all_scored(sizes: Mapping[str, int]) -> list[Answers]:
    """Everybody answers every item, so that each section has the same people."""
    people = [function for function, size in sizes.items() for _ in range(size)]
    return [Answers(function, "0123"[number % 4] * 62) for number, function in enumerate(people)]


@given(sizes.filter(lambda sizes: sum(sizes.values()) >= 5), minimums)
def test_results_by_function_and_the_counts_of_asked_and_finished_together_open_no_small_group(
    sizes: dict[str, int], minimum: int
) -> None:
    """What one coordinator sees at once: the sections' counts, the rows by function, and how many were asked and finished."""
    finished = sum(sizes.values())
    seen = collate(builtin(), all_scored(sizes), asked=finished + 3, minimum=minimum)
    if seen.finished is None:
        assert (seen.sections, seen.by_function) == ((), ())
        return
    rows = {row.function: row.cells for row in seen.by_function}
    hidden = set(sizes) - rows.keys()

    # Each published count is an equation over the functions; those who did not finish are one unknown more.
    people = [*(function for function, size in sizes.items() if size), "unfinished"]
    groups = [set(people), set(people) - {"unfinished"}]
    for function, in_sections in rows.items():
        group = {function} if function else hidden & set(people)
        assert all(cell is None or cell.n == sum(sizes[one] for one in group) for cell in in_sections)
        groups.append(group)
    equations = _independent([[Fraction(one in group) for one in people] for group in groups])
    respondents = people[:-1]
    found = [
        set(group)
        for size in range(1, len(respondents) + 1)
        for group in combinations(respondents, size)
        if len(_independent([*equations, [Fraction(one in group) for one in people]])) == len(equations)
    ]

    assert [group for group in found if sum(sizes[one] for one in group) < minimum] == []
