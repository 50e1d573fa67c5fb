"""Can somebody who subtracts find out what is hidden?

The attacks are written out here, and each is first seen to succeed where only small groups are hidden.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from instrument import disclosure
from instrument.collation import Answers, collate
from instrument.definition import builtin, load
from instrument.disclosure import coarse, detail_from, merged, shown
from instrument.distribution import Distribution, together
from instrument.growth import Grown, growth
from instrument.snapshot import Cell, Coded, Snapshot
from places import DATA

TINY = load(DATA / "tiny.toml")
FUNCTIONS = ("provider", "nursing", "behavioral", "leadership", "front_office", "security")

minimums = st.integers(5, 20)
sizes = st.dictionaries(st.sampled_from(FUNCTIONS), st.integers(0, 30))
tiny_sizes = st.dictionaries(st.sampled_from([function.id for function in TINY.functions]), st.integers(0, 30))
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
        (0, Coded.UNDER_25),
        ("24.99", Coded.UNDER_25),
        (25, 25.0),
        ("25.4", 25.0),
        ("26.5", 26.0),
        ("74.5", 74.0),
        (75, 75.0),
        ("75.01", Coded.OVER_75),
        (100, Coded.OVER_75),
    ],
)
def test_a_small_groups_percent_is_whole_or_coded(percent: int | str, expected: float | Coded) -> None:
    assert coarse(Fraction(percent), 9, 42) == expected


@pytest.mark.parametrize(
    ("percent", "expected"),
    [("9.99", Coded.UNDER_10), (10, 10.0), (25, 25.0), (90, 90.0), ("90.01", Coded.OVER_90), (100, Coded.OVER_90)],
)
def test_the_narrow_codes_stand_where_more_people_are_behind_them(percent: int | str, expected: float | Coded) -> None:
    assert coarse(Fraction(percent), 40, 42) == expected


@pytest.mark.parametrize(
    ("people", "maximum", "expected"),
    [
        (9, 42, Coded.OVER_75),
        (10, 42, Coded.OVER_75),
        (11, 42, Coded.OVER_90),
        (11, 9, Coded.OVER_75),
        (11, 12, Coded.OVER_90),
        (12, 6, Coded.OVER_90),
        (5, 6, Coded.OVER_75),
    ],
)
def test_which_code_it_is_goes_by_people_and_points_alone(people: int, maximum: int, expected: Coded) -> None:
    assert coarse(Fraction(100), people, maximum) is expected
    # Where the narrow code does not stand, it is the wide one for all that are over 75, not for those over 90 only.
    assert (coarse(Fraction(85), people, maximum) is Coded.OVER_75) == (expected is Coded.OVER_75)


# The attack by one of those who answered, written out: she takes her own points from every sum that may stand behind what
# is shown, and looks whether the others' answers are settled. Their counts are, where one sum is left, and that is at most
# one point from the least or the most that they can have: then all answered Always, or all but one, who answered Often.


def sums_behind(figure: float | Coded, people: int, maximum: int, naive: bool = False) -> list[int]:
    """Every sum of points of so many people that would be shown so. naive: coded by 10 and 90 alone."""
    every = range(people * maximum + 1)
    percents = [Fraction(100 * points, people * maximum) for points in every]
    show = coded_by_ten if naive else (lambda percent: coarse(percent, people, maximum))
    return [points for points in every if show(percents[points]) == figure]


def coded_by_ten(percent: Fraction) -> float | Coded:
    return Coded.UNDER_10 if percent < 10 else Coded.OVER_90 if percent > 90 else float(round(percent))


def settled(sums: list[int], own: int, people: int, maximum: int) -> bool:
    """Whether what the other people answered follows, for her whose points are `own`."""
    most = (people - 1) * maximum
    left = [points - own for points in sums if 0 <= points - own <= most]
    return len(left) == 1 and left[0] in (0, 1, most - 1, most)


def opened_to_insiders(people: int, maximum: int, naive: bool = False) -> list[float | Coded]:
    """The figures behind which somebody finds all the others."""
    show = coded_by_ten if naive else (lambda percent: coarse(percent, people, maximum))
    figures = {show(Fraction(100 * points, people * maximum)) for points in range(people * maximum + 1)}
    return [
        figure
        for figure in figures
        if any(settled(sums_behind(figure, people, maximum, naive), own, people, maximum) for own in range(maximum + 1))
    ]


@pytest.mark.parametrize("people", range(5, 10))
def test_coding_below_10_and_above_90_alone_opens_small_groups_to_one_who_answered(people: int) -> None:
    assert set(opened_to_insiders(people, 6, naive=True)) >= {Coded.UNDER_10, Coded.OVER_90}


@pytest.mark.slow
@pytest.mark.parametrize("items", sorted({2, *(len(section.items) for section in builtin().sections)}))
@pytest.mark.parametrize("people", [*range(5, 12), 14])
def test_nobody_who_answered_finds_what_all_the_others_answered(people: int, items: int) -> None:
    """Whatever she and the others answered, for every section that the document may have. Exact: every sum is tried."""
    assert opened_to_insiders(people, 3 * items) == []


@pytest.mark.parametrize(("minimum", "people"), [(5, 10), (9, 10), (10, 10), (12, 12), (20, 20)])
def test_exact_figures_begin_at_ten_people_or_the_minimum(minimum: int, people: int) -> None:
    assert detail_from(minimum) == people


# The attack on coded cells: the section's mean is exact, so a cell is the whole less the others.


def cells(scores: Mapping[str, Distribution], minimum: int, maximum: int = 100) -> dict[str | None, Cell]:
    """Of a section in which every whole percent is a sum of points, if nothing else is said."""
    return disclosure.cells(scores, minimum, maximum)


def distributions(**scores: Iterable[int | Fraction]) -> dict[str, Distribution]:
    return {function: Distribution(Counter(map(Fraction, each))) for function, each in scores.items()}


def sums_left(section: Mapping[str | None, Cell], function: str | None, total: Distribution, maximum: int) -> range:
    """Every sum of points that one cell may have, as far as the other cells and the section's points tell."""
    behind = {key: _sums_behind(cell, total, maximum) for key, cell in section.items()}
    points = total.sum * maximum / 100
    others = [sums for key, sums in behind.items() if key != function]
    lowest, highest = points - sum(sums[-1] for sums in others), points - sum(sums[0] for sums in others)
    own = [each for each in behind[function] if lowest <= each <= highest]
    return range(own[0], own[-1] + 1) if own else range(0)


def _sums_behind(cell: Cell, total: Distribution, maximum: int) -> list[int]:
    """Of a large group a whole percent is the score even where it is near 0 or 100."""
    percents = {points: Fraction(100 * points, cell.n * maximum) for points in range(cell.n * maximum + 1)}
    coded = isinstance(cell.mean, Coded)
    return [
        points
        for points, percent in percents.items()
        if (coarse(percent, cell.n, maximum) if coded else round(percent)) == cell.mean
    ]


def given_away(section: Mapping[str | None, Cell], total: Distribution, maximum: int) -> list[str | None]:
    """The coded cells of which one sum is left, or of whose sums those furthest from 0 or 100 are not."""
    found = []
    for function, cell in section.items():
        if not isinstance(cell.mean, Coded) or len(section) == 1:
            continue
        said, left = _sums_behind(cell, total, maximum), sums_left(section, function, total, maximum)
        inner = said[0] if cell.mean in (Coded.OVER_75, Coded.OVER_90) else said[-1]
        if len(left) < 2 or inner not in left:
            found.append(function)
    return found


def test_a_coded_cell_beside_others_that_are_shown_is_open_to_subtraction() -> None:
    scores = distributions(nursing=[100] * 5, provider=[50] * 5, leadership=[40] * 5)
    naive: dict[str | None, Cell] = {
        "nursing": Cell(5, Coded.OVER_75),
        "provider": Cell(5, 50.0),
        "leadership": Cell(5, 40.0),
    }

    assert given_away(naive, together(scores.values()), 100) == ["nursing"]


def test_a_coded_cell_of_which_one_whole_sum_is_left_is_hidden() -> None:
    """Two items, five nurses with 23 of 30 points, twenty providers at 50 %: 59.4 to 60.6 points, so 60.

    The section's 83 points leave the nurses 22.4 to 23.6. That reaches below the 22.5 that their code begins with, so it
    looks as if nothing followed; but points are whole, and it is 23.
    """
    scores = distributions(nursing=[100, 100, 100, Fraction(500, 6), 0], provider=[50] * 20)
    section: dict[str | None, Cell] = {"nursing": Cell(5, Coded.OVER_75), "provider": Cell(20, 50.0)}

    assert list(sums_left(section, "nursing", together(scores.values()), 6)) == [23]
    assert given_away(section, together(scores.values()), 6) == ["nursing"]
    assert "nursing" not in cells(scores, 5, 6)


def test_a_coded_cell_that_the_others_give_away_is_hidden_with_the_next_smallest() -> None:
    scores = distributions(nursing=[100] * 5, provider=[50] * 5, leadership=[40] * 6)

    assert cells(scores, 5) == {"leadership": Cell(6, 40.0), None: Cell(10, 75.0)}


@pytest.mark.parametrize("mean", [0, 8, 92, 100])
def test_a_coded_cell_that_the_others_narrow_down_is_hidden(mean: int) -> None:
    scores = distributions(nursing=[mean] * 5, provider=[50] * 5, leadership=[40] * 6)

    assert cells(scores, 5).keys() == {"leadership", None}


@pytest.mark.parametrize(("mean", "code"), [(5, Coded.UNDER_25), (95, Coded.OVER_75)])
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
    assert cells(distributions(nursing=[100] * 7), 5) == {"nursing": Cell(7, Coded.OVER_75)}


def test_where_no_function_may_stand_alone_there_is_no_cell() -> None:
    assert cells(distributions(nursing=[50] * 7, security=[20] * 2), 5) == {}


def test_large_groups_are_whole_percents_too() -> None:
    assert cells(distributions(nursing=[33, 34] * 8 + [33], provider=[50] * 5), 5)["nursing"] == Cell(17, 33.0)


@given(tables, minimums)
@example(distributions(nursing=[100] * 5, provider=[50] * 5, leadership=[40] * 6), 5)
@example(distributions(nursing=[0] * 5, provider=[50] * 5, leadership=[40] * 6), 5)
def test_no_coded_cell_is_given_away(scores: dict[str, Distribution], minimum: int) -> None:
    assert given_away(cells(scores, minimum, 18), together(scores.values()), 18) == []


def test_where_the_section_is_not_shown_exactly_large_groups_are_coded_too() -> None:
    scores = distributions(nursing=[100] * 20)

    assert disclosure.cells(scores, 5, 6) == {"nursing": Cell(20, 100.0)}
    assert disclosure.cells(scores, 5, 6, exact=False) == {"nursing": Cell(20, Coded.OVER_90)}


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
    return [Answers(function, "0123"[number % 4] * 11) for number, function in enumerate(people)]


@given(tiny_sizes.filter(lambda sizes: sum(sizes.values()) >= 5), minimums)
def test_results_by_function_and_the_counts_of_asked_and_finished_together_open_no_small_group(
    sizes: dict[str, int], minimum: int
) -> None:
    """What one coordinator sees at once: the sections' counts, the rows by function, and how many were asked and finished."""
    finished = sum(sizes.values())
    seen = collate(TINY, all_scored(sizes), asked=finished + 3, minimum=minimum)
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


# The attack on hidden functions by everything that is shown: whatever people of hidden functions answered, in whichever
# of them, what is shown is the same.


def leaning(function: str, number: int) -> str:
    """Answers that differ from person to person, and from function to function so much that there are gaps."""
    marks = "0011" if function == "nurses" else "2333" if function == "leaders" else "0123"
    return "".join(marks[(number + place) % 4] for place in range(11))


def hidden_in_every_section(seen: Snapshot, sizes: Mapping[str, int]) -> set[str]:
    rows = {row.function for row in seen.by_function if all(row.cells)}
    return {function for function, size in sizes.items() if size} - rows


@settings(max_examples=60)
@given(tiny_sizes.filter(lambda sizes: sum(sizes.values()) >= 9), st.integers(5, 9), st.randoms(use_true_random=False))
@example({"nurses": 25, "leaders": 14, "guards": 3, "desk": 4, "doctors": 2}, 5, Random(1))  # noqa: S311
def test_nothing_that_is_shown_tells_one_hidden_function_from_another(
    sizes: dict[str, int], minimum: int, chance: Random
) -> None:
    """Gaps, items, priorities and growth included. Where only sizes decide what is hidden: coding can decide it, too."""
    people = [(function, number) for function, size in sizes.items() for number in range(size)]
    before = [Answers(function, leaning(function, number)) for function, number in people]
    seen = collate(TINY, before, asked=200, minimum=minimum)
    hidden = hidden_in_every_section(seen, sizes)
    if hidden != {function for function, size in sizes.items() if size} - shown(sizes, minimum):
        return
    places = [place for place, answers in enumerate(before) if answers.function in hidden]
    after = list(before)
    for place, other in zip(places, chance.sample(places, len(places)), strict=True):
        after[place] = Answers(before[place].function, before[other].strip)
    last = collate(TINY, [Answers("nurses", "12" * 5 + "1")] * 20, asked=30, minimum=minimum)

    moved = collate(TINY, after, asked=200, minimum=minimum)

    assert moved == seen
    assert growth(TINY, last, moved) == growth(TINY, last, seen)


def test_that_attack_succeeds_where_the_hidden_have_a_cell_each() -> None:
    """Two guards and four at the desk: a mean for each would be another one after they change places."""
    before = {"front_office": [20] * 4, "security": [80] * 2}
    after = {"front_office": [20, 20, 80, 80], "security": [20] * 2}

    def naive(scores: dict[str, list[int]]) -> dict[str, Fraction]:
        return {function: each.mean for function, each in distributions(**scores).items()}

    assert naive(before) != naive(after)
    assert together(distributions(**before).values()) == together(distributions(**after).values())


def test_a_kind_of_work_that_is_stored_with_others_is_not_told_apart_by_a_section_in_which_these_are_not_scored() -> (
    None
):
    """Three guards rate nothing of the windows. Were the seven leaders shown there, the ten rows that are kept as one kind of
    work would fall into seven with a score there, and three without: the guards'."""
    guards, leaders = [Answers("guards", "2222dd22222")] * 3, [Answers("leaders", "1" * 11)] * 7
    people = [*guards, *leaders, *[Answers("nurses", "21" * 5 + "2")] * 12]
    stored = merged(Counter(one.function for one in people), 5)
    assert stored == {"guards": "merged", "leaders": "merged", "nurses": "nurses"}

    seen = collate(TINY, people, asked=30, minimum=5)

    assert {row.function for row in seen.by_function} == {"nurses", None}
    assert [row.cells[1] for row in seen.by_function] == [None, None]


# The attack on hidden items: a share over several items is a sum of theirs.


def solvable_items(items: list[str], published: list[set[str]], shown_items: set[str]) -> list[set[str]]:
    """The sets of hidden items whose shares add up to a combination of what is published: a row of ones a figure."""
    equations = _independent(
        [
            [Fraction(item in figure) for item in items]
            for figure in [*published, *({item} for item in sorted(shown_items))]
        ]
    )
    hidden = [item for item in items if item not in shown_items]
    return [
        set(group)
        for size in range(1, len(hidden) + 1)
        for group in combinations(hidden, size)
        if len(_independent([*equations, [Fraction(item in group) for item in items]])) == len(equations)
    ]


def test_a_hidden_item_comes_out_of_its_sections_share_where_that_is_taken_over_all_items() -> None:
    items = ["c2_01", "c2_02", "c2_03"]

    assert solvable_items(items, [set(items)], {"c2_01", "c2_02"}) == [{"c2_03"}]


@settings(max_examples=60)
@given(
    st.lists(st.text("0123dd", min_size=11, max_size=11), min_size=10, max_size=22),
    minimums,
)
def test_no_hidden_item_can_be_solved_for(strips: list[str], minimum: int) -> None:
    """What a section and its sub-competencies are shown with are sums over items that are shown: checked, then solved."""
    seen = collate(TINY, [Answers("nurses", strip) for strip in strips], asked=40, minimum=minimum)
    low = {item.item: Fraction(100 * (item.counts[0] + item.counts[1]), item.n) for item in seen.items}
    sections = {result.section: result for result in seen.sections}
    subs = {result.sub_competency: result for result in seen.sub_competencies}

    for section in TINY.sections if seen.finished else ():
        items = [item.id for item in section.items]
        rated = {item.id: Counter(strip[item.position] for strip in strips) for item in section.items}
        assert all(sum(rated[id][mark] for mark in "0123") >= detail_from(minimum) for id in items if id in low)
        figures = [(sections[section.id].low, set(items))]
        figures += [
            (subs[sub.id].low, {it.id for it in sub.items}) for sub in section.sub_competencies if sub.id in subs
        ]
        published = []
        for value, over in figures:
            if value is not None:
                taken = over & low.keys()
                assert value == pytest.approx(float(sum(low[id] for id in taken) / len(taken)))
                published.append(taken)
        assert solvable_items(items, published, set(items) & low.keys()) == []


# The attack on a hidden round: what is shown of one, less the difference, would be the other.


@settings(max_examples=60)
@given(
    st.lists(st.text("0123dd", min_size=11, max_size=11), max_size=16),
    st.lists(st.text("0123dd", min_size=11, max_size=11), max_size=16),
    minimums,
    minimums,
)
def test_no_difference_is_shown_that_gives_a_hidden_or_coded_mean(
    before: list[str], now: list[str], minimum: int, other: int
) -> None:
    earlier = collate(TINY, [Answers("nurses", strip) for strip in before], asked=40, minimum=minimum)
    later = collate(TINY, [Answers("nurses", strip) for strip in now], asked=40, minimum=other)
    means = [{result.section: result.mean for result in seen.sections} for seen in (earlier, later)]

    for one in growth(TINY, earlier, later):
        if isinstance(one, Grown) and one.difference is not None:
            was, is_now = (mean[one.section] for mean in means)
            assert isinstance(was, float)
            assert isinstance(is_now, float)
            assert one.difference == pytest.approx(is_now - was, abs=0.5001)
            assert min(one.before.n or 0, one.now.n or 0) >= max(minimum, other)
        elif isinstance(one, Grown):
            assert (one.interval, one.word) == (None, None)
