"""What is heard from those who look at results."""

from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.blocks import Message
from bot.context import Context
from bot.coordinators import may, refusal
from bot.payloads import Press
from bot.results import compare, messages, service
from bot.results.buttons import PATTERN, TURNS_THE_PAGE, Do, ResultsPressed
from bot.results.by_function import by_function
from bot.results.closed import Closed
from bot.results.details import details
from bot.results.huddle import huddle
from bot.rounds.messages import participation, unknown_word
from instrument.definition import builtin
from reports.wording import when

Body = dict[str, Any]


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears."""

    @app.command("/hta-results")
    async def on_hta_results(body: Body, ack: AsyncAck) -> None:
        command = payloads.command(body)
        if not await may(context, command.who):
            reply = messages.with_line(await refusal(context, command.who.team_id), messages.IN_THE_CHANNEL)
        elif command.text:
            known = command.text.lower() == "help"
            reply = messages.usage() if known else unknown_word("/hta-results", command.text)
        else:
            reply = _said(
                context,
                await context.database.write(partial(service.look_at_latest, who=command.who, now=context.now())),
            )
        await ack()
        context.tasks.start(context.slack.whisper(command.response_url, reply))

    @app.action(PATTERN)
    async def on_results_button(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        pressed = ResultsPressed.read(press)
        reader = service.Reader(press.who, await may(context, press.who), press.channel_id)
        reply = await _pressed(context, reader, pressed)
        await ack()
        context.due.set()
        if press.response_url:
            context.tasks.start(_show(context, press, pressed, reply), after=press.who.person_id)


async def _pressed(context: Context, reader: service.Reader, pressed: ResultsPressed | None) -> Message:
    if pressed is None:
        return messages.none_yet() if reader.is_coordinator else await refusal(context, reader.who.team_id)
    match pressed.do:
        case Do.POST:
            return await _post(context, reader, pressed)
        case Do.COMPARE | Do.WITH:
            return await _compare(context, reader, pressed)
        case _:
            found = await context.database.write(
                partial(service.look, reader=reader, round_id=pressed.round_id, now=context.now())
            )
            match found:
                case service.NotTheirs():
                    return await refusal(context, reader.who.team_id)
                case None:
                    return messages.none_yet()
                case Closed():
                    return _shown(context, reader, pressed, found)


def _shown(context: Context, reader: service.Reader, pressed: ResultsPressed, found: Closed) -> Message:
    round_, snapshot, zone = found.round, found.snapshot, context.settings.zone
    if snapshot.finished is None:
        return messages.nothing_to_show(round_, zone)
    instrument = builtin(snapshot.instrument_version)
    match pressed.do:
        case Do.BY_FUNCTION:
            return by_function(instrument, snapshot, found.work_here)
        case Do.HUDDLE:
            return huddle(instrument, round_, snapshot, zone, found.work_here)
        case _:
            return details(
                instrument,
                round_,
                snapshot,
                pressed.detail,
                private=reader.is_coordinator,
                work_here=found.work_here,
            )


async def _compare(context: Context, reader: service.Reader, pressed: ResultsPressed) -> Message:
    before_id = int(pressed.detail) if pressed.detail.isdecimal() else None
    found = await context.database.write(
        partial(service.compare, reader=reader, round_id=pressed.round_id, now=context.now(), before_id=before_id)
    )
    match found:
        case service.NotTheirs():
            return await refusal(context, reader.who.team_id)
        case None:
            return messages.none_yet()
        case service.NothingBefore(elsewhere):
            return compare.not_here() if elsewhere else compare.nothing_before()
        case service.Compared(now, before, others, growth):
            instrument = builtin(now.snapshot.instrument_version)
            return compare.compare(instrument, now, before, growth, context.settings.zone, others)


async def _post(context: Context, reader: service.Reader, pressed: ResultsPressed) -> Message:
    if not reader.is_coordinator:
        return await refusal(context, reader.who.team_id)
    going = await context.database.write(
        partial(service.post, who=reader.who, round_id=pressed.round_id, now=context.now())
    )
    if going is None:
        return messages.none_yet()
    return messages.going(going.round, already=going.already, posted_on=_posted_on(context, going.before))


async def _show(context: Context, press: Press, pressed: ResultsPressed | None, reply: Message) -> None:
    if press.response_url is None:
        return
    if pressed and pressed.do in TURNS_THE_PAGE:
        await context.slack.edit(press.response_url, None, reply)
    else:
        await context.slack.whisper(press.response_url, reply)


def _posted_on(context: Context, at: datetime | None) -> str | None:
    return when(at, context.settings.zone, context.now()) if at else None


def _said(context: Context, latest: service.Latest) -> Message:
    zone, now, still_open = context.settings.zone, context.now(), latest.still_open
    if latest.closed is None:
        if still_open is None:
            return messages.none_yet()
        how_far = participation(still_open, builtin(still_open.round.instrument_version))
        return messages.still_open(still_open, zone, now, how_far)
    closed = latest.closed
    message = messages.results(
        builtin(closed.round.instrument_version),
        closed.round,
        closed.snapshot,
        zone,
        private=True,
        work_here=closed.work_here,
        held_back=closed.held_back,
        posted_on=_posted_on(context, closed.posted_at),
    )
    return messages.with_line(message, messages.newer_one_open(still_open, zone, now)) if still_open else message
