"""Handles the modals of a check-in, and shows in messages what was answered."""

import asyncio
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import Connection

from bot import payloads
from bot.blocks import Message
from bot.context import Context
from bot.coordinators import may, refusal
from bot.goals import asking, form, messages, service, views
from bot.goals import plan as plans
from bot.goals.buttons import DETAILS, DROP, HAND_OVER, MOVE, NEW_CHANNEL, NOTE, GoalPressed, Kind, numbered
from bot.goals.calendar import Moment
from bot.goals.days_off import DaysOff
from bot.goals.service import Change
from bot.payloads import Submission, Who
from bot.rounds.audience import LeftOut, reason_left_out
from bot.rounds.starting import channel_fault_soon
from instrument.definition import builtin
from instrument.goals import Status
from storage import goals, looks

Body = dict[str, Any]
Outcome = service.Said | service.ClosedAlready | service.Gone | service.NotYours | service.NothingToUndo

SOON = 2.0
"""Seconds that Slack may take to tell of somebody before the answer to a form; it gives up after three itself."""
WHY_NOT = {
    LeftOut.BOT: "This is a bot. Choose a person.",
    LeftOut.DEACTIVATED: "This account is deactivated. Choose somebody who works here now.",
    LeftOut.STRANGER: "This person belongs to another organization. Choose somebody of this workspace.",
}
NOT_TOLD = "Slack does not tell us about this person just now. Try again, or choose somebody else."


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what the modals of this room say."""

    @app.view(DETAILS)
    async def on_details(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        pressed = GoalPressed.carried(submitted)
        filled = form.read_details(submitted, await _contacts(context, submitted.who), moment(context).today)
        if isinstance(filled, dict):
            await ack(response_action="errors", errors=filled)
            return
        who = submitted.who
        if words := await why_not(context, who, pressed):
            await ack(response_action="update", view=views.told(pressed.do.label, words.text))
            return
        add = partial(service.add_details, team_id=who.team_id, event_id=pressed.event_id, by=who.person_id)
        outcome = await context.database.write(partial(add, details=filled))
        await _close(context, who, pressed, outcome, ack)

    @app.view(MOVE)
    async def on_move(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        day = form.read_day(submitted, moment(context).today)
        details = form.read_details(submitted, await _contacts(context, submitted.who), moment(context).today)
        if isinstance(day, dict) or isinstance(details, dict):
            wrong = {**(day if isinstance(day, dict) else {}), **(details if isinstance(details, dict) else {})}
            await ack(response_action="errors", errors=wrong)
            return
        await _say(context, submitted, ack, Change(due_on=day, details=details))

    @app.view(NOTE)
    async def on_note(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        details = form.read_details(submitted, await _contacts(context, submitted.who), moment(context).today)
        if not isinstance(details, dict) and details.note is None:
            details = {form.NOTE: "Type a line, or press Cancel."}
        if isinstance(details, dict):
            await ack(response_action="errors", errors=details)
            return
        await _say(context, submitted, ack, Change(details=details))

    @app.view(DROP)
    async def on_drop(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        details = form.read_details(submitted, await _contacts(context, submitted.who), moment(context).today)
        if isinstance(details, dict):
            await ack(response_action="errors", errors=details)
            return
        await _say(context, submitted, ack, Change(Status.DROPPED, details=details))

    @app.view(HAND_OVER)
    async def on_hand_over(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        owner = submitted.one(form.OWNER) or ""
        zone, fault = await member_fault(context, owner)
        if fault:
            await ack(response_action="errors", errors={form.OWNER: fault})
            return
        await _say(context, submitted, ack, Change(owner=owner, owner_zone=zone))

    @app.view(NEW_CHANNEL)
    async def on_new_channel(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        who = submitted.who
        if not await may(context, who):
            await ack(
                response_action="update", view=views.told("Another channel", (await refusal(context, who.team_id)).text)
            )
            return
        channel_id = submitted.one(form.CHANNEL) or ""
        if fault := await channel_fault_soon(context, channel_id):
            await ack(response_action="errors", errors={form.CHANNEL: fault})
            return
        move = partial(service.move_channel, team_id=who.team_id, channel_id=channel_id)
        plan_id = numbered(submitted.metadata)
        moved = plan_id is not None and await context.database.write(partial(move, plan_id=plan_id, at=moment(context)))
        await ack(
            response_action="update",
            view=views.told("Another channel", messages.moved_to(channel_id) if moved else messages.gone().text),
        )
        context.due.set()


async def shown(context: Context, who: Who, pressed: GoalPressed, outcome: Outcome) -> None:
    """Shows in the message what came of a press or a modal, and keeps it in the thread of a check-in.

    The message is read anew, so that of two at once the later one shows both.
    """
    response_url = pressed.response_url
    if redraw := await _redrawn(context, who, pressed):
        # The plan is shown to one person alone, and nothing but the response_url reaches it.
        place = None if pressed.surface.kind is Kind.PLAN else pressed.place
        await context.slack.edit(response_url, place, redraw)
    match outcome:
        case service.Said(goal, event):
            words = messages.said(goal, event, context.settings.zone)
            if pressed.place and pressed.surface.kind is Kind.CHECK_IN:
                await context.slack.reply(*pressed.place, words)
        case service.ClosedAlready(goal):
            await _whisper(context, response_url, messages.closed_already(goal))
        case service.NotYours(goal):
            await _whisper(context, response_url, messages.not_yours(goal))
        case service.NothingToUndo():
            await _whisper(context, response_url, messages.nothing_to_undo())
        case service.Gone():
            await _whisper(context, response_url, messages.gone())


async def plan(context: Context, who: Who, page: int) -> Message:
    """The plan of the latest results, for a coordinator. Where it tells how sections moved, that is a look at results."""

    def looked_at(connection: Connection) -> plans.Shown | None:
        here = service.setting(connection, who.team_id, None, moment(context))
        found = (
            plans.shown(connection, who.team_id, context.settings.zone, moment(context).today, here) if here else None
        )
        if found and found.grown:
            for round_id in (found.here.round.id, found.grown.earlier_round):
                looks.note(connection, round_id, who.person_id, context.now())
        return found

    shown = await context.database.write(looked_at)
    return plans.plan(builtin(shown.here.round.instrument_version), shown, page) if shown else plans.no_results_yet()


async def plan_again(context: Context) -> None:
    """At a start: zone and holidays may be set otherwise since everything was planned."""
    for team_id in await context.unhurried.read(goals.teams):
        await context.unhurried.write(partial(service.plan_again, team_id=team_id, at=moment(context)))


async def why_not(context: Context, who: Who, pressed: GoalPressed) -> Message | None:
    """Why this person can't answer there; None: they can. The plan is for coordinators, as long as they are."""
    if who.is_stranger:
        return messages.stranger()
    if pressed.surface.kind is Kind.PLAN and not await may(context, who):
        return await refusal(context, who.team_id)
    return None


async def member_fault(context: Context, person_id: str) -> tuple[str | None, str | None]:
    """The person's zone as Slack tells it, and why they can't own a goal, or None. A guest can."""
    try:
        async with asyncio.timeout(SOON):
            member = await context.slack.member(person_id)
    except TimeoutError:
        member = None
    if member is None:
        return None, NOT_TOLD
    await context.insiders.learn([member])
    reason = reason_left_out(member, await context.slack.identity(), context.insiders.teams)
    return member.get("tz"), WHY_NOT.get(reason) if reason else None


def moment(context: Context) -> Moment:
    return Moment(context.now(), context.settings.zone, DaysOff(context.settings.hta_holidays))


async def _say(context: Context, submitted: Submission, ack: AsyncAck, change: Change) -> None:
    who, pressed = submitted.who, GoalPressed.carried(submitted)
    if words := await why_not(context, who, pressed):
        await ack(response_action="update", view=views.told(pressed.do.label, words.text))
        return
    answer = partial(service.answer, team_id=who.team_id, goal_id=pressed.goal_id, by=who.person_id, change=change)
    outcome = await context.database.write(partial(answer, at=moment(context)))
    await _close(context, who, pressed, outcome, ack)


async def _close(context: Context, who: Who, pressed: GoalPressed, outcome: Outcome, ack: AsyncAck) -> None:
    """Closes the modal where it worked; else it says why not."""
    match outcome:
        case service.ClosedAlready(goal):
            words = messages.closed_already(goal)
            await ack(response_action="update", view=views.told(pressed.do.label, words.text))
        case service.Gone():
            await ack(response_action="update", view=views.told(pressed.do.label, messages.gone().text))
        case _:
            await ack()
    context.due.set()
    context.tasks.start(shown(context, who, pressed, outcome), after=str(pressed.place))


async def _redrawn(context: Context, who: Who, pressed: GoalPressed) -> Message | None:
    surface = pressed.surface
    if surface.kind is Kind.PLAN:
        return await plan(context, who, surface.page)
    redraw = partial(asking.redrawn, team_id=who.team_id, goal_id=pressed.goal_id, surface=surface, at=moment(context))
    found = await context.database.read(redraw)
    return messages.drawn(found, late=False) if found and found.lines else None


async def _contacts(context: Context, who: Who) -> tuple[str, ...]:
    return await context.database.read(partial(service.contacts, team_id=who.team_id))


async def _whisper(context: Context, response_url: str, words: Message) -> None:
    if response_url:
        await context.slack.whisper(response_url, words)
