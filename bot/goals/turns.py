"""Gives each place at most one message about goals a day: what asks comes first, then overviews, then what can wait.

What a person causes goes at once and takes no turn: goals that were handed over, a story that was sent, a place that can't be
reached. A check-in keeps its day, and its parts are one message. Source: REVIEW, 50.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.goals.calendar import Moment
from bot.postings import Kind
from instrument.goals import MORNING, DaysOff, in_the_morning, working_days_after
from storage import places
from storage.postings import Posting

ORDER = (
    Kind.GOAL_CHECK_IN,
    Kind.GOAL_FOLLOW_UP,
    Kind.GOAL_HEADS_UP,
    Kind.GOAL_DIGEST,
    Kind.GOAL_RETAKE,
    Kind.GOAL_DRAFT,
)
DAY = timedelta(days=1)


def waits_until(connection: Connection, posting: Posting, zone: ZoneInfo, at: Moment) -> datetime | None:
    """When this message may go, UTC: its place has had one today, or another goes before it. None: now. A check-in never waits."""
    if posting.kind == Kind.GOAL_CHECK_IN:
        return None
    today = at.now.astimezone(zone).date()
    before = ORDER[: ORDER.index(Kind(posting.kind))]
    since, until = _midnight(today, zone), _midnight(today + DAY, zone)
    found = places.messages(connection, posting.team_id, posting.target, ORDER, since, until)
    if not any(one.is_posted or one.kind in before for one in found if one.id != posting.id):
        return None
    return in_the_morning(working_days_after(today, 1, at.off), zone)


@dataclass(frozen=True, order=True)
class Turn:
    """A message that is to come: its day, its place in the order, the hour of it there, and to whom."""

    day: date
    rank: int
    at: datetime
    target: str
    number: int


def one_a_day(turns: Iterable[Turn], off: DaysOff) -> list[Turn]:
    """The same turns, each on the day on which it has its place for itself, as `waits_until` will have it."""
    waiting, taken, given = list(turns), set[tuple[str, date]](), []
    heapq.heapify(waiting)
    while waiting:
        turn = heapq.heappop(waiting)
        if turn.rank and (turn.target, turn.day) in taken:
            day = working_days_after(turn.day, 1, off)
            at = datetime.combine(day, MORNING, turn.at.tzinfo)
            heapq.heappush(waiting, replace(turn, day=day, at=at))
            continue
        taken.add((turn.target, turn.day))
        given.append(turn)
    return given


def is_late(day: date, today: date, off: DaysOff) -> bool:
    """Whether what was meant for `day` comes later than giving way to another message explains."""
    return today > working_days_after(day, 1, off)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
