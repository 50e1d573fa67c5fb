"""Where does a kind of work see a section otherwise than the rest? By hand, and without giving anything away."""

from collections import Counter
from collections.abc import Collection
from fractions import Fraction
from math import sqrt
from random import Random
from statistics import fmean, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instrument.by_function import columns, gaps
from instrument.collation import Answers, collate
from instrument.definition import load
from instrument.distribution import Distribution
from instrument.snapshot import Cell, Coded, Gap, Snapshot
from instrument.students_t import critical_t
from places import DATA

TINY = load(DATA / "tiny.toml")
SHIFTS = [function.id for function in TINY.functions]


def gaps_of(minimum: int = 5, exact: Collection[str] = ("c1",), **scores: list[int]) -> list[tuple[str, int]]:
    """In the first section, as if nobody were scored in the others: the functions with their differences."""
    first = {function: Distribution(Counter(map(Fraction, each))) for function, each in scores.items()}
    by_section = {"c1": first, "c2": {}, "c3": {}}
    people = {function: len(each) for function, each in scores.items()}
    shown = columns(TINY, by_section, people, minimum, exact)
    return [(it.function, it.difference) for it in gaps(TINY, by_section, shown, minimum, exact)]


@pytest.mark.parametrize(
    ("leaders", "nurses", "expected"),
    [
        ([60] * 10, [45] * 10, [("nurses", -15), ("leaders", 15)]),
        ([59] * 10, [45] * 10, []),
        # One of two groups is the rest of the other. Variances of 284.4 and ten people each: the standard error is 7.542,
        # with 18 degrees t is 2.101, so 15.85 to either side.
        ([39, 71] * 5, [24, 56] * 5, []),
        ([40, 72] * 5, [24, 56] * 5, [("nurses", -16), ("leaders", 16)]),
        # All of one mind, beside others who are not: variances of 0 and 1,000, 9 degrees, t 2.262: 22.62 to either side.
        ([70] * 10, [20, 80] * 5, []),
        ([74] * 10, [20, 80] * 5, [("nurses", -24), ("leaders", 24)]),
        # Nine people have a cell, and no gap: neither as a function nor as the rest.
        ([90] * 9, [10] * 40, []),
        ([90] * 40, [10] * 9, []),
    ],
)
def test_gaps_by_hand(leaders: list[int], nurses: list[int], expected: list[tuple[str, int]]) -> None:
    assert gaps_of(leaders=leaders, nurses=nurses) == expected


def test_the_rest_is_everybody_else_those_without_a_row_of_their_own_included() -> None:
    """The rest of the nurses: ten doctors at 80, three at the desk and two guards at 30, that is 63."""
    found = gaps_of(nurses=[40] * 30, doctors=[80] * 10, desk=[30] * 3, guards=[30] * 2)

    assert found == [("doctors", 41), ("nurses", -23)]


def test_there_is_no_gap_in_a_section_that_shows_only_its_score() -> None:
    """A gap is beyond chance, and so tells how the people there vary."""
    leaders, nurses = [90, 91] * 7, [10, 11] * 7

    assert len(gaps_of(leaders=leaders, nurses=nurses)) == 2
    assert gaps_of(exact=(), leaders=leaders, nurses=nurses) == []


def test_a_larger_minimum_asks_for_as_many_people() -> None:
    leaders, nurses = [90] * 14, [10] * 14

    assert len(gaps_of(14, leaders=leaders, nurses=nurses)) == 2
    assert gaps_of(15, leaders=leaders, nurses=nurses) == []


def test_who_is_hidden_has_no_gap() -> None:
    """Fourteen guards would be enough, but two at the desk take them along."""
    assert [function for function, _ in gaps_of(nurses=[40] * 30, guards=[90] * 14, desk=[40] * 2)] == ["nurses"]


def test_gaps_stand_in_the_snapshot_section_by_section() -> None:
    responses = [Answers("nurses", "1" * 11)] * 12 + [Answers("leaders", "3" * 4 + "1" * 2 + "0" * 5)] * 12

    snapshot = collate(TINY, responses, asked=30, minimum=5)

    assert snapshot.gaps == (
        Gap("c1", "nurses", -67),
        Gap("c1", "leaders", 67),
        Gap("c3", "nurses", 33),
        Gap("c3", "leaders", -33),
    )


# Properties


strips = st.text("0123nd", min_size=11, max_size=11)


@st.composite
def rounds(draw: st.DrawFn) -> list[Answers]:
    """Two groups or three that lean to one side each, and a few more."""
    found = []
    for function, marks in [("leaders", "2233d"), ("nurses", "0011d"), ("desk", "0123n")]:
        people = draw(st.integers(0, 18))
        chance = Random(draw(st.integers(0, 999)))  # noqa: S311 -- hypothesis shrinks the seed
        found += [Answers(function, "".join(chance.choices(marks, k=11))) for _ in range(people)]
    return found + draw(st.lists(st.builds(Answers, function=st.sampled_from(SHIFTS), strip=strips), max_size=6))


def percents(section: int, responses: list[Answers]) -> list[float]:
    found = []
    for response in responses:
        marks = response.strip[TINY.sections[section].positions]
        points = [int(mark) for mark in marks if mark.isdigit()]
        if points and 2 * len(points) >= len(marks):
            found.append(100 * sum(points) / (3 * len(points)))
    return found


@settings(max_examples=60)
@given(rounds())
def test_a_gap_is_what_the_answers_say_as_far_as_rounding_goes(responses: list[Answers]) -> None:
    """Cells are whole, so that a difference is off by a point at most, and by a few more where a small cell is coded."""
    snapshot = collate(TINY, responses, asked=60, minimum=5)

    for place, section in enumerate(TINY.sections):
        for row in snapshot.by_function:
            if row.function is None or row.cells[place] is None:
                continue
            ours = percents(place, [it for it in responses if it.function == row.function])
            rest = percents(place, [it for it in responses if it.function != row.function])
            if min(len(ours), len(rest)) < 10 or not snapshot.sections[place].exact:
                assert not any(gap.section == section.id and gap.function == row.function for gap in found(snapshot))
                continue
            difference = fmean(ours) - fmean(rest)
            each = [(variance(scores) / len(scores), len(scores) - 1) for scores in (ours, rest)]
            error = sum(part for part, _ in each)
            reach = 0.0
            if error > 1e-9:
                reach = critical_t(error**2 / sum(part**2 / freedom for part, freedom in each)) * sqrt(error)
            by_the_rule = abs(difference) - max(15, reach)
            flagged = [it for it in found(snapshot) if (it.section, it.function) == (section.id, row.function)]
            if flagged:
                assert flagged[0].difference == pytest.approx(difference, abs=5)
            if abs(by_the_rule) > 5:
                assert bool(flagged) == (by_the_rule > 0)


def found(snapshot: Snapshot) -> tuple[Gap, ...]:
    assert snapshot.gaps is not None or snapshot.finished is None
    return snapshot.gaps or ()


@settings(max_examples=30)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_gap(responses: list[Answers], chance: Random) -> None:
    shuffled = chance.sample(responses, len(responses))

    assert collate(TINY, shuffled, asked=60, minimum=5) == collate(TINY, responses, asked=60, minimum=5)


def middle(cell: Cell) -> float:
    codes = {Coded.UNDER_10: 5.0, Coded.UNDER_25: 12.5, Coded.OVER_75: 87.5, Coded.OVER_90: 95.0}
    return codes[cell.mean] if isinstance(cell.mean, Coded) else cell.mean


@settings(max_examples=40)
@given(rounds(), st.integers(5, 12))
def test_how_far_apart_is_told_by_the_cells_alone(responses: list[Answers], minimum: int) -> None:
    """Whoever has the cells has the difference: a gap adds that it is beyond chance, of ten people or more each."""
    snapshot = collate(TINY, responses, asked=60, minimum=minimum)
    for gap in found(snapshot):
        place = [section.id for section in TINY.sections].index(gap.section)
        cells = {row.function: cell for row in snapshot.by_function if (cell := row.cells[place])}
        own = cells.pop(gap.function)
        rest = sum(it.n for it in cells.values())
        level = sum(it.n * middle(it) for it in cells.values()) / rest
        assert gap.difference == pytest.approx(middle(own) - level, abs=0.5001)
        assert min(own.n, rest) >= max(10, minimum)
