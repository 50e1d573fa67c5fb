"""What is heard about goals: the plan, a new goal, and presses in check-ins."""

import asyncio
import re
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import Connection

from bot import payloads
from bot.context import Context
from bot.coordinators import everyone, may, refusal
from bot.goals import answering, form, messages, rehearsal, retake, service, telling, views
from bot.goals import plan as plans
from bot.goals.answering import member_fault, moment
from bot.goals.buttons import CHANNEL, NEW, PAGE, PATTERN, REHEARSE, RETAKE, SETTING, Do, GoalPressed, SetGoal, numbered
from bot.payloads import Press, Who
from bot.replying import open_modal, tell
from bot.rounds.messages import already_open, unknown_word
from bot.rounds.starting import gone_channels
from bot.rounds.views import start_form
from instrument.definition import builtin
from storage import goals, looks, rounds
from storage.goals import NewGoal

Body = dict[str, Any]
PAGED = re.compile(rf"^{re.escape(PAGE)}_(?:back|on)$")
OPENS_A_MODAL = frozenset({Do.MOVE, Do.NOTE, Do.HAND_OVER, Do.DROP})
ASKS_MORE = frozenset({Do.AT_RISK, Do.BLOCKED})


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears."""
    answering.listen(app, context)
    telling.listen(app, context)

    @app.command("/hta-goals")
    async def on_hta_goals(body: Body, ack: AsyncAck) -> None:
        command = payloads.command(body)
        if not await may(context, command.who):
            reply = await refusal(context, command.who.team_id)
        elif command.text:
            known = command.text.lower() == "help"
            reply = plans.usage() if known else unknown_word("/hta-goals", command.text)
        else:
            reply = await answering.plan(context, command.who, 0)
        await ack()
        context.tasks.start(context.slack.whisper(command.response_url, reply))

    @app.action(SETTING)
    async def on_set_goal(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        wanted = SetGoal.read(press.value)
        if not await may(context, press.who):
            await ack()
            context.tasks.start(tell(context, press, await refusal(context, press.who.team_id)))
            return
        here = (
            await context.database.write(partial(_looked_at, context=context, who=press.who, wanted=wanted))
            if wanted
            else None
        )
        await ack()
        if here is None or wanted is None:
            context.tasks.start(tell(context, press, plans.no_results_yet()))
        elif not views.has_dates(here, moment(context).today):
            context.tasks.start(tell(context, press, plans.is_over()))
        else:
            instrument = builtin(here.round.instrument_version)
            view = views.new_goal(instrument, here, wanted, press.who.person_id, moment(context).today)
            context.tasks.start(open_modal(context, press, view))

    @app.view(NEW)
    async def on_new_goal(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        who, wanted = submitted.who, SetGoal.read(submitted.metadata)
        if not await may(context, who):
            await ack(
                response_action="update", view=views.told(views.TITLE, (await refusal(context, who.team_id)).text)
            )
            return
        here = (
            await context.database.read(partial(_setting, context=context, who=who, wanted=wanted)) if wanted else None
        )
        if here is None or wanted is None:
            await ack(response_action="update", view=views.told(views.TITLE, plans.no_results_yet().text))
            return
        instrument = builtin(here.round.instrument_version)
        dates = {horizon: day for horizon, day in here.dates.items() if day > moment(context).today}
        filled = form.read(submitted, instrument, dates, here.contacts, moment(context).today)
        if isinstance(filled, dict):
            await ack(response_action="errors", errors=filled)
            return
        owner, zone, fault = filled.owner or who.person_id, None, None
        if owner != who.person_id:
            zone, fault = await member_fault(context, owner)
        if fault:
            await ack(response_action="errors", errors={form.OWNER: fault})
            return
        new = NewGoal(
            filled.horizon,
            filled.section,
            filled.item,
            filled.words,
            filled.measure,
            owner,
            dates[filled.horizon],
            who.person_id,
        )
        save = partial(service.save, team_id=who.team_id, round_id=here.round.id, new=new, owner_zone=zone)
        made = await context.database.write(partial(save, at=moment(context)))
        after = await context.database.read(partial(_setting, context=context, who=who, wanted=wanted))
        if made is None or after is None:
            await ack(response_action="update", view=views.told(views.TITLE, plans.no_results_yet().text))
            return
        await ack(
            response_action="update",
            view=views.saved(made, after, moment(context).today, owner_left_empty=filled.owner is None),
        )

    @app.action(PAGED)
    async def on_page(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        if not await may(context, press.who):
            words = await refusal(context, press.who.team_id)
            await ack()
            context.tasks.start(tell(context, press, words))
            return
        shown = await answering.plan(context, press.who, numbered(press.value) or 0)
        await ack()
        if press.response_url:
            context.tasks.start(context.slack.edit(press.response_url, None, shown), after=press.who.person_id)

    @app.action(re.compile(f"^{re.escape(RETAKE)}$"))
    async def on_take_it_again(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        if not await may(context, press.who):
            await ack()
            context.tasks.start(tell(context, press, await refusal(context, press.who.team_id)))
            return
        still_open = await context.database.read(partial(rounds.open_in, team_id=press.who.team_id))
        read = partial(retake.last_time, team_id=press.who.team_id, round_id=numbered(press.value) or 0)
        last = await context.database.read(read)
        await ack()
        if still_open:
            context.tasks.start(tell(context, press, plans.told(already_open(still_open, context.settings.zone))))
        else:
            context.tasks.start(_open_retake(context, press, last))

    @app.action(re.compile(f"^{re.escape(REHEARSE)}$"))
    async def on_what_comes_when(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        if not await may(context, press.who):
            reply = await refusal(context, press.who.team_id)
        else:
            at = moment(context)
            until = at.today + rehearsal.YEAR
            read = partial(rehearsal.of_team, team_id=press.who.team_id, at=at, until=until)
            reply = rehearsal.message(await context.database.read(read), until)
        await ack()
        context.tasks.start(tell(context, press, reply))

    @app.action(re.compile(f"^{re.escape(CHANNEL)}$"))
    async def on_another_channel(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        allowed = await may(context, press.who)
        await ack()
        if allowed:
            context.tasks.start(open_modal(context, press, views.another_channel(press.value or "")))
        else:
            context.tasks.start(tell(context, press, await refusal(context, press.who.team_id)))

    @app.action(PATTERN)
    async def on_goal_button(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        pressed = GoalPressed.read(press)
        who = press.who
        words = await answering.why_not(context, who, pressed) if pressed else messages.gone()
        if pressed is None or words:
            await ack()
            context.tasks.start(tell(context, press, words or messages.gone()))
            return
        if pressed.do in OPENS_A_MODAL:
            goal = await context.database.read(partial(service.of_team, team_id=who.team_id, goal_id=pressed.goal_id))
            await ack()
            context.tasks.start(_open(context, press, pressed, goal))
            return
        outcome = await _done(context, who, pressed)
        await ack()
        context.tasks.start(answering.shown(context, who, pressed, outcome), after=str(pressed.place))
        if isinstance(outcome, service.Said) and pressed.do in ASKS_MORE:
            carried = replace(pressed, event_id=outcome.event.id)
            view = views.details(carried, outcome.goal, is_owner=outcome.goal.owner == who.person_id)
            context.tasks.start(open_modal(context, press, view))


async def _done(context: Context, who: Who, pressed: GoalPressed) -> answering.Outcome:
    """What a press does that needs no modal first."""
    team_id, goal_id, by = who.team_id, pressed.goal_id, who.person_id
    if pressed.do is Do.UNDO:
        is_coordinator = by in await everyone(context, team_id)
        undo = partial(service.undo, team_id=team_id, goal_id=goal_id, by=by, is_coordinator=is_coordinator)
        return await context.database.write(partial(undo, at=moment(context)))
    change = service.Change(service.STATUSES[pressed.do])
    answer = partial(service.answer, team_id=team_id, goal_id=goal_id, by=by, change=change)
    return await context.database.write(partial(answer, at=moment(context)))


async def _open(context: Context, press: Press, pressed: GoalPressed, goal: goals.Goal | None) -> None:
    if goal is None or not goal.status.is_open:
        await tell(context, press, messages.closed_already(goal) if goal else messages.gone())
        return
    match pressed.do:
        case Do.MOVE:
            view = views.move(pressed, goal, moment(context).today)
        case Do.NOTE:
            view = views.note(pressed, goal)
        case Do.HAND_OVER:
            view = views.hand_over(pressed, goal)
        case _:
            view = views.drop(pressed, goal)
    await open_modal(context, press, view)


def _looked_at(connection: Connection, context: Context, who: Who, wanted: SetGoal) -> service.Setting | None:
    """What a goal can be set for. The form shows what came out lowest, so whoever opens it looks at results."""
    here = _setting(connection, context, who, wanted)
    if here:
        looks.note(connection, here.round.id, who.person_id, context.now())
    return here


async def _open_retake(context: Context, press: Press, last: retake.LastTime | None) -> None:
    """The form as it was filled in last time. After a year channels are gone; Slack refuses a form that names one."""
    groups, gone = await asyncio.gather(
        context.slack.groups.soon(), gone_channels(context, last.channels if last else ())
    )
    blank = start_form(groups, context.now(), context.settings.zone)
    if last is None:
        await open_modal(context, press, blank)
    else:
        await open_modal(context, press, retake.as_last_time(blank, last.without(gone)), otherwise=blank)


def _setting(connection: Connection, context: Context, who: Who, wanted: SetGoal) -> service.Setting | None:
    return service.setting(connection, who.team_id, wanted.round_id, moment(context))
