"""What a person sees next: where she stands as a message, in place of what was pressed or in her messages."""

from functools import partial

from bot.blocks import Message
from bot.context import Context
from bot.coordinators import everyone, may
from bot.outcomes import Posted
from bot.payloads import Press, Who
from bot.replying import tell
from bot.survey import invitation, items, messages, receipts, service
from bot.survey.buttons import Drawn
from bot.survey.service import (
    AlreadyAnswered,
    Answered,
    Answering,
    Begun,
    Finished,
    Invited,
    KeyMissing,
    NotAsked,
    NothingOpen,
    Over,
    Place,
    instrument_of,
)
from instrument.progress import first_open
from storage import people, terms
from storage.invitations import Standing
from storage.rounds import Round

Reply = Message | Answered | AlreadyAnswered | Begun | Place


async def place_of(context: Context, who: Who, round_id: int | None = None) -> Place:
    return await context.database.read(partial(service.place, keyring=context.keyring, who=who, round_id=round_id))


async def standing(context: Context, who: Who, here: Place) -> Message:
    """Where the person stands, said."""
    zone = context.settings.zone
    match here:
        case NothingOpen():
            return messages.nothing_open(is_coordinator=await may(context, who))
        case Over(round_):
            return messages.over(round_, zone)
        case NotAsked(round_):
            return messages.not_asked(round_, await everyone(context, round_.team_id))
        case KeyMissing(round_):
            return messages.key_missing(await everyone(context, round_.team_id))
        case Invited(round_, Standing.ASKED):
            agreed = await context.database.read(partial(terms.of, round_id=round_.id))
            return invitation.invitation(round_, zone, agreed.announcement, agreed.contacts)
        case Invited(round_, _):
            return invitation.start_again(round_, zone)
        case Answering(round_, strip):
            return items.current(instrument_of(round_), round_, strip)
        case Finished(round_, strip):
            return receipts.submitted(round_, strip, zone)


async def later(context: Context, who: Who, round_id: int) -> Reply:
    """Pause, and Not now: when to write again. Who is not to be written to, or has finished, sees where she stands."""
    here = await place_of(context, who, round_id)
    person = await context.database.read(partial(people.of, team_id=who.team_id, person_id=who.person_id))
    ask_best_time = person is None or person.best_time is None
    match here:
        case Invited(round_, Standing.ASKED):
            return invitation.not_now(round_, context.settings.zone, ask_best_time=ask_best_time)
        case Answering(round_, strip):
            return receipts.paused(instrument_of(round_), round_, strip, ask_best_time=ask_best_time)
        case _:
            return here


async def bring(context: Context, who: Who, response_url: str, here: Place) -> None:
    """For /hta: posts where the person stands to her messages, and says so where she typed."""
    if isinstance(here, NothingOpen | NotAsked | KeyMissing):
        await context.slack.whisper(response_url, await standing(context, who, here))
    elif await post(context, who, here.round, await standing(context, who, here)):
        await context.slack.whisper(response_url, messages.in_your_messages())
    else:
        await context.slack.whisper(response_url, messages.could_not_post())


async def show(context: Context, press: Press, reply: Reply) -> None:
    """Shows what a press led to."""
    match reply:
        case Message():
            await edit(context, press, reply)
        case NothingOpen() | NotAsked() | KeyMissing():
            await tell(context, press, await standing(context, press.who, reply))
        case Begun(round_, strip):
            instrument = instrument_of(round_)
            await edit(context, press, invitation.under_way(instrument, round_))
            if await post(context, press.who, round_, items.current(instrument, round_, strip)):
                await edit(context, press, invitation.under_way(instrument, round_, leads_on=False))
        case Answered(round_, strip, None):
            await lead_on(context, press, round_, items.current(instrument_of(round_), round_, strip))
        case Answered():
            await _leave_receipt(context, press, reply)
        case AlreadyAnswered():
            await _show_again(context, press, reply)
        case _:
            await lead_on(context, press, reply.round, await standing(context, press.who, reply))


async def edit(context: Context, press: Press, message: Message) -> None:
    """Shows `message` in place of what was pressed; what was pressed on Home is answered in the person's messages."""
    if press.response_url is None:
        await context.slack.post_now(press.who.person_id, message)
        return
    await context.slack.edit(press.response_url, press.place, message)


async def lead_on(context: Context, press: Press, round_: Round, message: Message) -> None:
    """Shows what leads on in place of what was pressed. Where another message did, that one loses its buttons."""
    if press.response_url is None:
        await post(context, press.who, round_, message)
        return
    await edit(context, press, message)
    if place := press.place:
        _move(context, press.who, round_, place)


async def post(context: Context, who: Who, round_: Round, message: Message) -> bool:
    """Posts what leads on to the person's messages; False where Slack won't."""
    outcome = await context.slack.post_now(who.person_id, message)
    if isinstance(outcome, Posted):
        _move(context, who, round_, (outcome.channel_id, outcome.ts))
    return isinstance(outcome, Posted)


def _move(context: Context, who: Who, round_: Round, place: tuple[str, str]) -> None:
    before = context.living.move(round_.id, who.person_id, place) if round_.is_open else None
    if before:
        context.tasks.start(context.slack.update(*before, receipts.moved_on()))


def one_back(here: Answering, item_id: str) -> Message:
    """The item before, unmarked."""
    instrument = instrument_of(here.round)
    shown = instrument.item(item_id)
    if shown is None or shown.position == 0:
        return items.current(instrument, here.round, here.strip)
    return items.item(instrument, here.round, instrument.items[shown.position - 1], Drawn.BACK)


async def _leave_receipt(context: Context, press: Press, answered: Answered) -> None:
    """A finished section leaves its receipt; what comes next is a message of its own, below."""
    if answered.finished is None:
        return
    instrument, round_, strip = instrument_of(answered.round), answered.round, answered.strip
    receipt = partial(receipts.section_finished, instrument, round_, strip, answered.finished)
    context.living.leave(round_.id, press.who.person_id, press.place)
    await edit(context, press, receipt())
    # Whoever is killed here has left a receipt that leads on.
    if await post(context, press.who, round_, items.current(instrument, round_, strip)):
        await edit(context, press, receipt(leads_on=False))
    else:
        await edit(context, press, receipt(note=receipts.PRESS_CONTINUE))


async def _show_again(context: Context, press: Press, outcome: AlreadyAnswered) -> None:
    """The current item. A second press on the item that ended a section leaves the receipt: the next is below it."""
    instrument = instrument_of(outcome.round)
    position = first_open(outcome.strip)
    section = instrument.section_of(outcome.item)
    is_last = outcome.item == section.items[-1]
    if is_last and (position is None or position == outcome.item.position + 1):
        note = "Already answered. Press Continue to go on."
        await edit(
            context, press, receipts.section_finished(instrument, outcome.round, outcome.strip, section, note=note)
        )
    else:
        current = items.current(instrument, outcome.round, outcome.strip, note=items.ALREADY)
        await lead_on(context, press, outcome.round, current)
