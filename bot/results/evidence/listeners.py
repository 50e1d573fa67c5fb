"""What is heard from coordinators who want the evidence pack."""

import asyncio
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError

from bot import payloads
from bot.blocks import Upload
from bot.coordinators import may, refusal
from bot.kit import Kit
from bot.payloads import Who
from bot.results import messages as results
from bot.results.evidence import flow, messages
from bot.results.evidence.buttons import PATTERN, round_of
from bot.results.evidence.flow import Gathered
from bot.results.evidence.pack import Evidence, pack_file
from bot.slack import UNREACHABLE
from storage.rounds import Source, SourceKind

Body = dict[str, Any]


def listen(app: AsyncApp, kit: Kit) -> None:
    """Registers what this room hears."""

    @app.action(PATTERN)
    async def on_evidence_pack(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        found = None
        if not await may(kit, press.who):
            reply = await refusal(kit, press.who.team_id)
        else:
            found = await kit.database.write(
                partial(
                    flow.looked_at,
                    who=press.who,
                    round_id=round_of(press) or 0,
                    zone=kit.settings.zone,
                    now=kit.now(),
                )
            )
            reply = messages.coming() if found else results.none_yet()
        await ack()
        if press.response_url:
            kit.tasks.start(kit.slack.whisper(press.response_url, reply))
        if found:
            kit.tasks.start(_send(kit, press.who, found))


async def _send(kit: Kit, who: Who, found: Gathered) -> None:
    """Puts the pack together in a thread, so that clicks go on meanwhile, and brings it to the coordinator's messages."""
    names = {source.slack_id: name for source in found.sources if (name := await _name(kit, source))}
    evidence: Evidence = found.evidence(names, await _workspace(kit))
    made = await asyncio.to_thread(pack_file, evidence)
    upload = Upload(made.name, made.title, made.content)
    if not await kit.slack.bring(who.person_id, messages.here_it_is(found.closed), [upload]):
        await kit.slack.post_for(who.person_id, messages.not_sent())


async def _name(kit: Kit, source: Source) -> str | None:
    """What a channel is called in Slack; None where Slack does not say."""
    if source.kind is not SourceKind.CHANNEL:
        return None
    try:
        told = await kit.slack.ask("conversations.info", channel=source.slack_id)
    except (SlackApiError, *UNREACHABLE):
        return None
    name = told["channel"].get("name")
    return f"#{name}" if name else None


async def _workspace(kit: Kit) -> str | None:
    """What the workspace is called, which is mostly the organization's name; None where Slack does not say."""
    try:
        told = await kit.slack.client.auth_test()
    except (SlackApiError, *UNREACHABLE):
        return None
    return told.get("team")
