"""Welch's interval of the difference of two means.

Welch's interval, which does not ask both groups to vary alike, with Satterthwaite's degrees of freedom. Source: METHODS,
section 3.
"""

from dataclasses import dataclass
from math import sqrt

from instrument.students_t import critical_t


@dataclass(frozen=True)
class Group:
    """Two people or more, and the variance of their scores."""

    people: int
    variance: float


def reach(one: Group, other: Group) -> float:
    """How far the 95 % interval goes to either side of the difference; 0: all agree in both groups."""
    parts = [(group.variance / group.people, group.people - 1) for group in (one, other)]
    variance = sum(part for part, _ in parts)
    if variance == 0:
        return 0.0
    degrees = variance**2 / sum(part**2 / freedom for part, freedom in parts)
    return critical_t(degrees) * sqrt(variance)
