"""Whether the bot can do its work right now, and if not, why not: for /readyz, in two seconds at most."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from bot.app import Bot
from bot.lost_keys import lost
from bot.slack import Identity
from storage import stoppages
from storage.problems import SILENT

SOON = 2.0
"""Seconds in which it is known; what takes longer is not well."""
TICK_WITHIN = 60.0
"""Seconds since the last tick ended. A tick that lists 10,000 people takes its time, and counts as soon as it began."""
LONGEST_TICK = 1800.0
LONGEST_DELIVERY = 180.0
"""Seconds that one message may take: longer than a lease."""


class Reason(StrEnum):
    """Why the bot is not ready. docs/operations.md says of each what to do."""

    DATABASE = "database"
    KEYS = "keys"
    POSTING = "posting"
    SLACK = "slack"
    SOCKET = "socket"
    TICKS = "ticks"
    DELIVERY = "delivery"


TOLD_BY_THE_DATABASE = {Reason.KEYS, Reason.POSTING}


async def reasons(bot: Bot, is_connected: Callable[[], Awaitable[bool]] | None) -> Sequence[str]:
    """Why the bot is not ready; nothing: it is. `is_connected` tells of the socket, in Socket Mode.

    Of the database it is said in a word of storage/problems.py what is wrong: "database (full)".
    """
    checks: dict[Reason, Awaitable[bool]] = {
        Reason.KEYS: _keys_are_there(bot),
        Reason.POSTING: _posting_goes_on(bot),
        Reason.SLACK: _slack_knows_us(bot),
        Reason.TICKS: _ticks(bot),
        Reason.DELIVERY: _delivers(bot),
    }
    if is_connected:
        checks[Reason.SOCKET] = is_connected()
    database, *well = await asyncio.gather(_wrong_with_the_database(bot), *(_soon(check) for check in checks.values()))
    found = [reason for reason, is_well in zip(checks, well, strict=True) if not is_well]
    if database:  # then nobody knows what it would tell of the others
        others = [reason for reason in found if reason not in TOLD_BY_THE_DATABASE]
        return [f"{Reason.DATABASE} ({database})", *others]
    return found


async def _soon(check: Awaitable[bool]) -> bool:
    try:
        async with asyncio.timeout(SOON):
            return await check
    except Exception:  # whatever it is, it is not well
        return False


async def _wrong_with_the_database(bot: Bot) -> str | None:
    try:
        async with asyncio.timeout(SOON):
            return await bot.context.database.is_writable()
    except TimeoutError:
        return SILENT


async def _keys_are_there(bot: Bot) -> bool:
    return not await lost(bot.context)


async def _posting_goes_on(bot: Bot) -> bool:
    return await bot.context.database.read(stoppages.any_of_them) is None


async def _slack_knows_us(bot: Bot) -> bool:
    return isinstance(await bot.context.slack.greet(), Identity)


async def _ticks(bot: Bot) -> bool:
    ticked_at, began_at, now = bot.schedule.ticked_at, bot.schedule.began_at, time.monotonic()
    if began_at is None:
        return True  # the first one is about to begin
    if ticked_at is not None and ticked_at >= began_at:
        return now - ticked_at < TICK_WITHIN
    return now - began_at < LONGEST_TICK


async def _delivers(bot: Bot) -> bool:
    since = bot.schedule.delivery.busy_since
    return since is None or time.monotonic() - since < LONGEST_DELIVERY
