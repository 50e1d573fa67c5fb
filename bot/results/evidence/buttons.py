"""What can be pressed about the evidence pack, and how it travels."""

import re

from bot.blocks import Block, button
from bot.payloads import Press

FORMAT = "1"
EVIDENCE = "results.v1.evidence"
PATTERN = re.compile(r"^results\.v1\.evidence$")
_VALUE = re.compile(rf"^{FORMAT}:([0-9]{{1,9}})$")


def evidence_button(round_id: int) -> Block:
    """What stands under a coordinator's results."""
    return button("Evidence pack", EVIDENCE, f"{FORMAT}:{round_id}")


def round_of(press: Press) -> int | None:
    """The round of a press; None where it is not of this format."""
    match = _VALUE.match(press.value or "")
    return int(match.group(1)) if match else None
