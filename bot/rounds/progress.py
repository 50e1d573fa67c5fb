"""The message in which a coordinator sees invitations go out, edited in place until all are out.

It tells how many were written to and who could not be reached; nothing of who answered.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.blocks import Message, actions, button, escape, section
from bot.context import Context
from bot.outcomes import Posted, Refused
from bot.postings import Kind
from bot.refusals import About
from bot.rounds.buttons import Do, RoundPressed
from bot.rounds.messages import CANT_BE_REACHED
from bot.rounds.views import INVITED_A_MINUTE
from bot.wording import mention
from reports.wording import listed, people
from storage import postings, rounds
from storage import progress as stored
from storage.postings import Failure, Tally
from storage.progress import Progress
from storage.rounds import Round

EVERY = timedelta(seconds=10)
"""Between two edits: Slack allows fifty a minute in a workspace."""
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)
CELLS = 20
MOST_NAMES = 20


async def show_all(context: Context) -> None:
    """Brings the messages of all open rounds up to date, where it is time."""
    for round_ in await context.unhurried.read(rounds.all_open):
        if round_.gathered_at is not None:
            await _show(context, round_)


async def _show(context: Context, round_: Round) -> None:
    now = context.now()
    tally, failures, before = await context.unhurried.read(partial(_read, round_id=round_.id, since=now - MINUTE))
    message = done(round_.id, tally, failures) if not tally.owed else under_way(tally)
    if before is None or not before.ts or (before.is_done and tally.owed):
        if tally.all and await context.unhurried.write(partial(stored.claim, round_id=round_.id, now=now, lease=LEASE)):
            outcome = await context.slack.post(round_.opened_by, message)
            if isinstance(outcome, Posted):
                began = Progress(outcome.channel_id, outcome.ts, now, now, not tally.owed)
                await context.unhurried.write(partial(stored.save, round_id=round_.id, progress=began))
    elif not before.is_done and now - before.edited_at >= EVERY:
        outcome = await context.slack.update(before.channel_id, before.ts, message)
        # What did not show is tried again, unless the message itself is gone.
        is_settled = isinstance(outcome, Posted) or (isinstance(outcome, Refused) and outcome.about is not About.APP)
        edited = replace(before, edited_at=now, is_done=is_settled and not tally.owed)
        await context.unhurried.write(partial(stored.save, round_id=round_.id, progress=edited))


def under_way(tally: Tally) -> Message:
    """A bar, how fast, and how long still."""
    gone = tally.posted + tally.failed
    full = CELLS * gone // tally.all
    rate = tally.lately or INVITED_A_MINUTE
    minutes = max(1, round(tally.owed / rate))
    left = "about a minute" if minutes == 1 else f"about {minutes:,} minutes"
    words = f"{gone:,} of {tally.all:,} invitations are out, {tally.lately:,} in the last minute; {left} left."
    return Message(
        f"The invitations to your self-assessment go out. {words}",
        (section(f"*Your invitations go out.*\n{'▓' * full}{'░' * (CELLS - full)}\n{words}"),),
    )


def done(round_id: int, tally: Tally, failures: Iterable[Failure]) -> Message:
    """All are out, and who could not be reached, and why."""
    words = f"All invitations to your self-assessment are out: {people(tally.posted)} were written to."
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for failure in failures:
        reasons[CANT_BE_REACHED.get(failure.reason, f"Slack says {failure.reason}")].append(failure.target)
    missed = [f"{_names(whom)}, because {escape(reason)}" for reason, whom in reasons.items()]
    told = f" {people(tally.failed)} could not be reached: {'; '.join(missed)}." if missed else ""
    again = button("Try again", Do.TRY_AGAIN.action_id, RoundPressed(Do.TRY_AGAIN, round_id).value)
    return Message(words + told, (section(words + told), *([actions(again)] if missed else [])))


def _names(person_ids: list[str]) -> str:
    named = [mention(one) for one in person_ids[:MOST_NAMES]]
    more = len(person_ids) - len(named)
    return listed([*named, f"{more:,} more"] if more else named)


def _read(connection: Connection, round_id: int, since: datetime) -> tuple[Tally, tuple[Failure, ...], Progress | None]:
    return (
        postings.tally(connection, round_id, Kind.INVITATION, since),
        postings.failures(connection, round_id),
        stored.of(connection, round_id),
    )
