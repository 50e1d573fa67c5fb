"""What can be pressed under results, and how it travels."""

import re

from bot.payloads import Press

FORMAT = "1"
PATTERN = re.compile(r"^results\.v1\.by_function$")
BY_FUNCTION = "results.v1.by_function"
_VALUE = re.compile(rf"^{FORMAT}:([0-9]{{1,9}})$")


def by_function_value(round_id: int) -> str:
    return f"{FORMAT}:{round_id}"


def round_of(press: Press) -> int | None:
    """The round of a press; None where it is not of this format."""
    match = _VALUE.match(press.value or "")
    return int(match.group(1)) if match else None
