"""What is heard about reminders: parse, one transaction, acknowledge, one reply."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import Connection

from bot import payloads
from bot.context import Context
from bot.payloads import Who
from bot.reminders import messages, service
from bot.reminders.buttons import PATTERN, Do, ReminderPressed
from bot.reminders.service import Outcome, Picked, Preferred, Resumed, Stopped, TooLate
from bot.reminders.times import Later
from bot.replying import tell
from bot.survey import messages as survey
from bot.survey.replies import Reply, show
from bot.survey.service import Over


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears."""

    @app.action(PATTERN)
    async def on_reminder_button(body: dict[str, Any], ack: AsyncAck) -> None:
        press = payloads.press(body)
        pressed = ReminderPressed.read(press)
        if pressed is None or press.who.is_stranger:
            await ack()
            words = survey.strangers() if press.who.is_stranger else survey.outdated()
            context.tasks.start(tell(context, press, words))
            return
        outcome = await context.database.write(lambda connection: _done(connection, context, press.who, pressed))
        await ack()
        match outcome:
            case Stopped(Over()):
                # Under what came out, which stays.
                context.tasks.start(tell(context, press, messages.stopped(outcome)))
            case _:
                context.tasks.start(show(context, press, _said(outcome, context.now())), after=press.who.person_id)


def _done(connection: Connection, context: Context, who: Who, pressed: ReminderPressed) -> Outcome:
    keyring, round_id, zone, now = context.keyring, pressed.round_id, context.settings.zone, context.now()
    match pressed:
        case ReminderPressed(Do.STOP):
            return service.stop(connection, keyring, who, round_id, zone, now)
        case ReminderPressed(Do.RESUME):
            return service.resume(connection, keyring, who, round_id, zone)
        case ReminderPressed(Do.BEST_TIME, best=best) if best:
            return service.prefer(connection, keyring, who, round_id, best, zone, now)
        case _:
            return service.pick(connection, keyring, who, round_id, Later(pressed.do.value), zone, now)


def _said(outcome: Outcome, now: datetime) -> Reply:
    match outcome:
        case Picked():
            return messages.picked(outcome, now)
        case TooLate():
            return messages.too_late(outcome, now)
        case Preferred():
            return messages.preferred(outcome, now)
        case Stopped():
            return messages.stopped(outcome)
        case Resumed():
            return messages.resumed(outcome)
        case _:
            return outcome
