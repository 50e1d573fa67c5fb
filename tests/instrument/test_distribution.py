"""Do the figures of a distribution agree with Python's own statistics?"""

import statistics
from collections import Counter
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument.distribution import Distribution, together

percents = st.builds(
    lambda raw, answered: Fraction(100 * min(raw, 3 * answered), 3 * answered), *[st.integers(1, 14)] * 2
)
people = st.lists(percents, min_size=2, max_size=30)


def distribution(*percents: float | Fraction) -> Distribution:
    return Distribution(Counter(Fraction(percent) for percent in percents))


@given(people)
def test_mean_median_and_variance_are_exact(scores: list[Fraction]) -> None:
    found = distribution(*scores)

    assert found.people == len(scores)
    assert found.mean == statistics.mean(scores)
    assert found.median == statistics.median(scores)
    assert found.variance == statistics.variance(scores)


@given(people, people)
def test_two_groups_together_are_one(some: list[Fraction], others: list[Fraction]) -> None:
    assert together([distribution(*some), distribution(*others)]) == distribution(*some, *others)


def test_the_interval_is_t_deviations_of_the_mean_wide() -> None:
    found = distribution(40, 50, 60, 50, 50)

    # By hand: s = sqrt(200 / 4), t for 4 degrees of freedom is 2.776.
    reach = 2.776 * sqrt(50) / sqrt(5)
    assert found.interval == pytest.approx((50 - reach, 50 + reach), abs=0.01)


def test_the_interval_is_cut_to_percents() -> None:
    assert distribution(0, 0, 0, 0, 100).interval == pytest.approx((0, 75.53), abs=0.01)
    assert distribution(100, 100, 100, 100, 0).interval == pytest.approx((24.47, 100), abs=0.01)


def test_where_all_agree_there_is_no_interval() -> None:
    assert distribution(50, 50, 50).interval is None
