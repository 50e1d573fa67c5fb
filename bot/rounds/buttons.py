"""What a coordinator can press about a round, and how it travels."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.payloads import Press

FORMAT = "1"
PATTERN = re.compile(r"^rounds\.v1\.[a-z_]+$")
FORM = "rounds.form.v1"
REVIEW = "rounds.review.v1"
_ROUND = re.compile(r"^[0-9]{1,9}$")


class Do(StrEnum):
    CLOSE_NOW = "close_now"
    CANCEL = "cancel"

    @property
    def action_id(self) -> str:
        return f"rounds.v1.{self.value}"


@dataclass(frozen=True)
class RoundPressed:
    do: Do
    round_id: int

    @property
    def value(self) -> str:
        return f"{FORMAT}:{self.round_id}"

    @classmethod
    def read(cls, press: Press) -> "RoundPressed | None":
        """None where it is not of this format."""
        word = press.action_id.rpartition(".")[2]
        parts = (press.value or "").split(":")
        if word not in list(Do) or len(parts) != 2 or parts[0] != FORMAT or not _ROUND.match(parts[1]):
            return None
        return cls(Do(word), int(parts[1]))
