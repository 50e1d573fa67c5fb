"""What can be pressed for charts, and how it travels."""

import re

from bot.blocks import Block, button
from bot.results.buttons import round_value

PICTURES = "results.v1.pictures"
PATTERN = re.compile(r"^results\.v1\.pictures$")


def pictures_button(round_id: int) -> Block:
    """What stands under a coordinator's results."""
    return button("Pictures", PICTURES, round_value(round_id))
