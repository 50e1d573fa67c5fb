"""Is every mark counted once, where it belongs?"""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument.definition import builtin, load
from instrument.distribution import Distribution
from instrument.scoring import section_score
from instrument.tally import Answers, ItemTally, Shares, tally
from places import DATA

TINY = load(DATA / "tiny.toml")

responses = st.lists(
    st.builds(
        Answers,
        function=st.sampled_from([function.id for function in TINY.functions]),
        strip=st.text("0123nd.", min_size=11, max_size=11),
    ),
    min_size=1,
    max_size=20,
)


def item_tally(*counts: int) -> ItemTally:
    never, occasionally, often, always = counts
    return ItemTally(TINY.items[0], (never, occasionally, often, always), 0, 0)


@given(responses)
def test_each_items_marks_are_counted(responses: list[Answers]) -> None:
    for found in tally(TINY, responses).items:
        marks = Counter(answers.strip[found.item.position] for answers in responses)

        assert found.counts == (marks["0"], marks["1"], marks["2"], marks["3"])
        assert (found.dont_know, found.doesnt_apply) == (marks["d"], marks["n"])
        assert found.people == sum(found.counts)


@given(responses)
def test_each_section_scores_like_one_respondent_after_the_other(responses: list[Answers]) -> None:
    counted = tally(TINY, responses)

    for section in TINY.sections:
        scores: dict[str, list[Fraction]] = {}
        for answers in responses:
            percent = section_score(section, answers.strip).percent
            if percent is not None:
                scores.setdefault(answers.function, []).append(percent)
        assert counted.scores[section.id] == {
            function: Distribution(Counter(percents)) for function, percents in scores.items()
        }


def test_the_longest_sections_highest_score_fits() -> None:
    scores = tally(builtin(), [Answers("nursing", "3" * 62)] * 300).scores

    assert all(found == {"nursing": Distribution({Fraction(100): 300})} for found in scores.values())


@pytest.mark.parametrize("strip", ["3" * 10, "3" * 12])
def test_a_strip_of_another_length_is_refused(strip: str) -> None:
    with pytest.raises(ValueError, match="a strip does not have this instrument's 11 marks"):
        tally(TINY, [Answers("nurses", "3" * 11), Answers("nurses", strip)])


def test_an_unknown_mark_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match=r"^a strip holds a mark that is none of 0123nd\.$"):
        tally(TINY, [Answers("nurses", "333333?3333")])


@pytest.mark.parametrize(
    ("counts", "split"),
    [
        ((5, 0, 0, 5), True),
        ((3, 2, 2, 3), True),
        # 30 % on the low side are enough, 20 % are not.
        ((2, 1, 4, 3), True),
        ((2, 0, 0, 8), False),
        ((8, 0, 0, 2), False),
        # Half on each side, but all next to the middle: a_wg = .78.
        ((0, 5, 5, 0), False),
        # a_wg by hand: mean 1.6, variance .489, the largest 2.489: .607.
        ((1, 2, 7, 0), False),
        ((0, 0, 0, 10), False),
        ((10, 0, 0, 0), False),
    ],
)
def test_an_item_is_split_where_both_sides_are_many_and_apart(counts: tuple[int, ...], split: bool) -> None:
    assert item_tally(*counts).split is split


def test_shares_are_percents_of_those_who_chose() -> None:
    shares = item_tally(1, 2, 3, 4).shares

    assert shares == Shares(Fraction(10), Fraction(20), Fraction(30), Fraction(40))
    assert shares.low == 30
    assert shares.high == 70
    assert shares.mean == Fraction(100 * 20, 30)
