"""What could people have answered? Made-up results with a fixed seed, for pictures and benchmarks; nobody's answers."""

from collections.abc import Iterator
from random import Random

from instrument.collation import Answers, collate
from instrument.definition import Instrument
from instrument.progress import DONT_KNOW
from instrument.snapshot import Snapshot

SPREAD, OF_THE_PERSON, OF_THE_ITEM = 0.75, 0.35, 0.8
"""How far sections, people within one, and answers of one person lie apart, in points."""
SIZES = {"provider": 20, "nursing": 32, "behavioral": 13, "case_management": 12, "leadership": 13, "front_office": 14}
"""Percent of the people in a kind of work; those that are not named have 4, so that some are too few to be shown."""
APART = {"leadership": 0.5, "front_office": -0.4}
"""Kinds of work that see everything better or worse than the others."""
UNKNOWN = 0.05


def results(instrument: Instrument, people: int, *, seed: int, better: float = 0.0) -> Snapshot:
    """What so many people of all kinds of work came to; `better`: points that all answers are higher."""
    answers = list(_answers(instrument, people, Random(seed), better))  # noqa: S311 -- the same each time
    return collate(instrument, answers, asked=people + people // 4, minimum=5)


def _answers(instrument: Instrument, people: int, chance: Random, better: float) -> Iterator[Answers]:
    levels = {section.id: 1.5 + chance.uniform(-SPREAD, SPREAD) + better for section in instrument.sections}
    functions = [function.id for function in instrument.functions]
    for function in chance.choices(functions, [SIZES.get(one, 4) for one in functions], k=people):
        strip = ""
        for section in instrument.sections:
            level = levels[section.id] + APART.get(function, 0.0) + chance.gauss(0, OF_THE_PERSON)
            strip += "".join(_mark(level, chance) for _ in section.items)
        yield Answers(function, strip)


def _mark(level: float, chance: Random) -> str:
    if chance.random() < UNKNOWN:
        return DONT_KNOW
    return str(min(3, max(0, round(level + chance.gauss(0, OF_THE_ITEM)))))
