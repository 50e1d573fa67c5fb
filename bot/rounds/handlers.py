"""What is heard from coordinators about a round. Everyone else gets a kind refusal."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import Connection

from bot import payloads
from bot.blocks import Message
from bot.context import Context
from bot.coordinators import may, refusal
from bot.outcomes import CallFailed, word_of
from bot.payloads import Command, Press, Submission, Who
from bot.reminders import service as reminders
from bot.replying import open_modal, tell
from bot.rounds import following, form, messages, press_replies, service, starting, views
from bot.rounds.audience import Directory, Unreadable
from bot.rounds.buttons import MORE, MOVE, PATTERN, Do, RoundPressed
from bot.rounds.form import Form
from bot.rounds.starting import SOON, open_form, preview_to
from bot.survey import redrawing
from bot.troubles import troubles
from instrument.definition import builtin
from storage import rounds, terms
from storage.rounds import Lock, Round, Source

Body = dict[str, Any]

OPENS_A_MODAL = frozenset({Do.MOVE, Do.MORE})
ANSWERED_BELOW = frozenset({Do.NUDGE})
"""What leaves the message that it stands in as it is: groups are nudged one after the other."""


def listen(app: AsyncApp, context: Context, directory: Directory) -> None:
    """Registers what this room hears."""
    starting.listen(app, context, directory)

    @app.command("/hta-round")
    async def on_hta_round(body: Body, ack: AsyncAck) -> None:
        command = payloads.command(body)
        whisper = partial(context.slack.whisper, command.response_url)
        if not await may(context, command.who):
            await ack()
            context.tasks.start(whisper(await refusal(context, command.who.team_id)))
        elif command.text:
            await ack()
            known = command.text.lower() == "help"
            context.tasks.start(
                whisper(messages.usage() if known else messages.unknown_word("/hta-round", command.text))
            )
        else:
            open_one = await context.database.read(partial(_open_status, team_id=command.who.team_id))
            await ack()
            if open_one is None:
                context.tasks.start(open_form(context, command))
            else:
                context.tasks.start(_tell_status(context, command, open_one))

    @app.action(PATTERN)
    async def on_round_button(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        pressed = RoundPressed.read(press)
        if not await may(context, press.who):
            await ack()
            context.tasks.start(tell(context, press, await refusal(context, press.who.team_id)))
            return
        if pressed and pressed.do is Do.PREVIEW:
            filled = Form.unpacked(press.view_metadata)
            await ack()
            context.tasks.start(preview_to(context, press.who, filled), after=press.who.person_id)
            return
        if pressed and pressed.do in OPENS_A_MODAL:
            round_ = await context.database.read(partial(rounds.by_id, round_id=pressed.round_id))
            await ack()
            if round_ and round_.team_id == press.who.team_id and round_.is_open:
                context.tasks.start(_open_modal(context, press, pressed, round_))
            else:
                context.tasks.start(tell(context, press, press_replies.not_open()))
            return
        reply = await _pressed(context, press.who, pressed) if pressed else press_replies.not_open()
        await ack()
        context.due.set()
        if pressed and pressed.do in ANSWERED_BELOW:
            context.tasks.start(tell(context, press, reply), after=press.who.person_id)
        elif press.response_url:
            context.tasks.start(context.slack.edit(press.response_url, None, reply), after=press.who.person_id)

    @app.view(MOVE)
    async def on_move(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        if not await may(context, submitted.who):
            await ack(
                response_action="update", view=views.problem((await refusal(context, submitted.who.team_id)).text)
            )
            return
        zone, now = context.settings.zone, context.now()
        round_id, day = RoundPressed.round_of(submitted.metadata), form.day_of(submitted.one(form.CLOSES_ON))
        agreed = await context.database.read(partial(terms.of, round_id=round_id))
        fault = form.moving_fault(day, agreed.starts_at, zone, now)
        if fault or day is None:
            await ack(response_action="errors", errors={form.CLOSES_ON: fault or form.NO_DAY})
            return
        to = form.nine_on(day, zone)
        moved = await context.database.write(
            partial(_moved, context=context, team_id=submitted.who.team_id, round_id=round_id, closes_at=to, now=now)
        )
        words = press_replies.moved(moved, zone) if moved else press_replies.not_open().text
        await ack(response_action="update", view=views.done(views.MOVE_TITLE, words))
        context.due.set()
        if moved:
            context.tasks.start(redrawing.moved(context, moved), is_dispensable=True)

    @app.view(MORE)
    async def on_more(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        if not await may(context, submitted.who):
            await ack(
                response_action="update", view=views.problem((await refusal(context, submitted.who.team_id)).text)
            )
            return
        sources = form.sources(submitted)
        if not sources:
            await ack(response_action="errors", errors={form.CHANNELS: form.NOBODY_CHOSEN})
            return
        inviting = asyncio.create_task(_invite_more(context, directory, submitted, sources))
        done, _ = await asyncio.wait([inviting], timeout=SOON)
        if done:
            await ack(response_action="update", view=views.done(views.MORE_TITLE, inviting.result()))
        else:
            await ack(response_action="update", view=views.counting(views.MORE_TITLE))
            context.tasks.start(_show_when_invited(context, submitted.view_id, inviting))


async def _pressed(context: Context, who: Who, pressed: RoundPressed) -> Message:
    now, zone = context.now(), context.settings.zone
    match pressed.do:
        case Do.CLOSE_NOW:
            delay = timedelta(seconds=context.settings.hta_close_now_after)
            soon = await context.database.write(
                partial(service.close_soon, team_id=who.team_id, round_id=pressed.round_id, delay=delay, now=now)
            )
            return press_replies.closing(soon, now, zone) if soon else press_replies.not_open()
        case Do.CANCEL:
            round_ = await context.database.write(
                partial(service.cancel_closing, team_id=who.team_id, round_id=pressed.round_id)
            )
            return press_replies.cancelled(round_, zone) if round_ else press_replies.not_open()
        case Do.SHARE:
            done = await context.database.write(
                partial(service.share, round_id=pressed.round_id, now=now, team_id=who.team_id)
            )
            return press_replies.shared(done, now, zone) if done else press_replies.not_open()
        case Do.NUDGE:
            nudged = await context.database.write(
                partial(_nudged, context=context, team_id=who.team_id, pressed=pressed, now=now)
            )
            return press_replies.nudged() if nudged else press_replies.not_open()
        case Do.TRY_AGAIN:
            tried = await context.database.write(
                partial(service.try_again, team_id=who.team_id, round_id=pressed.round_id)
            )
            return press_replies.not_open() if tried is None else press_replies.trying_again(tried)
        case Do.MOVE | Do.MORE | Do.PREVIEW:
            return press_replies.not_open()


def _moved(
    connection: Connection, context: Context, team_id: str, round_id: int, closes_at: datetime, now: datetime
) -> Round | None:
    """The closing moves, and with it what is planned until then."""
    moved = service.move_closing(connection, team_id, round_id, closes_at)
    if moved:
        reminders.plan_again(connection, moved, context.settings.zone, now)
    return moved


def _nudged(connection: Connection, context: Context, team_id: str, pressed: RoundPressed, now: datetime) -> bool:
    """Whether the round is open. The answer is the same for every group."""
    round_ = rounds.by_id(connection, pressed.round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or round_.team_id != team_id or not round_.is_open:
        return False
    reminders.nudge(connection, round_, pressed.detail, context.settings.zone, now)
    return True


async def _open_modal(context: Context, press: Press, pressed: RoundPressed, round_: Round) -> None:
    moves = pressed.do is Do.MOVE
    view = (
        views.move_closing(round_, context.settings.zone)
        if moves
        else views.invite_more(round_, await context.slack.groups.soon())
    )
    await open_modal(context, press, view)


async def _show_when_invited(context: Context, view_id: str, inviting: asyncio.Task[str]) -> None:
    await context.slack.update_modal(view_id, views.done(views.MORE_TITLE, await inviting))


async def _invite_more(
    context: Context, directory: Directory, submitted: Submission, sources: tuple[Source, ...]
) -> str:
    """Asks those of the new sources who were not asked yet, and says how many they are."""
    round_id = RoundPressed.round_of(submitted.metadata)
    agreed = await context.unhurried.read(partial(terms.of, round_id=round_id))
    try:
        found = await directory.audience(sources, context.now(), guests_too=agreed.guests_too)
    except CallFailed as failed:
        found = Unreadable(sources[0], word_of(failed.outcome))
    if isinstance(found, Unreadable):
        return views.unreadable(found.source, found.error)
    if not found.people:
        return press_replies.nobody_found(found)
    ask = partial(service.invite_more, team_id=submitted.who.team_id, round_id=round_id, sources=sources)
    asked = await context.unhurried.write(partial(ask, found=found, now=context.now()))
    if asked is None:
        return press_replies.not_open().text
    context.due.set()
    return press_replies.more_invited(found, sources, asked)


async def _tell_status(context: Context, command: Command, shown: following.Status) -> None:
    instrument, settings = builtin(shown.round.instrument_version), context.settings
    wrong = await troubles(context, command.who.team_id)
    said = messages.status(shown, instrument, settings.zone, settings.hta_close_now_after, wrong, now=context.now())
    await tell(context, command, said)


def _open_status(connection: Connection, team_id: str) -> following.Status | None:
    round_ = rounds.open_in(connection, team_id)
    return following.status(connection, round_) if round_ else None
