"""When a goal is due, and when the bot speaks of it.

The tool's closing page asks for a goal to complete in 10 days, 1 month, 3 months, 6 months and 1 year. All five dates count
from the day on which the plan starts. A date stays as it is; a message about it moves to a working day, and is sent at ten
in the morning. Source: METHODS, section 6.
"""

from calendar import monthrange
from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SATURDAY = 5
MORNING = time(10)
"""Far from midnight and from the hours that clocks skip or repeat."""
FIRST, LAST = time(8), time(18)
"""What is late goes out between these hours."""
FOLLOW_UP_AFTER = (3, 7)
"""Working days after an unanswered check-in."""
LONGEST_TEXT = 300

DaysOff = Container[date]
"""The holidays of an organization, as days. Weekends are off without being named."""


class Horizon(StrEnum):
    """How far ahead a goal lies."""

    DAYS_10 = "10_days"
    MONTH_1 = "1_month"
    MONTHS_3 = "3_months"
    MONTHS_6 = "6_months"
    YEAR_1 = "1_year"

    @property
    def label(self) -> str:
        """As the closing page names it: "10 days"."""
        return self.value.replace("_", " ")

    @property
    def heads_up_days(self) -> int:
        """So many days ahead the owner hears that it comes."""
        return _HEADS_UP_DAYS[self]


_HEADS_UP_DAYS = {
    Horizon.DAYS_10: 2,
    Horizon.MONTH_1: 5,
    Horizon.MONTHS_3: 14,
    Horizon.MONTHS_6: 14,
    Horizon.YEAR_1: 30,
}
_MONTHS = {Horizon.MONTH_1: 1, Horizon.MONTHS_3: 3, Horizon.MONTHS_6: 6, Horizon.YEAR_1: 12}


class Status(StrEnum):
    """How a goal stands. Overdue is no status: it follows from the date."""

    NOT_STARTED = "not_started"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BLOCKED = "blocked"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def is_open(self) -> bool:
        return self not in (Status.DONE, Status.DROPPED)


class Obstacle(StrEnum):
    """What is in the way. The first three are the tool's own."""

    LEADERSHIP = "leadership"
    RESOURCES = "resources"
    BANDWIDTH = "bandwidth"
    TRAINING = "training"
    OWNER = "owner"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _OBSTACLES[self]


_OBSTACLES = {
    Obstacle.LEADERSHIP: "Leadership buy-in",
    Obstacle.RESOURCES: "Resources or funding",
    Obstacle.BANDWIDTH: "Bandwidth",
    Obstacle.TRAINING: "Training",
    Obstacle.OWNER: "Unclear owner",
    Obstacle.OTHER: "Something else",
}


def due_on(start: date, horizon: Horizon) -> date:
    """The day a goal is due in a plan that starts on `start`.

    Months count by calendar, always from `start`, and clamp to the month's end: 31 January plus one month is 28 or 29
    February, plus three it is 30 April.
    """
    if horizon is Horizon.DAYS_10:
        return start + 10 * DAY
    years, month = divmod(start.month - 1 + _MONTHS[horizon], 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def is_working(day: date, off: DaysOff) -> bool:
    return day.weekday() < SATURDAY and day not in off


def check_in_on(due: date, off: DaysOff) -> date:
    """The day of the check-in about what is due then: that day, or the next working day."""
    while not is_working(due, off):
        due += DAY
    return due


def heads_up_on(due: date, horizon: Horizon, off: DaysOff) -> date:
    """The day on which the owner hears that it comes: so many days ahead, or the working day before that."""
    day = due - horizon.heads_up_days * DAY
    while not is_working(day, off):
        day -= DAY
    return day


def follow_ups_on(due: date, off: DaysOff) -> tuple[date, ...]:
    """The days on which the owner is asked again while the check-in stays unanswered."""
    checked = check_in_on(due, off)
    return tuple(working_days_after(checked, days, off) for days in FOLLOW_UP_AFTER)


def working_days_after(day: date, days: int, off: DaysOff) -> date:
    """The day that so many working days later is."""
    while days:
        day += DAY
        days -= is_working(day, off)
    return day


def digest_after(now: datetime, zone: ZoneInfo, off: DaysOff) -> datetime:
    """The next Monday morning, or that of the first working day after a Monday that is off; UTC, and later than `now`."""
    day = now.astimezone(zone).date()
    monday = day - day.weekday() * DAY
    while (at := in_the_morning(check_in_on(monday, off), zone)) <= now:
        monday += 7 * DAY
    return at


def in_the_morning(day: date, zone: ZoneInfo) -> datetime:
    """Ten in the morning of that day there, UTC."""
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def wait_until(now: datetime, zone: ZoneInfo, off: DaysOff) -> datetime | None:
    """When a message that is late may go out, UTC: not at night, not on a day off. None: now."""
    here = now.astimezone(zone)
    day = here.date()
    if is_working(day, off) and FIRST <= here.time() < LAST:
        return None
    if here.time() >= MORNING:
        day += DAY
    return in_the_morning(check_in_on(day, off), zone)
