"""Tries a fault, and counts what came of it: what was lost, what came twice, and how soon everything went on."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from benchmarks.arrivals import Kind
from benchmarks.fault_losses import POSTED, THE_ROUND, Stored, When, missing, stored
from benchmarks.fault_trial import ASKED, Needs, Trial, laid_out
from benchmarks.postgresql import Postgresql
from benchmarks.respondents import Respondent
from bot.postings import Kind as Posted
from storage import postings
from storage.database import read_once
from storage.postings import Sent

LONGEST = 140.0
"""Seconds after the end of a fault in which everything should be done: longer than a lease, which is two minutes."""
ENOUGH = 60.0
"""Seconds for each step that leads up to a fault, on a machine that does other things."""
WITHOUT_END = 300.0
"""Seconds after which a trial counts as hanging."""
LOOK_AGAIN = 0.25
"""Seconds between two looks into the database."""
SOON = 120.0
"""Seconds within which what is tried again is tried again; reminders and check-ins are due in days."""
A_MOMENT = 2.0
"""Seconds after the instant at which the reminders are due."""


Happen = Callable[[Trial], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong. `happen` makes it so, and returns as soon as it is over."""

    name: str
    happen: Happen
    when: When = When.INVITING
    needs: Needs = Needs.NOTHING

    @property
    def all_needs(self) -> Needs:
        return self.needs | (Needs.MOVED_CLOCK if self.when is When.REMINDING else Needs.NOTHING)


@dataclass(frozen=True)
class Outcome:
    """What came of a fault. Seconds count from its end; None: it never came, or all had come before.

    not_sent: reminders, or results; None where none was due. late: messages that are owed at the end and still go out.
    refused: presses that were not acknowledged. stuck: of those who answer, who did not reach the end.
    """

    answers: int
    lost: int
    not_invited: int
    not_sent: int | None
    late: int
    twice: int
    refused: int
    stuck: int
    press_after: float | None
    first_message_after: float | None
    last_message_after: float | None
    has_ended_by_itself: bool


async def measured(fault: Fault, postgresql: Postgresql | None, turn: AsyncExitStack) -> Outcome:
    """Tries it once. Raises TimeoutError where things don't get as far as the fault, or never end.

    `turn` is closed as soon as only messages are waited for, which keeps no processor busy.
    """
    with TemporaryDirectory(prefix="hta-bench-") as name:
        chance = Random(fault.name)  # noqa: S311 -- the same each time
        async with (
            asyncio.timeout(WITHOUT_END),
            laid_out(Path(name), fault.all_needs, postgresql, chance, fault.name) as trial,
        ):
            looking_on = [one.look_on() for one in trial.onlookers] if fault.when is When.CLOSING else []
            async with _running(trial.arrivals.watch()):
                async with _running(*(one.answer() for one in trial.respondents), *looking_on):
                    over_at = await _through(fault, trial)
                    trial.pace.seconds = 0.0
                    await _until_done(trial, fault.when, over_at, turn)
                await trial.sandbox.settled()
            await trial.bot.end(signal.SIGTERM)
            at_the_end = await asyncio.to_thread(read_once, trial.url, partial(stored, trial=trial))
            return _outcome(trial, fault.when, over_at, at_the_end)


@asynccontextmanager
async def _running(*work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Runs it while the context lasts. What it raises is raised at the end."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def _through(fault: Fault, trial: Trial) -> float:
    """Lets things go as far as the fault, and through it. When it was over, in seconds of time.monotonic()."""
    match fault.when:
        case When.STARTING:
            over_at, _ = await asyncio.gather(_timed(fault, trial), trial.start_round())
            return over_at
        case When.INVITING:
            await trial.start_round()
            await _until_answering(trial)
            return await _timed(fault, trial)
        case When.REMINDING:
            await trial.start_round()
            await _until_answering(trial)
            await _until_reminders(trial)
            return await _timed(fault, trial)
        case When.CLOSING:
            trial.pace.seconds = 0.0
            await trial.start_round()
            await trial.sandbox.until(lambda: all(one.has_finished for one in trial.respondents), ENOUGH)
            await trial.sandbox.until(lambda: len(trial.arrivals.places(Kind.INVITATION)) == ASKED, ENOUGH)
            close_now = await trial.closing()
            await close_now()
            return await _timed(fault, trial)


async def _timed(fault: Fault, trial: Trial) -> float:
    await fault.happen(trial)
    return time.monotonic()


async def _until_answering(trial: Trial) -> None:
    await trial.sandbox.until(lambda: all(one.acknowledged for one in trial.respondents), ENOUGH)


async def _until_reminders(trial: Trial) -> None:
    """Waits until everybody's reminder is planned, skips the days until they are due, and waits for the first."""
    due_at: list[datetime] = []
    async with asyncio.timeout(ENOUGH):
        while len(due_at) < ASKED:
            await asyncio.sleep(LOOK_AGAIN)
            planned = await asyncio.to_thread(read_once, trial.url, _reminders)
            due_at = [one.due_at for one in planned]
    clock = trial.sandbox.clock
    clock.advance(max(due_at).timestamp() - clock.now() + A_MOMENT)
    await trial.sandbox.until(lambda: trial.arrivals.places(Kind.REMINDER), ENOUGH)


def _reminders(connection: Connection) -> tuple[Sent, ...]:
    return postings.of_round(connection, THE_ROUND, [Posted.REMINDER])


async def _until_done(trial: Trial, when: When, over_at: float, turn: AsyncExitStack) -> None:
    """Waits until everybody has finished, everything has come and nothing is tried again; at most LONGEST."""
    people = trial.onlookers if when is When.CLOSING else trial.respondents
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST):
            await trial.sandbox.until(lambda: _press_after(people, over_at) is not None, LONGEST)
            await trial.sandbox.until(lambda: all(one.has_finished for one in trial.respondents), LONGEST)
            await turn.aclose()
            await trial.sandbox.until(lambda: not missing(trial, when), LONGEST)
            while await asyncio.to_thread(read_once, trial.url, partial(_is_owed, now=trial.sandbox.clock.now())):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_AGAIN)


def _is_owed(connection: Connection, now: float) -> bool:
    """Whether anything is due now, or is put off for so short a time that it is due again."""
    next_at = postings.next_due_at(connection)
    return next_at is not None and next_at.timestamp() < now + SOON


def _outcome(trial: Trial, when: When, over_at: float, at_the_end: Stored) -> Outcome:
    people = [*trial.respondents, *trial.onlookers]
    sent = [one.at - over_at for one in trial.arrivals.of(*POSTED) if one.at > over_at]
    absent = missing(trial, when)
    lost = [one for one in absent if not at_the_end.still_comes(one)]
    not_invited = sum(one.kind is Kind.INVITATION for one in lost)
    return Outcome(
        answers=sum(len(one.acknowledged) for one in trial.respondents),
        lost=at_the_end.lost_answers(trial.respondents),
        not_invited=not_invited,
        not_sent=len(lost) - not_invited if when in (When.REMINDING, When.CLOSING) else None,
        late=len(absent) - len(lost),
        twice=trial.arrivals.repeats,
        refused=sum(not press.is_taken for one in people for press in one.presses),
        stuck=sum(not one.has_finished for one in trial.respondents),
        press_after=_press_after(people, over_at),
        first_message_after=min(sent, default=None),
        last_message_after=max(sent, default=None),
        has_ended_by_itself=trial.bot.has_ended_by_itself,
    )


def _press_after(people: Sequence[Respondent], over_at: float) -> float | None:
    """Seconds from the end of the fault to the first press that was acknowledged; None: none was."""
    taken = (press.at - over_at for one in people for press in one.presses if press.is_taken and press.at >= over_at)
    return min(taken, default=None)
