"""What do the tests of a running bot share? The bot as a process of its own, beside a workspace in this one."""

import asyncio
import itertools
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp

from conversation import BUTTONS, COORDINATOR, STAFF, migrated
from executed import Executed
from forked import Forked
from places import ROOT
from sandbox.acks import PATIENCE
from sandbox.client import Done
from sandbox.driver import Actor, Sandbox
from sandbox.http_link import FORM, signed
from sandbox.manifest import read as read_manifest
from sandbox.people import Cast, hospital
from sandbox.workspace import Message

ALL_STAFF, RESULTS = "C01ALLSTAFF", "C03RESULTS"
EVERYONE = (COORDINATOR, *STAFF)
LONG = 15.0
"""Seconds after which a process counts as hanging."""
NUMBER = re.compile(r"Item (\d+) of 62")
# Below the ports that systems give to connections going out, and for each test process some of its own.
PORTS = itertools.count(12_000 + os.getpid() * 61 % 18_000)


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int | None
    out: str
    err: str


async def ended(folder: Path, word: str, settings: Mapping[str, object]) -> Ended:
    """Runs a command of the bot's to its end; `word` may have options."""
    out, err = folder / "command.out", folder / "command.err"
    process = Forked(word.split(), folder, _environment(settings), out, err)
    try:
        async with asyncio.timeout(LONG):
            status = await process.wait()
    finally:
        if process.status is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()
    said = Ended(status, out.read_text(), err.read_text())
    out.unlink()
    err.unlink()
    return said


async def typed(folder: Path, word: str, settings: Mapping[str, object]) -> asyncio.subprocess.Process:
    """A command as an operator types it, in a process that starts from nothing."""
    return await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("hta-bot"), word),
        cwd=folder,
        env=_environment(settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


def free_port() -> int:
    for port in PORTS:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no port is free")


def _environment(settings: Mapping[str, object]) -> dict[str, str]:
    """Nothing of the machine's own settings reaches the bot."""
    return {"PATH": os.environ["PATH"]} | {name.upper(): str(value) for name, value in settings.items()}


@dataclass
class BotProcess:
    """One process of the bot, that can be killed and started again. `preload`: its environment, where it needs one of its own."""

    folder: Path
    settings: Mapping[str, object]
    port: int = field(default_factory=free_port)
    preload: Mapping[str, str] = field(default_factory=dict)
    _process: Forked | Executed | None = None

    @property
    def events_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    @property
    def log(self) -> Path:
        return self.folder / f"bot-{self.port}.log"

    @property
    def said(self) -> str:
        """All that it wrote since it was first started."""
        return self.log.read_text() if self.log.exists() else ""

    @property
    def errors(self) -> list[str]:
        """The lines that should not be there."""
        return [line for line in self.said.splitlines() if " ERROR " in line]

    async def start(self) -> None:
        """Starts it, and waits until it is up."""
        settings = _environment({**self.settings, "port": self.port})
        if self.preload:
            environment = settings | dict(self.preload)
            self._process = await Executed.started(["run"], self.folder, environment, self.log, self.log)
        else:
            self._process = Forked(["run"], self.folder, settings, self.log, self.log)
        await self.until("/healthz", 200)

    async def until(self, path: str, status: int) -> None:
        """Waits until the page answers so; fails where the process ends before."""
        ending = asyncio.create_task(self.ended())
        try:
            async with asyncio.timeout(LONG):
                while await self.page(path) != status:
                    done, _ = await asyncio.wait([ending], timeout=0.02)
                    assert not done, f"the bot ended: {self.said}"
        finally:
            ending.cancel()

    async def page(self, path: str) -> int:
        """The status of one of the bot's own pages; 0: nobody listens."""
        try:
            async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status
        except aiohttp.ClientError:
            return 0

    async def kill(self) -> None:
        """As a machine's crash does it: kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int | None:
        """As an operator does it: SIGTERM; the exit status."""
        return await self._end(signal.SIGTERM)

    async def ended(self) -> int:
        assert self._process is not None
        return await self._process.wait()

    async def _end(self, how: signal.Signals) -> int | None:
        if self._process is None:
            return None
        if self._process.status is not None:
            return self._process.status
        self._process.send_signal(how)
        try:
            async with asyncio.timeout(LONG):
                return await self.ended()
        finally:
            if self._process.status is None:
                self._process.send_signal(signal.SIGKILL)
                await self.ended()


@dataclass
class Beside:
    """A workspace and the bot's processes. `expected` names what may go wrong: Slack's words, "ERROR" for the bot's log."""

    sandbox: Sandbox
    bots: list[BotProcess]
    expected: set[str] = field(default_factory=set)

    @property
    def bot(self) -> BotProcess:
        return self.bots[0]

    @property
    def coordinator(self) -> Actor:
        return self.sandbox.person(COORDINATOR)

    def person(self, person_id: str) -> Actor:
        return self.sandbox.person(person_id)

    async def press(self, person: Actor, label: str, message: Message | None = None) -> Done:
        """Presses, and waits until the bot has shown something for it."""
        done = await person.press(label, message)
        assert done.error is None
        await self.sandbox.reacted(done)
        return done

    async def command(self, person: Actor, word: str, text: str = "") -> Message:
        """Types a command in #all-staff; what the person sees there then."""
        done = await person.command(word, text)
        assert done.error is None
        await self.sandbox.reacted(done)
        return person.sees(ALL_STAFF)[-1]

    async def review_round(self) -> None:
        """The coordinator fills in the form; the review stands there, with Start now."""
        await self.sandbox.reacted(await self.coordinator.command("/hta-round"))
        filled = await self.coordinator.submit({"Who should answer": [ALL_STAFF], "Results channel": RESULTS})
        assert (filled.error, filled.errors) == (None, None)

    async def start_round(self, expect: Sequence[str] = EVERYONE) -> None:
        """A self-assessment for #all-staff begins, and those expected have the invitation."""
        await self.review_round()
        assert (await self.coordinator.submit()).error is None
        await self.sandbox.until(lambda: all(self.person(one).dm for one in expect))

    async def begin(self, person: Actor, work: str = "Nursing") -> None:
        await self.press(person, "Start")
        assert (await person.choose(work)).error is None
        await self.sandbox.until(lambda: item_shown(person) == 1)

    async def answer(self, person: Actor, strip: str) -> None:
        """Answers from the current item on: a mark each."""
        for mark in strip:
            number = item_shown(person)
            assert number is not None
            assert (await person.press(BUTTONS[mark])).error is None
            await self.sandbox.until(partial(is_past, person, number))

    async def answer_all(self, person: Actor, strip: str, work: str = "Nursing") -> None:
        await self.begin(person, work)
        await self.answer(person, strip)
        await self.press(person, "Submit")

    async def total(self, person: Actor) -> int:
        """The person's own total, as See my scores has it."""
        await self.press(person, "See my scores")
        assert person.modal is not None
        found = re.search(r"Total: (\d+) of 186", str(person.modal["blocks"]))
        assert found is not None
        await person.close_modal()
        return int(found[1])

    async def press_close_now(self) -> None:
        status = await self.command(self.coordinator, "/hta-round")
        await self.press(self.coordinator, "Close now", status)

    async def close_now(self) -> Message:
        """Close now, which takes effect at once here; the message in the results channel."""
        await self.press_close_now()
        posted: list[Message] = await self.sandbox.until(lambda: self.sandbox.channel(RESULTS))
        return posted[-1]


def item_shown(person: Actor, message: Message | None = None) -> int | None:
    """The number of the item that the message, or the newest one, shows; None: it shows none."""
    found = NUMBER.search((message or person.dm[-1]).text)
    return int(found[1]) if found else None


def is_past(person: Actor, number: int) -> bool:
    """Whether what comes after the item stands there: the next one, or the end."""
    return item_shown(person) == number + 1 or (number == 62 and "reached the end" in person.dm[-1].text)


async def knock(here: Beside, raw: bytes, content_type: str = FORM, **headers: str) -> int:
    """Posts bytes that Slack has signed, but for the `headers` that say otherwise."""
    stated = {"Content-Type": content_type} | signed(here.sandbox.tokens.signing_secret, raw)
    stated |= {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.post(here.bot.events_url, data=raw, headers=stated) as answer,
    ):
        return answer.status


async def ready(here: Beside) -> str:
    """What /readyz says."""
    address = f"http://127.0.0.1:{here.bot.port}/readyz"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return f"{answer.status} {await answer.text()}"


async def becomes(here: Beside, said: str) -> None:
    """Waits until /readyz says so."""
    async with asyncio.timeout(LONG):
        while (now := await ready(here)) != said:
            await asyncio.wait([asyncio.create_task(here.bot.ended())], timeout=0.05)
    assert now == said


@asynccontextmanager
async def beside(
    folder: Path,
    *,
    processes: int = 1,
    socket_mode: bool = False,
    starts: bool = True,
    patience: float = PATIENCE,
    cast: Cast | None = None,
    preload: Mapping[str, str] | None = None,
    **settings: object,
) -> AsyncIterator[Beside]:
    """A hospital's workspace and the bot beside it, up where it `starts`; `patience` is Slack's with the bot.

    At the end it stops as it should, and nothing unexpected was wrong.
    """
    clock_file = folder / "clock"
    clock_file.write_text("0")
    (folder / "hta.db").write_bytes(migrated())
    bot_url = None if socket_mode else ""
    manifest = read_manifest(ROOT / "manifest.yml")
    async with Sandbox(
        cast or hospital(), manifest, bot_url=bot_url, clock_file=clock_file, patience=patience
    ) as sandbox:
        given: dict[str, object] = {
            "slack_bot_token": sandbox.tokens.bot,
            "slack_signing_secret": sandbox.tokens.signing_secret,
            "slack_api_url": sandbox.api_url,
            "hta_coordinators": COORDINATOR,
            "hta_clock_file": clock_file,
            "hta_close_now_after": 0,
        }
        if socket_mode:
            given["slack_app_token"] = sandbox.tokens.app
        bots = [BotProcess(folder, given | settings, preload=preload or {}) for _ in range(processes)]
        world = Beside(sandbox, bots)
        sandbox.server.http.url = world.bot.events_url
        try:
            if starts:
                await asyncio.gather(*(bot.start() for bot in bots))
            yield world
            # None: never started.
            assert {await bot.stop() for bot in bots} <= {0, None}
        finally:
            for bot in bots:
                await bot.kill()
        refused = [one for one in sandbox.refusals if one.error not in world.expected]
        assert not refused, refused
        for bot in bots:
            assert "ERROR" in world.expected or bot.errors == []
            assert "Traceback" not in bot.said
