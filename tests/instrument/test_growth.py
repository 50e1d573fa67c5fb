"""Have results moved? By hand, by an independent computation, and never beyond what the two snapshots show."""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from statistics import fmean, variance
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instrument.collation import Answers, collate
from instrument.definition import Instrument, builtin, load
from instrument.growth import Grown, Growth, OtherItems, TooFew, Word, growth
from instrument.snapshot import Coded, Figure, SectionResult, Snapshot
from instrument.students_t import critical_t
from places import DATA

TINY = load(DATA / "tiny.toml")
HTA = builtin()

answers = st.builds(
    Answers,
    function=st.sampled_from([function.id for function in TINY.functions]),
    strip=st.text("0123nd.", min_size=11, max_size=11),
)
rounds = st.lists(answers, min_size=5, max_size=24)
minimums = st.integers(5, 12)


def one_section(n: int | None, mean: Figure | None, deviation: float | None = None, minimum: int = 5) -> Snapshot:
    """A snapshot of the tiny instrument with a first section, and nothing of the others."""
    rest = (SectionResult("c2"), SectionResult("c3"))
    return Snapshot("tiny", minimum, 50, n, sections=(SectionResult("c1", n, mean, deviation=deviation), *rest))


def first(earlier: Snapshot, later: Snapshot) -> Growth:
    return growth(TINY, earlier, later)[0]


def grown(earlier: Snapshot, later: Snapshot) -> Grown:
    found = first(earlier, later)
    assert isinstance(found, Grown)
    return found


# By hand. The first two are textbook cases of Welch's test: 24.9 and 9.9 degrees of freedom, t of 2.060 and 2.231.


@pytest.mark.parametrize(
    ("before", "now", "difference", "interval", "word"),
    [
        ((15, 20.8, sqrt(7.9)), (15, 23.0, sqrt(3.8)), 2.2, (0.38, 4.02), Word.ABOUT_THE_SAME),
        ((10, 20.6, sqrt(9.0)), (20, 22.1, sqrt(0.9)), 1.5, (-0.67, 3.67), None),
        # Standard error sqrt(400/16 + 400/16) = 7.071, 30 degrees, t 2.042: 14.44 to either side.
        ((16, 40.0, 20.0), (16, 54.4, 20.0), 14.4, (-0.04, 28.84), Word.CANT_TELL),
        ((16, 40.0, 20.0), (16, 54.5, 20.0), 14.5, (0.06, 28.94), Word.HIGHER),
        ((16, 54.5, 20.0), (16, 40.0, 20.0), -14.5, (-28.94, -0.06), Word.LOWER),
        ((15, 40.0, 2.0), (15, 45.0, 2.0), 5.0, (3.50, 6.50), Word.HIGHER),
        ((15, 40.0, 2.0), (15, 44.9, 2.0), 4.9, (3.40, 6.40), Word.ABOUT_THE_SAME),
        ((15, 40.0, 2.0), (14, 60.0, 2.0), 20.0, (18.47, 21.53), None),
        ((10, 40.0, 2.0), (10, 60.0, 2.0), 20.0, (18.12, 21.88), None),
        # Cut to what is possible.
        ((16, 1.0, 3.0), (16, 99.5, 3.0), 98.5, (96.33, 100.0), Word.HIGHER),
        # All agree, in one round and in both.
        ((16, 50.0, 0.0), (16, 60.0, 10.0), 10.0, (4.67, 15.33), Word.HIGHER),
        ((16, 50.0, 0.0), (16, 60.0, 0.0), 10.0, None, Word.HIGHER),
        ((16, 50.0, 0.0), (16, 50.0, 0.0), 0.0, None, Word.ABOUT_THE_SAME),
        # Fewer than ten in either: whole percents, no interval, no word.
        ((9, 40.0, None), (30, 54.7, 20.0), 15.0, None, None),
        ((30, 54.7, 20.0), (9, 40.0, None), -15.0, None, None),
        ((5, 40.0, None), (5, 47.0, None), 7.0, None, None),
        # Many people, but the section shows only its score in one of the two: no interval, and no word that needs one.
        ((20, 40.0, None), (20, 44.4, 5.0), 4.0, None, Word.ABOUT_THE_SAME),
        ((20, 40.0, 5.0), (20, 60.0, None), 20.0, None, None),
        ((14, 40.0, None), (20, 40.0, None), 0.0, None, None),
    ],
)
def test_growth_of_a_section_by_hand(
    before: tuple[int, float, float | None],
    now: tuple[int, float, float | None],
    difference: float,
    interval: tuple[float, float] | None,
    word: Word | None,
) -> None:
    found = grown(one_section(*before), one_section(*now))

    assert found.difference == pytest.approx(difference)
    assert found.interval == (pytest.approx(interval, abs=0.01) if interval else None)
    assert found.word is word


def test_five_points_on_paper_are_five_points() -> None:
    """In floats 32.3 less 27.3 is a hair below 5, and would be about the same."""
    assert 32.3 - 27.3 < 5

    assert grown(one_section(20, 27.3, 1.0), one_section(20, 32.3, 1.0)).word is Word.HIGHER


@pytest.mark.parametrize("coded", [Coded.UNDER_10, Coded.OVER_90])
def test_from_a_coded_figure_nothing_is_subtracted(coded: Coded) -> None:
    small, large = one_section(7, coded), one_section(30, 50.0, 9.0)

    for found in (grown(small, large), grown(large, small)):
        assert (found.difference, found.interval, found.word) == (None, None, None)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (one_section(None, None), one_section(30, 50.0, 9.0)),
        (one_section(30, 50.0, 9.0), one_section(None, None)),
        (Snapshot("tiny", 5, 50, None), one_section(30, 50.0, 9.0)),
        # The larger of both minimums counts, whichever round it is from.
        (one_section(9, 50.0, minimum=5), one_section(30, 50.0, 9.0, minimum=10)),
        (one_section(30, 50.0, 9.0, minimum=10), one_section(9, 50.0, minimum=5)),
    ],
)
def test_too_few_people_in_either_round_are_not_compared(earlier: Snapshot, later: Snapshot) -> None:
    assert first(earlier, later) == TooFew("c1")


def test_the_larger_minimum_decides_where_intervals_begin() -> None:
    found = grown(one_section(19, 50.0, 9.0, minimum=5), one_section(30, 70.0, 9.0, minimum=19))

    assert found.interval is not None
    assert first(one_section(19, 50.0, 9.0, minimum=5), one_section(30, 70.0, 9.0, minimum=20)) == TooFew("c1")


# Other versions


def another_version(instrument: Instrument, **changed: Any) -> Instrument:
    """The instrument as a later version, with the first item changed."""
    first_section, *rest = instrument.sections
    first_sub, *subs = first_section.sub_competencies
    first_item, *items = first_sub.items
    sub = replace(first_sub, items=(replace(first_item, **changed), *items))
    section = replace(first_section, sub_competencies=(sub, *subs))
    return replace(instrument, version="next", sections=(section, *rest))


FULL = collate(TINY, [Answers("nurses", "01230123012")] * 12, asked=50, minimum=5)


def test_sections_with_the_same_items_are_compared_across_versions_and_others_are_refused() -> None:
    changed = another_version(TINY, text="Keep the gates wide open.")
    later = replace(FULL, instrument_version="next")

    found = growth(changed, FULL, later, TINY)

    assert [type(one) for one in found] == [OtherItems, Grown, Grown]
    assert found[0] == OtherItems("c1")


def test_a_label_of_ours_may_change_between_versions() -> None:
    changed = another_version(TINY, short="Gates")

    found = growth(changed, FULL, replace(FULL, instrument_version="next"), TINY)

    assert [type(one) for one in found] == [Grown] * 3


def test_other_choices_make_everything_another_question() -> None:
    no_always = (*TINY.choices[:3], replace(TINY.choices[3], label="Mostly"))
    changed = replace(TINY, version="next", choices=no_always)

    found = growth(changed, FULL, replace(FULL, instrument_version="next"), TINY)

    assert [type(one) for one in found] == [OtherItems] * 3


def test_a_section_that_was_not_there_before_is_refused() -> None:
    shorter = replace(TINY, version="first", sections=TINY.sections[:2])
    earlier = replace(FULL, instrument_version="first", sections=FULL.sections[:2])

    assert growth(TINY, earlier, FULL, shorter)[2] == OtherItems("c3")


def test_a_snapshot_is_read_with_its_own_instrument_only() -> None:
    with pytest.raises(ValueError, match="made with only"):
        growth(HTA, FULL, FULL)


# Properties


def percents(section: int, responses: Sequence[Answers]) -> list[float]:
    found = []
    for response in responses:
        marks = response.strip[TINY.sections[section].positions]
        points = [int(mark) for mark in marks if mark in "0123"]
        if points and 2 * len(points) >= len(marks):
            found.append(100 * sum(points) / (3 * len(points)))
    return found


@settings(max_examples=60)
@given(rounds, rounds, minimums, minimums)
def test_growth_is_what_the_answers_say_where_groups_are_large_enough(
    before: list[Answers], now: list[Answers], minimum: int, other: int
) -> None:
    earlier, later = collate(TINY, before, asked=30, minimum=minimum), collate(TINY, now, asked=30, minimum=other)

    for place, found in enumerate(growth(TINY, earlier, later)):
        was, is_now = percents(place, before), percents(place, now)
        fewest = min(len(was), len(is_now))
        if fewest < max(minimum, other) or None in (earlier.finished, later.finished):
            assert isinstance(found, TooFew)
            continue
        assert isinstance(found, Grown)
        if fewest < max(10, minimum, other) or not (found.before.exact and found.now.exact):
            assert found.interval is None
            assert found.word is None or (found.word is Word.ABOUT_THE_SAME and fewest >= 15)
            assert found.difference is None or found.difference == pytest.approx(fmean(is_now) - fmean(was), abs=1.5)
        else:
            difference = fmean(is_now) - fmean(was)
            assert found.difference == pytest.approx(difference, abs=1e-6)
            each = [(variance(scores) / len(scores), len(scores) - 1) for scores in (was, is_now)]
            error = sum(part for part, _ in each)
            if error > 1e-9:
                degrees = error**2 / sum(part**2 / freedom for part, freedom in each)
                assert critical_t(fewest - 1) >= critical_t(degrees)
                reach = critical_t(degrees) * sqrt(error)
                assert found.interval == pytest.approx(
                    (max(-100, difference - reach), min(100, difference + reach)), abs=1e-6
                )
            assert (found.word is None) == (fewest < 15)


@settings(max_examples=60)
@given(rounds, rounds)
def test_going_back_is_the_opposite_of_going_on(before: list[Answers], now: list[Answers]) -> None:
    earlier, later = collate(TINY, before, asked=30, minimum=5), collate(TINY, now, asked=30, minimum=5)
    opposite = {Word.HIGHER: Word.LOWER, Word.LOWER: Word.HIGHER}

    for on, back in zip(growth(TINY, earlier, later), growth(TINY, later, earlier), strict=True):
        if isinstance(on, Grown) and isinstance(back, Grown):
            assert on.difference == (None if back.difference is None else pytest.approx(-back.difference))
            assert on.word == (opposite.get(back.word, back.word) if back.word else None)
        else:
            assert on == back


@settings(max_examples=60)
@given(rounds)
def test_the_same_round_twice_has_not_moved(responses: list[Answers]) -> None:
    snapshot = collate(TINY, responses, asked=30, minimum=5)

    moved = [one for one in growth(TINY, snapshot, snapshot) if isinstance(one, Grown) and one.difference]

    assert moved == []


@settings(max_examples=60)
@given(rounds, rounds)
def test_growth_comes_from_what_is_shown_and_the_order_of_people_changes_nothing(
    before: list[Answers], now: list[Answers]
) -> None:
    """Stored and read again, with people and their kinds of work in any order: the same growth."""
    earlier, later = collate(TINY, before, asked=30, minimum=5), collate(TINY, now, asked=30, minimum=5)
    functions = [one.function for one in now]
    moved = [Answers(work, one.strip) for work, one in zip(reversed(functions), sorted(now, key=str), strict=True)]
    other = collate(TINY, moved, asked=30, minimum=5)

    assert growth(TINY, Snapshot.from_json(earlier.to_json()), other) == growth(TINY, earlier, later)


@settings(max_examples=60)
@given(st.text("12", min_size=11, max_size=11), st.lists(st.sets(st.integers(0, 10)), min_size=5, max_size=9), rounds)
def test_one_more_who_answers_exactly_the_mean_moves_no_difference(
    mean: str, apart: list[set[int]], before: list[Answers]
) -> None:
    """Pairs who differ from `mean` by one in opposite directions, at the places in `apart`: ten people or more."""
    pairs = [
        "".join(str(int(mark) + step * (place in places)) for place, mark in enumerate(mean))
        for places in apart
        for step in (1, -1)
    ]
    earlier = collate(TINY, before, asked=30, minimum=5)

    def differences(strips: list[str]) -> list[float | None]:
        later = collate(TINY, [Answers("nurses", strip) for strip in strips], asked=30, minimum=5)
        return [one.difference for one in growth(TINY, earlier, later) if isinstance(one, Grown)]

    assert differences([*pairs, mean]) == differences(pairs)
