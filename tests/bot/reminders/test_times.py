"""When we write to somebody again: dates worked out by hand, and what holds for any zone, day and cadence."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reminders.times import (
    IN_TURN,
    BestTime,
    Later,
    gives_way,
    is_quiet,
    next_reminder,
    not_before,
    picked_time,
    soonest_reminder,
    zone_named,
)

NEW_YORK, LISBON, KOLKATA, AUCKLAND, HONOLULU = map(
    ZoneInfo, ["America/New_York", "Europe/Lisbon", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Honolulu"]
)


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A date worked out by hand. `last` is our last message, all in UTC."""

    last: str
    expected: str | None
    zone: ZoneInfo = NEW_YORK
    sent: int = 0
    every: int | None = 3
    best: BestTime | None = None
    closing: str = "2026-12-08 14:00"


BY_HAND = {
    "three days after the invitation, at ten": Row("2026-11-24 15:00", "2026-11-27 15:00"),
    "three days after that, at half past six": Row("2026-11-27 15:00", "2026-11-30 23:30", sent=1),
    "the last on the day before closing": Row("2026-11-30 23:30", "2026-12-07 15:00", sent=2),
    "the other hour, where ten is within a day": Row("2026-11-24 15:30", "2026-11-25 23:30", every=1),
    "exactly a day later is a day": Row("2026-11-24 15:00", "2026-11-25 15:00", every=1),
    "a chosen hour goes before the turn": Row("2026-11-27 15:00", "2026-11-30 15:00", sent=1, best=BestTime.MORNING),
    "in the afternoon": Row("2026-11-24 15:00", "2026-11-27 19:00", best=BestTime.AFTERNOON),
    "in the evening": Row("2026-11-24 15:00", "2026-11-27 23:30", best=BestTime.EVENING),
    "at night, since that was chosen": Row("2026-11-24 15:00", "2026-11-28 03:00", best=BestTime.NIGHT),
    "a day later, where the chosen hour is too near": Row(
        "2026-11-27 15:01", "2026-11-29 15:00", every=1, best=BestTime.MORNING
    ),
    "never": Row("2026-11-24 15:00", None, every=None),
    "no fourth": Row("2026-11-24 15:00", None, sent=3),
    "a long cadence ends on the day before closing": Row("2026-11-24 15:00", "2026-12-07 15:00", every=30),
    "none, where it closes tomorrow": Row("2026-11-24 15:00", None, closing="2026-11-25 14:00"),
    "none after the day before closing": Row("2026-12-07 15:00", None, sent=1),
    # Clocks go back in New York on 1 November 2026, forward on 14 March 2027; in Lisbon forward on 28 March 2027.
    "ten o'clock when clocks have gone back": Row("2026-10-30 14:00", "2026-11-02 15:00"),
    "the next day when clocks go forward": Row(
        "2027-03-13 15:00", "2027-03-14 14:00", every=1, closing="2027-03-30 13:00"
    ),
    "the next evening when clocks go forward": Row(
        "2027-03-27 18:30", "2027-03-28 17:30", LISBON, sent=1, every=1, closing="2027-04-20 13:00"
    ),
    "ten o'clock in India, which is half an hour off": Row(
        "2027-03-01 15:00", "2027-03-03 04:30", KOLKATA, every=2, closing="2027-03-29 13:00"
    ),
    "a day counts from what day it was in Auckland": Row(
        "2027-03-01 15:00", "2027-03-03 21:00", AUCKLAND, every=2, closing="2027-03-29 13:00"
    ),
    # It closes on 6 April at 01:00 there, after clocks went back on the 4th.
    "the day before closing is one of Auckland's": Row(
        "2027-03-20 21:00", "2027-04-04 22:00", AUCKLAND, sent=2, closing="2027-04-05 13:00"
    ),
    # It closes at 03:00 there.
    "the day before closing is one of Honolulu's": Row(
        "2027-03-10 20:00", "2027-03-28 20:00", HONOLULU, sent=2, closing="2027-03-29 13:00"
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_next_reminder_is_due_when_it_was_worked_out_by_hand(name: str) -> None:
    row = BY_HAND[name]

    due = next_reminder(
        sent=row.sent,
        last_at=utc(row.last),
        now=utc(row.last),
        every_days=row.every,
        best=row.best,
        zone=row.zone,
        closing_at=utc(row.closing),
    )

    assert due == (utc(row.expected) if row.expected else None)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-12-01 12:00", "2026-12-01 15:00"),
        ("2026-12-01 15:00", "2026-12-01 23:30"),
        ("2026-12-01 23:30", "2026-12-02 15:00"),
        ("2026-11-24 16:00", "2026-11-25 23:30"),
        ("2026-12-08 13:59", None),
    ],
)
def test_a_nudge_comes_at_the_next_of_the_two_hours(now: str, expected: str | None) -> None:
    due = soonest_reminder(
        sent=0,
        last_at=utc("2026-11-24 15:30"),
        now=utc(now),
        best=None,
        zone=NEW_YORK,
        closing_at=utc("2026-12-08 14:00"),
    )

    assert due == (utc(expected) if expected else None)


def test_a_nudge_waits_for_the_hour_that_was_chosen_and_is_none_after_three() -> None:
    def soonest(sent: int) -> datetime | None:
        return soonest_reminder(
            sent=sent,
            last_at=utc("2026-11-24 15:00"),
            now=utc("2026-12-01 12:00"),
            best=BestTime.NIGHT,
            zone=NEW_YORK,
            closing_at=utc("2026-12-08 14:00"),
        )

    assert soonest(2) == utc("2026-12-02 03:00")
    assert soonest(3) is None


PICKED = [
    (Later.IN_2_HOURS, "2026-11-25 04:10", None, "2026-11-25 06:11"),  # 23:10 there: at night, as she wished
    (Later.TOMORROW, "2026-11-24 15:20", None, "2026-11-25 15:20"),
    (Later.NEXT_WEEK, "2026-11-24 15:20", None, "2026-12-01 15:20"),
    (Later.TOMORROW, "2026-11-24 15:20", BestTime.NIGHT, "2026-11-26 03:00"),
    (Later.NEXT_WEEK, "2026-11-24 15:20", BestTime.AFTERNOON, "2026-12-01 19:00"),
    (Later.IN_2_HOURS, "2026-11-24 15:20", BestTime.NIGHT, "2026-11-24 17:21"),
    (Later.TOMORROW, "2026-10-31 14:20", None, "2026-11-01 15:20"),  # 10:20 on both days: clocks went back
    (Later.TOMORROW, "2026-10-31 05:30", None, "2026-11-01 05:30"),  # 01:30 comes twice: the first
    (Later.TOMORROW, "2026-03-07 07:30", None, "2026-03-08 07:30"),  # 02:30 does not exist: 03:30
    (Later.IN_2_HOURS, "2026-12-08 13:00", None, None),
    (Later.TOMORROW, "2026-12-07 14:00", None, None),
]


@pytest.mark.parametrize(("later", "now", "best", "expected"), PICKED)
def test_a_picked_time_is_what_was_picked(later: Later, now: str, best: BestTime | None, expected: str | None) -> None:
    at = picked_time(later, now=utc(now), best=best, zone=NEW_YORK, closing_at=utc("2026-12-08 14:00"))

    assert at == (utc(expected) if expected else None)


@pytest.mark.parametrize(
    ("due", "now", "best", "expected"),
    [
        ("2026-11-24 15:00", "2026-11-24 15:00", None, None),
        ("2026-11-24 15:00", "2026-11-25 00:59", None, None),  # 19:59 there
        ("2026-11-24 15:00", "2026-11-25 01:00", None, "2026-11-25 15:00"),  # 20:00 there, then the next 10:00
        ("2026-11-24 15:00", "2026-11-25 11:59", None, "2026-11-25 15:00"),
        ("2026-11-24 15:00", "2026-11-25 12:00", None, None),  # 07:00 there
        ("2026-11-24 23:30", "2026-11-25 03:00", BestTime.EVENING, "2026-11-25 23:30"),
        ("2026-11-25 03:00", "2026-11-25 05:00", BestTime.NIGHT, None),  # chosen for 22:00
        ("2026-11-25 03:00", "2026-11-25 05:01", BestTime.NIGHT, "2026-11-26 03:00"),
        ("2026-11-25 03:00", "2026-11-25 17:00", BestTime.NIGHT, "2026-11-26 03:00"),  # she may sleep at noon
    ],
)
def test_a_reminder_that_was_held_up_comes_at_the_next_right_hour(
    due: str, now: str, best: BestTime | None, expected: str | None
) -> None:
    at = not_before(utc(due), utc(now), best, NEW_YORK)

    assert at == (utc(expected) if expected else None)


@pytest.mark.parametrize(
    ("now", "next_at", "expected"),
    [
        ("2026-11-24 21:00", "2026-11-25 15:00", False),  # six hours late, as any
        ("2026-11-24 21:01", "2026-11-25 15:00", True),
        ("2026-11-24 21:01", "2026-11-25 21:00", True),
        ("2026-11-24 21:01", "2026-11-25 21:01", False),  # a whole day apart
        ("2026-11-27 15:00", "2026-11-26 15:00", True),  # the next one is due already
        ("2026-11-27 15:00", None, False),
    ],
)
def test_after_a_long_wait_it_gives_way_to_the_next_one_so_that_no_two_come_within_a_day(
    now: str, next_at: str | None, expected: bool
) -> None:
    assert gives_way(utc("2026-11-24 15:00"), utc(now), utc(next_at) if next_at else None, NEW_YORK) is expected


@pytest.mark.parametrize(
    ("there", "quiet"), [("06:59", True), ("07:00", False), ("19:59", False), ("20:00", True), ("00:00", True)]
)
def test_it_is_quiet_from_eight_to_seven(there: str, quiet: bool) -> None:
    at = datetime.combine(datetime(2026, 11, 24, tzinfo=UTC), time.fromisoformat(there), NEW_YORK)

    assert is_quiet(at, NEW_YORK) is quiet


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../etc/passwd", "/etc", "America", "\0"])
def test_a_zone_that_nobody_knows_is_the_organizations(name: str | None) -> None:
    assert zone_named(name, NEW_YORK) == NEW_YORK
    assert zone_named("Europe/Lisbon", NEW_YORK) == LISBON


ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
BEST = st.none() | st.sampled_from(BestTime)


def chain(
    invited_at: datetime, every_days: int, best: BestTime | None, zone: ZoneInfo, closing_at: datetime
) -> list[datetime]:
    """All the reminders of a round, one after the other."""
    came: list[datetime] = []
    while len(came) < 10:
        last_at = came[-1] if came else invited_at
        due = next_reminder(
            sent=len(came),
            last_at=last_at,
            now=last_at,
            every_days=every_days,
            best=best,
            zone=zone,
            closing_at=closing_at,
        )
        if due is None:
            return came
        came.append(due)
    return came


@given(ZONES, INSTANTS, st.integers(1, 40), BEST, st.integers(1, 24 * 60))
def test_whatever_the_zone_day_and_cadence(
    zone: ZoneInfo, invited_at: datetime, every_days: int, best: BestTime | None, open_for_hours: int
) -> None:
    closing_at = invited_at + timedelta(hours=open_for_hours)

    came = chain(invited_at, every_days, best, zone, closing_at)

    there = [at.astimezone(zone) for at in (invited_at, *came)]
    assert len(came) <= 3
    for before, after in pairwise(there):
        # A day by the clock on the wall: the hour that is missing when clocks go forward is nobody's.
        assert after.replace(tzinfo=None) - before.replace(tzinfo=None) >= timedelta(days=1)
        assert after.date() > before.date()
    assert all(at < closing_at for at in came)
    assert {at.time() for at in there[1:]} <= ({best.hour} if best else set(IN_TURN))
    assert best is BestTime.NIGHT or not any(is_quiet(at, zone) for at in came)


@given(ZONES, INSTANTS, st.integers(1, 40), BEST, st.integers(3, 60))
def test_the_last_comes_on_the_day_before_closing(
    zone: ZoneInfo, invited_at: datetime, every_days: int, best: BestTime | None, open_for_days: int
) -> None:
    closing_at = invited_at + timedelta(days=open_for_days)

    came = chain(invited_at, every_days, best, zone, closing_at)

    assert came[-1].astimezone(zone).date() == closing_at.astimezone(zone).date() - timedelta(days=1)


@given(ZONES, INSTANTS, INSTANTS, st.integers(0, 4), BEST, st.integers(1, 24 * 60))
def test_a_nudge_keeps_the_same_limits(
    zone: ZoneInfo, last_at: datetime, now: datetime, sent: int, best: BestTime | None, open_for_hours: int
) -> None:
    closing_at = max(last_at, now) + timedelta(hours=open_for_hours)

    due = soonest_reminder(sent=sent, last_at=last_at, now=now, best=best, zone=zone, closing_at=closing_at)

    assert due is None or sent < 3
    if due:
        assert now < due < closing_at
        assert due.astimezone(zone).date() > last_at.astimezone(zone).date()
        assert best is BestTime.NIGHT or not is_quiet(due, zone)


@given(ZONES, INSTANTS, st.sampled_from(Later), BEST)
def test_a_picked_time_is_soon_or_at_the_same_hour_and_on_a_full_minute(
    zone: ZoneInfo, now: datetime, later: Later, best: BestTime | None
) -> None:
    at = picked_time(later, now=now, best=best, zone=zone, closing_at=now + timedelta(days=30))

    assert at is not None
    waited = at - now
    if later is Later.IN_2_HOURS:
        assert timedelta(hours=2) < waited <= timedelta(hours=2, minutes=1)
    else:
        days = 1 if later is Later.TOMORROW else 7
        here, there = now.astimezone(zone), at.astimezone(zone)
        hour = best.hour if best else time(here.hour, here.minute)
        # Where clocks go forward in between, an hour that does not exist is an hour or so later.
        late = there.replace(tzinfo=None) - datetime.combine(here.date() + timedelta(days=days), hour)
        assert timedelta() <= late <= timedelta(hours=1)
    assert at.second == at.microsecond == 0
