"""What is heard while a coordinator starts a self-assessment: the form, the review that it leads to, the preview."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.blocks import View
from bot.context import Context
from bot.coordinators import may, refusal
from bot.outcomes import CallFailed, Refused
from bot.payloads import Command, Submission, Who
from bot.refusals import About
from bot.replying import open_modal
from bot.rounds import form, messages, preview, service, views
from bot.rounds.audience import Audience, Directory, Unreadable
from bot.rounds.buttons import FORM, PREVIEWED, REVIEW
from bot.rounds.form import Form
from bot.rounds.overlap import overlap
from bot.rounds.review import review, started
from instrument.definition import builtin
from storage import rounds
from storage.rounds import AlreadyOpen, NewRound, Opened, Round

Body = dict[str, Any]

GONE = "HTA Bot can't see this channel. Invite @HTA Bot to it first, or choose another."
ARCHIVED = "This channel is archived. Choose another."
NOT_TOLD = "Slack didn't say anything about this channel just now. Try again in a minute."
GLANCE = 1.0
"""Seconds that Slack may take before a form opens, which it has to within three."""
SOON = 2.0
"""Seconds that counting may take before the answer to a form; Slack gives up after three."""
TWICE = timedelta(minutes=10)
"""So soon after a start another one from the same review is the same one, pressed twice."""


def listen(app: AsyncApp, context: Context, directory: Directory) -> None:
    """Registers what is heard of the form and its review."""

    @app.view(FORM)
    async def on_form(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        if not await may(context, submitted.who):
            await ack(
                response_action="update", view=views.problem((await refusal(context, submitted.who.team_id)).text)
            )
            return
        filled = form.read(submitted, context.settings.zone, context.now())
        if not isinstance(filled, Form):
            await ack(response_action="errors", errors=filled)
            return
        checking = asyncio.create_task(_checked(context, directory, submitted.who, filled))
        done, _ = await asyncio.wait([checking], timeout=SOON)
        if not done:
            await ack(response_action="update", view=views.counting())
            context.tasks.start(_show_when_counted(context, submitted, filled, checking))
        elif isinstance(outcome := checking.result(), dict):
            await ack(response_action="errors", errors=outcome)
        else:
            await _answer_form(context, ack, submitted.who, filled, outcome)

    @app.view(REVIEW)
    async def on_start_now(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        zone, now = context.settings.zone, context.now()
        if not await may(context, submitted.who):
            await ack(
                response_action="update", view=views.problem((await refusal(context, submitted.who.team_id)).text)
            )
            return
        filled = form.corrected(Form.unpacked(submitted.metadata), submitted)
        if not isinstance(filled, Form):
            await ack(response_action="errors", errors=filled)
            return
        if outdated := form.outdated(filled, zone, now):
            await ack(response_action="update", view=views.problem(outdated))
            return
        match await _start(context, submitted.who, filled):
            case Opened():
                await ack(response_action="update", view=started(filled, zone, now))
                context.due.set()
            case AlreadyOpen(round_) if _is_the_same(round_, submitted.who, filled, zone, now):
                await ack(response_action="update", view=started(filled, zone, now, again=True))
            case AlreadyOpen(round_):
                await ack(response_action="update", view=views.problem(messages.already_open(round_, zone)))

    @app.action(PREVIEWED)
    async def on_previewed(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        await ack()
        if press.response_url:
            context.tasks.start(context.slack.whisper(press.response_url, preview.only_a_preview()))


async def _answer_form(context: Context, ack: AsyncAck, who: Who, filled: Form, found: Audience) -> None:
    """The review, or back to the form where fewer people are said to work here than are asked."""
    staff, asked = filled.terms.staff_count, len(found.people)
    if staff is not None and staff < asked:
        await ack(response_action="errors", errors={form.STAFF: views.more_than_staff(asked)})
    else:
        await ack(response_action="update", view=await _review(context, who, filled, found))


async def _review(context: Context, who: Who, filled: Form, found: Audience) -> View:
    asked, starts_at = [person_id for person_id, _ in found.people], filled.terms.starts_at or context.now()
    nearly_the_same = await context.database.read(
        partial(overlap, team_id=who.team_id, asked=asked, minimum=filled.minimum, starts_at=starts_at)
    )
    return review(filled, found, context.settings.zone, context.now(), nearly_the_same)


def _is_the_same(round_: Round, who: Who, filled: Form, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the round that is open was just started from this very review: the button was pressed twice."""
    opened = (round_.opened_by, round_.closes_at, round_.results_channel, round_.minimum, round_.remind_every_days)
    closes_at, every = filled.closes_at(zone), filled.remind_every_days
    asked_for = (who.person_id, closes_at, filled.results_channel, filled.minimum, every)
    return opened == asked_for and now - round_.opened_at < TWICE


async def preview_to(context: Context, who: Who, filled: Form) -> None:
    """Sends the person what people will get."""
    shown, terms = _as_if_open(context, who, filled), filled.terms
    for message in preview.previews(builtin(), shown, context.settings.zone, terms.announcement, terms.contacts):
        await context.slack.post_for(who.person_id, message)


def _as_if_open(context: Context, who: Who, filled: Form) -> Round:
    """A round that is stored nowhere."""
    return Round(
        id=0,
        team_id=who.team_id,
        instrument_version=builtin().version,
        opened_by=who.person_id,
        results_channel=filled.results_channel,
        minimum=filled.minimum,
        remind_every_days=filled.remind_every_days,
        opened_at=context.now(),
        closes_at=filled.closes_at(context.settings.zone),
        close_now_at=None,
        closed_at=None,
        gathered_at=None,
        key_name="",
        key_half=None,
    )


async def _start(context: Context, who: Who, filled: Form) -> Opened | AlreadyOpen:
    """Opens the round. The file with one half of its key comes first; where another round is open it goes again."""
    key = context.keyring.make()
    new = NewRound(
        team_id=who.team_id,
        instrument_version=builtin().version,
        opened_by=who.person_id,
        results_channel=filled.results_channel,
        minimum=filled.minimum,
        remind_every_days=filled.remind_every_days,
        closes_at=filled.closes_at(context.settings.zone),
        key_name=key.name,
        key_half=key.half,
        key_check=key.check,
        sources=filled.sources,
    )
    outcome = await context.database.write(partial(service.start, new=new, terms=filled.terms, now=context.now()))
    if isinstance(outcome, AlreadyOpen):
        # After an error nobody knows whether the round began: then its secret has to stay.
        context.keyring.destroy(key.name)
    return outcome


async def open_form(context: Context, command: Command) -> None:
    groups = await context.slack.groups.soon()
    await open_modal(context, command, views.start_form(groups, context.now(), context.settings.zone))


async def _checked(context: Context, directory: Directory, who: Who, filled: Form) -> Audience | dict[str, str]:
    """The audience, or what is wrong by block_id."""
    zone = context.settings.zone
    if open_one := await context.database.read(partial(rounds.open_in, team_id=who.team_id)):
        return {form.CHANNELS: messages.already_open(open_one, zone)}
    if wrong := await results_channel_fault(context, filled.results_channel):
        return {form.RESULTS: wrong}
    found = await directory.audience(filled.sources, context.now(), guests_too=filled.terms.guests_too)
    if isinstance(found, Unreadable):
        return {form.CHANNELS: views.unreadable(found.source, found.error)}
    if len(found.people) < 2 * filled.minimum:
        return {form.CHANNELS: views.too_few(len(found.people), filled.minimum, found.left_out)}
    return found


async def gone_channels(context: Context, channel_ids: Iterable[str]) -> frozenset[str]:
    """Those that are archived, or that the bot can't see any more; of what Slack does not tell within a second, none."""
    asked = {one: asyncio.create_task(results_channel_fault(context, one)) for one in channel_ids}
    if asked:
        await asyncio.wait(asked.values(), timeout=GLANCE)
    for task in asked.values():
        task.cancel()
    return frozenset(
        one for one, task in asked.items() if task.done() and not task.cancelled() and task.result() in (GONE, ARCHIVED)
    )


async def channel_fault_soon(context: Context, channel_id: str) -> str | None:
    """The same, in time to acknowledge a form."""
    try:
        async with asyncio.timeout(SOON):
            return await results_channel_fault(context, channel_id)
    except TimeoutError:
        return NOT_TOLD


async def results_channel_fault(context: Context, channel_id: str) -> str | None:
    """Why results can't go to this channel, or None."""
    try:
        told = await context.slack.api.ask("conversations.info", "channel", channel=channel_id)
    except CallFailed as failed:
        if isinstance(failed.outcome, Refused) and failed.outcome.about is About.TARGET:
            return GONE
        return NOT_TOLD
    channel = told["channel"]
    if channel.get("is_archived"):
        return ARCHIVED
    if not channel.get("is_member"):
        return (
            f"Invite @HTA Bot to #{channel.get('name', 'this channel')} first, so that it can post the results there."
        )
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return "People of other organizations are in this channel, or will be. Choose one that is yours alone."
    return None


async def _show_when_counted(
    context: Context, submitted: Submission, filled: Form, checking: "asyncio.Task[Audience | dict[str, str]]"
) -> None:
    outcome = await checking
    if isinstance(outcome, dict):
        view = views.problem(" ".join(outcome.values()))
    else:
        view = await _review(context, submitted.who, filled, outcome)
    await context.slack.update_modal(submitted.view_id, view)
