"""A workspace in which a self-assessment has closed, and what tests about goals do in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from bot.delivery import LEASE
from conversation import COORDINATOR, STAFF, World, world
from instrument.collation import Answers, collate
from instrument.definition import builtin
from reminder_rows import move_to
from sandbox.driver import Actor
from sandbox.workspace import Message
from storage import postings, rounds, snapshots
from storage.rounds import NewRound, Opened, Source, SourceKind

NEW_YORK = ZoneInfo("America/New_York")
AMARA, BEN = STAFF[:2]
START = datetime(2027, 3, 29, 13, tzinfo=NEW_YORK)
"""A Monday."""
CHANNEL = "C03RESULTS"
WORDS = "Screening starts in the clinic"


@asynccontextmanager
async def with_results(folder: Path) -> AsyncIterator[World]:
    """A workspace on 29 March 2027, in which a self-assessment has closed."""
    async with world(folder) as made:
        await move_to(made, START)
        await made.bot.context.database.write(partial(close_one, now=START))
        made.sandbox.workspace.channels[CHANNEL].members += [one for one in STAFF if one not in members(made)]
        yield made


def members(here: World) -> list[str]:
    return here.sandbox.workspace.channels[CHANNEL].members


def close_one(connection: Connection, now: datetime, low: str = "01") -> int:
    """A closed round of 24 people, in which sections 2 and 3 came out low: the marks of half of them each."""
    new = NewRound(
        "T0HOSPITAL",
        "2021-09",
        COORDINATOR,
        CHANNEL,
        5,
        None,
        now,
        "key",
        b"x",
        (Source(SourceKind.CHANNEL, "C01ALLSTAFF"),),
    )
    opened = rounds.open_round(connection, new, now - timedelta(days=14))
    assert isinstance(opened, Opened)
    answers = [
        Answers("nursing", "".join(mark if item.id.startswith(("c2", "c3")) else "2" for item in builtin().items))
        for mark in low * 12
    ]
    snapshots.save(connection, opened.round.id, collate(builtin(), answers, asked=30, minimum=5), now)
    rounds.mark_closed(connection, opened.round.id, now)
    return opened.round.id


async def plan(here: World) -> Message:
    return await here.command(here.coordinator, "/hta-goals")


async def set_goal(here: World, **fields: Any) -> None:
    await here.press(here.coordinator, "Add goal", await plan(here))
    chosen = {"Competency": "2 Risk", "Goal": WORDS, "Due in": "10 days: Thu 8 April"} | fields
    done = await here.coordinator.submit(chosen)
    await here.rest()
    assert done.errors is None, done.errors


def channel(here: World) -> list[Message]:
    """The check-ins."""
    return [one for one in here.sandbox.channel(CHANNEL) if one.text.startswith("Check-in")]


def digests(here: World) -> list[str]:
    return [one.text for one in here.sandbox.channel(CHANNEL) if one.text.startswith("Where our plan stands")]


async def at(here: World, day: str, hour: str = "10:00", zone: ZoneInfo = NEW_YORK) -> None:
    """Moves the clock to this minute, and waits until all that is due has gone out."""
    moment = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), zone)
    here.move_clock((moment + timedelta(seconds=5) - here.bot.context.now()).total_seconds())
    await all_out(here)


async def all_out(here: World) -> None:
    """Waits until nothing can go out any more; what waits for the day, or for a place, may be owed still."""

    def is_going_out(connection: Connection) -> bool:
        row, now = postings.POSTING.c, here.bot.context.now()
        free_soon = or_(row.waits_until.is_(None), row.waits_until <= now + 2 * LEASE)
        return (
            connection.execute(select(row.id).where(*postings.IS_OWED, row.due_at <= now, free_soon)).first()
            is not None
        )

    here.bot.context.due.set()
    async with asyncio.timeout(10):
        while await here.bot.context.database.read(is_going_out):
            pass


def asked(here: World, person: str, words: str) -> list[Message]:
    return [one for one in here.person(person).dm if words in str(one.blocks)]


async def answer(here: World, person: Actor, label: str) -> str:
    """Presses in the newest check-in; how it reads then."""
    await here.press(person, label, channel(here)[-1])
    return channel(here)[-1].text


def stories(here: World, person: str) -> list[Message]:
    return [one for one in here.person(person).dm if "tells you what came of the answers" in one.text]


def drafts(here: World) -> list[Message]:
    """What the coordinator got to edit and send."""
    return [one for one in here.coordinator.dm if "Here is a draft" in one.text]
