"""What can be pressed and submitted about exports, and how it travels."""

import re

from bot.blocks import Block, button
from bot.payloads import Press, reads

FORMAT = "1"
EXPORT = "results.v1.export"
PATTERN = re.compile(r"^results\.v1\.export$")
FORM = "results.export.v1"
FORMATS = "formats"
"""The form's one field."""
_VALUE = re.compile(rf"^{FORMAT}:([0-9]{{1,9}})$")


def export_button(round_id: int) -> Block:
    """What stands under a coordinator's results."""
    return button("Export", EXPORT, packed(round_id))


def packed(round_id: int) -> str:
    """What the button and the form carry with them."""
    return f"{FORMAT}:{round_id}"


def round_of(press: Press) -> int | None:
    """The round of a press; None where it is not of this format."""
    match = _VALUE.match(press.value or "")
    return int(match.group(1)) if match else None


@reads
def round_carried(metadata: str) -> int:
    """The round that the form carries. Raises payloads.Unreadable."""
    return int(metadata.split(":")[1])
