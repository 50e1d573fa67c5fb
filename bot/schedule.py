"""The ticks, and what each does. The database knows what is due; the scheduler only ticks.

A tick closes what is due, scrubs what closing owes, and lists the people of a round just started. What is owed then goes out
beside the ticks, so that inviting 10,000 people keeps no closing waiting. Any part may be cut off at any moment: what was
not done is still due at the next tick.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from bot import scopes
from bot.awaited_keys import let_go
from bot.context import Context
from bot.delivery import Delivery, Letters
from bot.next_due import next_due_at
from bot.next_due_file import NextDueFile
from bot.outcomes import CallFailed, word_of
from bot.postings import Kind
from bot.rounds import following, progress, service
from bot.rounds.audience import Directory, Unreadable
from bot.rounds.closing import Closing, scrub
from storage import postings, rounds, terms
from storage.postings import NewPosting
from storage.rounds import Round

log = logging.getLogger(__name__)

TICK = timedelta(seconds=5)
GREET_AGAIN = 3600.0
"""Seconds between two greetings: each tells us the time, our scopes, and whether Slack still knows us."""
FIRST_WORD = 5.0
"""Seconds that the first tick waits for Slack to say the time."""
GATHER_AGAIN = timedelta(hours=1)
"""How soon somebody who joins a channel of the audience is asked, where those are asked too."""
STORE_AGAIN = 1.0
"""Seconds until the database is tried again that did not take what came of a message."""
LAST_MESSAGE = 6.0
"""Seconds that the message in flight gets when the bot stops."""


class Schedule:
    """Ticks every few seconds, and at once when `context.due` is set. Ticks never overlap.

    began_at, ticked_at: when the last tick began, and when one ended, in seconds of time.monotonic; None before the first.
    """

    def __init__(self, context: Context, directory: Directory, letters: Letters) -> None:
        self._context, self._directory, self.closing = context, directory, Closing(context)
        self.delivery, self._owed = Delivery(context, letters), asyncio.Event()
        self._next_due = NextDueFile(file) if (file := context.settings.hta_clock_file) else None
        self._clockwork = AsyncIOScheduler()
        self._job: Any = None
        self._fired_at = time.monotonic()
        self._greeted_at = time.monotonic()
        self._lacking: dict[str, str] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._delivering: asyncio.Task[None] | None = None
        self._is_ticking = self._is_delivering = False
        self.began_at: float | None = None
        self.ticked_at: float | None = None

    async def start(self) -> None:
        """From now on it ticks."""
        await self._context.unhurried.write(
            partial(postings.start_afresh, is_alone=self._context.settings.database_url.startswith("sqlite"))
        )
        self._job = self._clockwork.add_job(
            self._fire,
            "interval",
            seconds=TICK.total_seconds(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._clockwork.start()
        self._context.due.set()
        self._tasks = [asyncio.create_task(one) for one in (self._tick(), self._keep_time())]
        if self._context.clock.can_be_moved:
            self._tasks.append(asyncio.create_task(self._follow()))
        self._delivering = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        """Stops at once, but for the message in flight: it is finished and marked."""
        if self._clockwork.running:
            self._clockwork.shutdown(wait=False)
        self.delivery.stop()
        self._owed.set()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._delivering:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._delivering, LAST_MESSAGE)
        if self._next_due:
            self._next_due.remove()

    async def _fire(self) -> None:
        self._fired_at = time.monotonic()
        self._context.due.set()

    async def _tick(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_WORD):
                await self._greet()
        while True:
            await self._context.due.wait()
            self._context.due.clear()
            self._owed.set()
            self.began_at = time.monotonic()
            self._is_ticking = True
            await tick(self._context, self._directory, self.closing)
            self._is_ticking = False
            self.ticked_at = time.monotonic()
            await _survived(self._say_what_is_next)
            self._owed.set()

    async def _keep_time(self) -> None:
        """Sees to it that the ticks go on evenly.

        APScheduler goes by the machine's clock: where that is set back, it would wait until the old time comes again.
        """
        while True:
            await asyncio.sleep(TICK.total_seconds())
            if time.monotonic() - self._fired_at > 2 * TICK.total_seconds():
                self._job.modify(next_run_time=datetime.now(UTC))
            self._context.now()  # looks at the clock, where nothing else does
            if self._context.clock.needs_word or time.monotonic() - self._greeted_at > GREET_AGAIN:
                await _survived(self._greet)

    async def _greet(self) -> None:
        """Asks Slack who we are, and twice where its word on the time has to be confirmed."""
        self._greeted_at = time.monotonic()
        await self._context.slack.greet()
        if self._context.clock.needs_word:
            await self._context.slack.greet()
        self._look_at_scopes()

    def _look_at_scopes(self) -> None:
        """Says what the workspace has not granted, once for each change."""
        lacking = scopes.missing(self._context.slack.api.granted)
        if lacking and lacking != self._lacking:
            for scope, fails in lacking.items():
                log.error("the app lacks a scope; install it again", extra={"scope": scope, "so": fails})
        self._lacking = lacking

    async def _follow(self) -> None:
        """Ticks as soon as somebody moves the clock: the scheduler goes by the machine's, which nobody moves."""
        while True:
            await self._context.clock.sleep(TICK.total_seconds())
            self._context.due.set()

    async def _deliver(self) -> None:
        while not self.delivery.is_stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._owed.wait(), None if self.delivery.has_stored_all else STORE_AGAIN)
            self._owed.clear()
            self._is_delivering = True
            await _survived(self.delivery.deliver_due)
            self._is_delivering = False
            # During a tick the tick says it: a scrub would have to wait for whoever reads beside it.
            if not self._is_ticking:
                await _survived(self._say_what_is_next)
        if not self.delivery.has_stored_all:
            await _survived(self.delivery.deliver_due)

    async def _say_what_is_next(self) -> None:
        """Where the clock can be moved. What is being delivered is due still, although it is claimed until later."""
        if self._next_due:
            context = self._context
            ask = partial(next_due_at, now=context.now(), zone=context.settings.zone, off=context.settings.off)
            at = await context.unhurried.read(ask)
            self._next_due.write(context.now() if self._is_delivering else at)


async def tick(context: Context, directory: Directory, closing: Closing) -> None:
    """All that is due now, once, but for what is owed. What fails is logged, stays due, and keeps nothing else undone.

    bot/next_due.py says of each part when it next has something to do.
    """
    await _survived(partial(let_go, context))
    await _survived(closing.close_due)
    await _survived(partial(scrub, context))
    await _survived(partial(_share_due, context))
    await _survived(partial(_draw_participation, context))
    await _survived(partial(_ask_audiences, context, directory))
    await _survived(partial(progress.show_all, context))


async def _survived(part: Callable[[], Awaitable[object]]) -> None:
    try:
        await part()
    except Exception:
        log.exception("a part of a tick failed; it is tried again at the next one")


async def _share_due(context: Context) -> None:
    """Results that nobody shared in days go out by themselves."""
    for round_id, closed_at in await context.unhurried.read(terms.not_shared):
        if service.share_by(closed_at, context.settings.zone, context.settings.off) <= context.now():
            await context.unhurried.write(partial(service.share, round_id=round_id, now=context.now()))
            log.info("results went out by themselves", extra={"round": round_id})


async def _draw_participation(context: Context) -> None:
    """Once a day, in the morning: a picture that could be drawn at any moment would show single people finish."""
    for round_ in await context.unhurried.read(rounds.all_open):
        if round_.key is None or context.keyring.fault(round_.key):
            continue
        draw = partial(following.draw, cipher=context.keyring.cipher(round_.key), round_id=round_.id)
        await context.unhurried.write(partial(draw, zone=context.settings.zone, now=context.now()))


async def _ask_audiences(context: Context, directory: Directory) -> None:
    now = context.now()
    for round_ in await context.unhurried.read(partial(rounds.to_gather, now=now, again_from=now - GATHER_AGAIN)):
        sources = await context.unhurried.read(partial(rounds.sources_of, round_id=round_.id))
        agreed = await context.unhurried.read(partial(terms.of, round_id=round_.id))
        try:
            found = await directory.audience(sources, context.now(), guests_too=agreed.guests_too)
        except CallFailed as failed:
            log.warning("the roster could not be read", extra={"error": word_of(failed.outcome)})
            continue
        if isinstance(found, Unreadable):
            await context.unhurried.write(partial(_tell_stuck, round_=round_))
            log.warning("an audience could not be read", extra={"round": round_.id, "error": found.error})
            continue
        asked = await context.unhurried.write(
            partial(service.ask, round_id=round_.id, audience=found, now=context.now())
        )
        log.info("the audience was listed", extra={"round": round_.id, "asked": asked})


def _tell_stuck(connection: Connection, round_: Round) -> None:
    note = NewPosting(Kind.AUDIENCE_STUCK, round_.team_id, round_.id, round_.opened_by, round_.opened_at)
    postings.owe(connection, [note])
