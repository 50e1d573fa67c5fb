"""What can be pressed in a self-assessment, and how it travels: typed, versioned, readable for years.

A value is `<format>:<round>[:<item>:<drawn>]`. It never names a response: who pressed is read from the signed payload, and
the server decides what the button still means.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.payloads import Press, reads

FORMAT = "1"

# Bolt matches with Pattern.search, hence the anchors.
ANSWER = re.compile(r"^answer\.v1\.[0-3nd]$")
OTHER = re.compile(r"^survey\.v1\.[a-z_]+$")
CHANGE = "change.v1"
SECTION_PICKED = "change.v1.section"
PICK = re.compile(r"^change\.v1\.section$")

ROUND = re.compile(r"^[0-9]{1,9}$")


class Do(StrEnum):
    """What the other buttons do."""

    START = "start"
    LATER = "later"
    DECLINE = "decline"
    PRIVACY = "privacy"
    WORK = "work"
    BACK = "back"
    NEXT = "next"
    REST = "rest"
    PAUSE = "pause"
    CONTINUE = "continue"
    SUBMIT = "submit"
    FINISH = "finish"
    CHANGE = "change"
    SCORES = "scores"
    WITHDRAW = "withdraw"
    HELP = "help"

    @property
    def action_id(self) -> str:
        return f"survey.v1.{self.value}"


class Drawn(StrEnum):
    """Why an item stands there: it counts only while open where it was asked first, and overwrites where Back drew it."""

    FIRST = "f"
    BACK = "b"


@dataclass(frozen=True)
class AnswerPressed:
    """One of the four choices, Doesn't apply, or Don't know, under an item."""

    round_id: int
    item_id: str
    drawn: Drawn
    mark: str

    @property
    def action_id(self) -> str:
        return f"answer.v1.{self.mark}"

    @property
    def value(self) -> str:
        return item_value(self.round_id, self.item_id, self.drawn)

    @classmethod
    def read(cls, press: Press) -> "AnswerPressed | None":
        """None where it is not of this format."""
        parts = (press.value or "").split(":")
        if len(parts) != 4 or parts[0] != FORMAT or not ROUND.match(parts[1]) or parts[3] not in list(Drawn):
            return None
        return cls(int(parts[1]), parts[2], Drawn(parts[3]), press.action_id[-1])


@dataclass(frozen=True)
class OtherPressed:
    """Any other button. `detail` is an item's id, a function's or a section's, where the button has one."""

    do: Do
    round_id: int
    detail: str | None

    @classmethod
    def read(cls, press: Press) -> "OtherPressed | None":
        """None where it is not of this format."""
        word = press.action_id.rpartition(".")[2]
        parts = (press.value or "").split(":")
        if word not in list(Do) or len(parts) < 2 or parts[0] != FORMAT or not ROUND.match(parts[1]):
            return None
        return cls(Do(word), int(parts[1]), parts[2] if len(parts) > 2 else None)


@dataclass(frozen=True)
class ChangeOpened:
    """What the modal for changing answers carries with it. `section_id` is "" until a section is chosen."""

    round_id: int
    section_id: str

    @property
    def metadata(self) -> str:
        return f"{FORMAT}:{self.round_id}:{self.section_id}"

    @classmethod
    @reads
    def read(cls, metadata: str) -> "ChangeOpened":
        """Raises payloads.Unreadable."""
        _, round_id, section_id = metadata.split(":")
        return cls(int(round_id), section_id)


def round_value(round_id: int, detail: str | None = None) -> str:
    return f"{FORMAT}:{round_id}" + (f":{detail}" if detail else "")


def item_value(round_id: int, item_id: str, drawn: Drawn) -> str:
    return f"{FORMAT}:{round_id}:{item_id}:{drawn.value}"
