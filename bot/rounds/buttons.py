"""What a coordinator can press about a round, and how it travels."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.payloads import Press, id_in, reads

FORMAT = "1"
PATTERN = re.compile(r"^rounds\.v1\.[a-z_]+$")
FORM = "rounds.form.v1"
REVIEW = "rounds.review.v1"
MOVE = "rounds.move.v1"
MORE = "rounds.more.v1"
PREVIEWED_ID = "rounds.previewed.v1"
PREVIEWED = re.compile(r"^rounds\.previewed\.v1\.[0-9]{1,3}$")
"""What can be pressed in a preview: nothing of it does anything."""
_ROUND = re.compile(r"^[0-9]{1,9}$")


class Do(StrEnum):
    CLOSE_NOW = "close_now"
    CANCEL = "cancel"
    MOVE = "move"
    MORE = "more"
    NUDGE = "nudge"
    PREVIEW = "preview"
    SHARE = "share"
    TRY_AGAIN = "try_again"

    @property
    def action_id(self) -> str:
        return f"rounds.v1.{self.value}"


@dataclass(frozen=True)
class RoundPressed:
    """`detail` is the Slack id of an audience's channel or group, where the button has one."""

    do: Do
    round_id: int
    detail: str = ""

    @property
    def value(self) -> str:
        return f"{FORMAT}:{self.round_id}" + (f":{self.detail}" if self.detail else "")

    @classmethod
    def read(cls, press: Press) -> "RoundPressed | None":
        """None where it is not of this format."""
        word = press.action_id.rpartition(".")[2]
        parts = (press.value or "").split(":")
        if word not in list(Do) or len(parts) not in (2, 3) or parts[0] != FORMAT or not _ROUND.match(parts[1]):
            return None
        return cls(Do(word), int(parts[1]), parts[2] if len(parts) == 3 else "")

    @staticmethod
    @reads
    def round_of(metadata: str) -> int:
        """The round that a modal carries with it. Raises payloads.Unreadable."""
        return id_in(metadata.split(":")[1])
