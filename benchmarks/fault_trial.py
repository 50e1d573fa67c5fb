"""Sets up a trial: a hospital's workspace, the bot as a process next to it, and what a coordinator does there."""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Flag, auto
from functools import cache, partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import make_url

from benchmarks.arrivals import Arrivals
from benchmarks.fake_time import FalseClock
from benchmarks.postgresql import Postgresql
from benchmarks.prepared import INSTRUMENT
from benchmarks.relay import Relay
from benchmarks.respondents import MEANT, Pace, Respondent
from benchmarks.servers import LONG, NOWHERE, ROOT, Server, free_port, started
from bot.rounds.buttons import FORM, REVIEW, Do
from sandbox import manifest
from sandbox.client import Done
from sandbox.driver import Sandbox
from sandbox.faults import EVERY_METHOD, Instead
from sandbox.people import crowd
from sandbox.states import acting_in
from storage.database import migrate

ASKED, ANSWERING, LOOKING_ON = 14, 5, 3
"""How many people are asked, how many of them answer, and how many look on when nobody can answer any more."""
COORDINATOR, ALL_STAFF, RESULTS = "U01MARISOL", "C01ALLSTAFF", "C03RESULTS"
ZONE = ZoneInfo("America/New_York")
POST = "chat.postMessage"
A_POST_TAKES = 0.7
"""Seconds until Slack answers a post, so that invitations still go out when the fault comes."""
A_STATEMENT_TAKES = 0.4
"""Seconds between two answers of a person, until the fault is over."""
OPEN_DAYS = 5
"""So soon it closes that a clock which is a week ahead is past that."""
NO_LIMIT = 1_000_000
ONLY_BY_PROXY = "slack.example.org"
"""Slack's host, which only the outbound proxy knows."""
USUAL_FILES = 1024
LOGS = os.environ.get("LOGS")
"""A folder for what the bot logs, a file for each fault; without it, that is thrown away."""


class Needs(Flag):
    """What the bot runs with instead of a SQLite file, HTTP and the machine's clock."""

    NOTHING = 0
    SOCKET_MODE = auto()
    POSTGRESQL = auto()
    """Reached by way of `Trial.relay`."""
    OUTBOUND_PROXY = auto()
    """`Trial.relay`, without which nothing reaches Slack."""
    FALSE_CLOCK = auto()
    """One that somebody can set, `Trial.false_clock`."""
    MOVED_CLOCK = auto()
    """The sandbox's, which can skip days. That is no fault."""
    FEW_FILES = auto()
    """1,024 open files at most."""


@dataclass
class BotProcess:
    """The bot as an operator starts it. `files`: how many it may have open; None: as many as the machine allows."""

    folder: Path
    settings: Mapping[str, str]
    log: Path = NOWHERE
    files: int | None = None
    port: int = field(default_factory=free_port)
    server: Server | None = None
    has_ended_by_itself: bool = False

    @property
    def pid(self) -> int:
        if self.server is None:
            raise RuntimeError("the bot does not run")
        return self.server.process.pid

    async def start(self, *, until_up: bool = True) -> None:
        settings = {**self.settings, "PORT": str(self.port)}
        self.server = await started(["-m", "bot", "run"], self.folder, settings, self.port, self.log)
        if self.files:
            resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (self.files, self.files))
        if until_up:
            await self.server.is_up()

    async def end(self, how: signal.Signals) -> None:
        if self.server:
            self.has_ended_by_itself |= self.server.process.returncode is not None
            await self.server.end(how)
        self.server = None


@dataclass
class Trial:
    """A workspace, the bot, and what stands between them. `url` is the database's own address, past any relay."""

    sandbox: Sandbox
    bot: BotProcess
    url: str
    respondents: list[Respondent]
    onlookers: list[Respondent]
    arrivals: Arrivals
    pace: Pace
    relay: Relay | None = None
    postgresql: Postgresql | None = None

    @property
    def folder(self) -> Path:
        return self.bot.folder

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def false_clock(self) -> FalseClock:
        return FalseClock(self.folder / "ahead")

    def plan(self, methods: Iterable[str], instead: Instead | None, seconds: float, slow: float = 0.0) -> None:
        """What happens to all calls of these methods for so many seconds. All other posts take their time, as ever."""
        faults = self.sandbox.faults
        faults.clear()
        for method in methods:
            # What is planned for one method goes before what is planned for all.
            for name in (method, POST) if method == EVERY_METHOD else (method,):
                faults.plan(name, instead, seconds=seconds, slow=slow)
        faults.plan(POST, slow=A_POST_TAKES, times=NO_LIMIT)

    async def start_round(self) -> None:
        """A coordinator starts a self-assessment for everybody."""
        coordinator = self.sandbox.person(COORDINATOR)
        await _until_taken(partial(coordinator.command, "/hta-round", channel_id=RESULTS))
        await self._shows(FORM)
        closes_on = (datetime.now(ZONE) + timedelta(days=OPEN_DAYS)).date().isoformat()
        fields = {"Who should answer": [ALL_STAFF], "Results channel": RESULTS, "Closes on": closes_on}
        await _until_taken(partial(coordinator.submit, fields))
        await self._shows(REVIEW)
        await _until_taken(coordinator.submit)

    async def closing(self) -> Callable[[], Awaitable[Done]]:
        """A coordinator looks how it stands. What is returned presses Close now there."""
        coordinator = self.sandbox.person(COORDINATOR)
        await self.sandbox.reacted(await coordinator.command("/hta-round", channel_id=RESULTS), LONG)
        message = coordinator.sees(RESULTS)[-1]
        buttons = [(element, block["block_id"]) for block in message.blocks for element in acting_in(block)]
        element, block_id = next(one for one in buttons if one[0]["action_id"] == Do.CLOSE_NOW.action_id)
        return partial(_until_taken, partial(self.sandbox.client.press, COORDINATOR, message, element, block_id))

    async def _shows(self, callback_id: str) -> None:
        coordinator = self.sandbox.person(COORDINATOR)
        await self.sandbox.until(lambda: (coordinator.modal or {}).get("callback_id") == callback_id, LONG)


async def _until_taken(act: Callable[[], Awaitable[Done]]) -> Done:
    """Does it again until it is acknowledged. Raises TimeoutError."""
    async with asyncio.timeout(LONG):
        while (done := await act()).error is not None:  # noqa: ASYNC110
            await asyncio.sleep(A_STATEMENT_TAKES)
    return done


def make_ready() -> None:
    """Makes what all trials share, so that none of them waits for it."""
    _migrated()
    if LOGS:
        Path(LOGS).mkdir(exist_ok=True)


@asynccontextmanager
async def laid_out(
    folder: Path, needs: Needs, postgresql: Postgresql | None, chance: Random, log: str
) -> AsyncIterator[Trial]:
    """A trial in an empty folder; the bot runs by then, and at the end does not any more. `log` names its log."""
    clock_file = folder / "clock" if Needs.MOVED_CLOCK in needs else None
    bot_url = None if Needs.SOCKET_MODE in needs else ""
    allowed = manifest.read(ROOT / "manifest.yml")
    async with (
        Sandbox(crowd(ASKED), allowed, bot_url=bot_url, clock_file=clock_file) as sandbox,
        AsyncExitStack() as stack,
    ):
        log_file = Path(LOGS) / f"{log}.log" if LOGS else NOWHERE
        bot = BotProcess(folder, {}, log_file, USUAL_FILES if Needs.FEW_FILES in needs else None)
        sandbox.server.http.url = f"http://127.0.0.1:{bot.port}/slack/events"
        pace = Pace(A_STATEMENT_TAKES)
        people = [Respondent(sandbox.person(f"U{number:07d}"), _means(chance), pace) for number in range(1, ASKED + 1)]
        trial = Trial(
            sandbox,
            bot,
            "",
            people[:ANSWERING],
            people[-LOOKING_ON:],
            Arrivals(sandbox, RESULTS),
            pace,
            None,
            postgresql,
        )
        bot.settings = await _settings(trial, needs, stack)
        trial.plan((), None, 0)
        stack.push_async_callback(_end, trial)
        await bot.start()
        yield trial


async def _settings(trial: Trial, needs: Needs, stack: AsyncExitStack) -> dict[str, str]:
    """The environment of the bot. Makes what it needs, for as long as `stack` lasts."""
    tokens = trial.sandbox.tokens
    settings = {
        "SLACK_BOT_TOKEN": tokens.bot,
        "SLACK_SIGNING_SECRET": tokens.signing_secret,
        "SLACK_API_URL": trial.sandbox.api_url,
        "HTA_COORDINATORS": COORDINATOR,
        "HTA_KEY_DIR": str(trial.keys),
        "HTA_CLOSE_NOW_AFTER": "0",
    }
    if Needs.SOCKET_MODE in needs:
        settings["SLACK_APP_TOKEN"] = tokens.app
    if trial.sandbox.clock.file:
        settings["HTA_CLOCK_FILE"] = str(trial.sandbox.clock.file)
    if Needs.FALSE_CLOCK in needs:
        trial.false_clock.set_ahead(0)
        settings |= trial.false_clock.environment()
    if Needs.OUTBOUND_PROXY in needs:
        settings |= await _by_proxy(trial, stack)
    if trial.postgresql:
        trial.url = trial.postgresql.url
        settings["DATABASE_URL"] = await _by_relay(trial, stack)
    else:
        path = trial.folder / "hta.db"
        path.write_bytes(_migrated())
        trial.url = settings["DATABASE_URL"] = f"sqlite:///{path}"
    return settings


async def _by_proxy(trial: Trial, stack: AsyncExitStack) -> dict[str, str]:
    """What is asked of a proxy for a host without TLS is a request that the host itself would take (RFC 9112, 3.2.2)."""
    port = int(trial.sandbox.address.rpartition(":")[2])
    relay = trial.relay = Relay(partial(asyncio.open_connection, "127.0.0.1", port))
    await relay.start()
    stack.push_async_callback(relay.stop)
    trial.sandbox.client.address = f"http://{ONLY_BY_PROXY}"
    return {"SLACK_API_URL": f"http://{ONLY_BY_PROXY}/api/", "http_proxy": f"http://127.0.0.1:{relay.port}"}


async def _by_relay(trial: Trial, stack: AsyncExitStack) -> str:
    """The database's address by way of a relay. PostgreSQL's own names a server by the folder of its socket."""
    address = make_url(trial.url)
    path = f"{address.host or address.query['host']}/.s.PGSQL.{address.port or 5432}"
    relay = trial.relay = Relay(partial(asyncio.open_unix_connection, path))
    await relay.start()
    stack.push_async_callback(relay.stop)
    return address.set(host="127.0.0.1", port=relay.port, query={}).render_as_string(hide_password=False)


async def _end(trial: Trial) -> None:
    """However it went, nothing of it runs on."""
    with suppress(ProcessLookupError):
        await trial.bot.end(signal.SIGKILL)


def _means(chance: Random) -> str:
    return "".join(chance.choices(MEANT, k=len(INSTRUMENT.items)))


@cache
def _migrated() -> bytes:
    """A database that is made and empty."""
    with TemporaryDirectory(prefix="hta-bench-") as folder:
        path = Path(folder) / "hta.db"
        migrate(f"sqlite:///{path}")
        return path.read_bytes()
