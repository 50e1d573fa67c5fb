"""Answers to a press or a command that no transaction depends on: words beside it, and windows over it."""

from bot.blocks import Message, View, paragraph
from bot.context import Context
from bot.payloads import Command, Press
from bot.refusals import About, about

NOT_IN_TIME = "Slack didn't open the window in time, and nothing was changed. Please try again."
REFUSED = (
    "Slack doesn't let HTA Bot open windows right now ({word}), and nothing was changed. Please tell the person who runs the "
    "bot's server."
)


async def tell(context: Context, heard: Press | Command, words: Message) -> None:
    """Says something to the one who acted: beside what was pressed or typed; from Home or a window, in their messages."""
    if heard.response_url:
        await context.slack.whisper(heard.response_url, words)
    else:
        await context.slack.post_now(heard.who.person_id, words)


async def open_modal(context: Context, heard: Press | Command, view: View, *, otherwise: View | None = None) -> None:
    """Opens a window over Slack. The trigger of a press lives three seconds; where that was too short, it is said.

    `otherwise` opens where Slack refuses what stands in `view`.
    """
    word = await context.slack.open_modal(heard.trigger_id, view)
    if word == "invalid_arguments" and otherwise is not None:
        word = await context.slack.open_modal(heard.trigger_id, otherwise)
    if word:
        is_ours = about(word, "views.open") is About.APP
        await tell(context, heard, paragraph(REFUSED.format(word=word) if is_ours else NOT_IN_TIME))
