"""What does somebody find who works back from all that is shown of small rounds?

Every surface says what the snapshot holds, and lists are made of its figures, which is checked here; so the snapshot is
what is attacked. Thousands of rounds of 5 to 13 people are made up, with answers that are alike more or less. Three
attackers work on each:

- One of those who answered takes her own points from every sum that may stand behind a section's score, the cells of kinds
  of work included, and sees whether one set of answers is left for all the others. In sections that show their score only;
  in cells of fewer than ten people of any section. She knows nobody else's missing answers.
- Somebody who did not answer does the same: is a section settled in which all agree?
- Somebody who even knows who left out what looks for the answers to an item that is not shown, by integer programming.

What of ten people or more is shown exactly is no finding: a section on which all agree then says so.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from random import Random

from benchmarks.report import say, show
from instrument.collation import Answers, collate
from instrument.definition import Section, builtin
from instrument.disclosure import coarse
from instrument.ranking import ranking
from instrument.scoring import section_score
from instrument.snapshot import Cell, Coded, Figure, SectionResult, Snapshot

ROUNDS = 2_000
INSTRUMENT = builtin()
MINIMUM = 5


@dataclass(frozen=True)
class Model:
    """How people answer. alike: the share of answers that everybody gives alike. missing: of Don't know.

    weights: of Never to Always. silent: in every section one item is answered by a few only.
    """

    name: str
    weights: tuple[int, int, int, int]
    alike: float = 0.0
    missing: float = 0.0
    silent: bool = False


MODELS = (
    Model("independent", (1, 1, 1, 1)),
    Model("independent, low", (10, 3, 1, 0)),
    Model("independent, high", (0, 1, 3, 10)),
    Model("40 % alike", (2, 2, 1, 1), alike=0.4),
    Model("80 % alike", (1, 1, 2, 4), alike=0.8),
    Model("80 % alike, all near Always", (0, 0, 1, 12), alike=0.8),
    Model("all agree on Always", (0, 0, 0, 1), alike=1.0),
    Model("all agree on Never", (1, 0, 0, 0), alike=1.0),
    Model("5 % missing", (1, 2, 3, 4), alike=0.4, missing=0.05),
    Model("an item that few rated", (1, 2, 3, 4), alike=0.4, silent=True),
    Model("an item that few rated, all agree", (0, 0, 0, 1), alike=1.0, silent=True),
)


@dataclass(frozen=True)
class Found:
    """In how many places the attackers looked, and in how many they found what nobody is to find."""

    insider: int = 0
    insider_tried: int = 0
    outsider: int = 0
    outsider_tried: int = 0
    item: int = 0
    item_tried: int = 0
    lists: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def made_up(model: Model, seed: int) -> list[Answers]:
    """A round of 5 to 13 people."""
    chance = Random(seed)  # noqa: S311 -- the same round each time
    people = chance.randint(5, 13)
    works = chance.sample([one.id for one in INSTRUMENT.functions], chance.randint(1, 3))
    shared = "".join(chance.choices("0123", model.weights, k=62))
    few = {chance.choice(section.items).position: chance.randint(1, 4) for section in INSTRUMENT.sections}
    found = []
    for number in range(people):
        marks = [
            "d"
            if chance.random() < model.missing or (model.silent and number >= few.get(place, people))
            else all_say
            if chance.random() < model.alike
            else chance.choices("0123", model.weights)[0]
            for place, all_say in enumerate(shared)
        ]
        found.append(Answers(chance.choice(works), "".join(marks)))
    return found


def attacked(responses: Sequence[Answers], snapshot: Snapshot) -> Found:
    """What all the attackers find."""
    again = ranking(INSTRUMENT, snapshot.sections, snapshot.items)
    same = (again.priorities, again.near_tie, again.strengths) == (
        snapshot.priorities,
        snapshot.near_tie,
        snapshot.strengths,
    )
    found = Found(lists=0 if same else 1)
    for place, (section, result) in enumerate(zip(INSTRUMENT.sections, snapshot.sections, strict=True)):
        if result.n is None:
            continue
        cells = {row.function: cell for row in snapshot.by_function if (cell := row.cells[place])}
        found += _by_sums(section, result, cells, responses)
        if result.whole_only and result.n >= 10 and len(section.items) <= 6:
            found += _hidden_items(section, result, responses)
    return found


# Sums of points


def _by_sums(
    section: Section,
    result: SectionResult,
    cells: dict[str | None, Cell],
    responses: Sequence[Answers],
) -> Found:
    """By everybody who answered, for the section and for each small cell; by somebody who did not, for the section."""
    scored = [(one.function, section_score(section, one.strip)) for one in responses]
    own = [(work, int(score.points)) for work, score in scored if score.points is not None and score.points % 1 == 0]
    groups = {work: (cell.n, _range(cell.mean, cell.n, section.maximum)) for work, cell in cells.items()}
    whole = _section_sums(section, result)
    found = Found()
    if result.whole_only:
        bounds = _added([sums for _, sums in groups.values()]) if groups else whole
        sums = _both(whole, bounds)
        tries = [_is_settled(sums, points, result.n or 0, section) for _, points in own]
        unanimous = _is_settled(sums, None, result.n or 0, section)
        found += Found(insider=sum(tries), insider_tried=len(tries), outsider=int(unanimous), outsider_tried=1)
    for work, (people, sums) in groups.items():
        if people >= 10 or len(groups) == 1:
            continue
        others = _added([each for key, (_, each) in groups.items() if key != work])
        left = _both(sums, (whole[0] - others[1], whole[1] - others[0]))
        members = [points for each, points in own if (each if each in groups else None) == work]
        tries = [_is_settled(left, points, people, section) for points in members]
        found += Found(insider=sum(tries), insider_tried=len(tries))
    return found


Sums = tuple[int, int]
"""The lowest and the highest sum of points; empty where the lowest is the higher."""


def _section_sums(section: Section, result: SectionResult) -> Sums:
    if result.mean is None or result.n is None:
        return 1, 0
    if result.exact and isinstance(result.mean, float):
        points = round(result.mean * result.n * section.maximum / 100, 6)
        return (int(points), int(points)) if points.is_integer() else (int(points), int(points) + 1)
    return _range(result.mean, result.n, section.maximum)


@cache
def _range(mean: Figure, people: int, maximum: int) -> Sums:
    """Every sum is put through the code that is known to everyone."""
    most = people * maximum
    shown = [points for points in range(most + 1) if _shown(points, people, maximum, mean)]
    return (shown[0], shown[-1]) if shown else (1, 0)


def _shown(points: int, people: int, maximum: int, mean: Figure) -> bool:
    percent = Fraction(100 * points, people * maximum)
    # Large groups have whole percents near 0 and 100 too, where their section shows exact figures.
    return coarse(percent, people, maximum) == mean or float(round(percent)) == mean


def _added(each: Sequence[Sums]) -> Sums:
    return sum(low for low, _ in each), sum(high for _, high in each)


def _both(one: Sums, other: Sums) -> Sums:
    return max(one[0], other[0]), min(one[1], other[1])


def _is_settled(sums: Sums, own: int | None, people: int, section: Section) -> bool:
    """Whether one set of answers is left: how many of the others' were Never, Occasionally, Often and Always."""
    others = people if own is None else people - 1
    mine, answers = own or 0, others * len(section.items)
    left = range(max(sums[0] - mine, 0), min(sums[1] - mine, others * section.maximum) + 1)
    if not 0 < len(left) <= 2:
        return False
    return len([one for points in left for one in _two_at_most(answers, points)]) == 1


def _two_at_most(answers: int, points: int) -> list[tuple[int, int, int]]:
    """The ways in which so many answers make so many points, as counts from Occasionally on; two of them will do."""
    found: list[tuple[int, int, int]] = []
    for always in range(points // 3, -1, -1):
        for often in range((points - 3 * always) // 2, -1, -1):
            occasionally = points - 3 * always - 2 * often
            if always + often + occasionally > answers:
                break
            found.append((occasionally, often, always))
            if len(found) == 2:
                return found
    return found


# Items that are not shown


def _hidden_items(section: Section, result: SectionResult, responses: Sequence[Answers]) -> Found:
    """Each item that fewer than ten rated, by somebody who knows who rated what."""
    people = [one.strip[section.positions] for one in responses]
    scored = [strip for strip in people if 2 * sum(mark.isdigit() for mark in strip) >= len(strip)]
    raters = {place: sum(strip[place].isdigit() for strip in scored) for place in range(len(section.items))}
    hidden = [place for place, count in raters.items() if 0 < count < 10]
    tries = [_item_is_settled(place, scored, result) for place in hidden]
    return Found(item=sum(tries), item_tried=len(tries))


def _item_is_settled(item: int, scored: Sequence[str], result: SectionResult) -> bool:
    """The least and the most points that its raters can have given it, where the score is as it is shown."""
    # Only the tests and benchmarks have it.
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp

    answers = [(who, place) for who, strip in enumerate(scored) for place, mark in enumerate(strip) if mark.isdigit()]
    answered = Counter(who for who, _ in answers)
    share = numpy.array([100 / (3 * answered[who] * len(scored)) for who, _ in answers])
    ours = numpy.array([float(place == item) for _, place in answers])
    low, high = _percents(result.mean)
    ends = []
    for sign in (1, -1):
        solved = milp(
            sign * ours,
            constraints=LinearConstraint(share, low - 1e-9, high + 1e-9),
            bounds=Bounds(0, 3),
            integrality=numpy.ones(len(answers)),
        )
        ends.append(round(sign * solved.fun))
    least, most = ends
    raters = int(ours.sum())
    return least == most and len(_two_at_most(raters, least)) == 1


def _percents(mean: Figure | None) -> tuple[float, float]:
    codes = {Coded.UNDER_10: (0, 10), Coded.UNDER_25: (0, 25), Coded.OVER_75: (75, 100), Coded.OVER_90: (90, 100)}
    if isinstance(mean, Coded):
        return codes[mean]
    return ((mean or 0) - 0.5, (mean or 0) + 0.5)


# All rounds


def rounds(count: int) -> Iterator[tuple[Model, list[Answers], Snapshot]]:
    """Rounds of all models in turn."""
    for seed in range(count):
        model = MODELS[seed % len(MODELS)]
        responses = made_up(model, seed)
        yield model, responses, collate(INSTRUMENT, responses, asked=30, minimum=MINIMUM)


async def main() -> None:
    await asyncio.to_thread(_measure)


def _measure() -> None:
    say(f"What is found in {ROUNDS:,} rounds of 5 to 13 people from all that is shown; tried, found.")
    by_model = {model.name: Found() for model in MODELS}
    for model, responses, snapshot in rounds(ROUNDS):
        by_model[model.name] += attacked(responses, snapshot)
    heads = [
        "answers",
        "one who answered",
        "found",
        "one who did not",
        "found",
        "hidden items",
        "found",
        "lists differ",
    ]
    rows = [
        [
            name,
            *(
                f"{figure:,}"
                for figure in (
                    found.insider_tried,
                    found.insider,
                    found.outsider_tried,
                    found.outsider,
                    found.item_tried,
                    found.item,
                    found.lists,
                )
            ),
        ]
        for name, found in by_model.items()
    ]
    show([heads, *rows])
