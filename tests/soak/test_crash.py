"""kill -9 at any moment: what was acknowledged stays, what is owed is done after the next start, and nobody is stuck."""

import asyncio
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.pace import BURST
from bot_process import EVERYONE, RESULTS, Beside, beside, item_shown
from conversation import BUTTONS, COORDINATOR, STAFF, invitations
from sandbox.client import Done
from sandbox.driver import Actor, found_button
from sandbox.people import crowd

KILLS = 6
CROWD = 60
LABEL = re.compile(r"'text': '(Start|Continue|Submit|Choose one)'")
LEASE = 180.0
"""More seconds than a message is held back whose sender died with it."""


@dataclass
class Machine:
    """Where the bot runs: it crashes and starts again, and people see that it is up or not."""

    here: Beside
    crashes: int = 0
    is_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def crash(self) -> None:
        self.is_up.clear()
        await self.here.bot.kill()
        self.crashes += 1
        self.here.sandbox.workspace.touch()

    async def start(self) -> None:
        await self.here.bot.start()
        self.is_up.set()


@dataclass
class Respondent:
    """Somebody who answers what she means (0 to 2 each), and presses Always where she is asked again what was taken.

    So an answer that was acknowledged and lost shows as a total that is too high.
    """

    machine: Machine
    person: Actor
    means: str
    taken: set[int] = field(default_factory=set)
    _crashes: int = 0

    async def answer_everything(self) -> None:
        while "Submitted." not in self.person.dm[-1].text:
            label = self._label()
            if label not in ("", "Continue") or self._is_told_to_go_on() or self._has_crashed():
                assert label, f"stuck: {self.person.dm[-1].text}"
                await self._act(label)
            else:
                # The next message comes by itself, unless the bot died before it.
                await self._changed(self._now())

    def _label(self) -> str:
        number = item_shown(self.person)
        if number is not None:
            return "Always" if number in self.taken else BUTTONS[self.means[number - 1]]
        there = LABEL.search(str(self.person.dm[-1].blocks))
        return there[1] if there else ""

    def _is_told_to_go_on(self) -> bool:
        return "Press Continue" in self.person.dm[-1].text

    async def _act(self, label: str) -> None:
        before, number = self._now(), item_shown(self.person)
        self._crashes = self.machine.crashes
        done = await self._pressed(label)
        if done.error is not None:
            self._crashes = -1
            await self.machine.is_up.wait()
            return
        if number is not None:
            self.taken.add(number)
        await self._changed(before)

    async def _pressed(self, label: str) -> Done:
        if label == "Choose one":
            return await self.person.choose("Nursing")
        return await self.person.press(label)

    async def _changed(self, before: tuple[str, str]) -> None:
        await self.machine.here.sandbox.until(lambda: self._now() != before or self._has_crashed())

    def _now(self) -> tuple[str, str]:
        return self.person.dm[-1].ts, self.person.dm[-1].text

    def _has_crashed(self) -> bool:
        return self.machine.crashes > self._crashes


def has_begun(here: Beside, many: int) -> bool:
    """Whether so many payloads and calls have begun, in either direction."""
    return here.sandbox.workspace.pulse.begun >= many


async def test_no_acknowledged_answer_is_lost_and_nobody_is_stuck_through_six_crashes(tmp_path: Path) -> None:
    chance = Random(62)  # noqa: S311
    async with beside(tmp_path) as here:
        here.expected |= {"dispatch_failed"}
        await here.start_round()
        machine = Machine(here)
        machine.is_up.set()
        staff = [Respondent(machine, here.person(one), "".join(chance.choices("012", k=62))) for one in STAFF[:6]]
        began = here.sandbox.workspace.pulse.begun
        moments = sorted(chance.sample(range(20, 700), KILLS))

        async def crashing() -> None:
            for moment in moments:
                await here.sandbox.until(partial(has_begun, here, began + moment), 30)
                await machine.crash()
                await machine.start()

        async with asyncio.TaskGroup() as all_at_once:
            for work in (crashing(), *(one.answer_everything() for one in staff)):
                all_at_once.create_task(work)

        assert machine.crashes == KILLS
        totals = [await here.total(one.person) for one in staff]
        assert totals == [sum(map(int, one.means)) for one in staff]


def has_invited(people: list[Actor], many: int) -> bool:
    return sum(map(invitations, people)) >= many


async def test_everybody_is_invited_once_though_it_dies_between_start_now_and_the_invitations(tmp_path: Path) -> None:
    async with beside(tmp_path) as here:
        machine, people = Machine(here), [here.person(one) for one in EVERYONE]
        await here.review_round()
        assert (await here.coordinator.submit()).error is None
        for invited in (0, 5):
            await here.sandbox.until(partial(has_invited, people, invited))
            await machine.crash()
            here.sandbox.clock.advance(LEASE)
            await machine.start()
        await here.sandbox.until(lambda: all(map(invitations, people)))
        assert await here.bot.stop() == 0

        invited = sum(map(invitations, people))
        assert invited <= len(people) + machine.crashes, "at most one is repeated for each crash"


async def test_everybody_is_invited_exactly_once_though_it_is_told_to_stop_while_invitations_go_out(
    tmp_path: Path,
) -> None:
    cast = crowd(CROWD)
    cast.channels[0].members.append(COORDINATOR)
    async with beside(tmp_path, cast=cast) as here:
        people = [here.person(f"U{number:07d}") for number in range(1, CROWD + 1)]
        await here.review_round()
        assert (await here.coordinator.submit()).error is None
        for many in (3, BURST + 2):
            await here.sandbox.until(partial(has_invited, people, many))
            assert await here.bot.stop() == 0
            assert not all(map(invitations, people)), "it was in the middle"
            await here.bot.start()
        here.sandbox.clock.advance(LEASE)
        await here.sandbox.until(lambda: all(map(invitations, people)))

        assert [invitations(one) for one in people] == [1] * CROWD


def round_row(folder: Path) -> Any:
    """Both halves' traces as the database has them: the key's half, and whether a scrub is owed."""
    with closing(sqlite3.connect(f"file:{folder / 'hta.db'}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT key_half, scrub_owed FROM round").fetchone()


def all_bytes(folder: Path) -> bytes:
    """All that lies in the files, the database and its log among them."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_who_has_answered_all_is_not_stuck_where_it_dies_before_the_last_message(tmp_path: Path) -> None:
    async with beside(tmp_path) as here:
        await here.start_round()
        machine, nurse = Machine(here), here.person(STAFF[0])
        await here.begin(nurse)
        await here.answer(nurse, "0" * 61)
        here.sandbox.faults.plan("chat.postMessage", 429)
        assert (await nurse.press("Never")).error is None
        await here.sandbox.until(lambda: "Section 6 is finished." in nurse.dm[-1].text)

        await machine.crash()
        await machine.start()
        await here.press(nurse, "Continue")

        assert "You have reached the end" in nurse.dm[-1].text


@pytest.mark.parametrize("seconds", [0, 60])
async def test_it_closes_after_the_next_start_where_it_dies_right_after_close_now(tmp_path: Path, seconds: int) -> None:
    async with beside(tmp_path, hta_close_now_after=seconds) as here:
        machine, nurse = Machine(here), here.person(STAFF[0])
        await here.start_round()
        await here.begin(nurse)
        await here.answer(nurse, "012")
        item = nurse.dm[-1]
        often = found_button(item.blocks, "Often")
        (secret,) = (tmp_path / "keys").iterdir()
        outside, (inside, _) = secret.read_bytes(), round_row(tmp_path)
        status = await here.command(here.coordinator, "/hta-round")
        assert (await here.coordinator.press("Close now", status)).error is None

        await machine.crash()
        here.sandbox.clock.advance(LEASE)
        await machine.start()
        await here.sandbox.until(lambda: here.sandbox.channel(RESULTS))

        await here.sandbox.until(lambda: round_row(tmp_path) == (None, 0))

        assert list((tmp_path / "keys").iterdir()) == []
        assert inside not in all_bytes(tmp_path)
        assert outside not in all_bytes(tmp_path)
        assert (await here.sandbox.client.press(nurse.id, item, *often)).error is None
        await here.sandbox.until(lambda: "This self-assessment closed on" in item.text)
        assert len(here.sandbox.channel(RESULTS)) <= (2 if seconds == 0 else 1)
