"""A bot and a workspace beside it, for tests that talk: nothing between them but Slack's protocols."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from pydantic import SecretStr
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from bot.app import Bot, running
from bot.config import Settings
from bot.server import Front
from instrument.definition import builtin
from places import ROOT
from sandbox.driver import Actor, Sandbox, found_button
from sandbox.manifest import read as read_manifest
from sandbox.people import Cast, hospital
from sandbox.refusals import Json
from sandbox.workspace import Message
from storage.database import migrate

COORDINATOR = "U01MARISOL"
STAFF = ["U02AMARA", "U03BEN", "U04CHIDI", "U05DANA", "U06ELENA", "U07FARID"]
STAFF += ["U08GRACE", "U09HUGO", "U10INES", "U11JOSEPH", "U12KEISHA", "U13LIAM"]
ITEMS = builtin().items
BUTTONS = {"0": "Never", "1": "Occasionally", "2": "Often", "3": "Always", "n": "Doesn't apply", "d": "Don't know"}


def invitations(person: Actor) -> int:
    """How often the person was invited."""
    return sum("asks you for 20 minutes" in one.text for one in person.dm)


@dataclass
class World:
    """`rest` waits until the bot has shown all that it has to show."""

    sandbox: Sandbox
    bot: Bot
    clock_file: Path

    @property
    def coordinator(self) -> Actor:
        return self.sandbox.person(COORDINATOR)

    def person(self, person_id: str) -> Actor:
        return self.sandbox.person(person_id)

    async def rest(self) -> None:
        await self.bot.context.tasks.drain(10)

    async def press(self, person: Actor, label: str, message: Message | None = None) -> None:
        done = await person.press(label, message)
        assert done.error is None
        await self.rest()

    async def press_late(self, person: Actor, label: str, message: Message, blocks: list[Json]) -> None:
        """Presses what the person's phone still shows: the message as it was before it was shown anew."""
        done = await self.sandbox.client.press(person.id, message, *found_button(blocks, label))
        assert done.error is None
        await self.rest()

    async def command(self, person: Actor, word: str, text: str = "") -> Message:
        """Types a command in #all-staff; what the person sees there then."""
        done = await person.command(word, text)
        assert done.error is None
        await self.rest()
        return person.sees("C01ALLSTAFF")[-1]

    async def start_round(self, expect: Sequence[str] = (COORDINATOR, *STAFF), **fields: Any) -> None:
        """The coordinator starts a self-assessment for #all-staff, and those expected have the invitation."""
        await self.coordinator.command("/hta-round")
        await self.rest()
        chosen = {"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS"} | fields
        filled = await self.coordinator.submit(chosen)
        assert filled.errors is None
        started = await self.coordinator.submit()
        assert started.error is None
        await self.sandbox.until(lambda: all(self.person(one).dm for one in expect))

    async def begin(self, person: Actor, work: str = "Nursing") -> None:
        await self.press(person, "Start again" if "start again" in person.dm[-1].text else "Start")
        await person.choose(work)
        await self.rest()

    async def answer(self, person: Actor, strip: Sequence[str]) -> None:
        """Answers from the current item on: a mark each."""
        for mark in strip:
            await self.press(person, BUTTONS[mark])

    async def answer_all(self, person: Actor, strip: str, work: str = "Nursing") -> None:
        await self.begin(person, work)
        await self.answer(person, strip)
        await self.press(person, "Submit")

    async def finish(self, person: Actor, strip: str, work: str = "Nursing") -> None:
        """Answers a mark each, and finishes with that: much cheaper than `answer_all` where the rest does not matter."""
        await self.begin(person, work)
        await self.answer(person, strip)
        await self.press(person, "Pause")
        await self.press(person, "Finish with what I have")

    async def close_now(self) -> Message:
        """Close now, which takes effect at once here; the message in the results channel."""
        posted = len(self.sandbox.channel("C03RESULTS"))
        status = await self.command(self.coordinator, "/hta-round")
        await self.press(self.coordinator, "Close now", status)
        await self.sandbox.until(lambda: len(self.sandbox.channel("C03RESULTS")) > posted)
        return self.sandbox.channel("C03RESULTS")[-1]

    def move_clock(self, seconds: float) -> None:
        self.clock_file.write_text(str(float(self.clock_file.read_text()) + seconds))
        self.bot.context.due.set()


@cache
def migrated() -> bytes:
    """A database as `migrate` leaves it: most tests have seen enough of migrations."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hta.db"
        migrate(f"sqlite:///{path}")
        return path.read_bytes()


@asynccontextmanager
async def world(folder: Path, *, cast: Cast | None = None, database_url: str | None = None) -> AsyncIterator[World]:
    """A workspace and a bot in this process, over signed HTTP. At the end nothing may have been refused by Slack."""
    clock_file = folder / "clock"
    clock_file.write_text("0")
    if database_url is None:
        (folder / "hta.db").write_bytes(migrated())
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    async with Sandbox(cast or hospital(), read_manifest(ROOT / "manifest.yml"), bot_url=url) as sandbox:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            slack_bot_token=SecretStr(sandbox.tokens.bot),
            slack_signing_secret=SecretStr(sandbox.tokens.signing_secret),
            slack_api_url=sandbox.api_url,
            database_url=database_url or f"sqlite:///{folder / 'hta.db'}",
            hta_coordinators=COORDINATOR,
            hta_clock_file=clock_file,
            hta_key_dir=folder / "keys",
            hta_close_now_after=0,
        )
        async with running(settings) as bot:
            front = Front(bot.bolt, sandbox.tokens.signing_secret, _ready)
            async with _served(front, listening):
                yield World(sandbox, bot, clock_file)
        assert sandbox.refusals == [], "Slack would have refused what the bot did"


@asynccontextmanager
async def _served(front: Front, listening: socket.socket) -> AsyncIterator[None]:
    """uvicorn's connections without its loop, which takes two tenths of a second to see that it is over."""
    config = uvicorn.Config(front, lifespan="off", log_config=None, access_log=False)
    config.load()
    state = ServerState()
    protocol = partial(HttpToolsProtocol, config=config, server_state=state, app_state={})
    server = await asyncio.get_running_loop().create_server(protocol, sock=listening)
    try:
        yield
    finally:
        server.close()
        for connection in list(state.connections):
            connection.shutdown()
        await server.wait_closed()


async def _ready() -> tuple[str, ...]:
    """No reason why not."""
    return ()
