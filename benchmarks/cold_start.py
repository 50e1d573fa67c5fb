"""How soon does a press count after a start, and how much memory does it take?

From the start of the process to the first acknowledged press, on a database that stands; the least Bolt app beside it, in
turn. Once more with a look at what was imported: what only the sandbox, a migration or a document needs should not be.
"""

import secrets
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import least_bolt
from benchmarks.prepared import Prepared, prepared
from benchmarks.presses import Presses
from benchmarks.report import say, show
from benchmarks.servers import free_port, started
from benchmarks.slack import Slack, line, slack
from sandbox.people import crowd

STARTS = 5
HEAVY = ("alembic", "jsonschema", "matplotlib", "numpy", "pandas", "rich", "sandbox", "typst")
CONFESSING = """
import sys
from pathlib import Path
from bot.__main__ import main

main(["run"])
Path("modules").write_text("\\n".join(sys.modules))
"""
"""The bot, but that at its end it leaves a file with the names of all that it has imported."""


@dataclass(frozen=True)
class Start:
    """Seconds until the first acknowledged press, how many of them on the processor, and megabytes at most until then."""

    seconds: float
    processor: float
    megabytes: float


@dataclass
class Trial:
    """What starts are tried with: a database that stands, Slack, and a press that is made each time."""

    began: Prepared
    ours: Slack
    presses: Presses
    secret: str

    async def bot(self, *words: str) -> Start:
        port = free_port()
        return await self._start(words, self.began.bot_settings(self.secret, self.ours.address, port), port)

    async def least_bolt(self) -> Start:
        port = free_port()
        return await self._start((str(Path(least_bolt.__file__)), str(port), self.secret), {}, port)

    async def _start(self, words: tuple[str, ...], environment: dict[str, str], port: int) -> Start:
        request = self.presses.request(self.began.people[0], "2")
        began = time.perf_counter()
        server = await started(words, self.began.folder, environment, port)
        try:
            await server.is_up()
            status = await (await line(port)).send(request)
            seconds = time.perf_counter() - began
            if status != 200:
                raise RuntimeError(f"the first press was answered with {status}")
            return Start(seconds, server.processor_seconds, server.peak_megabytes)
        finally:
            await server.end(signal.SIGTERM)


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hta-bench-") as name:
        async with slack() as ours:
            folder, cast, secret = Path(name), crowd(1), secrets.token_hex(16)
            began = await prepared(folder, cast)
            trial = Trial(began, ours, Presses(cast, began.round, secret, ours.address), secret)
            bot, least = [], []
            for _ in range(STARTS):
                bot.append(await trial.bot("-m", "bot", "run"))
                least.append(await trial.least_bolt())
            await trial.bot("-c", CONFESSING)
            imported = (folder / "modules").read_text().splitlines()
    _tell(bot, least, imported)


def _tell(bot: list[Start], least: list[Start], imported: list[str]) -> None:
    say(f"From the start to the first acknowledged press, {STARTS} starts each in turn, medians")
    show(
        [
            ["", "seconds", "on the processor", "megabytes"],
            ["the bot, on a database that stands", *_row(bot)],
            ["least Bolt app", *_row(least)],
            ["aim", "0.6, then 0.3", "", "90, then 60"],
        ]
    )
    heavy = [name for name in HEAVY if name in imported]
    say(f"  {len(imported)} modules were imported; of {', '.join(HEAVY)}: {', '.join(heavy) or 'none'}")


def _row(starts: list[Start]) -> list[str]:
    return [
        f"{median(one.seconds for one in starts):.2f}",
        f"{median(one.processor for one in starts):.2f}",
        f"{median(one.megabytes for one in starts):.0f}",
    ]
