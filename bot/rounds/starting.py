"""What is heard while a coordinator starts a self-assessment: the form, the review that it leads to, the preview."""

import asyncio
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError

from bot import payloads
from bot.coordinators import may, refusal
from bot.kit import Kit
from bot.payloads import Who
from bot.rounds import flow, form, messages, preview, views
from bot.rounds.audience import Audience, Directory, Unreadable
from bot.rounds.buttons import FORM, PREVIEWED, REVIEW
from bot.rounds.form import Form
from instrument.definition import builtin
from storage import rounds
from storage.rounds import AlreadyOpen, NewRound, Opened, Round

Body = dict[str, Any]

SOON = 2.0
"""Seconds that counting may take before the answer to a form; Slack gives up after three."""


def listen(app: AsyncApp, kit: Kit, directory: Directory) -> None:
    """Registers what is heard of the form and its review."""

    @app.view(FORM)
    async def on_form(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        if not await may(kit, submitted.who):
            await ack(response_action="update", view=views.problem((await refusal(kit, submitted.who.team_id)).text))
            return
        filled = form.read(submitted, kit.settings.zone, kit.now())
        if not isinstance(filled, Form):
            await ack(response_action="errors", errors=filled)
            return
        checking = asyncio.create_task(_checked(kit, directory, submitted.who, filled))
        done, _ = await asyncio.wait([checking], timeout=SOON)
        if not done:
            await ack(response_action="update", view=views.counting())
            kit.tasks.start(_show_when_counted(kit, submitted.view_id, filled, checking))
        elif isinstance(outcome := checking.result(), dict):
            await ack(response_action="errors", errors=outcome)
        else:
            await ack(response_action="update", view=views.review(filled, outcome, kit.settings.zone))

    @app.view(REVIEW)
    async def on_start_now(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        filled = Form.unpacked(submitted.metadata)
        zone = kit.settings.zone
        if not await may(kit, submitted.who):
            await ack(response_action="update", view=views.problem((await refusal(kit, submitted.who.team_id)).text))
            return
        if too_early := form.too_early_to_close(filled, zone, kit.now()):
            await ack(response_action="update", view=views.problem(too_early))
            return
        match await _start(kit, submitted.who, filled):
            case Opened():
                await ack(response_action="update", view=views.started(filled, zone))
                kit.due.set()
            case AlreadyOpen(round_):
                await ack(response_action="update", view=views.problem(messages.already_open(round_, zone)))

    @app.action(PREVIEWED)
    async def on_previewed(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        await ack()
        if press.response_url:
            kit.tasks.start(kit.slack.whisper(press.response_url, preview.only_a_preview()))


async def preview_to(kit: Kit, who: Who, filled: Form) -> None:
    """Sends the person what people will get."""
    shown = _as_if_open(kit, who, filled)
    for message in preview.previews(builtin(), shown, kit.settings.zone, filled.terms.announcement):
        await kit.slack.post_for(who.person_id, message)


def _as_if_open(kit: Kit, who: Who, filled: Form) -> Round:
    """A round that is stored nowhere."""
    return Round(
        id=0,
        team_id=who.team_id,
        instrument_version=builtin().version,
        opened_by=who.person_id,
        results_channel=filled.results_channel,
        minimum=filled.minimum,
        remind_every_days=filled.remind_every_days,
        opened_at=kit.now(),
        closes_at=filled.closes_at(kit.settings.zone),
        close_now_at=None,
        closed_at=None,
        gathered_at=None,
        key_name="",
        key_half=None,
    )


async def _start(kit: Kit, who: Who, filled: Form) -> Opened | AlreadyOpen:
    """Opens the round. The file with one half of its key comes first; without a round it goes again."""
    key = kit.keyring.make()
    new = NewRound(
        team_id=who.team_id,
        instrument_version=builtin().version,
        opened_by=who.person_id,
        results_channel=filled.results_channel,
        minimum=filled.minimum,
        remind_every_days=filled.remind_every_days,
        closes_at=filled.closes_at(kit.settings.zone),
        key_name=key.name,
        key_half=key.half,
        sources=filled.sources,
    )
    opened = False
    try:
        outcome = await kit.database.write(partial(flow.start, new=new, terms=filled.terms, now=kit.now()))
        opened = isinstance(outcome, Opened)
    finally:
        if not opened:
            kit.keyring.destroy(key.name)
    return outcome


async def open_form(kit: Kit, trigger_id: str) -> None:
    await kit.slack.open_modal(trigger_id, views.start_form(await groups(kit), kit.now(), kit.settings.zone))


async def groups(kit: Kit) -> list[tuple[str, str]]:
    """The workspace's user groups by handle; none where the app may not read them."""
    try:
        told = await kit.slack.ask("usergroups.list")
    except SlackApiError:
        return []
    return sorted(((group["id"], group["handle"]) for group in told["usergroups"]), key=lambda group: group[1])


async def _checked(kit: Kit, directory: Directory, who: Who, filled: Form) -> Audience | dict[str, str]:
    """The audience, or what is wrong by block_id."""
    zone = kit.settings.zone
    if open_one := await kit.database.read(partial(rounds.open_in, team_id=who.team_id)):
        return {form.CHANNELS: messages.already_open(open_one, zone)}
    if wrong := await results_channel_fault(kit, filled.results_channel):
        return {form.RESULTS: wrong}
    found = await directory.audience(filled.sources, kit.now(), guests_too=filled.terms.guests_too)
    if isinstance(found, Unreadable):
        return {form.CHANNELS: views.unreadable(found.source, found.error)}
    if len(found.people) < 2 * filled.minimum:
        return {form.CHANNELS: views.too_few(len(found.people), filled.minimum, found.left_out)}
    return found


async def results_channel_fault(kit: Kit, channel_id: str) -> str | None:
    try:
        told = await kit.slack.ask("conversations.info", channel=channel_id)
    except SlackApiError:
        return "HTA Bot can't see this channel. Invite @HTA Bot to it first, or choose another."
    channel = told["channel"]
    if channel.get("is_archived"):
        return "This channel is archived. Choose another."
    if not channel.get("is_member"):
        return (
            f"Invite @HTA Bot to #{channel.get('name', 'this channel')} first, so that it can post the results there."
        )
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return "People of other organizations are in this channel, or will be. Choose one that is yours alone."
    return None


async def _show_when_counted(
    kit: Kit, view_id: str, filled: Form, checking: "asyncio.Task[Audience | dict[str, str]]"
) -> None:
    outcome = await checking
    if isinstance(outcome, dict):
        view = views.problem(" ".join(outcome.values()))
    else:
        view = views.review(filled, outcome, kit.settings.zone)
    await kit.slack.update_modal(view_id, view)
