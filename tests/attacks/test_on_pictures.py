"""An attack on following a round: what do the pictures of successive days, and the results after them, tell of one person?

The attacker knows the rules, who was asked, and whether she took part herself. She keeps each morning's picture, reads in
the results how many finished, and takes it that nobody withdraws. From that she works out every number that there can have
been on each day. She sees a person where she is sure that somebody did something between two looks, and fewer than the
smallest group; and where all but herself must have done it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from instrument.participation import Exact, Picture, picture

ROUNDS = 1_000
FIRST = date(2027, 3, 1)
Count = Callable[[Picture], int | None]
COUNTS: dict[str, Count] = {
    "began": lambda shown: shown.started,
    "finished": lambda shown: shown.finished,
    "said no": lambda shown: shown.declined,
}


@dataclass(frozen=True)
class Followed:
    """A round as it was: every morning's counts, and how many had finished at closing."""

    minimum: int
    mornings: tuple[Exact, ...]
    finished_at_closing: int

    @property
    def asked(self) -> int:
        return self.mornings[0].asked

    def pictures(self) -> tuple[Picture, ...]:
        return tuple(
            picture(exact, self.minimum, FIRST + timedelta(days=day)) for day, exact in enumerate(self.mornings)
        )


def rounds() -> Iterator[Followed]:
    """Some take part by chance, day by day. Half of the rounds close when one person or nobody has finished since."""
    random = Random(20270301)  # noqa: S311
    for _ in range(ROUNDS):
        minimum = random.choice([5, 5, 5, 8, 10])
        asked = random.randint(2 * minimum, 90)
        eager, reluctant = random.choice([0.1, 0.3, 0.6, 0.95]), random.choice([0.0, 0.1, 0.4])
        started = finished = declined = 0
        mornings = []
        for _ in range(random.randint(2, 6)):
            undecided = range(asked - started - declined)
            declined += sum(random.random() < reluctant / 2 for _ in undecided)
            started += sum(random.random() < eager for _ in range(asked - started - declined))
            finished += sum(random.random() < 0.7 for _ in range(started - finished))
            mornings.append(Exact(asked, started, finished, declined))
        late = random.choice([0, 1, started - finished])
        yield Followed(minimum, tuple(mornings), finished + min(late, started - finished))


def numbers_behind(shown: Picture, count: Count, asked: int, minimum: int) -> set[int]:
    """Every number that this picture may stand for."""
    return {
        number
        for number in range(asked + 1)
        if count(picture(Exact(asked, number, number, number), minimum, FIRST)) == count(shown)
    }


def possible(days: Sequence[set[int]]) -> list[set[int]]:
    """What is left of each day's numbers, since none is smaller than the day before."""
    forward: list[set[int]] = []
    for numbers in days:
        forward.append({one for one in numbers if not forward or min(forward[-1]) <= one})
    backward: list[set[int]] = []
    for numbers in reversed(forward):
        backward.append({one for one in numbers if not backward or one <= max(backward[-1])})
    return backward[::-1]


def seen(followed: Followed, name: str) -> tuple[int, int]:
    """How often she sees that a few moved, and how often she looks."""
    count, minimum, asked = COUNTS[name], followed.minimum, followed.asked
    days = [numbers_behind(one, count, asked, minimum) for one in followed.pictures()]
    if name == "finished":
        told = followed.finished_at_closing
        days.append({told} if told >= minimum else set(range(minimum)))
    left = possible(days)
    few = set(range(1, minimum))
    moved = [{b - a for a in before for b in after if a <= b} for before, after in pairwise(left)]
    return sum(one <= few for one in moved), len(moved)


@pytest.mark.parametrize("name", COUNTS)
def test_no_two_looks_tell_that_a_few_people_moved(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    caught, looks = Counter[str](), 0
    for followed in rounds():
        few, pairs = seen(followed, name)
        caught[name] += few
        looks += pairs
    with capsys.disabled():
        print(f"\n{name}: a few are seen to move in {caught[name]} of {looks:,} pairs of looks, {ROUNDS:,} rounds")

    assert caught[name] == 0


def test_no_picture_tells_that_all_the_others_did_something() -> None:
    for followed in rounds():
        for shown in followed.pictures():
            for count in COUNTS.values():
                assert min(numbers_behind(shown, count, followed.asked, followed.minimum)) < followed.asked - 1


def test_the_attack_finds_people_where_counts_are_exact() -> None:
    """As counts were shown before: from the smallest group on, as they are."""
    exact = [{12}, {13}, {13}]

    moved = [{b - a for a in before for b in after} for before, after in pairwise(exact)]

    assert possible(exact) == exact
    assert moved[0] <= set(range(1, 5))
