"""Rounding as people do it: halves up, in decimals, so that tests don't take it from the bot."""

from decimal import ROUND_HALF_UP, Decimal


def rounded(value: float) -> int:
    return int(Decimal(repr(round(value, 9))).to_integral_value(ROUND_HALF_UP))
