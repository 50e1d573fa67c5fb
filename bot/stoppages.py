"""When Slack refuses whatever we post: it is kept in mind, said once in the log, and told to coordinators when it is over."""

import logging
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.blocks import Message, paragraph
from bot.context import Context
from bot.coordinators import everyone
from bot.postings import Kind
from reports.wording import when
from storage import postings, stoppages
from storage.postings import NewPosting
from storage.stoppages import Stoppage

log = logging.getLogger(__name__)


async def stop_posting(context: Context, team_id: str, word: str) -> None:
    """Slack refused with a word that is about us, or about the whole workspace."""
    begin = partial(stoppages.begin, team_id=team_id, word=word, now=context.now())
    if await context.unhurried.write(begin):
        log.error("Slack refuses all that we post; everything stays owed", extra={"error": word})


async def over(context: Context, team_id: str) -> None:
    """Slack took a message. If it was refusing them before, the coordinators are told."""
    coordinators = await everyone(context, team_id)
    ended = await context.unhurried.write(
        partial(_ended, team_id=team_id, coordinators=coordinators, now=context.now())
    )
    if ended:
        log.info("Slack takes what we post again", extra={"error": ended.word})


def _ended(connection: Connection, team_id: str, coordinators: tuple[str, ...], now: datetime) -> Stoppage | None:
    ended = stoppages.end(connection, team_id)
    if ended:
        note = f"{ended.since_at.isoformat()} {ended.word}"
        told = [NewPosting(Kind.POSTING_RESUMED, team_id, None, one, now, note) for one in coordinators]
        postings.owe(connection, told)
    return ended


def stopped(stoppage: Stoppage, zone: ZoneInfo) -> str:
    """For coordinators, while it lasts."""
    return (
        f"*HTA Bot can't post right now.* Slack has refused its messages since {when(stoppage.since_at, zone)} "
        f"({stoppage.word}). Nothing is lost: what is due is sent as soon as Slack allows it. Please tell the person who runs "
        "the bot's server."
    )


def resumed(since_at: datetime, word: str, until_at: datetime, zone: ZoneInfo) -> Message:
    """For coordinators, once it is over."""
    return paragraph(
        f"HTA Bot can post again. Slack refused its messages from {when(since_at, zone)} to {when(until_at, zone)} ({word}). "
        "Nothing was lost: what was due is being sent now."
    )


def read_note(note: str) -> tuple[datetime, str]:
    """Since when, and why: the note of a posting about it."""
    since, word = note.split()
    return datetime.fromisoformat(since), word
