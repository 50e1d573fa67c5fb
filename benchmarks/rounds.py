"""How long does it take to invite thousands? A whole round on the sandbox, with Slack's limits kept and its clock run faster.

The bot is killed twice on the way, or as often as KILLS says; with 0, one process writes to everybody, and its memory is
told after each thousand. Counted is what the workspace holds at the end: who was invited, and how often. The
time is the workspace's own, from the first invitation to the last, beside what the limits allow.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.report import say, show
from benchmarks.servers import ROOT, Server, free_port, started
from sandbox import manifest
from sandbox.driver import Sandbox
from sandbox.limits import POSTS_A_MINUTE
from sandbox.people import crowd

PEOPLE = int(os.environ.get("PEOPLE", "10000"))
FASTER = 20.0
"""So many seconds of the workspace pass in one of ours."""
STEP = 0.02
KILLS = int(os.environ.get("KILLS", "2"))
EACH = 1_000
LONGEST = 300.0
COORDINATOR = "U01MARISOL"
LOOK_AGAIN = 0.25
INVITATION = "asks you for 20 minutes"


@dataclass
class Run:
    """A bot that invites, the workspace beside it, and how often it was killed."""

    sandbox: Sandbox
    folder: Path
    port: int = field(default_factory=free_port)
    server: Server | None = None
    kills: int = 0
    memory: list[float] = field(default_factory=list)

    async def start(self) -> None:
        tokens = self.sandbox.tokens
        settings = {
            "SLACK_BOT_TOKEN": tokens.bot,
            "SLACK_SIGNING_SECRET": tokens.signing_secret,
            "SLACK_API_URL": f"{self.sandbox.address}/api/",
            "DATABASE_URL": f"sqlite:///{self.folder / 'hta.db'}",
            "HTA_COORDINATORS": COORDINATOR,
            "HTA_CLOCK_FILE": str(self.folder / "clock"),
            "PORT": str(self.port),
        }
        self.server = await started(["-m", "bot", "run"], self.folder, settings, self.port)
        await self.server.is_up()

    async def kill(self) -> None:
        if self.server:
            await self.server.end(signal.SIGKILL)
        self.kills += 1
        await self.start()

    def weigh(self) -> None:
        """Notes the memory that the process holds."""
        if self.server:
            self.memory.append(self.server.megabytes)

    def has_reached(self, many: int) -> bool:
        """Whether something was posted to so many people."""
        return len(self.sandbox.workspace.messages) - len(self.sandbox.workspace.channels) >= many

    def invitations(self) -> dict[str, list[float]]:
        """When each person was invited, by the workspace's clock."""
        return {
            person.id: [float(one.ts) for one in self.sandbox.person(person.id).dm if INVITATION in one.text]
            for person in self.sandbox.workspace.people.values()
            if person.id != COORDINATOR and not person.is_bot
        }


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hta-bench-") as name:
        folder = Path(name)
        clock_file = folder / "clock"
        clock_file.write_text("0")
        port = free_port()
        url = f"http://127.0.0.1:{port}/slack/events"
        allowed = manifest.read(ROOT / "manifest.yml")
        async with Sandbox(crowd(PEOPLE), allowed, bot_url=url, clock_file=clock_file) as sandbox:
            run = Run(sandbox, folder, port)
            await run.start()
            hurrying = asyncio.create_task(_hurry(sandbox))
            try:
                await _invite(run)
            finally:
                hurrying.cancel()
                with suppress(asyncio.CancelledError):
                    await hurrying
                if run.server:
                    await run.server.end(signal.SIGTERM)
            _tell(run)


async def _hurry(sandbox: Sandbox) -> None:
    while True:
        await asyncio.sleep(STEP)
        sandbox.clock.advance(STEP * (FASTER - 1))


async def _invite(run: Run) -> None:
    """Starts the round and waits until nobody is left; kills on the way, evenly, and weighs after each thousand."""
    sandbox, coordinator = run.sandbox, run.sandbox.person(COORDINATOR)
    sandbox.limits.are_on = True
    await coordinator.command("/hta-round", channel_id="C03RESULTS")
    await sandbox.until(lambda: coordinator.modal, LONGEST)
    await coordinator.submit({"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS", "Remind": "Never"})
    await sandbox.until(lambda: "Start now" in str(coordinator.modal), LONGEST)
    await coordinator.submit()
    kill_at = {PEOPLE * number // (KILLS + 1) for number in range(1, KILLS + 1)}
    weigh_at = {*range(EACH, PEOPLE, EACH), PEOPLE}
    for many in sorted(kill_at | weigh_at):
        await _until(partial(run.has_reached, many))
        if many in weigh_at:
            run.weigh()
        if many in kill_at:
            await run.kill()
    await _until(lambda: all(map(len, run.invitations().values())))


async def _until(condition: Callable[[], bool]) -> None:
    """Looks now and then: with each message would be ten thousand times ten thousand looks."""
    async with asyncio.timeout(LONGEST):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_AGAIN)


def _tell(run: Run) -> None:
    invitations = run.invitations()
    times = sorted(at for one in invitations.values() for at in one)
    minutes = (times[-1] - times[0]) / 60
    posts = len(times) + run.sandbox.limits.refused
    say(f"{PEOPLE:,} people are invited, {POSTS_A_MINUTE} a minute allowed, {run.kills} kill -9 on the way")
    show(
        [
            ["invited once", f"{sum(len(one) == 1 for one in invitations.values()):,}"],
            ["not invited", f"{sum(not one for one in invitations.values()):,}"],
            ["invited twice or more", f"{sum(len(one) > 1 for one in invitations.values()):,}"],
            ["calls refused with 429", f"{100 * run.sandbox.limits.refused / posts:.2f} %"],
            ["minutes on the workspace's clock", f"{minutes:.1f}"],
            ["÷ what the limits allow (aim: 1.2)", f"{minutes / (PEOPLE / POSTS_A_MINUTE):.2f}"],
            ["megabytes after each thousand", ", ".join(f"{one:.0f}" for one in run.memory)],
        ]
    )
