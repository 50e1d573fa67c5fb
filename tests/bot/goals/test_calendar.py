"""What goals owe: exactly what they ask for as they stand, on working mornings of those who read it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from bot.goals.calendar import A_MESSAGE, Calendar, check_in_days, dates, owed
from bot.postings import Kind
from instrument.goals import Horizon, Status, check_in_on
from storage.goals import Goal, Plan
from storage.postings import NewPosting

NEW_YORK, LOS_ANGELES, SYDNEY = map(ZoneInfo, ["America/New_York", "America/Los_Angeles", "Australia/Sydney"])
START = date(2027, 3, 29)
SET_AT = datetime(2027, 3, 29, 17, tzinfo=UTC)
PLAN = Plan(1, "T1", 1, START, "C9", "U1")
GOAL = Goal(
    1, 1, Horizon.DAYS_10, "c2", None, "Screening", None, "U2", date(2027, 4, 8), Status.NOT_STARTED, "U1", SET_AT
)
HERE = Calendar(NEW_YORK, frozenset(), {"U2": LOS_ANGELES})


def told(postings: tuple[NewPosting, ...], kind: Kind) -> list[str]:
    return [f"{one.due_at.astimezone(NEW_YORK):%m-%d %H:%M:%S} {one.target}" for one in postings if one.kind == kind]


def test_a_goal_owes_a_heads_up_a_check_in_on_each_date_and_two_follow_ups() -> None:
    found = owed([PLAN], [GOAL], HERE)

    assert told(found, Kind.GOAL_HEADS_UP) == ["04-06 13:00:00 U2"], "ten in the morning where the owner lives"
    assert told(found, Kind.GOAL_FOLLOW_UP) == ["04-13 13:00:00 U2", "04-19 13:00:00 U2"]
    assert told(found, Kind.GOAL_CHECK_IN) == [
        f"{day} 10:00:00 C9" for day in ("04-08", "04-29", "06-29", "09-29", "03-29")
    ]


def test_done_and_dropped_goals_owe_nothing_but_the_offer_to_begin_again_and_the_last_draft() -> None:
    at = datetime(2027, 4, 9, 15, tzinfo=UTC)  # a Friday
    closed = [replace(GOAL, status=Status.DONE), replace(GOAL, id=2, status=Status.DROPPED, answered_at=at)]

    found = owed([PLAN], closed, HERE)

    assert {(one.kind, one.target) for one in found} == {(Kind.GOAL_RETAKE, "U1"), (Kind.GOAL_DRAFT, "U1")}
    assert told(found, Kind.GOAL_RETAKE) == ["04-12 10:00:00 U1"], (
        "on the next working day: it may be undone until then"
    )
    assert told(owed([PLAN], [GOAL, *closed], HERE), Kind.GOAL_RETAKE) == ["03-29 10:00:00 U1"], (
        "at a year at the latest"
    )
    late = [replace(closed[1], answered_at=datetime(2028, 5, 1, tzinfo=UTC))]
    assert told(owed([PLAN], late, HERE), Kind.GOAL_RETAKE) == ["03-29 10:00:00 U1"]


def test_a_draft_comes_two_working_days_after_each_date_and_its_one_reminder_three_after_that() -> None:
    found = told(owed([PLAN], [GOAL], HERE), Kind.GOAL_DRAFT)
    done = replace(GOAL, status=Status.DONE, answered_at=datetime(2027, 5, 10, 15, tzinfo=UTC))

    assert found[:4] == [f"{day} 10:00:00 U1" for day in ("04-12", "04-15", "05-03", "05-06")]
    assert len(found) == 10
    last = [one.note for one in owed([PLAN], [done], HERE) if one.kind == Kind.GOAL_DRAFT and one.due_at > SET_AT]
    assert last[-1] == "1:1:3_months", "the date after the last goal was closed tells of it, and no later one comes"


def test_a_plan_without_goals_owes_nothing() -> None:
    assert owed([PLAN], [], HERE) == ()
    assert owed([], [], HERE) == ()


def test_what_was_answered_since_it_was_due_is_not_asked_again() -> None:
    checked = datetime(2027, 4, 8, 14, tzinfo=UTC)
    answered = replace(GOAL, answered_at=checked)
    earlier = replace(GOAL, answered_at=checked - timedelta(seconds=1))

    assert told(owed([PLAN], [answered], HERE), Kind.GOAL_FOLLOW_UP) == []
    assert len(told(owed([PLAN], [earlier], HERE), Kind.GOAL_FOLLOW_UP)) == 2


def test_a_moved_goal_is_checked_on_its_new_date_too() -> None:
    moved = replace(GOAL, due_on=date(2027, 5, 22))  # a Saturday

    found = owed([PLAN], [moved], HERE)

    assert "05-24 10:00:00 C9" in told(found, Kind.GOAL_CHECK_IN)
    assert "04-08 10:00:00 C9" in told(found, Kind.GOAL_CHECK_IN), "the plan's dates stay"
    assert told(found, Kind.GOAL_HEADS_UP) == ["05-20 13:00:00 U2"]


def test_what_goes_to_one_place_on_one_day_is_one_message_until_it_is_too_long() -> None:
    few = [replace(GOAL, id=number) for number in range(A_MESSAGE)]
    many = [*few, replace(GOAL, id=99)]

    assert len(told(owed([PLAN], few, HERE), Kind.GOAL_CHECK_IN)) == 5
    assert len(told(owed([PLAN], few, HERE), Kind.GOAL_HEADS_UP)) == 1
    assert told(owed([PLAN], many, HERE), Kind.GOAL_CHECK_IN)[:2] == ["04-08 10:00:00 C9", "04-08 10:00:01 C9"]


def test_two_plans_in_one_channel_are_checked_in_the_same_message() -> None:
    again = replace(PLAN, id=2, round_id=2, starts_on=date(2027, 3, 30))
    goals = [GOAL, replace(GOAL, id=2, plan_id=2, due_on=date(2027, 4, 9))]

    found = told(owed([PLAN, again], goals, HERE), Kind.GOAL_CHECK_IN)

    assert len(found) == len(set(found)) == 10


STARTS = some.dates(date(2025, 1, 1), date(2040, 12, 31))


@given(STARTS, some.sampled_from([NEW_YORK, SYDNEY]), some.sampled_from([NEW_YORK, LOS_ANGELES, SYDNEY]), some.data())
def test_everything_comes_on_a_working_morning_and_a_check_in_never_early(
    start: date, zone: ZoneInfo, owners: ZoneInfo, drawn: some.DataObject
) -> None:
    off = {start + timedelta(days=days) for days in drawn.draw(some.frozensets(some.integers(0, 400), max_size=40))}
    plan = replace(PLAN, starts_on=start)
    goals = [
        replace(GOAL, id=number, horizon=horizon, due_on=due)
        for number, (horizon, due) in enumerate(dates(start).items())
    ]
    moved = start + timedelta(days=drawn.draw(some.integers(1, 700)))
    goals.append(replace(GOAL, id=9, due_on=moved))

    for one in owed([plan], goals, Calendar(zone, off, {"U2": owners})):
        to_owner = one.kind in (Kind.GOAL_HEADS_UP, Kind.GOAL_FOLLOW_UP)
        local = one.due_at.astimezone(owners if to_owner else zone)
        assert local.time().replace(second=0) == time(10)
        assert local.weekday() < 5
        assert local.date() not in off
        if one.kind == Kind.GOAL_CHECK_IN:
            assert local.date() in {check_in_on(goal.due_on, off) for goal in goals}
    assert check_in_days([plan], goals, off) >= {check_in_on(due, off) for due in dates(start).values()}
