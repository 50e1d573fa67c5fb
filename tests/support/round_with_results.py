"""A conversation in which a round has closed and a coordinator looks at it."""

from dataclasses import replace
from functools import partial

from conversation import World
from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.snapshot import FunctionRow, Snapshot
from sandbox.workspace import Message
from storage import looks, rounds, snapshots


async def closed_round(here: World, *, broken: bool = False) -> tuple[int, Snapshot]:
    """A round with results in the database, and its snapshot, as if twelve had finished. `broken`: no file can be made."""
    await here.start_round()
    (round_,) = await here.bot.context.database.read(rounds.all_open)
    answers = [Answers("nursing" if number % 2 else "security", "0123" * 15 + "13") for number in range(12)]
    snapshot = collate(builtin(), answers, asked=13, minimum=5)
    if broken:
        snapshot = replace(snapshot, by_function=(FunctionRow("nursing", ()),))
    now = here.bot.context.now()
    await here.bot.context.database.write(partial(snapshots.save, round_id=round_.id, snapshot=snapshot, now=now))
    await here.bot.context.database.write(partial(rounds.mark_closed, round_id=round_.id, now=now))
    return round_.id, snapshot


async def results(here: World) -> Message:
    return await here.command(here.coordinator, "/hta-results")


async def looked(here: World, round_id: int) -> list[str]:
    return [one.person_id for one in await here.bot.context.database.read(partial(looks.of, round_id=round_id))]
