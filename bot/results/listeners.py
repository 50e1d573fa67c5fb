"""What is heard from those who look at results."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.blocks import Message
from bot.coordinators import may, refusal
from bot.kit import Kit
from bot.results import flow, messages
from bot.results.buttons import PATTERN, round_of
from bot.rounds.messages import participation, unknown_word
from instrument.definition import builtin

Body = dict[str, Any]


def listen(app: AsyncApp, kit: Kit) -> None:
    """Registers what this room hears."""

    @app.command("/hta-results")
    async def on_hta_results(body: Body, ack: AsyncAck) -> None:
        command = payloads.command(body)
        if not await may(kit, command.who):
            reply = await refusal(kit, command.who.team_id)
        elif command.text:
            known = command.text.lower() == "help"
            reply = messages.usage() if known else unknown_word("/hta-results", command.text)
        else:
            reply = _said(kit, await kit.database.write(partial(flow.look_at_latest, who=command.who, now=kit.now())))
        await ack()
        kit.tasks.start(kit.slack.whisper(command.response_url, reply))

    @app.action(PATTERN)
    async def on_by_function(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        round_id = round_of(press)
        if not await may(kit, press.who):
            reply = await refusal(kit, press.who.team_id)
        elif round_id is None:
            reply = messages.none_yet()
        else:
            found = await kit.database.write(
                partial(flow.look_at_round, who=press.who, round_id=round_id, now=kit.now())
            )
            reply = (
                messages.by_function(builtin(found[0].instrument_version), found[1]) if found else messages.none_yet()
            )
        await ack()
        if press.response_url:
            kit.tasks.start(kit.slack.whisper(press.response_url, reply))


def _said(kit: Kit, latest: flow.Latest) -> Message:
    zone, still_open = kit.settings.zone, latest.still_open
    if latest.closed is None:
        if still_open is None:
            return messages.none_yet()
        how_far = participation(still_open, builtin(still_open.round.instrument_version))
        return messages.still_open(still_open.round, zone, how_far)
    round_, snapshot = latest.closed
    message = messages.results(
        builtin(round_.instrument_version), round_, snapshot, zone, private=True, work_here=latest.work_here
    )
    return messages.with_line(message, messages.newer_one_open(still_open.round, zone)) if still_open else message
