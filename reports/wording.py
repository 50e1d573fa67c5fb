"""How times, numbers and percents are written, the same way everywhere."""

from collections.abc import Iterable
from datetime import datetime
from math import floor
from zoneinfo import ZoneInfo

from instrument.snapshot import Coded, Figure
from storage.rounds import Round

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def when(at: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """`at` as a day and an hour there: "Thursday 3 December, 09:00".

    With the year where it is another one than that of `now` there; None: the year is always said.
    """
    local = at.astimezone(zone)
    is_this_year = now is not None and now.astimezone(zone).year == local.year
    year = "" if is_this_year else f" {local.year}"
    return f"{local:%A} {local.day} {local:%B}{year}, {local:%H:%M}"


def until(round_: Round, zone: ZoneInfo) -> str:
    """When a round closes, as `when` says it.

    With the year where it is another one than that in which the round opened: until then that is the year it is.
    """
    return when(round_.closing_at, zone, round_.opened_at)


def day(at: datetime, zone: ZoneInfo) -> str:
    """`at` as a date there, always with its year: "3 December 2026"."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B} {local.year}"


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def spelled(number: int) -> str:
    """A small whole number as a word: "three". From eleven on, in digits."""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def whole(value: float) -> int:
    """`value` rounded to a whole number, halves up: the one rule for percents that people read.

    Snapshots, rankings and files keep what they have. Floats that were subtracted may lie a hair below a half.
    """
    return floor(round(value, 9) + 0.5)


def percent(figure: Figure | None) -> str:
    """A percentage as people read it: whole; coded and hidden ones in words."""
    match figure:
        case None:
            return "not shown"
        case Coded():
            return f"{figure.value} %"
        case _:
            return f"{whole(figure)} %"


def listed(words: Iterable[str]) -> str:
    """ "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
