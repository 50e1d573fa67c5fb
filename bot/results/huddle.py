"""The results in four lines of plain text, to be copied and read out where people meet."""

from zoneinfo import ZoneInfo

from bot.blocks import Message, context, neutral, plain_section
from bot.results.messages import share, work_on
from instrument.definition import Instrument
from instrument.snapshot import Snapshot
from reports.figures import of_how_many
from reports.wording import day
from storage.rounds import Round


def huddle(
    instrument: Instrument, round_: Round, snapshot: Snapshot, zone: ZoneInfo, work_here: int | None = None
) -> Message:
    """work_here: how many people the organization has, where that is known."""
    closed = day(round_.closed_at or round_.closing_at, zone)
    lines = [
        f"Self-assessment, {closed}: {of_how_many(snapshot, work_here)}",
        f"Work on first: {_plain(work_on(instrument, snapshot))}",
        f"Share with others: {_plain(share(instrument, snapshot))}",
        f"Talk about: {_question(instrument, snapshot)}",
    ]
    words = "\n".join(lines)
    how = "Four lines to copy and read out."
    lead = "Self-assessment results in four lines, for a huddle. They follow here; only you see this message."
    return Message(neutral(lead, " ".join(lines)), (plain_section(words), context(how)))


def _question(instrument: Instrument, snapshot: Snapshot) -> str:
    """About the lowest statement of the first priority; where none is shown, about that section."""
    if not snapshot.priorities:
        return "What do we do well, and how do we know?"
    first = snapshot.priorities[0]
    item = instrument.item(first.items[0]) if first.items else None
    what = item.short if item else instrument.heading(first.section)
    return f"“{what}”. What is one step that we can take in the next 10 days?"


def _plain(mrkdwn: str) -> str:
    """mrkdwn of ours as plain text: only names were escaped in it."""
    return mrkdwn.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
