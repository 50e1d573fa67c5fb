"""When the bot writes to somebody again. Pure functions of instants and zones.

Instants come and go in UTC; days and hours are those of the person's zone. A local time that doesn't exist, when clocks
go forward, is the instant that the old offset gives; of one that comes twice it is the first.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage.terms import MOST_REMINDERS

IN_TURN = (time(10, 0), time(18, 30))
DAY = timedelta(days=1)
QUIET_FROM, QUIET_UNTIL = time(20, 0), time(7, 0)
GRACE = timedelta(hours=6)
"""A reminder that was held up for longer gives way to the next one, where that comes within a day."""
NIGHT_GRACE = timedelta(hours=2)
"""So long after its moment one that was chosen for the night may still come."""


class BestTime(StrEnum):
    """The time of day that a person chose for reminders."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"

    @property
    def hour(self) -> time:
        return _HOURS[self]


_HOURS = {
    BestTime.MORNING: time(10, 0),
    BestTime.AFTERNOON: time(14, 0),
    BestTime.EVENING: time(18, 30),
    BestTime.NIGHT: time(22, 0),
}


class Later(StrEnum):
    """The times that a person can pick."""

    IN_2_HOURS = "in_2_hours"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"


def next_reminder(
    *,
    sent: int,
    last_at: datetime,
    now: datetime,
    every_days: int | None,
    best: BestTime | None,
    zone: ZoneInfo,
    closing_at: datetime,
) -> datetime | None:
    """When the next reminder that comes by itself is due, after `sent` of them; None: none comes any more.

    `every_days` after `last_at`, our last message to the person, and always later than `now`. The last of the three, or
    an earlier one that would come after it, is due on the day before closing. At 10:00 and at 18:30 in turn, or at the
    hour that the person chose. Never within a day of `last_at`, never at or after closing.
    """
    if every_days is None or sent >= MOST_REMINDERS:
        return None
    earliest = _a_day_after(last_at, zone)
    last_day = closing_at.astimezone(zone).date() - DAY
    day = last_at.astimezone(zone).date() + timedelta(days=every_days)
    if sent < MOST_REMINDERS - 1:
        while day < last_day:
            if at := _slot(day, sent, earliest, now, best, zone, closing_at):
                return at
            day += DAY
    return _slot(last_day, sent, earliest, now, best, zone, closing_at)


def soonest_reminder(
    *, sent: int, last_at: datetime, now: datetime, best: BestTime | None, zone: ZoneInfo, closing_at: datetime
) -> datetime | None:
    """The first moment at which a reminder may come, whatever the cadence; None: none may."""
    if sent >= MOST_REMINDERS:
        return None
    earliest = _a_day_after(last_at, zone)
    day = max(earliest, now).astimezone(zone).date()
    while day <= closing_at.astimezone(zone).date():
        slots = (_at(day, hour, zone) for hour in ((best.hour,) if best else IN_TURN))
        allowed = [at for at in slots if earliest <= at < closing_at and at > now]
        if allowed:
            return min(allowed)
        day += DAY
    return None


def picked_time(
    later: Later, *, now: datetime, best: BestTime | None, zone: ZoneInfo, closing_at: datetime
) -> datetime | None:
    """The instant that the person picked, on a full minute; None: it has closed by then.

    In 2 hours is that, at night too. Tomorrow and next week keep the hour that it is now, or the person's best time.
    """
    minute = timedelta(minutes=1)
    here = now.astimezone(zone)
    match later:
        case Later.IN_2_HOURS:
            at = (now + timedelta(hours=2) + minute).replace(second=0, microsecond=0)
        case Later.TOMORROW | Later.NEXT_WEEK:
            days = 1 if later is Later.TOMORROW else 7
            hour = best.hour if best else time(here.hour, here.minute)
            at = _at(here.date() + timedelta(days=days), hour, zone)
    return at if now < at < closing_at else None


def not_before(due_at: datetime, now: datetime, best: BestTime | None, zone: ZoneInfo) -> datetime | None:
    """When a reminder may come that was held up until the wrong hour; None: it may come now.

    At the next 10:00, or at the next hour that the person chose. One that was chosen for the night comes at night only.
    """
    is_right = now - due_at <= NIGHT_GRACE if best is BestTime.NIGHT else not is_quiet(now, zone)
    if is_right:
        return None
    today = now.astimezone(zone).date()
    hour = best.hour if best else IN_TURN[0]
    return next(at for at in (_at(today, hour, zone), _at(today + DAY, hour, zone)) if at > now)


def gives_way(due_at: datetime, now: datetime, next_at: datetime | None, zone: ZoneInfo) -> bool:
    """Whether a reminder was held up for so long that the next one is due, or would be the second within a day."""
    return now - due_at > GRACE and next_at is not None and next_at < _a_day_after(now, zone)


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """Whether it is between 20:00 and 07:00 there."""
    hour = at.astimezone(zone).time()
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def zone_named(name: str | None, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone of this name, as Slack tells it; `otherwise` where there is none such."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError; a folder's name is an OSError
        return otherwise


def _slot(
    day: date,
    sent: int,
    earliest: datetime,
    now: datetime,
    best: BestTime | None,
    zone: ZoneInfo,
    closing_at: datetime,
) -> datetime | None:
    """The moment of this day at which the reminder may come: its turn's hour, else the other one, or the chosen one."""
    turn = sent % len(IN_TURN)
    hours = (best.hour,) if best else (IN_TURN[turn], IN_TURN[1 - turn])
    slots = (_at(day, hour, zone) for hour in hours)
    return next((at for at in slots if earliest <= at < closing_at and at > now), None)


def _a_day_after(at: datetime, zone: ZoneInfo) -> datetime:
    """The same hour on the next day, by the person's clock: 23 hours later where clocks go forward."""
    here = at.astimezone(zone)
    return _at(here.date() + DAY, here.time(), zone)


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone).astimezone(UTC)
