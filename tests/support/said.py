"""Every message that a person can be shown, made of example values."""

from datetime import UTC, datetime

from bot.blocks import Message
from storage.rounds import Round

ROUND = Round(
    7,
    "T1",
    "2021-09",
    "U0COORD",
    "C0RESULTS",
    5,
    None,
    datetime(2026, 3, 1, 15, tzinfo=UTC),
    datetime(2026, 3, 31, 13, tzinfo=UTC),
    None,
    None,
    None,
    "k",
    b"h",
)


def labels(message: Message) -> list[list[str]]:
    return [
        [element["text"]["text"] for element in block["elements"] if element["type"] == "button"]
        for block in message.blocks
        if block["type"] == "actions"
    ]


def everything_said(message: Message) -> str:
    return str(message.blocks) + message.text
