"""Closed rounds to export, made as a closing makes them, and what may stand in a file of one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from instrument.collation import Answers, collate
from instrument.definition import Function, builtin
from instrument.snapshot import Gap, Snapshot
from reports.round_report import Planned, RoundReport
from storage.rounds import Round

INSTRUMENT = builtin()
WORK = [one.id for one in INSTRUMENT.functions]
HOSTILE = '=HYPERLINK("http://evil.example","press")|x\r\n@\''


@cache
def responses(people: int, *, seed: int = 1) -> tuple[Answers, ...]:
    """So many people, with all kinds of work among them, and some who rarely answer."""
    chance = Random(seed)  # noqa: S311 -- the same answers at each run
    return tuple(
        Answers(WORK[number % 5], "".join(_mark(chance, item) for item in range(62))) for number in range(people)
    )


def _mark(chance: Random, item: int) -> str:
    """The first sections are seldom done here, the last often."""
    seldom, often = (6, 5, 3, 1, 1, 1, 1), (1, 1, 5, 6, 1, 1, 1)
    return chance.choices("0123nd.", weights=seldom if item < 30 else often)[0]


@cache
def closed_round(people: int = 40, *, minimum: int = 5) -> RoundReport:
    snapshot = collate(INSTRUMENT, responses(people), asked=people + 23, minimum=minimum)
    round_ = Round(
        7,
        "T01HOSPITAL",
        INSTRUMENT.version,
        opened_by="U01MARISOL",
        results_channel="C03RESULTS",
        minimum=minimum,
        remind_every_days=None,
        opened_at=datetime(2027, 3, 1, 15, tzinfo=UTC),
        closes_at=datetime(2027, 3, 29, 13, tzinfo=UTC),
        close_now_at=None,
        closed_at=datetime(2027, 3, 29, 13, tzinfo=UTC),
        gathered_at=None,
        key_name="gone",
        key_half=None,
    )
    return RoundReport(round_, ZoneInfo("America/New_York"), INSTRUMENT, snapshot, work_here=431)


def round_apart() -> RoundReport:
    """One in which some kinds of work see a section otherwise than the rest."""
    closed = closed_round()
    gaps = Gap("c2", "nursing", -18), Gap("c5", "leadership", 21)
    return replace(closed, snapshot=replace(closed.snapshot, gaps=gaps))


def hostile_round() -> RoundReport:
    """One whose workspace, kinds of work and goals were named by somebody who means no good."""
    functions = tuple(Function(one.id, HOSTILE) for one in INSTRUMENT.functions)
    closed = closed_round()
    renamed = replace(closed.round, team_id=HOSTILE)
    goal = Planned("1 month", date(2027, 4, 29), HOSTILE, HOSTILE, HOSTILE, HOSTILE, "On track")
    return replace(closed, round=renamed, instrument=replace(INSTRUMENT, functions=functions), planned=(goal,))


def numbers_of(closed: RoundReport) -> set[float]:
    """Every number that stands in the stored snapshot, or is said to follow from what it shows."""
    snapshot = closed.snapshot
    shares = {100 * sum(part) / one.n for one in snapshot.items for part in _parts(one.counts)}
    pairs = [(one.low, one.never) for one in snapshot.sections]
    pairs += [(one.low, one.never) for one in snapshot.sub_competencies]
    occasionally = {max(0.0, low - never) for low, never in pairs if isinstance(low, float) and never is not None}
    places = {1.0, 2.0, 3.0}
    facts = {float(section.maximum) for section in closed.instrument.sections} | {float(closed.work_here or 0)}
    # The sections' points as they are printed, added up, and what they are of.
    total = {float(closed.instrument.maximum), *([snapshot.total] if snapshot.total is not None else [])}
    return {*_numbers(snapshot), *shares, *occasionally, *places, *facts, *total}


def _parts(counts: tuple[int, int, int, int]) -> Iterator[tuple[int, ...]]:
    yield from ((one,) for one in counts)
    yield counts[2:]


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, Snapshot):
        value = json.loads(value.to_json())
    if isinstance(value, bool | int | float):
        yield abs(float(value))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _numbers(one)
    elif isinstance(value, list):
        for one in value:
            yield from _numbers(one)
