"""Somebody works back from all that is shown of small rounds, and finds nobody's answers.

What is shown is the snapshot: that every surface's figures stand in it is held by the tests of messages, pictures, pages and
files. `python -m benchmarks attack` does the same with 2,000 rounds.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise

from benchmarks.attack import INSTRUMENT, MODELS, Found, Model, attacked, rounds
from instrument.collation import Answers
from instrument.definition import Section
from instrument.growth import Grown, Word, growth
from instrument.snapshot import Coded, Figure, Snapshot, as_printed

ROUNDS = 30 * len(MODELS)


@cache
def made() -> list[tuple[Model, list[Answers], Snapshot]]:
    return list(rounds(ROUNDS))


@cache
def found() -> Found:
    return sum((attacked(responses, snapshot) for _, responses, snapshot in made()), start=Found())


def test_nobody_who_answered_finds_the_answers_of_all_the_others_in_a_small_section_or_cell() -> None:
    assert found().insider_tried > 10_000
    assert found().insider == 0


def test_no_section_on_which_all_of_a_few_agree_is_found() -> None:
    assert found().outsider_tried > 1_500
    assert found().outsider == 0


def test_no_answers_to_an_item_that_is_not_shown_are_found() -> None:
    assert found().item_tried > 50
    assert found().item == 0


def test_no_list_says_more_than_the_figures_beside_it() -> None:
    assert found().lists == 0


def test_growth_and_the_total_are_arithmetic_on_printed_figures_where_a_section_has_its_score_only() -> None:
    snapshots = [snapshot for _, _, snapshot in made()]
    for before, now in pairwise(snapshots):
        for one in growth(INSTRUMENT, before, now):
            if isinstance(one, Grown) and (one.before.whole_only or one.now.whole_only):
                assert one.interval is None
                assert one.word in (None, Word.ABOUT_THE_SAME)
                if isinstance(one.before.mean, float) and isinstance(one.now.mean, float):
                    assert one.difference == as_printed(one.now.mean) - as_printed(one.before.mean)
        points = [one.points for one in now.sections]
        printed = [Fraction(f"{value:.1f}") for value in points if value is not None]
        assert now.total == (float(sum(printed)) if len(printed) == len(INSTRUMENT.sections) else None)


def test_the_attack_finds_people_where_shares_stand_beside_scores_coded_below_10_and_above_90() -> None:
    """So it can succeed. With the score and the share of Never or Occasionally, each whole or coded, one set is left."""
    opened = [
        (section.id, number)
        for model, responses, snapshot in made()
        if not model.missing and not model.silent
        for section, result in zip(INSTRUMENT.sections, snapshot.sections, strict=True)
        if result.whole_only
        for number in range(len(responses))
        if is_settled_with_shares(section, [one.strip[section.positions] for one in responses], number)
    ]

    assert len(opened) >= 20


def is_settled_with_shares(section: Section, answers: Sequence[str], number: int) -> bool:
    """Whether the person of that number finds how many of the others' answers were Never, Occasionally, Often, Always."""
    total = len(answers) * len(section.items)
    every = "".join(answers)
    score = coded_by_ten(Fraction(100 * sum(map(int, every)), 3 * total))
    low = coded_by_ten(Fraction(100 * sum(mark in "01" for mark in every), total))
    own, others = answers[number], total - len(section.items)
    points, lows = sum(map(int, own)), sum(mark in "01" for mark in own)
    left = 0
    for many in range(others + 1):
        if coded_by_ten(Fraction(100 * (many + lows), total)) != low:
            continue
        # So many Never or Occasionally, the rest Often or Always: the points above 0 and 2 each are Occasionally and Always.
        for above in range(others + 1):
            theirs = 2 * (others - many) + above
            if coded_by_ten(Fraction(100 * (theirs + points), 3 * total)) == score:
                left += max(0, min(above, many) - max(0, above - (others - many)) + 1)
        if left > 1:
            return False
    return left == 1


def coded_by_ten(percent: Fraction) -> Figure:
    return Coded.UNDER_10 if percent < 10 else Coded.OVER_90 if percent > 90 else float(round(percent))
