"""The days on which an organization does not work: the library's holidays, as plain days."""

from datetime import date
from functools import lru_cache

NONE = "none"
NO_CALENDAR: frozenset[date] = frozenset()


class DaysOff:
    """The holidays of a place like US or US-CA, of every year that is asked for; of "none" there are none."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in holidays_of(self._place, day.year)


@lru_cache(maxsize=64)
def holidays_of(place: str, year: int) -> frozenset[date]:
    """The public holidays of a year there. Raises UnknownPlace."""
    if place == NONE:
        return NO_CALENDAR
    import holidays  # half a second, and a start does not need it

    country, _, subdivision = place.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False))
    except NotImplementedError:
        raise UnknownPlace(place) from None


class UnknownPlace(ValueError):
    """The library knows no holidays of this place."""
