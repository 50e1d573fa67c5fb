"""What does a durable click cost, beside the least Bolt app with the same traffic?

Three servers take the same signed presses in turn, in one run: the bot on SQLite with full fsync, the least Bolt app that
edits as well, and Bolt doing nothing. At the end the database is read: what was acknowledged last has to stand in it.
"""

import asyncio
import gc
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles

from benchmarks import least_bolt
from benchmarks.prepared import Prepared, prepared, stored_strips
from benchmarks.presses import ITEM, Presses
from benchmarks.report import say, show
from benchmarks.servers import Server, free_port, running
from benchmarks.slack import Line, Slack, line, slack
from instrument.progress import MARKS
from sandbox.people import crowd

PEOPLE = 64
EACH = 30
"""How often each of them presses in a turn."""
ALONE = 200
"""How often one presses in a turn while nobody else does."""
TURNS = 5


@dataclass(frozen=True)
class Measured:
    """One turn of one server: processor seconds and seconds for a click, and how long each acknowledgement took."""

    processor: float
    seconds: float
    acks: Sequence[float]

    @property
    def p50(self) -> float:
        return median(self.acks)

    @property
    def p99(self) -> float:
        return quantiles(self.acks, n=100)[98]


@dataclass
class Variant:
    """A server under load. `edits`: it shows something at the response_url after each press."""

    name: str
    server: Server
    edits: bool
    together: list[Measured] = field(default_factory=list)
    alone: list[Measured] = field(default_factory=list)


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hta-bench-") as folder:
        async with slack() as ours:
            await _compare(Path(folder), ours)


async def _compare(folder: Path, ours: Slack) -> None:
    cast, secret, chance = crowd(PEOPLE), secrets.token_hex(16), Random(2021)  # noqa: S311
    began = await prepared(folder, cast)
    presses = Presses(cast, began.round, secret, ours.address)
    last: dict[str, str] = {}
    async with _variants(began, presses, secret, ours) as variants:
        # What stands now stays: the collector's rounds through it would show in the acknowledgements.
        gc.collect()
        gc.freeze()
        for turn in range(-1, TURNS):
            for variant in _rotated(variants, turn):
                marks = {one: chance.choices(sorted(MARKS), k=EACH) for one in began.people}
                single = {began.people[0]: chance.choices(sorted(MARKS), k=ALONE)}
                together = await _loaded(variant, presses, marks, ours)
                alone = await _loaded(variant, presses, single, ours)
                if turn >= 0:
                    variant.together.append(together)
                    variant.alone.append(alone)
                if variant is variants[0]:
                    last = {person: pressed[-1] for person, pressed in (marks | single).items()}
    strips = await stored_strips(folder, began.round, began.people)
    if {person: strip[ITEM.position] for person, strip in strips.items()} != last:
        raise NotStoredError("what was acknowledged last is not in the database: the figures are worthless")
    _tell(variants, len(presses.request(began.people[0], "0")))


class NotStoredError(Exception):
    """The bot did not do what was measured."""


@asynccontextmanager
async def _variants(began: Prepared, presses: Presses, secret: str, ours: Slack) -> AsyncIterator[list[Variant]]:
    edit = began.folder / "edit.json"
    edit.write_bytes(presses.edit)
    least = str(Path(least_bolt.__file__))
    async with AsyncExitStack() as stack:

        async def run(words: list[str], environment: Mapping[str, str], port: int) -> Server:
            return await stack.enter_async_context(running(words, began.folder, environment, port))

        ports = [free_port() for _ in range(3)]
        yield [
            Variant(
                "the bot, stored with full fsync",
                await run(["-m", "bot", "run"], began.bot_settings(secret, ours.address, ports[0]), ports[0]),
                edits=True,
            ),
            Variant(
                "least Bolt app with the edit",
                await run([least, str(ports[1]), secret, str(edit)], {}, ports[1]),
                edits=True,
            ),
            Variant("Bolt doing nothing", await run([least, str(ports[2]), secret], {}, ports[2]), edits=False),
        ]


async def _loaded(variant: Variant, presses: Presses, marks: Mapping[str, Sequence[str]], ours: Slack) -> Measured:
    """Everybody presses at once, each one time after the other, until all is acknowledged and shown."""
    many = sum(map(len, marks.values()))
    requests = [[presses.request(person, mark) for mark in pressed] for person, pressed in marks.items()]
    lines = [await line(variant.server.port) for _ in requests]
    processor, edits, began = variant.server.processor_seconds, ours.edits, time.perf_counter()
    acks = await asyncio.gather(*map(_pressed, lines, requests))
    seconds = time.perf_counter() - began
    if variant.edits:
        await ours.until_edits(edits + many)
    processor = variant.server.processor_seconds - processor
    for one in lines:
        one.close()
    return Measured(processor / many, seconds / many, [one for its in acks for one in its])


async def _pressed(one: Line, requests: Sequence[bytes]) -> list[float]:
    took = []
    for request in requests:
        began = time.perf_counter()
        status = await one.send(request)
        took.append(time.perf_counter() - began)
        if status != 200:
            raise RuntimeError(f"a press was answered with {status}")
    return took


def _rotated(variants: list[Variant], turn: int) -> list[Variant]:
    """Each goes first in turn, so that none is always measured on what another left behind."""
    first = turn % len(variants)
    return variants[first:] + variants[:first]


def _tell(variants: list[Variant], size: int) -> None:
    bot, least, nothing = variants
    say(f"A click of {size:,} bytes, {TURNS} turns each in one run, medians of turns")
    head = ["", "processor µs", "clicks/s", "p50 ms", "p99 ms"]
    show([[f"{PEOPLE} at once", *head[1:]], *(_row(one.name, one.together) for one in variants)])
    show([["1 at once", *head[1:]], *(_row(one.name, one.alone) for one in variants)])
    cost = [one.processor / other.processor for one, other in zip(bot.together, least.together, strict=True)]
    tail = [one.p99 / other.p99 for one, other in zip(bot.together, nothing.together, strict=True)]
    say(f"  processor time, the bot ÷ the least Bolt app: {median(cost):.2f} (aim: 1.6, then 1.0)")
    say(f"  p99 at {PEOPLE} at once, the bot ÷ Bolt doing nothing: {median(tail):.2f} (aim: 1.0)")
    say("  each person's last acknowledged answer was found in the database")


def _row(name: str, turns: list[Measured]) -> list[str]:
    return [
        name,
        f"{median(one.processor for one in turns) * 1e6:.0f}",
        f"{1 / median(one.seconds for one in turns):,.0f}",
        f"{median(one.p50 for one in turns) * 1e3:.1f}",
        f"{median(one.p99 for one in turns) * 1e3:.1f}",
    ]
