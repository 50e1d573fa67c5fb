"""What does kill -9 lose? Six people answer over HTTP while the bot is killed at random moments and started again.

An answer is lost that was acknowledged and is not what the database holds at the end. Who is shown an item again that was
acknowledged presses Always there, which nobody means: no loss is mended unseen. Stuck is who does not reach the end.
A process dies here, and no machine: what a power cut takes, this does not tell.
"""

import asyncio
import re
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.prepared import INSTRUMENT, Prepared, prepared, stored_strips
from benchmarks.presses import LABELS
from benchmarks.report import say, show
from benchmarks.servers import LONG, ROOT, Server, free_port, started
from sandbox import manifest
from sandbox.client import Done
from sandbox.driver import Actor, Sandbox
from sandbox.people import crowd

PEOPLE = 6
KILLS = 24
ENOUGH = 45.0
"""Seconds after which nothing is killed any more, so that a slow machine comes to an end, too."""
OFF_BEAT = 0.01
"""Seconds at most by which a kill comes later than the acknowledgement that it waits for."""
MEANT = "012nd"
NUMBER = re.compile(r"Item (\d+) of \d+")
LEADS_ON = re.compile(r"'text': '(Continue|Submit)'")


@dataclass
class Machine:
    """Where the bot runs, is killed and starts again. `starts` are the seconds that each start took."""

    sandbox: Sandbox
    began: Prepared
    port: int = field(default_factory=free_port)
    kills: int = 0
    starts: list[float] = field(default_factory=list)
    is_up: asyncio.Event = field(default_factory=asyncio.Event)
    server: Server | None = None

    async def start(self) -> None:
        tokens, began = self.sandbox.tokens, time.perf_counter()
        settings = self.began.bot_settings(tokens.signing_secret, self.sandbox.address, self.port)
        settings |= {"SLACK_BOT_TOKEN": tokens.bot}
        self.server = await started(["-m", "bot", "run"], self.began.folder, settings, self.port)
        await self.server.is_up()
        self.starts.append(time.perf_counter() - began)
        self.is_up.set()

    async def end(self, how: signal.Signals) -> None:
        self.is_up.clear()
        if self.server:
            await self.server.end(how)

    async def kill(self) -> None:
        await self.end(signal.SIGKILL)
        self.kills += 1
        self.sandbox.workspace.touch()


@dataclass
class Respondent:
    """Somebody who answers what she means, a mark for each item. `acknowledged` has her marks by the item's number."""

    machine: Machine
    person: Actor
    means: str
    acknowledged: dict[int, str] = field(default_factory=dict)

    async def reaches_the_end(self) -> bool:
        """Answers everything and submits; False where nothing leads on."""
        try:
            while "Submitted." not in self._seen[1]:
                await self._one_step()
        except TimeoutError:
            return False
        return True

    async def _one_step(self) -> None:
        """Does what the newest message asks for, and waits for what it leads to, or for the next crash."""
        before, kills = self._seen, self.machine.kills
        done = await self._act()
        if done.error is not None:
            async with asyncio.timeout(LONG):
                await self.machine.is_up.wait()
            return
        await self.machine.sandbox.until(
            lambda: self.machine.kills > kills or (self._seen != before and not self._more_is_coming), LONG
        )

    async def _act(self) -> Done:
        ts, text, blocks = self._seen
        if not ts:
            return await self.person.command("/hta")
        shown = NUMBER.search(text)
        if shown is None:
            leads_on = LEADS_ON.search(blocks)
            return await self.person.press(leads_on[1] if leads_on else "Continue")
        number = int(shown[1])
        mark = "3" if number in self.acknowledged else self.means[number - 1]
        done = await self.person.press(LABELS[mark])
        if done.error is None:
            self.acknowledged.setdefault(number, mark)
        return done

    @property
    def _seen(self) -> tuple[str, str, str]:
        """The newest message: its ts, text and blocks."""
        newest = self.person.dm[-1:]
        return (newest[0].ts, newest[0].text, str(newest[0].blocks)) if newest else ("", "", "")

    @property
    def _more_is_coming(self) -> bool:
        """Below the receipt of a section the next item appears by itself, unless it says otherwise."""
        text = self._seen[1]
        return "finished." in text and "Press Continue" not in text


async def main() -> None:
    chance, cast = Random(62), crowd(PEOPLE)  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="hta-bench-") as name:
        began = await prepared(Path(name), cast)
        async with Sandbox(cast, manifest.read(ROOT / "manifest.yml"), bot_url="") as sandbox:
            machine = Machine(sandbox, began)
            sandbox.server.http.url = f"http://127.0.0.1:{machine.port}/slack/events"
            people = [
                Respondent(machine, sandbox.person(one), "".join(chance.choices(MEANT, k=len(INSTRUMENT.items))))
                for one in began.people
            ]
            reached = await _through_the_crashes(machine, people, chance)
            failed = sum(ack.fault is not None for ack in sandbox.acks)
        strips = await stored_strips(began.folder, began.round, began.people)
    lost = sum(_lost(one, strips.get(one.person.id, "")) for one in people)
    _tell(machine, people, lost=lost, stuck=reached.count(False), failed=failed)


async def _through_the_crashes(machine: Machine, people: list[Respondent], chance: Random) -> list[bool]:
    """Whether each of the people reached the end."""
    moments = sorted(chance.sample(range(1, len(people) * len(INSTRUMENT.items) * 9 // 10), KILLS))
    try:
        await machine.start()
        killing = asyncio.create_task(_kill(machine, people, moments, chance))
        reached = await asyncio.gather(*(one.reaches_the_end() for one in people))
        killing.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await killing
    finally:
        await machine.end(signal.SIGTERM)
    return reached


async def _kill(machine: Machine, people: list[Respondent], moments: list[int], chance: Random) -> None:
    """Kills a little after so many answers were acknowledged, in the middle of whatever is under way then."""
    began = time.perf_counter()
    for moment in moments:
        await machine.sandbox.until(partial(_have_answered, people, moment), ENOUGH)
        if time.perf_counter() - began > ENOUGH:
            return
        await asyncio.sleep(chance.uniform(0, OFF_BEAT))
        await machine.kill()
        await machine.start()


def _have_answered(people: list[Respondent], many: int) -> bool:
    return sum(len(one.acknowledged) for one in people) >= many


def _lost(one: Respondent, strip: str) -> int:
    return sum(strip[number - 1 : number] != mark for number, mark in one.acknowledged.items())


def _tell(machine: Machine, people: list[Respondent], *, lost: int, stuck: int, failed: int) -> None:
    say(f"{len(people)} people answer over HTTP, kill -9 at random moments")
    show(
        [
            ["kills", str(machine.kills)],
            ["presses that met no bot, or died with it", str(failed)],
            ["answers acknowledged", str(sum(len(one.acknowledged) for one in people))],
            ["answers lost", str(lost)],
            ["people stuck", str(stuck)],
            ["seconds of a start, median", f"{median(machine.starts):.2f}"],
        ]
    )
