"""What is heard from a coordinator who wants pictures? They are drawn, and brought to her messages."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import Connection

from bot import payloads
from bot.blocks import Message
from bot.coordinators import may, refusal
from bot.kit import Kit
from bot.payloads import Press, Who
from bot.results import flow, gallery, messages
from bot.results.closed import Closed
from bot.results.flow import Compared
from bot.results.picture_button import PATTERN, round_of

Body = dict[str, Any]
Found = tuple[Closed, Compared | None]


def listen(app: AsyncApp, kit: Kit) -> None:
    """Registers what is heard here."""
    # However many ask at once, one set is drawn at a time: presses keep a processor.
    drawing = asyncio.Lock()

    @app.action(PATTERN)
    async def on_pictures(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        found: Found | None = None
        if not await may(kit, press.who):
            reply = await refusal(kit, press.who.team_id)
        else:
            wanted = partial(look, who=press.who, round_id=round_of(press) or 0, now=kit.now())
            found = await kit.database.write(wanted)
            reply = gallery.on_their_way() if found else messages.none_yet()
        await ack()
        kit.tasks.start(_bring(kit, drawing, press, found, reply))


def look(connection: Connection, who: Who, round_id: int, now: datetime) -> Found | None:
    """A closed round and what it is compared with, for a coordinator to see; that she looks is noted.

    None: there is no such round, or nothing of it can be shown.
    """
    reader = flow.Reader(who, is_coordinator=True, channel_id=None)
    closed = flow.look(connection, reader, round_id, now)
    if not isinstance(closed, Closed) or closed.snapshot.finished is None:
        return None
    compared = flow.compare(connection, reader, round_id, now)
    return closed, compared if isinstance(compared, Compared) else None


async def _bring(kit: Kit, drawing: asyncio.Lock, press: Press, found: Found | None, reply: Message) -> None:
    await _say(kit, press, reply)
    if found is None:
        return
    zone = kit.settings.zone
    charts = gallery.all_of(*found, zone)
    if not charts:
        await _say(kit, press, gallery.nothing_to_draw())
        return
    async with drawing:
        uploads = [await asyncio.to_thread(chart.drawn) for chart in charts]
    message = gallery.here_they_are(found[0].round, charts, zone)
    if not await kit.slack.bring(press.who.person_id, message, uploads):
        await _say(kit, press, gallery.did_not_arrive())


async def _say(kit: Kit, press: Press, reply: Message) -> None:
    if press.response_url:
        await kit.slack.whisper(press.response_url, reply)
