"""Handles a coordinator's press for pictures: they are drawn, and brought to her messages."""

import asyncio
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.blocks import Message
from bot.context import Context
from bot.coordinators import may, refusal
from bot.payloads import Press
from bot.replying import tell
from bot.results import messages as results
from bot.results.buttons import round_of
from bot.results.charts import gallery, messages, service
from bot.results.charts.buttons import PATTERN

Body = dict[str, Any]


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears."""
    # However many ask at once, one set is drawn at a time: presses keep a processor.
    drawing = asyncio.Lock()

    @app.action(PATTERN)
    async def on_pictures(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        found: service.Found | None = None
        if not await may(context, press.who):
            reply = await refusal(context, press.who.team_id)
        else:
            wanted = partial(service.look, who=press.who, round_id=round_of(press) or 0, now=context.now())
            found = await context.database.write(wanted)
            reply = messages.on_their_way() if found else results.none_yet()
        await ack()
        context.tasks.start(_bring(context, drawing, press, found, reply))


async def _bring(
    context: Context, drawing: asyncio.Lock, press: Press, found: service.Found | None, reply: Message
) -> None:
    await tell(context, press, reply)
    if found is None:
        return
    zone = context.settings.zone
    charts = gallery.all_of(*found, zone)
    if not charts:
        await tell(context, press, messages.nothing_to_draw())
        return
    async with drawing:
        try:
            uploads = [await asyncio.to_thread(gallery.drawn, chart) for chart in charts]
        except Exception:
            # Whoever waits for them should not wait in vain; what failed is logged where tasks end.
            await tell(context, press, messages.did_not_arrive())
            raise
    message = messages.here_they_are(found[0].round, charts, zone)
    if not await context.slack.bring(press.who.person_id, message, uploads):
        await tell(context, press, messages.did_not_arrive())
