"""What can be pressed and submitted about exports, and how it travels."""

import re

from bot.blocks import Block, button
from bot.payloads import id_in, reads
from bot.results.buttons import round_value

EXPORT = "results.v1.export"
PATTERN = re.compile(r"^results\.v1\.export$")
FORM = "results.export.v1"
FORMATS = "formats"
"""The form's one field."""


def export_button(round_id: int) -> Block:
    """What stands under a coordinator's results."""
    return button("Export", EXPORT, round_value(round_id))


@reads
def round_carried(metadata: str) -> int:
    """The round that the form carries. Raises payloads.Unreadable."""
    return id_in(metadata.split(":")[1])
