"""A place gets one message about goals a day: what asks comes first, and nothing is lost."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.goals import turns
from bot.goals.calendar import Moment
from bot.goals.turns import ORDER, Turn, one_a_day
from bot.postings import Kind
from instrument.goals import is_working
from storage import postings
from storage.database import Database
from storage.postings import NewPosting, Posting

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2027, 4, 5)
NO_HOLIDAYS = frozenset[date]()
NOW = datetime.combine(MONDAY, time(10, 5), NEW_YORK).astimezone(UTC)
TUESDAY_MORNING = datetime(2027, 4, 6, 14, tzinfo=UTC)


def turn(kind: Kind, day: date, number: int = 0, target: str = "C9") -> Turn:
    return Turn(day, ORDER.index(kind), datetime.combine(day, time(10), NEW_YORK), target, number)


def test_what_gives_way_comes_on_the_next_working_day_and_gives_way_again() -> None:
    friday, monday, tuesday = date(2027, 4, 9), date(2027, 4, 12), date(2027, 4, 13)
    asks, next_asks = turn(Kind.GOAL_HEADS_UP, friday, 1), turn(Kind.GOAL_FOLLOW_UP, monday, 2)

    given_ = one_a_day([turn(Kind.GOAL_DRAFT, friday, 3), next_asks, asks], NO_HOLIDAYS)

    assert [(one.number, one.day) for one in given_] == [(1, friday), (2, monday), (3, tuesday)]
    assert given_[-1].at == datetime.combine(tuesday, time(10), NEW_YORK)


def test_parts_of_one_check_in_come_together_and_other_places_are_other_turns() -> None:
    parts = [turn(Kind.GOAL_CHECK_IN, MONDAY, number) for number in range(3)]
    elsewhere = turn(Kind.GOAL_DIGEST, MONDAY, 9, "C8")

    assert {one.day for one in one_a_day([*parts, elsewhere], NO_HOLIDAYS)} == {MONDAY}


@given(
    some.lists(some.tuples(some.sampled_from(ORDER[1:]), some.integers(0, 20), some.sampled_from("AB")), max_size=30)
)
def test_each_gets_its_day_and_none_is_lost_or_early(planned: list[tuple[Kind, int, str]]) -> None:
    days = [MONDAY + timedelta(days=number) for number in range(30)]
    working = [day for day in days if is_working(day, NO_HOLIDAYS)]
    asked = [
        turn(kind, working[offset % len(working)], number, target)
        for number, (kind, offset, target) in enumerate(planned)
    ]

    found = one_a_day(asked, NO_HOLIDAYS)

    assert sorted(one.number for one in found) == sorted(one.number for one in asked)
    assert max(Counter((one.target, one.day) for one in found).values(), default=0) <= 1
    assert all(is_working(one.day, NO_HOLIDAYS) and one.day >= asked[one.number].day for one in found)


async def waits(database: Database, kind: Kind, also: NewPosting | None, *, posted: bool) -> datetime | None:
    """Until when a message of this kind, due now, waits where there is `also`."""
    ours = NewPosting(kind, "T1", None, "U2", NOW, "1")
    await database.write(partial(postings.owe, postings=[ours, *([also] if also else [])]))
    owed = await database.read(partial(postings.owed_of_no_round, team_id="T1", kinds=list(Kind)))
    (one,) = [row for row in owed if row.kind == kind and row.due_at == NOW]
    (other,) = [row for row in owed if row.id != one.id] if also else [None]
    if other and posted:
        await database.write(partial(postings.mark_posted, posting_id=other.id, now=NOW))
    return await database.read(
        partial(turns.waits_until, posting=one, zone=NEW_YORK, at=Moment(NOW, NEW_YORK, NO_HOLIDAYS))
    )


def beside(kind: Kind, due_at: datetime = NOW - timedelta(hours=1), target: str = "U2") -> NewPosting:
    return NewPosting(kind, "T1", None, target, due_at)


async def test_a_message_waits_for_tomorrow_where_its_place_got_one_today(database: Database) -> None:
    assert await waits(database, Kind.GOAL_RETAKE, beside(Kind.GOAL_DRAFT), posted=True) == TUESDAY_MORNING


async def test_a_message_gives_way_to_what_asks_later_today(database: Database) -> None:
    in_the_evening = beside(Kind.GOAL_FOLLOW_UP, NOW + timedelta(hours=3))

    assert await waits(database, Kind.GOAL_DRAFT, in_the_evening, posted=False) == TUESDAY_MORNING


@pytest.mark.parametrize(
    "other",
    [
        None,
        beside(Kind.GOAL_YOURS),
        beside(Kind.GOAL_DRAFT),
        beside(Kind.GOAL_RETAKE),
        beside(Kind.GOAL_FOLLOW_UP, NOW + timedelta(days=1)),
        beside(Kind.GOAL_FOLLOW_UP, target="U3"),
    ],
)
async def test_a_message_waits_for_nothing_else(database: Database, other: NewPosting | None) -> None:
    assert await waits(database, Kind.GOAL_RETAKE, other, posted=False) is None


async def test_a_check_in_never_waits(database: Database) -> None:
    assert await waits(database, Kind.GOAL_CHECK_IN, beside(Kind.GOAL_DIGEST), posted=True) is None


async def test_what_was_posted_yesterday_holds_nothing_up(database: Database) -> None:
    yesterday = beside(Kind.GOAL_RETAKE, NOW - timedelta(days=1))
    await database.write(partial(postings.owe, postings=[yesterday]))
    (row,) = await database.read(partial(postings.owed_of_no_round, team_id="T1", kinds=[Kind.GOAL_RETAKE]))
    await database.write(partial(postings.mark_posted, posting_id=row.id, now=NOW - timedelta(days=1)))

    assert await waits(database, Kind.GOAL_DRAFT, None, posted=False) is None


async def test_what_was_put_off_past_today_holds_nothing_up(database: Database) -> None:
    await database.write(partial(postings.owe, postings=[beside(Kind.GOAL_FOLLOW_UP)]))
    (row,) = await database.read(partial(postings.owed_of_no_round, team_id="T1", kinds=[Kind.GOAL_FOLLOW_UP]))
    await database.write(partial(postings.put_off, posting_id=row.id, until=TUESDAY_MORNING))
    ours = Posting(0, Kind.GOAL_DRAFT, "T1", None, "U2", NOW, 0, "")

    at = Moment(NOW, NEW_YORK, NO_HOLIDAYS)
    assert await database.read(partial(turns.waits_until, posting=ours, zone=NEW_YORK, at=at)) is None
