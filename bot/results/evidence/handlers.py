"""What is heard from coordinators who want the evidence pack."""

import asyncio
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.blocks import Upload
from bot.context import Context
from bot.coordinators import may, refusal
from bot.payloads import Who
from bot.replying import tell
from bot.results import messages as results
from bot.results.buttons import round_of
from bot.results.evidence import messages, service
from bot.results.evidence.buttons import PATTERN
from bot.results.evidence.service import Gathered
from bot.results.export import names
from reports.evidence.pack import pack_file

Body = dict[str, Any]


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears."""

    @app.action(PATTERN)
    async def on_evidence_pack(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        found = None
        if not await may(context, press.who):
            reply = await refusal(context, press.who.team_id)
        else:
            found = await context.database.write(
                partial(
                    service.looked_at,
                    who=press.who,
                    round_id=round_of(press) or 0,
                    zone=context.settings.zone,
                    now=context.now(),
                )
            )
            reply = messages.coming() if found else results.none_yet()
        await ack()
        context.tasks.start(tell(context, press, reply))
        if found:
            context.tasks.start(_send(context, press.who, found))


async def _send(context: Context, who: Who, found: Gathered) -> None:
    """Puts the pack together in a thread, so that clicks go on meanwhile, and brings it to the coordinator's messages."""
    owners = await names.people(context, {one.owner for one in found.closed.planned})
    channels = await names.channels(context, found.channels)
    try:
        made = await asyncio.to_thread(pack_file, found.evidence(owners | channels, await names.workspace(context)))
    except Exception:
        # Whoever waits for it should not wait in vain; what failed is logged where tasks end.
        await context.slack.post_for(who.person_id, messages.not_sent())
        raise
    upload = Upload(made.name, made.title, made.content)
    if not await context.slack.bring(who.person_id, messages.here_it_is(found.closed), [upload]):
        await context.slack.post_for(who.person_id, messages.not_sent())
