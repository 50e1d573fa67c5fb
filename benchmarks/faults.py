"""Prints what a year of faults costs: each happens for a few seconds to a bot at work, and what came of it is counted.

A hospital of 14 is asked. Five people answer steadily while invitations go out, or reminders, or results. The bot is the real
process, next to the pretend Slack, in a fresh folder for each fault. A few faults are tried at a time.

  answers, lost             acknowledged; of these, not in the database at the end
  not invited, not sent     people, and reminders or results, that nothing was posted to and for whom nothing is owed any more
  twice                     messages that came once more to the same place, with the same words and buttons
  refused                   presses whose person read an error
  stuck                     people who did not get to the end
  press s                   seconds from the end of the fault until a press was acknowledged
  message s, last s         the same until the bot, unasked, posted a message, and the last one; -: all were out before;
                            >140: something is owed and was still not out by then

What it can't tell: each fault is tried once, so a loss of one in a hundred may not show. Faults come one by one, and for
seconds. A process dies, not a machine. The full disk is a limit on the process, and the outbound proxy carries no TLS. The
seconds are those of people who press four times a second when they read an error, of a Slack that takes most of a second for
a post, and of a machine that does other things at the same time.

FAULT="kill" tries the faults with that in their name. LOGS=folder keeps what the bot logged, a file for each.
"""

import asyncio
import os
import resource
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack

from benchmarks import fake_time
from benchmarks.fault_list import FAULTS
from benchmarks.fault_measure import LONGEST, Fault, Outcome, measured
from benchmarks.fault_trial import Needs, make_ready
from benchmarks.postgresql import Postgresql, running_postgresql
from benchmarks.report import say, show

WHICH = os.environ.get("FAULT", "")
AT_ONCE = 6
HEAD = ("", "answers", "lost", "not invited", "not sent", "twice", "refused", "stuck", "press s", "message s", "last s")
NOT_INSTALLED = "not measured: libfaketime is not installed"

Result = Outcome | str
"""What came of a fault, or why nothing can be said."""


async def main() -> None:
    began = time.monotonic()
    faults = [one for one in FAULTS if WHICH in one.name]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    make_ready()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(running_postgresql()) if Needs.POSTGRESQL in one.needs else None for one in faults
        ]
        turns = asyncio.Semaphore(AT_ONCE)
        results = await asyncio.gather(
            *(_tried(fault, server, turns) for fault, server in zip(faults, servers, strict=True))
        )
    _tell(faults, results, time.monotonic() - began)


async def _tried(fault: Fault, postgresql: Postgresql | None, turns: asyncio.Semaphore) -> Result:
    if Needs.FALSE_CLOCK in fault.needs and fake_time.library() is None:
        return NOT_INSTALLED
    async with AsyncExitStack() as turn:
        await turn.enter_async_context(turns)
        try:
            return await measured(fault, postgresql, turn)
        except Exception as error:  # whatever it is, the other faults can be measured
            return f"not measured: {type(error).__name__} {error}"


def _tell(faults: Sequence[Fault], results: Sequence[Result], seconds: float) -> None:
    say(f"{len(faults)} faults, {AT_ONCE} at a time, in {seconds:.0f} seconds")
    counted = [(fault, one) for fault, one in zip(faults, results, strict=True) if isinstance(one, Outcome)]
    show([HEAD, *(_row(fault.name, one) for fault, one in counted)])
    for fault, one in zip(faults, results, strict=True):
        if isinstance(one, str):
            say(f"  {fault.name}: {one}")
        elif one.has_ended_by_itself:
            say(f"  {fault.name}: the bot's process ended by itself")
    outcomes = [one for _, one in counted]
    say(
        f"  in all: {sum(one.lost for one in outcomes)} of {sum(one.answers for one in outcomes):,} answers lost, "
        f"{sum(one.not_invited for one in outcomes)} people not invited, "
        f"{sum(one.not_sent or 0 for one in outcomes)} reminders or results not sent, "
        f"{sum(one.twice for one in outcomes)} messages twice, {sum(one.stuck for one in outcomes)} people stuck"
    )


def _row(name: str, one: Outcome) -> list[str]:
    counts = (one.answers, one.lost, one.not_invited, one.not_sent, one.twice, one.refused, one.stuck)
    last = f">{LONGEST:.0f}" if one.late else _seconds(one.last_message_after)
    times = (_seconds(one.press_after), _seconds(one.first_message_after), last)
    return [name, *("-" if count is None else str(count) for count in counts), *times]


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f}"
