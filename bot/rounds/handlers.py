"""What is heard from coordinators about a round. Everyone else gets a kind refusal."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import Connection

from bot import payloads
from bot.blocks import Message
from bot.coordinators import may, refusal
from bot.kit import Kit
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


def listen(app: AsyncApp, kit: Kit, directory: Directory) -> None:
    """Registers what this room hears."""
    starting.listen(app, kit, directory)

    @app.command("/hta-round")
    async def on_hta_round(body: Body, ack: AsyncAck) -> None:
        command = payloads.command(body)
        whisper = partial(kit.slack.whisper, command.response_url)
        if not await may(kit, command.who):
            await ack()
            kit.tasks.start(whisper(await refusal(kit, command.who.team_id)))
        elif command.text:
            await ack()
            known = command.text.lower() == "help"
            kit.tasks.start(whisper(messages.usage() if known else messages.unknown_word("/hta-round", command.text)))
        else:
            open_one = await kit.database.read(partial(_open_status, team_id=command.who.team_id))
            await ack()
            if open_one is None:
                kit.tasks.start(open_form(kit, command))
            else:
                kit.tasks.start(_tell_status(kit, command, open_one))

    @app.action(PATTERN)
    async def on_round_button(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        pressed = RoundPressed.read(press)
        if not await may(kit, press.who):
            await ack()
            kit.tasks.start(tell(kit, press, await refusal(kit, press.who.team_id)))
            return
        if pressed and pressed.do is Do.PREVIEW:
            filled = Form.unpacked(press.view_metadata)
            await ack()
            kit.tasks.start(preview_to(kit, press.who, filled), after=press.who.person_id)
            return
        if pressed and pressed.do in OPENS_A_MODAL:
            round_ = await kit.database.read(partial(rounds.by_id, round_id=pressed.round_id))
            await ack()
            if round_ and round_.team_id == press.who.team_id and round_.is_open:
                kit.tasks.start(_open_modal(kit, press, pressed, round_))
            else:
                kit.tasks.start(tell(kit, press, press_replies.not_open()))
            return
        reply = await _pressed(kit, press.who, pressed) if pressed else press_replies.not_open()
        await ack()
        kit.due.set()
        if pressed and pressed.do in ANSWERED_BELOW:
            kit.tasks.start(tell(kit, press, reply), after=press.who.person_id)
        elif press.response_url:
            kit.tasks.start(kit.slack.edit(press.response_url, None, reply), after=press.who.person_id)

    @app.view(MOVE)
    async def on_move(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        if not await may(kit, submitted.who):
            await ack(response_action="update", view=views.problem((await refusal(kit, submitted.who.team_id)).text))
            return
        zone, now = kit.settings.zone, kit.now()
        round_id, day = RoundPressed.round_of(submitted.metadata), form.day_of(submitted.one(form.CLOSES_ON))
        agreed = await kit.database.read(partial(terms.of, round_id=round_id))
        fault = form.moving_fault(day, agreed.starts_at, zone, now)
        if fault or day is None:
            await ack(response_action="errors", errors={form.CLOSES_ON: fault or form.NO_DAY})
            return
        to = form.nine_on(day, zone)
        moved = await kit.database.write(
            partial(_moved, kit=kit, team_id=submitted.who.team_id, round_id=round_id, closes_at=to, now=now)
        )
        words = press_replies.moved(moved, zone) if moved else press_replies.not_open().text
        await ack(response_action="update", view=views.done(views.MOVE_TITLE, words))
        kit.due.set()
        if moved:
            kit.tasks.start(redrawing.moved(kit, moved), is_dispensable=True)

    @app.view(MORE)
    async def on_more(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        if not await may(kit, submitted.who):
            await ack(response_action="update", view=views.problem((await refusal(kit, submitted.who.team_id)).text))
            return
        sources = form.sources(submitted)
        if not sources:
            await ack(response_action="errors", errors={form.CHANNELS: form.NOBODY_CHOSEN})
            return
        inviting = asyncio.create_task(_invite_more(kit, directory, submitted, sources))
        done, _ = await asyncio.wait([inviting], timeout=SOON)
        if done:
            await ack(response_action="update", view=views.done(views.MORE_TITLE, inviting.result()))
        else:
            await ack(response_action="update", view=views.counting(views.MORE_TITLE))
            kit.tasks.start(_show_when_invited(kit, submitted.view_id, inviting))


async def _pressed(kit: Kit, who: Who, pressed: RoundPressed) -> Message:
    now, zone = kit.now(), kit.settings.zone
    match pressed.do:
        case Do.CLOSE_NOW:
            delay = timedelta(seconds=kit.settings.hta_close_now_after)
            soon = await kit.database.write(
                partial(service.close_soon, team_id=who.team_id, round_id=pressed.round_id, delay=delay, now=now)
            )
            return press_replies.closing(soon, now, zone) if soon else press_replies.not_open()
        case Do.CANCEL:
            round_ = await kit.database.write(
                partial(service.cancel_closing, team_id=who.team_id, round_id=pressed.round_id)
            )
            return press_replies.cancelled(round_, zone) if round_ else press_replies.not_open()
        case Do.SHARE:
            done = await kit.database.write(
                partial(service.share, round_id=pressed.round_id, now=now, team_id=who.team_id)
            )
            return press_replies.shared(done, now, zone) if done else press_replies.not_open()
        case Do.NUDGE:
            nudged = await kit.database.write(partial(_nudged, kit=kit, team_id=who.team_id, pressed=pressed, now=now))
            return press_replies.nudged() if nudged else press_replies.not_open()
        case Do.TRY_AGAIN:
            tried = await kit.database.write(partial(service.try_again, team_id=who.team_id, round_id=pressed.round_id))
            return press_replies.not_open() if tried is None else press_replies.trying_again(tried)
        case Do.MOVE | Do.MORE | Do.PREVIEW:
            return press_replies.not_open()


def _moved(
    connection: Connection, kit: Kit, team_id: str, round_id: int, closes_at: datetime, now: datetime
) -> Round | None:
    """The closing moves, and with it what is planned until then."""
    moved = service.move_closing(connection, team_id, round_id, closes_at)
    if moved:
        reminders.plan_again(connection, moved, kit.settings.zone, now)
    return moved


def _nudged(connection: Connection, kit: Kit, team_id: str, pressed: RoundPressed, now: datetime) -> bool:
    """Whether the round is open. The answer is the same for every group."""
    round_ = rounds.by_id(connection, pressed.round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or round_.team_id != team_id or not round_.is_open:
        return False
    reminders.nudge(connection, round_, pressed.detail, kit.settings.zone, now)
    return True


async def _open_modal(kit: Kit, press: Press, pressed: RoundPressed, round_: Round) -> None:
    moves = pressed.do is Do.MOVE
    view = (
        views.move_closing(round_, kit.settings.zone)
        if moves
        else views.invite_more(round_, await kit.slack.groups.soon())
    )
    await open_modal(kit, press, view)


async def _show_when_invited(kit: Kit, view_id: str, inviting: asyncio.Task[str]) -> None:
    await kit.slack.update_modal(view_id, views.done(views.MORE_TITLE, await inviting))


async def _invite_more(kit: Kit, directory: Directory, submitted: Submission, sources: tuple[Source, ...]) -> str:
    """Asks those of the new sources who were not asked yet, and says how many they are."""
    round_id = RoundPressed.round_of(submitted.metadata)
    agreed = await kit.unhurried.read(partial(terms.of, round_id=round_id))
    try:
        found = await directory.audience(sources, kit.now(), guests_too=agreed.guests_too)
    except CallFailed as failed:
        found = Unreadable(sources[0], word_of(failed.outcome))
    if isinstance(found, Unreadable):
        return views.unreadable(found.source, found.error)
    if not found.people:
        return press_replies.nobody_found(found)
    ask = partial(service.invite_more, team_id=submitted.who.team_id, round_id=round_id, sources=sources)
    asked = await kit.unhurried.write(partial(ask, found=found, now=kit.now()))
    if asked is None:
        return press_replies.not_open().text
    kit.due.set()
    return press_replies.more_invited(found, sources, asked)


async def _tell_status(kit: Kit, command: Command, shown: following.Status) -> None:
    instrument, settings = builtin(shown.round.instrument_version), kit.settings
    wrong = await troubles(kit, command.who.team_id)
    said = messages.status(shown, instrument, settings.zone, settings.hta_close_now_after, wrong, now=kit.now())
    await tell(kit, command, said)


def _open_status(connection: Connection, team_id: str) -> following.Status | None:
    round_ = rounds.open_in(connection, team_id)
    return following.status(connection, round_) if round_ else None
