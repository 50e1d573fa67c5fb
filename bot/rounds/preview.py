"""Every message of a self-assessment, shown to a coordinator before it starts."""

import itertools
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.blocks import Block, Message, context, paragraph
from bot.reminders import messages as reminders
from bot.rounds.buttons import PREVIEWED_ID
from bot.survey import invitation, items, receipts
from bot.survey.service import Invited
from instrument.definition import Instrument
from instrument.progress import DONT_KNOW, blank
from storage.invitations import Standing
from storage.rounds import Round


def previews(
    instrument: Instrument,
    round_: Round,
    zone: ZoneInfo,
    announcement: str | None = None,
    contacts: str | None = None,
) -> list[Message]:
    """What people will get, as it will look; pressing it does nothing."""
    start, first = blank(instrument), instrument.sections[0]
    after_first = DONT_KNOW * len(first.items) + start[len(first.items) :]
    real = [
        invitation.invitation(round_, zone, announcement, contacts),
        *([reminders.reminder(Invited(round_, Standing.ASKED), zone)] if round_.remind_every_days else []),
        invitation.kind_of_work(instrument, round_),
        items.current(instrument, round_, start),
        receipts.section_finished(instrument, round_, after_first, first),
        items.review(instrument, round_),
        receipts.submitted(round_, DONT_KNOW * len(start), zone),
    ]
    return [_previewed(number, len(real), one) for number, one in enumerate(real, start=1)]


def only_a_preview() -> Message:
    words = "This is a preview: pressing it does nothing, and nothing is stored."
    return paragraph(words)


def _previewed(number: int, of: int, message: Message) -> Message:
    """The message with a line that says what it is, and with buttons that do nothing."""
    said = f"Preview {number} of {of}, for you alone. Its buttons do nothing."
    counter = itertools.count()
    blocks = [_inert(block, counter) for block in message.blocks]
    return Message(f"{said} {message.text}", (context(said), *blocks))


def _inert(block: Block, counter: Iterator[int]) -> Block:
    if "elements" in block and block["type"] == "actions":
        elements = [one | {"action_id": f"{PREVIEWED_ID}.{next(counter)}"} for one in block["elements"]]
        return block | {"elements": [{key: one[key] for key in one if key != "confirm"} for one in elements]}
    if "accessory" in block:
        return block | {"accessory": block["accessory"] | {"action_id": f"{PREVIEWED_ID}.{next(counter)}"}}
    return block
