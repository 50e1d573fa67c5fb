"""What can be pressed under results, and how it travels."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.payloads import Press

FORMAT = "1"
_VALUE = re.compile(rf"^{FORMAT}:([0-9]{{1,9}})(?::([a-z0-9_]{{1,40}}))?$")
_ROUND = re.compile(rf"^{FORMAT}:([0-9]{{1,9}})$")


class Do(StrEnum):
    """SECTION and WITH are selects, and what is chosen there is the detail."""

    POST = "post"
    BY_FUNCTION = "by_function"
    ITEM_DETAILS = "item_details"
    COMPARE = "compare"
    HUDDLE = "huddle"
    SECTION = "section"
    PREVIOUS = "previous"
    NEXT = "next"
    WITH = "with"

    @property
    def action_id(self) -> str:
        return f"results.v1.{self.value}"


PATTERN = re.compile(rf"^results\.v1\.({'|'.join(Do)})$")
TURNS_THE_PAGE = frozenset({Do.SECTION, Do.PREVIOUS, Do.NEXT, Do.WITH})
"""What is pressed on a page of its own, which the answer takes the place of. All else is answered beside what was pressed."""


@dataclass(frozen=True)
class ResultsPressed:
    """`detail`: the page of item details that is to be shown, or the round to compare with; empty for the first."""

    do: Do
    round_id: int
    detail: str = ""

    @property
    def value(self) -> str:
        return f"{FORMAT}:{self.round_id}" + (f":{self.detail}" if self.detail else "")

    @classmethod
    def read(cls, press: Press) -> "ResultsPressed | None":
        """None where it is not of this format."""
        match = _VALUE.match(press.value or "")
        word = press.action_id.rpartition(".")[2]
        return cls(Do(word), int(match.group(1)), match.group(2) or "") if match and word in list(Do) else None


def round_value(round_id: int) -> str:
    """What a button carries that needs the round alone."""
    return f"{FORMAT}:{round_id}"


def round_of(press: Press) -> int | None:
    """The round of such a button; None where it is not of this format."""
    match = _ROUND.match(press.value or "")
    return int(match.group(1)) if match else None
