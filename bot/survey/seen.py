"""What a coordinator can see right now, for a respondent to read: the coordinator's rows, made by the same code."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.blocks import Block, Message, in_pieces, table_lines
from bot.config import Settings
from bot.payloads import Who
from bot.results import details
from bot.results import messages as results
from bot.results.by_function import by_function
from bot.rounds import following
from bot.rounds import messages as rounds_messages
from bot.rounds import service as rounds_service
from bot.wording import channel
from instrument.definition import builtin
from storage import invitations, looks, terms
from storage.looks import Look
from storage.rounds import Round

BESIDE = (
    "Whoever is in {where} can open the same rows there once the results are posted. Compare rounds sets the sections beside "
    "those of earlier self-assessments; single statements are never shown by kind of work."
)


@dataclass(frozen=True)
class Seen:
    """`words` are mrkdwn, a block each. `looks`, the latest first; None while there is nothing to look at."""

    words: tuple[str, ...]
    looks: tuple[Look, ...] | None


def seen(connection: Connection, round_: Round, who: Who, settings: Settings) -> Seen:
    """What a coordinator sees of the round. Figures are for those who were asked, and once they are everyone's."""
    if invitations.of(connection, round_.id, who.person_id) is None:
        return Seen(("You were not among those asked, so its figures are not shown to you.",), None)
    if round_.is_open:
        status = following.status(connection, round_)
        instrument = builtin(round_.instrument_version)
        shown = rounds_messages.status(status, instrument, settings.zone, settings.hta_close_now_after)
        return Seen(
            ("Nobody can see results now: there are none before closing. /hta-round shows:", *said(shown)), None
        )
    if round_.abandoned_at:
        return Seen(("Nobody sees any results: it was closed without them, and all answers are deleted.",), None)
    found = rounds_service.result(connection, round_.id)
    if found is None or looks.held_back(connection, round_.id):
        words = (
            "The results, for coordinators first. You see them here as soon as they are shared, with these same rows."
        )
        return Seen((words,), looks.of(connection, round_.id))
    instrument, snapshot = builtin(round_.instrument_version), found[1]
    staff = terms.of(connection, round_.id).staff_count
    rows = said(results.results(instrument, *found, settings.zone, private=True, work_here=staff))
    if snapshot.by_function:
        rows = [*rows, *said(by_function(instrument, snapshot, staff))]
    if statements := details.rows(instrument, snapshot):
        rows = [*rows, "*Item details*", *in_pieces(statements)]
    rows.append(BESIDE.format(where=channel(round_.results_channel)))
    return Seen(tuple(rows), looks.of(connection, round_.id))


def said(message: Message) -> list[str]:
    """A message's blocks as words: a modal takes no table, so each row is a line with the very cells. Buttons stay out."""
    return [words for block in message.blocks for words in _words(block)]


def _words(block: Block) -> Iterable[str]:
    match block["type"]:
        case "header":
            yield f"*{block['text']['text']}*"
        case "section":
            yield block["text"]["text"]
        case "context":
            yield from (element["text"] for element in block["elements"])
        case "table":
            yield from table_lines(block)
        case _:
            return
