"""What is pressed for pictures, and how does it travel?"""

import re

from bot.blocks import Block, button
from bot.payloads import Press

FORMAT = "1"
ACTION = "results.v1.pictures"
PATTERN = re.compile(r"^results\.v1\.pictures$")
_VALUE = re.compile(rf"^{FORMAT}:([0-9]{{1,9}})$")


def pictures(round_id: int) -> Block:
    return button("Pictures", ACTION, f"{FORMAT}:{round_id}")


def round_of(press: Press) -> int | None:
    """The round of a press; None where it is not of this format."""
    match = _VALUE.match(press.value or "")
    return int(match.group(1)) if match else None
