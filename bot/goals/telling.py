"""What is heard from a coordinator who tells what came of it."""

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.context import Context
from bot.coordinators import may, refusal
from bot.goals import service, story, views
from bot.goals.answering import moment
from bot.goals.buttons import TELL, TOLD, Telling
from bot.goals.net import catches
from bot.goals.net import refusal as refusal_of
from bot.goals.plan import told as said
from bot.replying import open_modal, tell
from instrument.definition import builtin

Body = dict[str, Any]


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what is heard about drafts."""

    @app.action(re.compile(f"^{re.escape(TELL)}$"))
    async def on_edit_and_send(body: Body, ack: AsyncAck) -> None:
        press = payloads.press(body)
        telling = Telling.read(press.value)
        if not await may(context, press.who):
            reply = await refusal(context, press.who.team_id)
        else:
            read = partial(story.draft, team_id=press.who.team_id, telling=telling) if telling else None
            found = await context.database.read(read) if read else None
            if found and not found.story:
                words = story.drafted(builtin(found.round.instrument_version), found, moment(context))
                await ack()
                context.tasks.start(open_modal(context, press, story.form(found.telling, words, press.place)))
                return
            if found:
                await ack()
                context.tasks.start(
                    context.slack.edit(press.response_url, press.place, said(story.over(found.telling)))
                )
                return
            reply = said(story.sent_already())
        await ack()
        context.tasks.start(tell(context, press, reply))

    @app.view(TOLD)
    async def on_send(body: Body, ack: AsyncAck) -> None:
        submitted = payloads.submission(body)
        who, (telling, draft_at) = submitted.who, story.carried(submitted.metadata)
        if not await may(context, who) or telling is None:
            await ack(
                response_action="update", view=views.told(story.TITLE, (await refusal(context, who.team_id)).text)
            )
            return
        words = (submitted.one(story.WORDS) or "").strip()
        contacts = await context.database.read(partial(service.contacts, team_id=who.team_id))
        if caught := catches(words, contacts, moment(context).today):
            await ack(response_action="errors", errors={story.WORDS: refusal_of(caught)})
            return
        if not words:
            await ack(response_action="errors", errors={story.WORDS: "Say something, or press Cancel."})
            return
        tell = partial(
            story.tell, team_id=who.team_id, telling=telling, words=words, by=who.person_id, at=moment(context)
        )
        is_new = await context.database.write(tell)
        context.due.set()
        told = story.sent(telling) if is_new else story.sent_already()
        await ack(response_action="update", view=views.told(story.TITLE, told))
        if draft_at:
            context.tasks.start(context.slack.update(*draft_at, said(story.over(telling))))
