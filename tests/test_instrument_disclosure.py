"""Can somebody who subtracts find out what is hidden?

The attacks are written out here, and each is first seen to succeed where only small groups are hidden.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from instrument.collation import Answers, collate
from instrument.definition import load
from instrument.disclosure import cells, coarse, detail_from, figure, merged, shown
from instrument.distribution import Distribution, together
from instrument.growth import Grown, growth
from instrument.snapshot import Cell, Coded, Snapshot

TINY = load(Path(__file__).parent / "data" / "tiny.toml")
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
            if isinstance(value, float) and sections[section.id].never is not None:
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


# The attack on few people by a section's items beside its mean: the items count every answer alike, the mean counts every
# person alike. Of people who left out as many items the two are in a fixed ratio, so these can be struck out of both.


def weights_of(strips: Iterable[str], items: int) -> Counter[Fraction]:
    """How many people stand in the mean with which weight an answer: 1 less those left out, 0 where it is not scored."""
    answered = [sum(mark in "0123" for mark in strip) for strip in strips]
    return Counter(Fraction(items, each) if 2 * each >= items else Fraction(0) for each in answered if each)


def left_over(people: Counter[Fraction]) -> list[int]:
    """Of how many people a combination of the two figures can be: one kind is struck out, and the others are left."""
    return [people.total() - those for those in people.values() if those != people.total()]


def test_a_single_dont_know_would_tell_all_that_its_person_answered() -> None:
    """Twelve people, four items. Eleven answer all; one, who answers Never throughout, does not know one of them."""
    strips = ["2132", "3221", "2222"] * 3 + ["1232", "3322", "00d0"]
    points = [[int(mark) for mark in strip if mark.isdigit()] for strip in strips]
    mean = sum(Fraction(sum(each), 3 * len(each)) for each in points) / len(points)
    all_points = sum(sum(each) for each in points)  # of the items: mean times people, one by one

    # Twelve scores of 12 points each, less all points, is a third of what the one with three answers has.
    assert 3 * (12 * len(points) * mean - all_points) == 0

    seen = collate(TINY, [Answers("nurses", strip + "." * 7) for strip in strips], asked=20, minimum=5)

    assert seen.sections[0].n == 12
    assert seen.sections[0].mean == pytest.approx(float(100 * mean))
    assert [it.item for it in seen.items if it.item.startswith("c1")] == []
    assert [it.sub_competency for it in seen.sub_competencies if it.sub_competency.startswith("c1")] == []


def test_an_answer_of_someone_who_is_not_scored_would_come_out_as_well() -> None:
    """Eleven answer all four items, and one a single one: all points less those of the eleven scored are that answer."""
    seen = collate(
        TINY, [Answers("nurses", strip + "." * 7) for strip in ["2132"] * 11 + ["0ddd"]], asked=20, minimum=5
    )

    assert (seen.sections[0].n, seen.items) == (11, ())


def test_items_are_shown_where_enough_people_left_some_out() -> None:
    seen = collate(
        TINY, [Answers("nurses", strip + "." * 7) for strip in ["2132"] * 11 + ["21d2"] * 5], asked=20, minimum=5
    )

    assert [it.n for it in seen.items] == [16, 16, 11, 16]


@settings(max_examples=60)
@given(
    st.lists(st.text("0123d", min_size=11, max_size=11), min_size=10, max_size=24),
    st.lists(st.integers(0, 10), max_size=5),
    minimums,
)
@example(["2132" + "2" * 7] * 11, [2], 5)
def test_items_and_their_sections_mean_together_tell_of_nobody_alone(
    strips: list[str], dont_know: list[int], minimum: int
) -> None:
    """Some who answered all but one item, beside others: each person who differs is an unknown of the two figures."""
    strips = [*strips, *("2" * place + "d" + "2" * (10 - place) for place in dont_know), *["21" * 5 + "2"] * 8]
    seen = collate(TINY, [Answers("nurses", strip) for strip in strips], asked=60, minimum=minimum)
    shown_items = {it.item for it in seen.items}

    for section in TINY.sections:
        if shown_items & {item.id for item in section.items}:
            people = weights_of((strip[section.positions] for strip in strips), len(section.items))
            assert all(left >= minimum for left in left_over(people))
