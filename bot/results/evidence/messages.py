"""Messages about the evidence pack. Pure functions."""

from bot.blocks import Message, paragraph
from reports.round_report import RoundReport
from reports.sentences import day_of


def coming() -> Message:
    return paragraph("The evidence pack is being put together. It comes to your messages with HTA Bot in a moment.")


def here_it_is(closed: RoundReport) -> Message:
    """What stands above the file."""
    return paragraph(
        f"The evidence pack of the self-assessment that closed on {day_of(closed.closed_on)}, as you asked for: one zip with "
        "five papers and a workbook. Begin with “00 Read me first.pdf”: it says what they may stand beside, and what they "
        "don't show. It claims no compliance. Decide who may see it before you pass it on."
    )


def not_sent() -> Message:
    return paragraph("The evidence pack could not be sent. Press Evidence pack under /hta-results to try again.")
