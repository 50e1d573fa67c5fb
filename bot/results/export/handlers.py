"""What is heard from coordinators who want results as files."""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.blocks import Upload
from bot.context import Context
from bot.coordinators import may, refusal
from bot.payloads import Who
from bot.replying import open_modal, tell
from bot.results import messages
from bot.results.buttons import round_of
from bot.results.export import names, service, views
from bot.results.export.buttons import FORM, FORMATS, PATTERN, round_carried
from bot.rounds.views import problem
from reports.exports.file import File
from reports.exports.formats import Format, files
from reports.round_report import RoundReport, with_names

Body = dict[str, Any]


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears."""

    @app.action(PATTERN)
    async def on_export(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        round_id = round_of(press) or 0
        if not await may(context, press.who):
            reply = await refusal(context, press.who.team_id)
        elif await context.database.read(
            partial(service.exportable, who=press.who, round_id=round_id, zone=context.settings.zone)
        ):
            await ack()
            context.tasks.start(open_modal(context, press, views.form(round_id)))
            return
        else:
            reply = messages.none_yet()
        await ack()
        context.tasks.start(tell(context, press, reply))

    @app.view(FORM)
    async def on_formats_chosen(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        if not await may(context, submitted.who):
            await ack(response_action="update", view=problem((await refusal(context, submitted.who.team_id)).text))
            return
        chosen = [format for format in Format if format.value in submitted.many(FORMATS)]
        if not chosen:
            await ack(response_action="errors", errors={FORMATS: views.NONE_CHOSEN})
            return
        round_id = round_carried(submitted.metadata)
        found = await context.database.write(
            partial(
                service.exported, who=submitted.who, round_id=round_id, zone=context.settings.zone, now=context.now()
            )
        )
        await ack(response_action="update", view=views.coming() if found else views.not_there())
        if found:
            context.tasks.start(_send(context, submitted.who, found, chosen))


async def _send(context: Context, who: Who, closed: RoundReport, chosen: Iterable[Format]) -> None:
    """Makes the files in a thread, so that clicks go on meanwhile, and brings them to the coordinator's messages."""
    named = with_names(closed, await names.people(context, {one.owner for one in closed.planned}))
    try:
        made = await asyncio.to_thread(_made, named, tuple(chosen))
    except Exception:
        # Whoever waits for files should not wait in vain; what failed is logged where tasks end.
        await context.slack.post_for(who.person_id, views.not_sent())
        raise
    uploads = [Upload(file.name, file.title, file.content) for file in made]
    if not await context.slack.bring(who.person_id, views.here_they_are(closed, made), uploads):
        await context.slack.post_for(who.person_id, views.not_sent())


def _made(closed: RoundReport, chosen: Iterable[Format]) -> list[File]:
    return [file for format in chosen for file in files(format, closed)]
