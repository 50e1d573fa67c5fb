"""The form that asks what to export, and the messages that files are on their way."""

from collections.abc import Iterable

from bot.blocks import Message, View, context, field, modal, option, paragraph, section
from bot.results.buttons import round_value
from bot.results.export.buttons import FORM, FORMATS
from reports.exports.file import File
from reports.exports.formats import LABELS, Format
from reports.round_report import RoundReport
from reports.wording import day, listed

TITLE = "Export results"
NONE_CHOSEN = "Choose at least one."
FIRST = (Format.PDF, Format.XLSX)
"""Chosen at first: what most people can open."""
KEEP = "Keep them where only those can read them who need them."


def form(round_id: int) -> View:
    options = [option(LABELS[format], format.value) for format in Format]
    first = [one for one, format in zip(options, Format, strict=True) if format in FIRST]
    boxes = {"type": "checkboxes", "action_id": "chosen", "options": options, "initial_options": first}
    return modal(
        TITLE,
        [
            field("Formats", FORMATS, boxes),
            context(
                "The files come to your messages with HTA Bot. They hold what the results show and nothing more: no names, no "
                "small groups. That you made them is noted as a look, which everyone who was asked can read."
            ),
        ],
        callback_id=FORM,
        submit="Send to me",
        close="Cancel",
        metadata=round_value(round_id),
    )


def coming() -> View:
    return modal(TITLE, [section("The files are being made. They come to your messages with HTA Bot in a moment.")])


def not_there() -> View:
    return modal(TITLE, [section("These results can't be exported any more. Type /hta-results to see the latest.")])


def here_they_are(closed: RoundReport, files: Iterable[File]) -> Message:
    """What stands above the files."""
    named = listed(file.title for file in files)
    when = day(closed.round.closed_at or closed.round.closing_at, closed.zone)
    words = f"Results of the self-assessment that closed on {when}, as you asked for: {named}. {KEEP}"
    return paragraph(words)


def not_sent() -> Message:
    words = "The files could not be sent, or not all of them. Press Export under /hta-results to try again."
    return paragraph(words)
