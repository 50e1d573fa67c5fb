"""What is heard from people who answer: parse, one call, acknowledge, one reply.

A press that stores something is acknowledged after the commit; the edit that follows is a task of its own, so that an
acknowledged answer is a stored answer and the acknowledgement never waits for Slack.
"""

from contextlib import suppress
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.blocks import View
from bot.context import Context
from bot.coordinators import everyone
from bot.payloads import Press, Who
from bot.replying import open_modal, tell
from bot.survey import contacts, invitation, messages, privacy, receipts, service, views
from bot.survey.buttons import ANSWER, CHANGE, OTHER, PICK, AnswerPressed, ChangeOpened, Do, OtherPressed
from bot.survey.replies import Reply, bring, later, one_back, place_of, show, standing
from bot.survey.seen import seen
from bot.survey.service import (
    Answering,
    Finished,
    Invited,
    KeyMissing,
    NotAsked,
    NothingOpen,
    Place,
    Withdrawn,
    instrument_of,
)
from storage import terms
from storage.database import ScrubNotDone
from storage.invitations import Standing

Body = dict[str, Any]

OPENS_A_MODAL = frozenset({Do.PRIVACY, Do.HELP, Do.SCORES, Do.CHANGE})


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears. The answers come first: Bolt tries each pattern in turn."""

    @app.action(ANSWER)
    async def on_answer(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        pressed = AnswerPressed.read(press)
        if pressed is None or press.who.is_stranger:
            await _refuse(context, press, ack)
            return
        outcome = await context.database.write(
            lambda connection: service.answer(connection, context.keyring, press.who, pressed)
        )
        await ack()
        context.tasks.start(show(context, press, outcome), after=press.who.person_id)

    @app.action(OTHER)
    async def on_other_button(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        pressed = OtherPressed.read(press)
        if pressed is None or press.who.is_stranger:
            await _refuse(context, press, ack)
            return
        if pressed.do in OPENS_A_MODAL:
            await _open(context, press, pressed, ack)
            return
        reply = await _reply(context, press.who, pressed)
        await ack()
        context.tasks.start(show(context, press, reply), after=press.who.person_id)

    @app.action(PICK)
    async def on_section_picked(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        opened = ChangeOpened.read(press.view_metadata)
        here = await place_of(context, press.who, opened.round_id)
        await ack()
        if isinstance(here, Answering | Finished) and press.view_id:
            instrument = instrument_of(here.round)
            view = views.change(instrument, here.round, here.strip, instrument.section(press.value or ""))
            context.tasks.start(context.slack.update_modal(press.view_id, view))

    @app.view(CHANGE)
    async def on_change_submitted(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        opened = ChangeOpened.read(submitted.metadata)
        marks = {item_id: mark for item_id, mark in submitted.chosen.items() if isinstance(mark, str)}
        here = await context.database.write(
            lambda connection: service.change(
                connection, context.keyring, submitted.who, opened.round_id, opened.section_id, marks
            )
        )
        if isinstance(here, Answering | Finished):
            await ack()
        else:
            await ack(response_action="update", view=views.gone(await standing(context, submitted.who, here)))

    @app.command("/hta")
    async def on_hta(body: Body, ack: AsyncAck) -> None:
        command = payloads.command(body)
        if command.text:
            known = command.text.lower() == "help"
            whom = await everyone(context, command.who.team_id)
            words = messages.usage(whom) if known else messages.unknown_word(command.text)
            await ack()
            context.tasks.start(context.slack.whisper(command.response_url, words))
            return
        here = await place_of(context, command.who)
        await ack()
        context.tasks.start(bring(context, command.who, command.response_url, here), after=command.who.person_id)


async def _leave_no_trace(context: Context) -> None:
    """What was withdrawn goes from the database's log, too; where somebody reads just then, with the next or at closing."""
    with suppress(ScrubNotDone):
        await context.database.cut_log()


async def _refuse(context: Context, press: Press, ack: AsyncAck) -> None:
    await ack()
    words = messages.strangers() if press.who.is_stranger else messages.outdated()
    context.tasks.start(tell(context, press, words))


async def _open(context: Context, press: Press, pressed: OtherPressed, ack: AsyncAck) -> None:
    """Buttons that open a modal. The trigger lives three seconds and nothing is stored: acknowledge, then open."""
    here = await place_of(context, press.who, pressed.round_id)
    await ack()
    match pressed.do:
        case Do.PRIVACY:
            view = await _privacy(context, press.who, here)
        case Do.HELP:
            agreed = await context.database.read(partial(terms.of, round_id=pressed.round_id))
            view = contacts.contacts(agreed.contacts)
        case _:
            view = _view(pressed.do, here)
    if view is None:
        context.tasks.start(show(context, press, here), after=press.who.person_id)
    else:
        context.tasks.start(open_modal(context, press, view))


async def _privacy(context: Context, who: Who, here: Place) -> View | None:
    """Who sees my answers? None where there is no self-assessment that it could be about."""
    if isinstance(here, NothingOpen | NotAsked | KeyMissing):
        return None
    shown = await context.database.read(partial(seen, round_=here.round, who=who, settings=context.settings))
    return privacy.privacy(here.round, context.settings.zone, shown)


def _view(do: Do, here: Place) -> View | None:
    """What the button opens, as far as the person's place has it."""
    match here:
        case Answering(round_, strip) | Finished(round_, strip):
            if do is Do.CHANGE:
                return views.change(instrument_of(round_), round_, strip, None)
            return views.scores(instrument_of(round_), strip) if isinstance(here, Finished) else None
        case _:
            return None


async def _reply(context: Context, who: Who, pressed: OtherPressed) -> Reply:
    """What a button that shows or stores something leads to."""
    database, keyring, round_id = context.database, context.keyring, pressed.round_id
    zone, detail = context.settings.zone, pressed.detail or ""
    match pressed.do:
        case Do.WORK:
            return await database.write(lambda c: service.begin(c, keyring, who, round_id, detail))
        case Do.DECLINE:
            here = await database.write(lambda c: service.decline(c, keyring, who, round_id))
            if isinstance(here, Invited) and here.standing is Standing.DECLINED:
                return invitation.declined(here.round)
            return here
        case Do.REST:
            return await database.write(lambda c: service.dont_know_for_the_rest(c, keyring, who, round_id, detail))
        case Do.SUBMIT:
            return await database.write(lambda c: service.submit(c, keyring, who, round_id))
        case Do.FINISH:
            return await database.write(lambda c: service.submit(c, keyring, who, round_id, with_what_there_is=True))
        case Do.WITHDRAW:
            left = await database.write(lambda c: service.withdraw(c, keyring, who, round_id))
            if not isinstance(left, Withdrawn):
                return left
            context.tasks.start(_leave_no_trace(context))
            return receipts.withdrawn(left.round, zone)
        case Do.LATER | Do.PAUSE:
            return await later(context, who, round_id)
        case _:
            return _shown(pressed, await place_of(context, who, round_id))


def _shown(pressed: OtherPressed, here: Place) -> Reply:
    """What a button leads to that stores nothing. Next and Continue lead to where the person stands."""
    match here:
        case Invited(round_, _) if pressed.do is Do.START:
            return invitation.kind_of_work(instrument_of(round_), round_)
        case Answering() if pressed.do is Do.BACK:
            return one_back(here, pressed.detail or "")
        case _:
            return here
