"""What reminders are owed to a person in a conversation, and how the clock gets there."""

import asyncio
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.delivery import LEASE
from bot.postings import Kind
from conversation import World
from sandbox.driver import Actor
from storage import postings, rounds
from storage.postings import Sent


async def all_delivered(here: World) -> None:
    """Waits until nothing is due any more, but for what waits for a decent hour."""

    def is_due(connection: Connection) -> bool:
        now, row = here.bot.context.now(), postings.POSTING.c
        is_held_up = func.coalesce(row.waits_until > now + 2 * LEASE, False)  # longer than for a pause of Slack's
        due = select(row.id).where(*postings.IS_OWED, row.due_at <= now, ~is_held_up)
        return connection.execute(due).first() is not None

    here.bot.context.due.set()
    async with asyncio.timeout(10):
        while await here.bot.context.database.read(is_due):
            pass


async def move_to(here: World, at: datetime) -> None:
    here.move_clock((at - here.bot.context.now()).total_seconds())
    await all_delivered(here)


async def rows_of(here: World, person: Actor) -> tuple[Sent, ...]:
    """The reminders of this person in the newest round, owed or done."""

    def rows(connection: Connection) -> tuple[Sent, ...]:
        newest = connection.execute(select(func.max(rounds.ROUND.c.id))).scalar_one()
        return postings.of_round(connection, newest, [Kind.REMINDER], person.id)

    return await here.bot.context.database.read(rows)


async def owed_to(here: World, person: Actor) -> datetime | None:
    """When the next reminder of this person is due."""
    owed = [row.due_at for row in await rows_of(here, person) if row.is_owed]
    assert len(owed) <= 1, "at most one is owed at any moment"
    return owed[0] if owed else None
