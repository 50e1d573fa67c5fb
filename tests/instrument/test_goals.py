"""Dates that were worked out by hand on a calendar, and what holds for every start, zone and set of holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from instrument.definition import builtin
from instrument.goals import (
    Horizon,
    Obstacle,
    Status,
    check_in_on,
    digest_after,
    due_on,
    follow_ups_on,
    heads_up_on,
    in_the_morning,
    is_working,
    wait_until,
    working_days_after,
)

NONE: frozenset[date] = frozenset()
NEW_YORK, LONDON, SYDNEY, KATHMANDU = map(
    ZoneInfo, ["America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kathmandu"]
)
ZONES = [*map(ZoneInfo, ["America/Los_Angeles", "America/Sao_Paulo", "Pacific/Kiritimati", "Pacific/Pago_Pago"])]
ZONES += [NEW_YORK, LONDON, SYDNEY, KATHMANDU, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")]


def days(*written: str) -> list[date]:
    return [date.fromisoformat(one) for one in written]


def test_the_horizons_are_those_of_the_closing_page() -> None:
    assert [one.label for one in Horizon] == list(builtin().horizons)


def test_the_first_obstacles_are_the_tools_own() -> None:
    theirs = [one.split()[0] for one in builtin().obstacles]

    assert theirs == ["leadership", "resources", "bandwidth"]
    assert [one.label.split()[0].lower() for one in Obstacle][:3] == theirs


def test_done_and_dropped_goals_are_open_no_more() -> None:
    assert [one.label for one in Status if one.is_open] == ["Not started", "On track", "At risk", "Blocked"]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2027-03-29", ["2027-04-08", "2027-04-29", "2027-06-29", "2027-09-29", "2028-03-29"]),
        ("2027-01-31", ["2027-02-10", "2027-02-28", "2027-04-30", "2027-07-31", "2028-01-31"]),
        ("2028-01-31", ["2028-02-10", "2028-02-29", "2028-04-30", "2028-07-31", "2029-01-31"]),
        ("2028-02-29", ["2028-03-10", "2028-03-29", "2028-05-29", "2028-08-29", "2029-02-28"]),
        ("2027-08-31", ["2027-09-10", "2027-09-30", "2027-11-30", "2028-02-29", "2028-08-31"]),
        ("2026-08-31", ["2026-09-10", "2026-09-30", "2026-11-30", "2027-02-28", "2027-08-31"]),
        ("2026-11-30", ["2026-12-10", "2026-12-30", "2027-02-28", "2027-05-30", "2027-11-30"]),
        ("2026-12-31", ["2027-01-10", "2027-01-31", "2027-03-31", "2027-06-30", "2027-12-31"]),
    ],
)
def test_due_dates_count_from_the_start_and_end_with_the_month(start: str, due: list[str]) -> None:
    assert [due_on(date.fromisoformat(start), horizon) for horizon in Horizon] == days(*due)


@pytest.mark.parametrize(
    ("due", "off", "check_in", "follow_ups"),
    [
        ("2027-04-08", [], "2027-04-08", ["2027-04-13", "2027-04-19"]),  # a Thursday
        ("2027-04-10", [], "2027-04-12", ["2027-04-15", "2027-04-21"]),  # a Saturday
        ("2027-07-04", ["2027-07-05"], "2027-07-06", ["2027-07-09", "2027-07-15"]),  # Sunday, and Monday off for it
        ("2026-12-31", ["2027-01-01"], "2026-12-31", ["2027-01-06", "2027-01-12"]),  # over the end of a year
        ("2026-11-26", ["2026-11-26"], "2026-11-27", ["2026-12-02", "2026-12-08"]),  # Thanksgiving
        ("2028-02-29", [], "2028-02-29", ["2028-03-03", "2028-03-09"]),
    ],
)
def test_check_ins_and_follow_ups_fall_on_working_days(
    due: str, off: list[str], check_in: str, follow_ups: list[str]
) -> None:
    free = set(days(*off))

    assert [check_in_on(date.fromisoformat(due), free)] == days(check_in)
    assert [*follow_ups_on(date.fromisoformat(due), free)] == days(*follow_ups)


@pytest.mark.parametrize(
    ("due", "horizon", "off", "expected"),
    [
        ("2027-04-08", Horizon.DAYS_10, [], "2027-04-06"),
        ("2027-04-13", Horizon.DAYS_10, [], "2027-04-09"),  # 11 April is a Sunday
        ("2027-04-29", Horizon.MONTH_1, [], "2027-04-23"),  # 24 April is a Saturday
        ("2027-06-29", Horizon.MONTHS_3, [], "2027-06-15"),
        ("2027-09-20", Horizon.MONTHS_6, ["2027-09-06"], "2027-09-03"),  # Labor Day
        ("2028-03-29", Horizon.YEAR_1, [], "2028-02-28"),
        ("2027-01-15", Horizon.MONTHS_3, ["2027-01-01"], "2026-12-31"),
    ],
)
def test_a_heads_up_comes_on_the_working_day_before(due: str, horizon: Horizon, off: list[str], expected: str) -> None:
    assert heads_up_on(date.fromisoformat(due), horizon, set(days(*off))) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        ("2027-03-12", NEW_YORK, "2027-03-12 15:00"),  # clocks go forward on Sunday the 14th
        ("2027-03-15", NEW_YORK, "2027-03-15 14:00"),
        ("2027-11-05", NEW_YORK, "2027-11-05 14:00"),  # and back on Sunday the 7th
        ("2027-11-08", NEW_YORK, "2027-11-08 15:00"),
        ("2027-03-14", NEW_YORK, "2027-03-14 14:00"),  # on the day itself, as for a workplace that works on Sundays
        ("2027-11-07", NEW_YORK, "2027-11-07 15:00"),
        ("2027-03-29", LONDON, "2027-03-29 09:00"),
        ("2027-04-05", SYDNEY, "2027-04-05 00:00"),
        ("2027-06-01", KATHMANDU, "2027-06-01 04:15"),
    ],
)
def test_ten_in_the_morning_is_ten_there_on_both_sides_of_a_change_of_clocks(
    day: str, zone: ZoneInfo, instant: str
) -> None:
    assert in_the_morning(date.fromisoformat(day), zone) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-04-08 10:00", None),
        ("2027-04-08 17:59", None),
        ("2027-04-08 18:00", "2027-04-09 10:00"),
        ("2027-04-09 03:00", "2027-04-09 10:00"),
        ("2027-04-09 08:00", None),
        ("2027-04-09 23:00", "2027-04-12 10:00"),  # Friday night
        ("2027-04-10 11:00", "2027-04-12 10:00"),  # Saturday
        ("2027-07-05 11:00", "2027-07-06 10:00"),  # a holiday
        ("2027-03-14 02:30", "2027-03-15 10:00"),  # an hour that there is not
    ],
)
def test_what_is_late_waits_for_the_day(now: str, expected: str | None) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=NEW_YORK)

    waits = wait_until(here.astimezone(UTC), NEW_YORK, {date(2027, 7, 5)})

    assert waits == (expected and datetime.fromisoformat(expected).replace(tzinfo=NEW_YORK))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-04-05 09:59", "2027-04-05 10:00"),
        ("2027-04-05 10:00", "2027-04-12 10:00"),
        ("2027-04-11 23:00", "2027-04-12 10:00"),
        ("2027-07-05 09:00", "2027-07-06 10:00"),  # a Monday that is off
        ("2027-07-06 09:00", "2027-07-06 10:00"),
        ("2027-07-06 11:00", "2027-07-12 10:00"),
        ("2027-10-31 12:00", "2027-11-01 10:00"),
    ],
)
def test_the_next_digest_comes_on_monday_or_the_first_working_day_after(now: str, expected: str) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=NEW_YORK)

    at = digest_after(here.astimezone(UTC), NEW_YORK, {date(2027, 7, 5)})

    assert at == datetime.fromisoformat(expected).replace(tzinfo=NEW_YORK)


STARTS = some.dates(date(2025, 1, 1), date(2040, 12, 31))


@example(date(2028, 2, 29), NEW_YORK, frozenset())
@given(STARTS, some.sampled_from(ZONES), some.frozensets(some.integers(0, 500), max_size=60))
def test_no_message_comes_at_night_on_a_day_off_or_before_its_day(
    start: date, zone: ZoneInfo, off_after: frozenset[int]
) -> None:
    off = {start + timedelta(days=one) for one in off_after}

    for horizon in Horizon:
        due = due_on(start, horizon)
        heads_up, check_in, follow_ups = heads_up_on(due, horizon, off), check_in_on(due, off), follow_ups_on(due, off)
        for day in (heads_up, check_in, *follow_ups):
            local = in_the_morning(day, zone).astimezone(zone)
            assert is_working(local.date(), off)
            assert local.time() == time(10)
            assert local.date() == day
        assert heads_up <= due - timedelta(days=horizon.heads_up_days) < due <= check_in < follow_ups[0] < follow_ups[1]


@given(STARTS)
def test_every_date_counts_from_the_start_and_none_from_the_one_before(start: date) -> None:
    due = [due_on(start, horizon) for horizon in Horizon]

    assert (due[0] - start).days == 10
    for day, months in zip(due[1:], (1, 3, 6, 12), strict=True):
        assert (day.year * 12 + day.month) - (start.year * 12 + start.month) == months
        assert day.day == start.day or (day.day < start.day and (day + timedelta(days=1)).day == 1)


@given(some.datetimes(datetime(2025, 1, 1), datetime(2040, 1, 1), timezones=some.just(UTC)), some.sampled_from(ZONES))  # noqa: DTZ001
def test_what_is_late_goes_out_by_day_and_within_days(now: datetime, zone: ZoneInfo) -> None:
    at = wait_until(now, zone, NONE) or now

    local = at.astimezone(zone)
    assert time(8) <= local.time() < time(18)
    assert local.weekday() < 5
    assert timedelta() <= at - now < timedelta(days=4)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    assert working_days_after(date(2026, 12, 23), 3, set(days("2026-12-25", "2026-12-24"))) == date(2026, 12, 30)
