"""Closed rounds of made-up people, for whatever shows results."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from bot.blocks import Message
from instrument.collation import Answers, collate
from instrument.definition import builtin
from said import ROUND

HTA = builtin()
ZONE = ZoneInfo("America/New_York")
WORKS = ["nursing"] * 4 + ["provider"] * 3 + ["leadership"] * 2 + ["security", "front_office"]
CLOSED = replace(ROUND, closed_at=datetime(2026, 3, 31, 13, tzinfo=UTC))
EARLIER = replace(CLOSED, id=ROUND.id + 1, closed_at=datetime(2025, 3, 31, 13, tzinfo=UTC))


def answered(people: int, seed: int, weights: tuple[int, int, int, int]) -> list[Answers]:
    """People of several kinds who lean to one side, leadership to the other; a few statements that stand out."""
    chance, found = Random(seed), []  # noqa: S311 -- the same answers at each run
    for number in range(people):
        work = WORKS[number % len(WORKS)]
        leaning = (0, 0, 2, 5) if work == "leadership" else weights
        marks = ["nd"[number % 2] if chance.random() < 0.1 else chance.choices("0123", leaning)[0] for _ in range(62)]
        marks[20], marks[21], marks[22] = "03"[number % 2], "d" if number % 5 else "2", "n" if number % 3 else "1"
        found.append(Answers(work, "".join(marks)))
    return found


NOW, BEFORE, FEW = answered(60, 1, (2, 6, 2, 0)), answered(50, 2, (0, 3, 5, 2)), answered(8, 3, (4, 3, 1, 1))
LARGE = collate(HTA, NOW, asked=90, minimum=6)
LAST_YEAR = collate(HTA, BEFORE, asked=80, minimum=5)


def table(message: Message) -> list[list[str]]:
    block = next(block for block in message.blocks if block["type"] == "table")
    return [[cell["text"] for cell in row] for row in block["rows"]]
