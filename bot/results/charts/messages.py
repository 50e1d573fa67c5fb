"""Messages beside charts. Pure functions; people read that they are pictures."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import Message, paragraph
from bot.results.charts.gallery import closed_on
from bot.wording import mention
from reports.charts.paper import Chart
from reports.wording import listed
from storage.rounds import Round


def here_they_are(round_: Round, charts: Sequence[Chart], zone: ZoneInfo) -> Message:
    """Goes before them, into a coordinator's messages."""
    named = listed([f"“{one.title}”" for one in charts])
    words = (
        f"Here are the pictures of the self-assessment that closed on {closed_on(round_, zone)}: {named}. Each is described "
        "for screen readers, with its numbers. "
        "They stay in this conversation; whoever you pass them on to sees what you see."
    )
    return paragraph(words)


def beside(round_: Round, chart: Chart) -> str:
    """Stands beside a chart in the results channel."""
    return f"{chart.title}: a picture of the results above. Set up by {mention(round_.opened_by)}."


def on_their_way() -> Message:
    return paragraph("The pictures come to your messages with HTA Bot in a moment.")


def nothing_to_draw() -> Message:
    return paragraph("There is nothing that can be drawn: too few people stand behind each section.")


def did_not_arrive() -> Message:
    return paragraph(
        "The pictures could not be made, or Slack did not take all of them. Press Pictures again; those that came can be deleted."
    )
