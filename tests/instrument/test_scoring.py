"""Does one respondent's strip score what the form would on paper?"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument.definition import builtin
from instrument.scoring import own_scores, section_score
from sections import named

INSTRUMENT = builtin()

choices = st.text("0123", min_size=62, max_size=62)
marks = st.text("0123nd.", min_size=62, max_size=62)


def only(section: str, answers: str) -> str:
    """A strip with these marks in one section and nothing elsewhere."""
    first = named(INSTRUMENT, section).items[0].position
    return ("." * first + answers).ljust(62, ".")


@pytest.mark.parametrize(
    ("section", "answers", "raw", "percent", "points"),
    [
        ("c2", "333333", 18, Fraction(100), Fraction(18)),
        ("c2", "000000", 0, Fraction(0), Fraction(0)),
        ("c2", "012301", 7, Fraction(700, 18), Fraction(7)),
        # Three of six are half: scored, and their 4 points of 9 stand for 8 of 18.
        ("c2", "0n1d3.", 4, Fraction(400, 9), Fraction(8)),
        ("c1", "2d", 2, Fraction(200, 3), Fraction(4)),
        # Section 6 is out of 33, whatever is printed.
        ("c6", "33333333333", 33, Fraction(100), Fraction(33)),
        # Six of eleven are more than half.
        ("c6", "111111ddddd", 6, Fraction(100, 3), Fraction(11)),
    ],
)
def test_a_section_scores_its_points(section: str, answers: str, raw: int, percent: Fraction, points: Fraction) -> None:
    score = section_score(named(INSTRUMENT, section), only(section, answers))

    assert score.scored
    assert (score.raw, score.percent, score.points) == (raw, percent, points)


@pytest.mark.parametrize(
    ("section", "answers", "answered"),
    [("c2", "3.3ndd", 2), ("c1", "nd", 0), ("c1", "..", 0), ("c6", "33333dddddd", 5)],
)
def test_with_less_than_half_answered_a_section_is_not_scored(section: str, answers: str, answered: int) -> None:
    score = section_score(named(INSTRUMENT, section), only(section, answers))

    assert not score.scored
    assert (score.answered, score.percent, score.points) == (answered, None, None)


def test_the_total_is_out_of_186() -> None:
    scores = own_scores(INSTRUMENT, "3" * 62)

    assert (scores.total, scores.maximum) == (Fraction(186), 186)


def test_without_one_section_there_is_no_total() -> None:
    risk = named(INSTRUMENT, "c2").positions
    strip = "3" * risk.start + "d" * 6 + "3" * (62 - risk.stop)

    assert own_scores(INSTRUMENT, strip).total is None


@given(choices)
def test_with_nothing_missing_it_is_the_documents_own_sum(strip: str) -> None:
    scores = own_scores(INSTRUMENT, strip)

    assert scores.total == sum(map(int, strip))
    assert [score.points for score in scores.sections] == [
        sum(int(strip[item.position]) for item in section.items) for section in INSTRUMENT.sections
    ]


@given(marks)
def test_a_scored_section_is_within_its_bounds(strip: str) -> None:
    for score in own_scores(INSTRUMENT, strip).sections:
        if score.percent is not None and score.points is not None:
            assert 0 <= score.percent <= 100
            assert score.points == score.percent * score.section.maximum / 100


@given(marks)
def test_why_an_item_has_no_choice_makes_no_difference(strip: str) -> None:
    assert own_scores(INSTRUMENT, strip) == own_scores(INSTRUMENT, strip.replace("n", "d").replace(".", "d"))
