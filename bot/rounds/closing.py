"""Closes self-assessments that are due: the one act that nothing brings back, so a second clock has to agree."""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from bot.context import Context
from bot.rounds import service
from bot.survey import redrawing
from storage import rounds
from storage.database import ScrubNotDone
from storage.sealing import RoundCipher

log = logging.getLogger(__name__)

TOLERANCE = timedelta(minutes=2)
"""Slack's time comes in whole seconds, and takes a while to arrive."""
UNWITNESSED = timedelta(minutes=15)
"""How long a closing waits for Slack to say the time. By then the minutes that passed are witnesses enough."""


@dataclass
class Closing:
    """Remembers since when rounds wait for a witness: by the time that passes, not by any clock."""

    context: Context
    _waiting_since: dict[int, float] = field(default_factory=dict)
    _lost_keys: frozenset[int] = frozenset()

    async def close_due(self) -> None:
        """Closes what is due, and destroys its key."""
        context = self.context
        due = await context.unhurried.read(partial(rounds.due_to_close, now=context.now()))
        self._waiting_since = {one: self._waiting_since.get(one, context.clock.monotonic()) for one in due}
        told = await context.slack.api.time() if due else None
        for round_id in due:
            now = self.agreed(round_id, told)
            cipher = await self._cipher(round_id) if now is not None else None
            if now is not None and cipher is not None:
                await self._close(round_id, cipher, now)
        context.keyring.keep_only([one.key_name for one in await context.unhurried.read(rounds.all_open)])

    def agreed(self, round_id: int, told: datetime | None) -> datetime | None:
        """The earlier of two clocks, ours and Slack's; None: there is but one, and it is too soon to believe it."""
        now, clock = self.context.now(), self.context.clock
        if told is not None:
            return min(now, clock.moved(told) + TOLERANCE)
        waited = clock.monotonic() - self._waiting_since[round_id]
        return now if waited >= UNWITNESSED.total_seconds() else None

    async def _close(self, round_id: int, cipher: RoundCipher, now: datetime) -> None:
        context = self.context
        closed = await context.unhurried.write(partial(service.close, cipher=cipher, round_id=round_id, now=now))
        if closed:
            context.keyring.destroy(closed.key_name)
            log.info("a self-assessment closed", extra={"round": round_id})
            context.tasks.start(redrawing.closed(context, replace(closed, closed_at=now)), is_dispensable=True)

    async def _cipher(self, round_id: int) -> RoundCipher | None:
        """What opens its answers. None: its key is lost, and it waits; or it has closed."""
        round_ = await self.context.unhurried.read(partial(rounds.by_id, round_id=round_id))
        if round_ is None or round_.key is None:
            return None
        if fault := self.context.keyring.fault(round_.key):
            if round_id not in self._lost_keys:
                log.error(
                    "a self-assessment can't close: its key is lost", extra={"round": round_id, "key": fault.value}
                )
            self._lost_keys |= {round_id}
            return None
        return self.context.keyring.cipher(round_.key)


async def scrub(context: Context) -> None:
    """Makes the destroyed key unreadable: its file, and what the database file still holds of it."""
    if not await context.unhurried.read(rounds.owed_scrub):
        return
    names = await context.unhurried.read(rounds.secrets_to_destroy)
    for name in names:
        context.keyring.destroy(name)
    try:
        await context.database.scrub()
    except ScrubNotDone:
        log.warning("the database could not be scrubbed yet; it is tried again at the next tick")
        return
    await context.unhurried.write(partial(rounds.mark_scrubbed, key_names=names))
