"""The one place that posts on its own: what is owed and due, one message at a time, at Slack's pace.

A posting is claimed with a lease, posted with no transaction open, and marked after. A crash between the last two posts
that one message again; nothing is lost. One bad recipient never stops the rest.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.blocks import Message
from bot.kit import Kit
from bot.slack import NotNow, Posted, Refused
from storage import postings
from storage.postings import NewPosting, Posting

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 20
PER_SECOND = 5.0
"""Slack allows "several hundred a minute" in a workspace; direct messages go to a channel each."""
BURST = 20
STUCK = timedelta(minutes=30)
"""When a message that has to arrive is tried again, after Slack refused it."""


@dataclass(frozen=True)
class Letter:
    """How one kind of posting is written and what a refusal means.

    `write` gives the message, or None where it is not wanted any more. `has_to_arrive` stays owed through refusals, and
    `instead` is then told to the coordinator, once. `mark` marks it as posted, sent or not wanted alike, with what follows
    from that in the same transaction. One that `keeps_quiet` is marked so where Slack refuses it, too: its row tells nothing.
    """

    write: Callable[[Kit, Posting], Awaitable[Message | None]]
    has_to_arrive: bool = False
    instead: Callable[[Kit, Posting], Awaitable[NewPosting | None]] | None = None
    mark: Callable[[Connection, Kit, Posting, datetime], None] | None = None
    keeps_quiet: bool = False


Letters = Mapping[str, Letter]


async def deliver_due(kit: Kit, letters: Letters) -> int:
    """Posts all that is due now; how many went out."""
    pace = Pace(PER_SECOND, BURST)
    sent = 0
    while claimed := await kit.database.write(partial(postings.claim_due, now=kit.now(), lease=LEASE, limit=BATCH)):
        for posting in claimed:
            sent += await _deliver(kit, letters, posting, pace)
    return sent


class Pace:
    """A token bucket: `burst` at once, then `per_second`."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second, self._burst = per_second, float(burst)
        self._tokens, self._at = float(burst), asyncio.get_running_loop().time()

    async def wait(self) -> None:
        now = asyncio.get_running_loop().time()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        self._tokens -= 1
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / self._per_second)


async def _deliver(kit: Kit, letters: Letters, posting: Posting, pace: Pace) -> bool:
    letter = letters[posting.kind]
    message = await letter.write(kit, posting)
    done = partial(_done, kit=kit, letter=letter, posting=posting)
    if message is None:
        await kit.database.write(partial(done, now=kit.now()))
        return False
    await pace.wait()
    match await kit.slack.post(posting.target, message):
        case Posted():
            await kit.database.write(partial(done, now=kit.now()))
            return True
        case NotNow(seconds):
            until = kit.now() + timedelta(seconds=seconds)
            await kit.database.write(partial(postings.put_off, posting_id=posting.id, until=until))
            await asyncio.sleep(min(seconds, 60))
        case Refused(error) if letter.has_to_arrive:
            log.warning("a posting was refused and stays owed", extra={"kind": posting.kind, "error": error})
            instead = await letter.instead(kit, posting) if letter.instead else None
            await kit.database.write(partial(_stuck, posting=posting, instead=instead, until=kit.now() + STUCK))
        case Refused() if letter.keeps_quiet:
            await kit.database.write(partial(done, now=kit.now()))
        case Refused(error):
            log.warning("a posting was refused", extra={"kind": posting.kind, "error": error})
            await kit.database.write(partial(postings.mark_failed, posting_id=posting.id, reason=error))
    return False


def _done(connection: Connection, kit: Kit, letter: Letter, posting: Posting, now: datetime) -> None:
    if letter.mark:
        letter.mark(connection, kit, posting, now)
    else:
        postings.mark_posted(connection, posting.id, now)


def _stuck(connection: Connection, posting: Posting, instead: NewPosting | None, until: datetime) -> None:
    postings.put_off(connection, posting.id, until)
    if instead:
        postings.owe(connection, [instead])
