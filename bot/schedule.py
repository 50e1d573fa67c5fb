"""The ticks: what is due now? The database knows; the scheduler only ticks.

A tick closes what is due, scrubs what closing owes, and lists the people of a round just started. What is owed then goes out
beside the ticks, so that inviting 10,000 people keeps no closing waiting. Any part may be cut off at any moment: what was
not done is still due at the next tick.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_sdk.errors import SlackApiError
from sqlalchemy import Connection

from bot.delivery import Delivery, Letters
from bot.kit import Kit
from bot.postings import Kind
from bot.rounds import flow, following, progress
from bot.rounds.audience import Directory, Unreadable
from storage import postings, rounds, terms
from storage.database import ScrubNotDone
from storage.postings import NewPosting
from storage.rounds import Round

log = logging.getLogger(__name__)

TICK = timedelta(seconds=5)
GATHER_AGAIN = timedelta(hours=1)
"""How soon somebody who joins a channel of the audience is asked, where those are asked too."""
LAST_MESSAGE = 8.0
"""Seconds that the message in flight gets when the bot stops."""


class Schedule:
    """Ticks every few seconds, and at once when `kit.due` is set. Ticks never overlap."""

    def __init__(self, kit: Kit, directory: Directory, letters: Letters) -> None:
        self._kit, self._directory = kit, directory
        self._delivery, self._owed = Delivery(kit, letters), asyncio.Event()
        self._clockwork = AsyncIOScheduler()
        self._ticking: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._delivering: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._clockwork.add_job(
            self._kit.due.set,
            "interval",
            seconds=TICK.total_seconds(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._clockwork.start()
        self._kit.due.set()
        self._ticking = asyncio.create_task(self._tick())
        if self._kit.clock.can_be_moved:
            self._following = asyncio.create_task(self._follow())
        self._delivering = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        """Stops at once, but for the message in flight: it is finished and marked."""
        self._clockwork.shutdown(wait=False)
        self._delivery.stop()
        self._owed.set()
        for task in filter(None, (self._following, self._ticking)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._delivering:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._delivering, LAST_MESSAGE)

    async def _tick(self) -> None:
        while True:
            await self._kit.due.wait()
            self._kit.due.clear()
            self._owed.set()
            await tick(self._kit, self._directory)
            self._owed.set()

    async def _follow(self) -> None:
        """Ticks as soon as somebody moves the clock: the scheduler goes by the machine's, which nobody moves."""
        while True:
            await self._kit.clock.sleep(TICK.total_seconds())
            self._kit.due.set()

    async def _deliver(self) -> None:
        while not self._delivery.is_stopping:
            await self._owed.wait()
            self._owed.clear()
            await _survived(self._delivery.deliver_due)


async def tick(kit: Kit, directory: Directory) -> None:
    """All that is due now, once, but for what is owed. What fails is logged, stays due, and keeps nothing else undone."""
    await _survived(partial(_close_due, kit))
    await _survived(partial(_scrub, kit))
    await _survived(partial(_share_due, kit))
    await _survived(partial(_draw_participation, kit))
    await _survived(partial(_ask_audiences, kit, directory))
    await _survived(partial(progress.show_all, kit))


async def _survived(part: Callable[[], Awaitable[object]]) -> None:
    try:
        await part()
    except Exception:
        log.exception("a part of a tick failed; it is tried again at the next one")


async def _close_due(kit: Kit) -> None:
    now = kit.now()
    for round_id in await kit.database.read(partial(rounds.due_to_close, now=now)):
        closed = await kit.database.write(partial(flow.close, round_id=round_id, now=now))
        if closed:
            kit.keyring.destroy(closed.key_name)
            log.info("a self-assessment closed", extra={"round": round_id})
    kit.keyring.keep_only([one.key_name for one in await kit.database.read(rounds.all_open)])


async def _scrub(kit: Kit) -> None:
    """Makes the destroyed key unreadable: its file, and what the database file still holds of it."""
    if not await kit.database.read(rounds.owed_scrub):
        return
    names = await kit.database.read(rounds.secrets_to_destroy)
    for name in names:
        kit.keyring.destroy(name)
    try:
        await kit.database.scrub()
    except ScrubNotDone:
        log.warning("the database could not be scrubbed yet; it is tried again at the next tick")
        return
    await kit.database.write(partial(rounds.mark_scrubbed, key_names=names))


async def _share_due(kit: Kit) -> None:
    """Results that nobody shared in days go out by themselves."""
    for round_id, closed_at in await kit.database.read(terms.not_shared):
        if flow.share_by(closed_at, kit.settings.zone) <= kit.now():
            await kit.database.write(partial(flow.share, round_id=round_id, now=kit.now()))
            log.info("results went out by themselves", extra={"round": round_id})


async def _draw_participation(kit: Kit) -> None:
    """Once a day, in the morning: a picture that could be drawn at any moment would show single people finish."""
    for round_ in await kit.database.read(rounds.all_open):
        await kit.database.write(partial(following.draw, round_id=round_.id, zone=kit.settings.zone, now=kit.now()))


async def _ask_audiences(kit: Kit, directory: Directory) -> None:
    now = kit.now()
    for round_ in await kit.database.read(partial(rounds.to_gather, now=now, again_from=now - GATHER_AGAIN)):
        sources = await kit.database.read(partial(rounds.sources_of, round_id=round_.id))
        agreed = await kit.database.read(partial(terms.of, round_id=round_.id))
        try:
            found = await directory.audience(sources, kit.now(), guests_too=agreed.guests_too)
        except SlackApiError as error:
            log.warning("the roster could not be read", extra={"error": str(error.response.get("error", ""))})
            continue
        if isinstance(found, Unreadable):
            await kit.database.write(partial(_tell_stuck, round_=round_))
            log.warning("an audience could not be read", extra={"round": round_.id, "error": found.error})
            continue
        asked = await kit.database.write(partial(flow.ask, round_id=round_.id, audience=found, now=kit.now()))
        log.info("the audience was listed", extra={"round": round_.id, "asked": asked})


def _tell_stuck(connection: Connection, round_: Round) -> None:
    note = NewPosting(Kind.AUDIENCE_STUCK, round_.team_id, round_.id, round_.opened_by, round_.opened_at)
    postings.owe(connection, [note])
