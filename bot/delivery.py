"""The one place that posts what is owed and due, one message at a time, at Slack's pace.

A posting is claimed with a lease, posted with no transaction open, and marked after. One is in flight at a time, so that a
crash repeats that one at most; nothing is lost. Where it can't be marked, it is known here as posted, and no other sets out
until it is (bot/unstored.py). One bad recipient never stops the rest, and what may not wait overtakes what is patient. Only a
refusal that is about the recipient is final (bot/refusals.py).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.blocks import Message, Upload
from bot.context import Context
from bot.outcomes import NotNow, Outcome, Posted, Refused, Uploaded, UploadOutcome
from bot.refusals import About
from bot.stoppages import over, stop_posting
from bot.unstored import Unstored
from storage import postings
from storage.postings import NewPosting, Posting
from storage.problems import DatabaseSilent, cause_of, is_outside, reason_of

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
SPARE = timedelta(seconds=40)
"""What must be left of a lease when a message sets out: a call, and the three of an upload, take 30 seconds at most."""
BATCH = 20
STUCK = timedelta(minutes=30)
"""When a message that has to arrive is tried again, after Slack refused it; and one that can't be written for a bug."""
UNREAD = timedelta(seconds=5)
"""When a message is tried again that could not be written since the database did not answer."""
UNREACHED = timedelta(minutes=1)
"""When a message that did not reach Slack is tried again; others go before it."""
STOPPED = timedelta(seconds=5)
"""When a message is tried again that Slack refused since it refuses all; others go before it."""
UNFIT, LONGEST_UNFIT = timedelta(seconds=10), timedelta(hours=6)
"""When a message is tried again that Slack refused for what is in it: four times as late each time."""
MANY_UNFIT = 5
"""So many of them in a row are more than bad messages: Slack may refuse all with a word that nobody knows yet."""
LONGEST_PAUSE = 60.0
"""Seconds between two tries while Slack takes nothing. The first pause is one second, and each is twice the last."""


Mark = Callable[[Connection, Context, Posting, datetime], None]


@dataclass(frozen=True)
class NotBefore:
    """It is still owed, and due again at this instant: now is the wrong hour."""

    at: datetime


@dataclass(frozen=True)
class Letter:
    """How one kind of posting is written and what a refusal means.

    `write` gives the message, or a file for the channel, when else it may go, or None where it is not wanted any more.
    `has_to_arrive` stays owed through refusals, and `instead` is then told to the coordinator, once. `is_patient`: goes to
    very many people, and lets all else go first. `mark` marks it as posted, sent or not wanted alike, with what follows from
    that in the same transaction. One that `keeps_quiet` is marked so where Slack refuses it, too: its row tells nothing.
    One that `leads_on` is where a person begins to answer.
    """

    write: Callable[[Context, Posting], Awaitable[Message | Upload | NotBefore | None]]
    has_to_arrive: bool = False
    instead: Callable[[Context, Posting], Awaitable[NewPosting | None]] | None = None
    is_patient: bool = False
    mark: Mark | None = None
    keeps_quiet: bool = False
    leads_on: bool = False


Letters = Mapping[str, Letter]


class Delivery:
    """Posts what is due until it is told to stop. Any number of processes may each have one.

    busy_since: since when a message is under way, in seconds of time.monotonic; None: none is.
    """

    def __init__(self, context: Context, letters: Letters) -> None:
        self._context, self._letters = context, letters
        self._patient = [kind for kind, letter in letters.items() if letter.is_patient]
        self._pace = context.slack.posting
        self._unstored = Unstored(context)
        self._stopping = asyncio.Event()
        self._misses = self._unfit = 0
        self.busy_since: float | None = None
        self._may_be_stopped = True  # a process before this one may have left it so

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    @property
    def has_stored_all(self) -> bool:
        """Whether what came of all messages so far is in the database; otherwise `deliver_due` should be called soon."""
        return self._unstored.is_empty

    def stop(self) -> None:
        """The message in flight is finished and marked; no other sets out."""
        self._stopping.set()

    async def deliver_due(self) -> int:
        """Posts all that is due now; how many went out. What the database did not take before is stored first."""
        sent = 0
        while await self._unstored.try_again() and not self._stopping.is_set():
            ends = self._context.now() + LEASE
            claimed = await self._claim(ends)
            if not claimed:
                break
            for place, posting in enumerate(claimed):
                if not (self.has_stored_all and await self._may_go()) or self._is_late(ends):
                    await self._release(claimed[place:], ends)
                    break
                sent += await self._tried(posting, ends)
        return sent

    def _is_late(self, ends: datetime) -> bool:
        """Whether a message that sets out now may outlast the lease."""
        return self._context.now() >= ends - SPARE

    async def _release(self, claimed: Sequence[Posting], ends: datetime) -> None:
        ids = [one.id for one in claimed]
        await self._unstored.store(partial(postings.release, posting_ids=ids, claimed_until=ends))

    async def _claim(self, ends: datetime) -> tuple[Posting, ...]:
        claim = partial(postings.claim_due, now=ends - LEASE, lease=LEASE, limit=BATCH, patient=self._patient)
        try:
            return await self._context.unhurried.write(claim)
        except DatabaseSilent as silent:
            if silent.may_be_stored:
                await self._unstored.store(partial(postings.release_claim, claimed_until=ends))
            raise

    async def _may_go(self) -> bool:
        """Waits for the pace; False: we are to stop."""
        clock = self._context.clock
        now = clock.monotonic()
        at = self._pace.next_at(now)
        if at > now and not self._stopping.is_set():
            waits = [asyncio.ensure_future(one) for one in (clock.until(at), self._stopping.wait())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
        return not self._stopping.is_set()

    async def _tried(self, posting: Posting, ends: datetime) -> bool:
        """Whether it was posted. What can't be is put off, so that it stops nobody."""
        self.busy_since = time.monotonic()
        try:
            return await self._deliver(posting, ends)
        except Exception as error:
            extra = {"kind": posting.kind}
            if is_outside(error):
                extra |= {"reason": reason_of(error), "error": cause_of(error)}
                log.warning("a message waits for the database", extra=extra)
            else:
                log.exception("a posting could not be written; it is tried again later", extra=extra)
            await self._put_off(posting, UNREAD if is_outside(error) else STUCK)
            return False
        finally:
            self.busy_since = None

    async def _deliver(self, posting: Posting, ends: datetime) -> bool:
        """Whether it was posted."""
        if mark := self._unstored.mark_of(posting):
            await self._unstored.mark(posting, mark)
            return False
        message = await self._letters[posting.kind].write(self._context, posting)
        if message is None:
            await self._mark_posted(posting)
            return False
        if isinstance(message, NotBefore):
            await self._unstored.store(partial(postings.put_off, posting_id=posting.id, until=message.at))
            return False
        if self._is_late(ends):
            # Writing took so long that another process may have it by now.
            await self._release([posting], ends)
            return False
        return await self._settle(posting, await self._send(posting.target, message))

    async def _send(self, target: str, message: Message | Upload) -> Outcome | UploadOutcome:
        match message:
            case Upload():
                return await self._context.slack.upload(target, message)
            case Message():
                return await self._context.slack.post(target, message)

    async def _settle(self, posting: Posting, outcome: Outcome | UploadOutcome) -> bool:
        letter = self._letters[posting.kind]
        if not isinstance(outcome, NotNow):
            self._pace.went(self._context.clock.monotonic())
        match outcome:
            case Posted() | Uploaded():
                if letter.leads_on and isinstance(outcome, Posted) and posting.round_id is not None:
                    self._context.living.begin(posting.round_id, posting.target, (outcome.channel_id, outcome.ts))
                await self._mark_posted(posting)
            case NotNow(seconds, by_limit=True):
                await self._put_off(posting, timedelta(seconds=seconds))
            case NotNow():
                self._pause("Slack can't be reached; what is owed waits")
                await self._put_off(posting, UNREACHED)
            case Refused(error, About.APP | About.MOMENT):
                self._pause("Slack refuses what we post; what is owed waits")
                self._may_be_stopped = True
                await stop_posting(self._context, posting.team_id, error)
                await self._put_off(posting, STOPPED)
            case Refused(error, About.MESSAGE):
                await self._put_off_unfit(posting, error)
            case Refused(error) if letter.has_to_arrive:
                log.warning("a posting was refused and stays owed", extra={"kind": posting.kind, "error": error})
                instead = await letter.instead(self._context, posting) if letter.instead else None
                until = self._context.now() + STUCK
                await self._unstored.store(partial(_stuck, posting=posting, instead=instead, until=until))
            case Refused() if letter.keeps_quiet:
                await self._mark_posted(posting)
            case Refused(error):
                log.warning("a posting was refused", extra={"kind": posting.kind, "error": error})
                await self._unstored.store(partial(postings.mark_failed, posting_id=posting.id, reason=error))
        is_posted = isinstance(outcome, Posted | Uploaded)
        if is_posted or (isinstance(outcome, Refused) and outcome.about is About.TARGET):
            await self._goes_again(posting)
        return is_posted

    async def _put_off_unfit(self, posting: Posting, error: str) -> None:
        """Slack refuses what is in the message, or says a word that we don't know: this one waits, and longer each time."""
        self._unfit += 1
        wait = min(LONGEST_UNFIT, UNFIT * 4 ** min(posting.attempts, 9))
        extra = {"kind": posting.kind, "error": error, "again_in_seconds": round(wait.total_seconds())}
        log.error("Slack refuses a message for what is in it; it stays owed", extra=extra)
        if self._unfit >= MANY_UNFIT:
            self._pause("Slack refuses one message after the other; what is owed waits")
        await self._put_off(posting, wait, is_unfit=True)

    async def _mark_posted(self, posting: Posting) -> None:
        mark = self._letters[posting.kind].mark
        now = self._context.now()
        if mark:
            await self._unstored.mark(posting, lambda connection: mark(connection, self._context, posting, now))
        else:
            await self._unstored.mark(posting, partial(postings.mark_posted, posting_id=posting.id, now=now))

    async def _put_off(self, posting: Posting, wait: timedelta, *, is_unfit: bool = False) -> None:
        later = partial(postings.put_off, posting_id=posting.id, until=self._context.now() + wait, is_unfit=is_unfit)
        await self._unstored.store(later)

    def _pause(self, why: str) -> None:
        if self._misses == 0:
            log.warning(why)
        self._pace.pause(self._context.clock.monotonic(), min(LONGEST_PAUSE, 2.0**self._misses))
        self._misses = min(self._misses + 1, 10)

    async def _goes_again(self, posting: Posting) -> None:
        """Slack took a message: whatever was the matter is over."""
        if self._misses:
            log.info("Slack takes messages again")
        self._misses = self._unfit = 0
        if self._may_be_stopped and self.has_stored_all:
            try:
                await over(self._context, posting.team_id)
            except Exception:  # whatever it is, this message is done, and the next one says it
                log.exception("that Slack takes messages again could not be stored")
            else:
                self._may_be_stopped = False


def _stuck(connection: Connection, posting: Posting, instead: NewPosting | None, until: datetime) -> None:
    postings.put_off(connection, posting.id, until)
    if instead:
        postings.owe(connection, [instead])
