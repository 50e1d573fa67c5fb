"""What can be pressed about the evidence pack, and how it travels."""

import re

from bot.blocks import Block, button
from bot.results.buttons import round_value

EVIDENCE = "results.v1.evidence"
PATTERN = re.compile(r"^results\.v1\.evidence$")


def evidence_button(round_id: int) -> Block:
    """What stands under a coordinator's results."""
    return button("Evidence pack", EVIDENCE, round_value(round_id))
