"""What is heard when somebody opens Home."""

import asyncio
import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import Connection

from bot import coordinators, payloads
from bot.blocks import paragraph
from bot.context import Context
from bot.home import coordination, views
from bot.home import service as home
from bot.payloads import Press, Who
from bot.replying import open_modal, tell
from bot.survey import service
from bot.troubles import troubles
from storage import coordinators as appointments
from storage import invitations, snapshots

SOON = 2.0
"""Seconds that Slack may take to tell of somebody before the answer to a form; it gives up after three itself."""


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears."""

    @app.event("app_home_opened")
    async def on_home_opened(body: dict[str, Any], ack: AsyncAck) -> None:
        who = payloads.opened_home(body)
        await ack()
        if who:
            context.tasks.start(_publish(context, who), after=who.person_id)

    @app.action(re.compile(r"^home\.v1\.add$"))
    async def on_add(body: dict[str, Any], ack: AsyncAck) -> None:
        press = payloads.press(body)
        await ack()
        context.tasks.start(_open_form(context, press))

    @app.view(coordination.APPOINT)
    async def on_appoint(body: dict[str, Any], ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        who, person_id = submitted.who, submitted.one(coordination.PERSON) or ""
        try:
            async with asyncio.timeout(SOON):
                wrong = await _why_not(context, who, person_id)
        except TimeoutError:
            wrong = coordination.NOT_TOLD
        if wrong:
            await ack(response_action="errors", errors={coordination.PERSON: wrong})
            return
        named = context.settings.coordinators
        await context.database.write(
            partial(home.appoint, who=who, person_id=person_id, named=named, now=context.now())
        )
        await ack()
        context.due.set()
        context.tasks.start(_publish(context, who), after=who.person_id)

    @app.action(re.compile(r"^home\.v1\.remove$"))
    async def on_remove(body: dict[str, Any], ack: AsyncAck) -> None:
        press = payloads.press(body)
        who, person_id = press.who, (press.value or "").removeprefix("1:")
        if not await coordinators.may(context, who):
            await ack()
            context.tasks.start(_refuse(context, who))
            return
        named = context.settings.coordinators
        await context.database.write(partial(home.remove, who=who, person_id=person_id, named=named, now=context.now()))
        await ack()
        context.due.set()
        context.tasks.start(_publish(context, who), after=who.person_id)


async def _open_form(context: Context, press: Press) -> None:
    """Slack may have to be asked about somebody first, and a trigger lives three seconds."""
    try:
        async with asyncio.timeout(SOON):
            allowed = await _may_appoint(context, press.who)
    except TimeoutError:
        await tell(context, press, paragraph(coordination.NOT_TOLD_OF_YOU))
        return
    if allowed:
        await open_modal(context, press, coordination.form())
    else:
        await tell(context, press, await coordinators.refusal(context, press.who.team_id))


async def _may_appoint(context: Context, who: Who, *, at_once: bool = False) -> bool:
    """Coordinators may, and the workspace's admins and owners, where Slack may be asked about them `at_once`."""
    if await coordinators.may(context, who):
        return True
    if who.is_stranger:
        return False
    member = await context.slack.member(who.person_id, at_once=at_once)
    return member is not None and coordination.is_admin(member, await context.slack.identity(), context.insiders.teams)


async def _why_not(context: Context, who: Who, person_id: str) -> str | None:
    """Why `who` can't appoint this person, or None."""
    if not await _may_appoint(context, who):
        return (await coordinators.refusal(context, who.team_id)).text
    if person_id in await coordinators.everyone(context, who.team_id):
        return coordination.ALREADY
    member = await context.slack.member(person_id)
    if member is None:
        return coordination.NOT_TOLD
    await context.insiders.learn([member])
    return coordination.why_not(member, await context.slack.identity(), context.insiders.teams)


async def _refuse(context: Context, who: Who) -> None:
    await context.slack.post_now(who.person_id, await coordinators.refusal(context, who.team_id))


def _last_closed(connection: Connection, who: Who) -> int | None:
    """The last closed round, where the person was asked in it."""
    found = snapshots.latest(connection, who.team_id)
    return found[0].id if found and invitations.of(connection, found[0].id, who.person_id) else None


async def _publish(context: Context, who: Who) -> None:
    here = await context.database.read(partial(service.place, keyring=context.keyring, who=who))
    known = await coordinators.everyone(context, who.team_id)
    appointed = await context.database.read(partial(appointments.standing, team_id=who.team_id))
    is_coordinator = who.person_id in known
    more = coordination.coordination(
        context.settings.coordinators, appointed, context.settings.zone, for_admin=not is_coordinator
    )
    # Where thousands open it in the same minutes, an admin may have to open it again.
    shown = more if await _may_appoint(context, who, at_once=True) else []
    last = await context.database.read(partial(_last_closed, who=who))
    wrong = await troubles(context, who.team_id) if is_coordinator else []
    view = views.home(
        here, context.settings.zone, known, is_coordinator=is_coordinator, more=shown, troubles=wrong, last_closed=last
    )
    await context.slack.publish_home(who.person_id, view)
