"""The clock is walked from one due moment to the next: what is due comes in its time, and whatever happens the walk ends."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.clock import Clock
from sandbox.pulse import Pulse
from sandbox.walk import LONGEST, PAST_DUE, SHORTEST, Walk

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
ON_TIME = SHORTEST + 60.0
"""Seconds after its moment within which something has come in its time, this machine's own pace included."""


@dataclass
class Bot:
    """Reads its clock from the file, does at each moment what is due then, and says beside the file what comes next.

    due: offsets from the start, in seconds. done: how late each came. takes: how long a thing takes it. is_stuck_on: what
    it never gets done.
    """

    clock: Clock
    due: list[int]
    takes: float = 0.0
    is_stuck_on: int | None = None
    done: dict[int, float] = field(default_factory=dict)
    pulse: Pulse = field(default_factory=Pulse)

    def __post_init__(self) -> None:
        self._began_at = self.clock.now()
        self._say()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(0.002)
            for one in [one for one in self.due if one != self.is_stuck_on and self._at(one) <= self.clock.now()]:
                late = self.clock.now() - self._at(one)
                await asyncio.sleep(self.takes)
                self.due.remove(one)
                self.done[one] = late
                self._say()

    def _at(self, one: int) -> float:
        return self._began_at + one

    def _say(self) -> None:
        assert self.clock.file is not None
        text = datetime.fromtimestamp(self._at(min(self.due)), UTC).isoformat() if self.due else ""
        self.clock.file.with_name("clock.next").write_text(text)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    file = tmp_path / "clock"
    file.write_text("0")
    return Clock(file)


@asynccontextmanager
async def bot_of(clock: Clock, due: Sequence[int], **more: object) -> AsyncIterator[Bot]:
    bot = Bot(clock, list(due), **more)  # type: ignore[arg-type]
    running = asyncio.create_task(bot.run())
    yield bot
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@dataclass
class Watched:
    """Sees each step, and ends the walk after `most` of them."""

    clock: Clock
    most: int = 10_000
    offsets: list[float] = field(default_factory=list)

    async def goes_on(self) -> bool:
        self.offsets.append(self.clock.offset_seconds)
        return len(self.offsets) < self.most

    @property
    def steps(self) -> list[float]:
        return [after - before for before, after in zip([0.0, *self.offsets], self.offsets, strict=False)]


async def walked(clock: Clock, seconds: int, pulse: Pulse | None = None, most: int = 10_000) -> Watched:
    watched = Watched(clock, most)
    await Walk(clock, pulse or Pulse()).forward(seconds, watched.goes_on)
    return watched


async def test_everything_that_is_due_in_a_quarter_comes_in_its_time(clock: Clock) -> None:
    due = [HOUR, 10 * DAY, 10 * DAY + 1, 10 * DAY + 7 * HOUR, 31 * DAY + 5, 90 * DAY]
    async with bot_of(clock, due) as bot:
        await walked(clock, 91 * DAY)

    assert sorted(bot.done) == due
    assert max(bot.done.values()) < ON_TIME
    assert clock.offset_seconds == 91 * DAY


async def test_what_takes_a_while_is_waited_for(clock: Clock) -> None:
    async with bot_of(clock, [2 * DAY, 2 * DAY + HOUR], takes=0.1) as bot:
        await walked(clock, 4 * DAY)

    assert max(bot.done.values()) < ON_TIME


async def test_the_clock_stands_still_while_the_bot_makes_a_call(clock: Clock) -> None:
    pulse, calls = Pulse(), []

    async def calls_whenever_time_has_moved() -> None:
        seen = 0.0
        while True:
            await asyncio.sleep(0.002)
            if (before := clock.offset_seconds) != seen:
                with pulse.counting():
                    await asyncio.sleep(0.05)
                seen = clock.offset_seconds
                calls.append((before, seen))

    calling = asyncio.create_task(calls_whenever_time_has_moved())
    await walked(clock, 3 * DAY, pulse)
    calling.cancel()

    assert calls == [(day * DAY, day * DAY) for day in (1, 2, 3)]


async def test_a_step_takes_minutes_at_least_and_a_day_at_most(clock: Clock) -> None:
    async with bot_of(clock, [10, 11, 12, 3 * DAY]):
        watched = await walked(clock, 5 * DAY)

    assert [one for one in watched.steps[:-1] if not SHORTEST <= one <= LONGEST] == []
    assert 3 * DAY <= watched.offsets[-3] <= 3 * DAY + PAST_DUE + 1, "one of them stops where something is due"


async def test_a_bot_that_says_nothing_is_walked_by_the_day(clock: Clock) -> None:
    watched = await walked(clock, 2 * DAY + HOUR)

    assert watched.steps == [DAY, DAY, HOUR]


@pytest.mark.parametrize("said", ["soon", "2027-02-30T10:00:00+00:00"])
async def test_what_makes_no_sense_counts_as_not_said(clock: Clock, said: str) -> None:
    assert clock.file is not None
    clock.file.with_name("clock.next").write_text(said)

    assert clock.next_due_at() is None


async def test_what_is_stuck_keeps_no_walk_from_its_end(clock: Clock) -> None:
    watched = Watched(clock)
    async with bot_of(clock, [DAY, 30 * DAY], is_stuck_on=DAY) as bot:
        await Walk(clock, Pulse(), patience=0.05).forward(60 * DAY, watched.goes_on)

    assert list(bot.done) == [30 * DAY]
    assert clock.offset_seconds == 60 * DAY


async def test_who_stops_it_stops_it_there(clock: Clock) -> None:
    async with bot_of(clock, []):
        watched = await walked(clock, YEAR, most=3)

    assert len(watched.offsets) == 3
    assert clock.offset_seconds == 3 * DAY


async def test_after_one_walk_there_can_be_another(clock: Clock) -> None:
    walk, watched = Walk(clock, Pulse()), Watched(clock, most=1)
    async with bot_of(clock, []):
        walking = asyncio.create_task(walk.forward(YEAR, watched.goes_on))
        await asyncio.sleep(0)
        was_under_way = walk.is_under_way
        await walking
        await walk.forward(HOUR, watched.goes_on)

    assert (was_under_way, walk.is_under_way) == (True, False)
    assert clock.offset_seconds == DAY + HOUR


async def test_a_fraction_of_a_second_keeps_no_walk_from_its_end(clock: Clock) -> None:
    clock.advance(99_999.12345)
    async with bot_of(clock, []):
        await walked(clock, 3_000_000)

    assert clock.offset_seconds == pytest.approx(3_099_999.12345, abs=0.5)
