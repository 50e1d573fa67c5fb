"""How do we say a time, a number, a person? The same way everywhere."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from instrument.snapshot import Coded, Figure


def when(at: datetime, zone: ZoneInfo) -> str:
    """`at` as a day and an hour there: "Thursday 3 December, 09:00"."""
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M}"


def day(at: datetime, zone: ZoneInfo) -> str:
    """`at` as a date there: "3 December 2026"."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B} {local.year}"


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def percent(figure: Figure | None, *, small: bool) -> str:
    """A percentage as we print it: one decimal, or none where few people stand behind it; coded and hidden ones in words."""
    match figure:
        case None:
            return "not shown"
        case Coded():
            return f"{figure.value} %"
        case _:
            return f"{figure:.0f} %" if small else f"{figure:.1f} %"


def listed(words: Iterable[str]) -> str:
    """ "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def mention(person_id: str) -> str:
    return f"<@{person_id}>"


def channel(channel_id: str) -> str:
    return f"<#{channel_id}>"
