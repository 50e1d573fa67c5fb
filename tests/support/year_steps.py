"""A year of goals in a conversation with the bot's own process."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from bot.delivery import LEASE
from bot_process import LONG, RESULTS, Beside
from conversation import STAFF
from goals_world import close_one
from sandbox.workspace import Message
from storage import postings
from storage.database import Database, read_once

NEW_YORK, LOS_ANGELES = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
START = datetime(2027, 5, 21, 15, tzinfo=NEW_YORK)
"""A Friday. In 3 and 6 months and in a year it is a weekend."""


AMARA, BEN, GRACE = STAFF[0], STAFF[1], STAFF[6]
GOALS = {
    "10 days: Mon 31 May": AMARA,
    "1 month: Mon 21 June": AMARA,
    "3 months: Sat 21 August": AMARA,
    "6 months: Sun 21 November": GRACE,
    "1 year: Sun 21 May 2028": AMARA,
}
"""When each is due, as the form says it, and who owns it. Grace lives in Los Angeles."""


QUIET = 0.02
"""Seconds: several looks at the clock, and a tick."""


@dataclass(frozen=True)
class Came:
    """When a message came, by the clocks where it is read."""

    at: datetime
    message: Message

    @property
    def day(self) -> str:
        return self.at.date().isoformat()


async def set_the_goals(here: Beside, folder: Path) -> None:
    """On the day on which the plan starts; the bot is up then."""
    advance_to(here, START)
    database = Database(f"sqlite:///{folder / 'hta.db'}")
    await database.open()
    await database.write(partial(close_one, now=START))
    await database.close()
    here.sandbox.workspace.channels[RESULTS].members += [AMARA, BEN]
    await here.bot.start()
    for due_in, owner in GOALS.items():
        await here.press(here.coordinator, "Add goal", await here.command(here.coordinator, "/hta-goals"))
        filled = {"Competency": "2 Risk", "Goal": f"For {due_in}", "Due in": due_in, "Owner": owner}
        assert (await here.coordinator.submit(filled)).errors is None


async def look_at(here: Beside, day: str, hour: str) -> None:
    """Moves the clock there, and waits until the bot does nothing any more."""
    advance_to(here, moment(day, hour))
    await here.sandbox.settled(QUIET)


async def all_out(here: Beside) -> None:
    """Waits until nothing that is due is owed any more, but for what waits for the day."""
    url = f"sqlite:///{here.bot.folder / 'hta.db'}"

    def is_going_out(connection: Connection) -> bool:
        row = postings.POSTING.c
        held_up = func.coalesce(row.waits_until > now(here) + 2 * LEASE, False)
        owed = select(row.id).where(*postings.IS_OWED, row.due_at <= now(here), ~held_up)
        return connection.execute(owed).first() is not None

    async with asyncio.timeout(LONG):
        while await asyncio.to_thread(read_once, url, is_going_out):
            pass


def now(here: Beside) -> datetime:
    return datetime.fromtimestamp(here.sandbox.clock.now(), UTC)


def advance_to(here: Beside, at: datetime) -> None:
    """To a second after that, so that what is due then is due."""
    here.sandbox.clock.advance((at - now(here)).total_seconds() + 1)


def moment(day: str, hour: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), NEW_YORK)


def came(message: Message, zone: ZoneInfo) -> Came:
    return Came(datetime.fromtimestamp(float(message.ts), zone), message)
