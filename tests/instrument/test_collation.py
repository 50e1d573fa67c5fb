"""Do many responses say together what they say, and nothing of anybody?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument.collation import Answers, collate
from instrument.definition import Instrument, Section, builtin, load
from instrument.ranking import ranking
from instrument.snapshot import Cell, Coded, Finding, Snapshot
from places import DATA

HTA = builtin()
TINY = load(DATA / "tiny.toml")
SHIFTS = [function.id for function in TINY.functions]

strips = st.text("0123nd.", min_size=11, max_size=11)
answers = st.builds(Answers, function=st.sampled_from(SHIFTS), strip=strips)
rounds = st.lists(answers, max_size=24)
minimums = st.integers(5, 12)


def tiny(*strips: str, minimum: int = 5) -> Snapshot:
    """The tiny instrument's snapshot of these strips, all of one kind of work."""
    return collate(TINY, [Answers("nurses", strip) for strip in strips], asked=50, minimum=minimum)


def percents(section: Section, responses: Sequence[Answers]) -> list[float]:
    """Everybody's percent of maximum in one section, the straightforward way."""
    found = []
    for response in responses:
        marks = [response.strip[item.position] for item in section.items]
        points = [int(mark) for mark in marks if mark in "0123"]
        if points and len(points) >= len(marks) / 2:
            found.append(100 * sum(points) / (3 * len(points)))
    return found


def as_shown(value: float, people: int, maximum: int, *, exact: bool) -> object:
    if exact:
        return pytest.approx(value, abs=1e-9)
    wide = people <= 10 or (people == 11 and maximum <= 9)
    edge, under, over = (25, Coded.UNDER_25, Coded.OVER_75) if wide else (10, Coded.UNDER_10, Coded.OVER_90)
    if value < edge - 1e-9:
        return under
    return over if value > 100 - edge + 1e-9 else pytest.approx(value, abs=0.5 + 1e-9)


def may_be_exact(section: Section, responses: Sequence[Answers], minimum: int) -> bool:
    """Whether enough people are scored in the section, and rated each of its items that anybody rated."""
    rated = [sum(response.strip[item.position] in "0123" for response in responses) for item in section.items]
    return len(percents(section, responses)) >= max(10, minimum) and all(
        people == 0 or people >= max(10, minimum) for people in rated
    )


def check_means(instrument: Instrument, responses: Sequence[Answers], minimum: int) -> None:
    snapshot = collate(instrument, responses, asked=99, minimum=minimum)
    for section, result in zip(instrument.sections, snapshot.sections, strict=bool(snapshot.sections)):
        scored = percents(section, responses)
        if len(scored) < minimum:
            assert (result.n, result.mean) == (None, None)
        else:
            assert result.n == len(scored)
            exact = may_be_exact(section, responses, minimum)
            assert result.exact == exact
            assert result.mean == as_shown(sum(scored) / len(scored), len(scored), section.maximum, exact=exact)


# Figures


@given(rounds, minimums)
def test_every_sections_mean_is_that_of_the_people_scored_in_it(responses: list[Answers], minimum: int) -> None:
    check_means(TINY, responses, minimum)


@pytest.mark.parametrize("people", [8, 40, 300])
def test_so_it_is_with_the_whole_instrument(people: int) -> None:
    chance = Random(people)  # noqa: S311 -- the same answers at each run
    check_means(HTA, [Answers("nursing", "".join(chance.choices("0123nd.", k=62))) for _ in range(people)], 5)


@given(rounds, st.randoms(use_true_random=False))
def test_the_order_of_respondents_changes_nothing(responses: list[Answers], chance: Random) -> None:
    shuffled = chance.sample(responses, len(responses))

    assert collate(TINY, shuffled, asked=30, minimum=5) == collate(TINY, responses, asked=30, minimum=5)


@given(st.text("12", min_size=11, max_size=11), st.lists(st.sets(st.integers(0, 10)), min_size=5, max_size=9))
def test_one_more_who_answers_exactly_the_mean_moves_no_mean(mean: str, apart: list[set[int]]) -> None:
    """Pairs who differ from `mean` by one in opposite directions, at the places in `apart`."""
    pairs = [
        "".join(str(int(mark) + step * (place in places)) for place, mark in enumerate(mean))
        for places in apart
        for step in (1, -1)
    ]

    before, after = tiny(*pairs), tiny(*pairs, mean)

    assert [section.mean for section in after.sections] == [section.mean for section in before.sections]
    assert [item.mean for item in after.items] == [item.mean for item in before.items]


def test_a_section_of_ten_people_by_hand() -> None:
    """Two items, answered 0-3 by ten: percents 0, 0, 0, 100/6 (twice), 50 (three times), 100 (twice)."""
    windows = ["00", "00", "00", "10", "01", "30", "21", "12", "33", "33"]
    snapshot = tiny(*("...." + window + "....." for window in windows))

    section = snapshot.sections[1]

    assert snapshot.sections[0].n is None
    assert (section.section, section.n) == ("c2", 10)
    assert section.mean == pytest.approx(38.3333, abs=0.001)
    assert section.points == pytest.approx(6 * 0.383333, abs=0.001)
    assert section.median == pytest.approx(100 / 3)
    assert section.deviation == pytest.approx(38.5301, abs=0.001)
    assert section.interval == pytest.approx((10.77, 65.90), abs=0.01)
    # First item: 4 Never, 2 Occasionally, 1 Often, 3 Always. Second: 5, 2, 1, 2.
    assert (section.never, section.low) == (45.0, 65.0)
    assert (section.often, section.always, section.high) == (10.0, 25.0, 35.0)
    assert [(item.item, item.counts) for item in snapshot.items] == [("c2_01", (4, 2, 1, 3)), ("c2_02", (5, 2, 1, 2))]
    assert [(sub.sub_competency, sub.low) for sub in snapshot.sub_competencies] == [("c2_a", 60.0), ("c2_b", 70.0)]
    (first,) = snapshot.priorities
    assert (first.section, first.sub_competencies, first.items) == ("c2", ("c2_b", "c2_a"), ("c2_02", "c2_01"))


def test_reasons_not_to_choose_are_left_out_of_shares_and_counted_of_all_who_finished() -> None:
    snapshot = tiny(*["3" * 11] * 10, *["d" + "3" * 10] * 5, *["n" + "3" * 10] * 5)

    item = snapshot.items[0]

    assert (item.n, item.counts, item.low) == (10, (0, 0, 0, 10), 0.0)
    assert (item.dont_know, item.doesnt_apply) == (25.0, 25.0)


def test_strikingly_many_without_a_choice_are_a_finding() -> None:
    snapshot = tiny(*["ddnn" + "3" * 7] * 3, *["3d3n" + "3" * 7] * 2, *["3" * 11] * 5)

    assert snapshot.dont_know == (Finding("c1_02", 50.0), Finding("c1_01", 30.0))
    assert snapshot.doesnt_apply == (Finding("c1_04", 50.0),)


def test_a_small_group_has_no_findings() -> None:
    snapshot = tiny(*["dn" + "3" * 9] * 9)

    assert (snapshot.dont_know, snapshot.doesnt_apply) == ((), ())


def test_a_section_that_stands_out_as_a_priority_is_no_strength() -> None:
    """One of five items low: a relative priority, though 80 % high."""
    snapshot = tiny(*["3" * 6 + "33331"] * 10)

    assert [(each.section, each.relative) for each in snapshot.priorities] == [("c3", True)]
    assert [(each.section, each.relative) for each in snapshot.strengths] == [("c1", False), ("c2", False)]


def test_people_who_disagree_are_a_split_item() -> None:
    snapshot = tiny(*["0" + "1" * 10] * 5, *["3" + "2" * 10] * 5)

    assert [item.split for item in snapshot.items] == [True] + [False] * 10


# What may be shown


@pytest.mark.parametrize(("people", "minimum"), [(0, 5), (4, 5), (11, 12)])
def test_with_fewer_than_the_minimum_a_snapshot_is_empty(people: int, minimum: int) -> None:
    snapshot = tiny(*["0123" * 2 + "321"] * people, minimum=minimum)

    assert snapshot == Snapshot("tiny", minimum, 50, None)


@pytest.mark.parametrize("minimum", [0, 4, 21])
def test_another_minimum_is_refused(minimum: int) -> None:
    with pytest.raises(ValueError, match=f"5 to 20 people, not {minimum}"):
        collate(TINY, [], asked=0, minimum=minimum)


@pytest.mark.parametrize(("people", "minimum"), [(5, 5), (9, 5), (9, 9)])
def test_a_small_group_shows_whole_percents_and_nothing_inside_a_section(people: int, minimum: int) -> None:
    snapshot = tiny(*["01020301230"] * people, minimum=minimum)

    assert [(section.n, section.mean, section.points) for section in snapshot.sections] == [
        (people, 25.0, 3.0),
        (people, 50.0, 3.0),
        (people, 40.0, 6.0),
    ]
    for section in snapshot.sections:
        assert (section.median, section.deviation, section.interval) == (None, None, None)
        assert (section.low, section.high, section.never, section.often, section.always) == (None,) * 5
    assert (snapshot.items, snapshot.sub_competencies, snapshot.dont_know, snapshot.doesnt_apply) == ((), (), (), ())
    assert snapshot.by_score
    assert [priority.section for priority in snapshot.priorities] == ["c1", "c3", "c2"]
    assert all((priority.sub_competencies, priority.items) == ((), ()) for priority in snapshot.priorities)


def test_a_small_group_that_agrees_is_coded() -> None:
    snapshot = tiny(*["3" * 4 + "0" * 7] * 5)

    high, low = snapshot.sections[0], snapshot.sections[1]

    assert (high.mean, high.points) == (Coded.OVER_75, None)
    assert (low.mean, low.points) == (Coded.UNDER_25, None)


def test_a_strict_minimum_moves_the_details_up_with_it() -> None:
    assert tiny(*["01230123012"] * 12, minimum=12).items
    assert tiny(*["01230123012"] * 11 + ["." * 11], minimum=12).sections[0].n is None


def test_points_of_a_small_group_say_no_more_than_its_percent() -> None:
    """The mean is 5.5 points of 15: 36.7 %, shown as 37. 5.5 would round to 5 (halves to even), and 37 % of 15 is 5.55."""
    section = tiny(*["......32000"] * 3, *["......33000"] * 3).sections[2]

    assert (section.mean, section.points) == (37.0, 6.0)


def low_share(counts: tuple[int, ...]) -> Fraction:
    return Fraction(100 * (counts[0] + counts[1]), sum(counts))


def test_beside_an_item_that_too_few_rated_a_section_shows_its_whole_percent_only() -> None:
    """All ten rated three items of four, seven the last: with the exact score and the other items, theirs would follow."""
    snapshot = tiny(*["3210" + "3" * 7] * 7, *["321d" + "3" * 7] * 3)
    section = snapshot.sections[0]

    # 50 % of the seven, 66.7 % of the three.
    assert (section.n, section.mean, section.points) == (10, 55.0, 7.0)
    assert (section.low, section.deviation, section.interval) == (None, None, None)
    assert [item.item[:2] for item in snapshot.items] == ["c2"] * 2 + ["c3"] * 5
    assert "c1_a" not in [sub.sub_competency for sub in snapshot.sub_competencies]
    assert snapshot.sections[1].exact


def test_an_item_that_nobody_rated_hides_nothing() -> None:
    snapshot = tiny(*["321d" + "3" * 7] * 10)

    assert snapshot.sections[0].exact
    assert [item.item for item in snapshot.items if item.item.startswith("c1")] == ["c1_01", "c1_02", "c1_03"]


@given(rounds, minimums)
def test_exact_shares_say_nothing_that_the_items_shown_do_not(responses: list[Answers], minimum: int) -> None:
    snapshot = collate(TINY, responses, asked=30, minimum=minimum)
    low = {item.item: low_share(item.counts) for item in snapshot.items}

    for section, result in zip(TINY.sections, snapshot.sections, strict=bool(snapshot.sections)):
        shown = [low[item.id] for item in section.items if item.id in low]
        if shown:
            assert result.low == pytest.approx(float(sum(shown) / len(shown)))
        else:
            assert (result.low, result.never, result.often, result.always) == (None,) * 4
    for result_of_sub in snapshot.sub_competencies:
        (sub,) = (
            it for section in TINY.sections for it in section.sub_competencies if it.id == result_of_sub.sub_competency
        )
        shown = [low[item.id] for item in sub.items if item.id in low]
        assert result_of_sub.low == pytest.approx(float(sum(shown) / len(shown)))


def test_of_a_section_with_its_score_only_the_candidate_is_the_section() -> None:
    """Ten are scored, but only the first item has ten answers."""
    snapshot = tiny(*["30d0" + "." * 7] * 5, *["3d2d" + "." * 7] * 5)

    assert (snapshot.sections[0].n, snapshot.items, snapshot.sub_competencies) == (10, (), ())
    assert [one.items for one in (*snapshot.priorities, *snapshot.strengths)] == [()]


def test_two_coded_sections_are_about_equal_however_far_apart() -> None:
    """Scores of 0 and of 20 %."""
    first, second, third = tiny(*["0" * 11] * 3, *["0" * 4 + "3" + "0" * 6] * 2).priorities

    assert (first.section, second.section, third.section) == ("c1", "c2", "c3")
    assert first.about_equal_to_next
    assert second.about_equal_to_next


@given(rounds, minimums)
def test_lists_go_by_what_is_shown_alone(responses: list[Answers], minimum: int) -> None:
    """Made again from the figures that the snapshot holds, they are the same."""
    snapshot = collate(TINY, responses, asked=30, minimum=minimum)

    again = ranking(TINY, snapshot.sections, snapshot.items)

    assert (again.priorities, again.near_tie, again.strengths) == (
        snapshot.priorities,
        snapshot.near_tie,
        snapshot.strengths,
    )


@given(st.lists(strips, min_size=5, max_size=9), st.lists(strips, min_size=5, max_size=9))
def test_two_small_rounds_that_show_the_same_scores_are_the_same(one: list[str], other: list[str]) -> None:
    """Whatever was answered: nothing that is listed or offered depends on what is not shown."""
    first, second = tiny(*one), tiny(*other)

    if (first.finished, first.sections) == (second.finished, second.sections):
        assert replace(first, by_function=()) == replace(second, by_function=())


@pytest.mark.parametrize("strip", ["00011010000", "10000101000", "1" + "0" * 10, "20000020000"])
def test_an_empty_or_unanimous_list_tells_nothing_about_a_small_round(strip: str) -> None:
    """By shares these would be other lists, in another order."""
    assert tiny(*[strip] * 5) == tiny(*["0" * 11] * 5)


def test_findings_are_whole_percents_and_go_by_these() -> None:
    """Of 27, eight are 29.6 %, shown as 30."""
    snapshot = tiny(*["d" + "3" * 10] * 8, *["3" * 11] * 19)

    assert snapshot.dont_know == (Finding("c1_01", 30.0),)


def test_the_total_adds_up_the_points_as_they_are_printed() -> None:
    """1 of 12, 5.46 of 6 and 2.73 of 15 points, with one decimal each: what is printed is what a reader adds up."""
    people = [*["1000" + "33" + "21000"] * 8, *["1000" + "21" + "11000"] * 3]

    snapshot = tiny(*people)

    assert [round(one.points or 0, 2) for one in snapshot.sections] == [1.0, 5.18, 2.73]
    assert snapshot.total == 8.9


def test_there_is_no_total_where_a_section_is_coded_or_hidden() -> None:
    assert tiny(*["1" * 11] * 5).total == 4 + 2 + 5
    assert tiny(*["1" * 4 + "00" + "1" * 5] * 5).total is None
    assert tiny(*["1" * 4 + "dd" + "1" * 5] * 5).total is None
    assert tiny(*["1" * 11] * 4).total is None


@given(rounds, minimums)
def test_no_figure_is_of_fewer_than_it_may_be(responses: list[Answers], minimum: int) -> None:
    snapshot = collate(TINY, responses, asked=30, minimum=minimum)

    assert snapshot.finished is None or snapshot.finished >= minimum
    assert all(section.n is None or section.n >= minimum for section in snapshot.sections)
    assert all(item.n >= max(10, minimum) for item in snapshot.items)
    for section in snapshot.sections:
        if (section.n or 0) < max(10, minimum):
            for value in (section.mean, section.points):
                assert value is None or isinstance(value, Coded) or value == round(value)


# By function


def test_functions_stand_side_by_side_and_the_small_ones_in_one_row() -> None:
    responses = [
        Answers(function, strip * 11)
        for function, strip, people in [
            ("nurses", "1", 12),
            ("doctors", "2", 6),
            ("desk", "0", 3),
            ("guards", "3", 2),
        ]
        for _ in range(people)
    ]

    snapshot = collate(TINY, responses, asked=30, minimum=5)

    assert [(row.function, row.cells) for row in snapshot.by_function] == [
        ("doctors", (Cell(6, 67.0),) * 3),
        ("nurses", (Cell(12, 33.0),) * 3),
        (None, (Cell(5, 40.0),) * 3),
    ]


def test_what_is_hidden_is_settled_for_each_section_by_who_is_scored_in_it() -> None:
    """All five doctors finished, but one left the second section out: there they would be hidden alone."""
    responses = [
        *[Answers("nurses", "1" * 11)] * 9,
        *[Answers("desk", "1" * 11)] * 7,
        *[Answers("doctors", "2" * 11)] * 4,
        Answers("doctors", "2222dd22222"),
    ]

    snapshot = collate(TINY, responses, asked=30, minimum=5)

    assert [(row.function, row.cells) for row in snapshot.by_function] == [
        ("doctors", (Cell(5, 67.0), None, Cell(5, 67.0))),
        ("nurses", (Cell(9, 33.0),) * 3),
        ("desk", (Cell(7, 33.0), None, Cell(7, 33.0))),
        (None, (None, Cell(11, 45.0), None)),
    ]


def test_what_was_stored_without_its_function_never_stands_alone() -> None:
    responses = [
        *[Answers("nurses", "1" * 11)] * 20,
        *[Answers("desk", "1" * 11)] * 9,
        *[Answers("merged", "2" * 11)] * 8,
    ]

    snapshot = collate(TINY, responses, asked=40, minimum=5)

    assert [row.function for row in snapshot.by_function] == ["nurses", None]


def hidden_by_subtraction(snapshot: Snapshot) -> list[int]:
    """For each section with cells, how many people its shown cells leave over."""
    return [
        (section.n or 0) - sum(cell.n for cell in cells if cell)
        for section, cells in zip(
            snapshot.sections, zip(*(row.cells for row in snapshot.by_function), strict=True), strict=False
        )
        if any(cells)
    ]


@given(rounds, minimums)
def test_by_function_nobody_is_left_over_to_be_found_by_subtraction(responses: list[Answers], minimum: int) -> None:
    snapshot = collate(TINY, responses, asked=30, minimum=minimum)

    assert all(left == 0 for left in hidden_by_subtraction(snapshot))
    assert all(cell.n >= minimum for row in snapshot.by_function for cell in row.cells if cell)


@given(rounds)
def test_the_others_row_is_never_of_one_function(responses: list[Answers]) -> None:
    snapshot = collate(TINY, responses, asked=30, minimum=5)
    shown = {row.function: row.cells for row in snapshot.by_function}

    for place, section in enumerate(TINY.sections):
        cells = {function: row[place] for function, row in shown.items() if row[place]}
        if None in cells:
            scored = Counter(it.function for it in responses if percents(section, [it]))
            assert len(scored.keys() - cells.keys()) >= 2
