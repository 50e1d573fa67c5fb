"""Finds the goals that a message asks about, as they stood on the morning of its day, so that it stays the same message."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.goals import calendar as calendars
from bot.goals import service
from bot.goals.buttons import Kind, Surface
from bot.goals.calendar import A_MESSAGE, Calendar, Moment
from bot.goals.topics import InstrumentOf, Topics, topics
from bot.postings import Kind as Posted
from instrument.definition import builtin
from instrument.goals import check_in_on, follow_ups_on, heads_up_on
from storage import goals
from storage.goals import Event, Goal


@dataclass(frozen=True)
class Line:
    """One goal in a message: as it stands now, what it is about, and what was last said of it since the morning of that day.

    is_due: it was due by then; otherwise it runs longer.
    """

    goal: Goal
    about: str
    is_due: bool
    answer: Event | None


@dataclass(frozen=True)
class Asked:
    """A message about goals: to the channel or owner `target`. `superseded`: another asks the same by now.

    left_out: so many goals of an owner have no room in it.
    """

    surface: Surface
    target: str
    lines: tuple[Line, ...]
    pages: int
    zone: ZoneInfo
    superseded: bool = False
    left_out: int = 0


@dataclass(frozen=True)
class Then:
    """A goal as it stood on a morning, and the goal as it stands now."""

    goal: Goal
    now: Goal
    events: tuple[Event, ...]


POSTED = {Kind.HEADS_UP: Posted.GOAL_HEADS_UP, Kind.FOLLOW_UP: Posted.GOAL_FOLLOW_UP}


def asked(
    connection: Connection,
    team_id: str,
    surface: Surface,
    target: str,
    at: Moment,
    instrument_of: InstrumentOf = builtin,
) -> Asked:
    """The message of that day to this channel or owner."""
    plans, all_goals = goals.plans(connection, team_id), goals.of_team(connection, team_id)
    here = service.calendar(connection, team_id, {goal.owner for goal in all_goals}, at)
    running = _running(connection, all_goals, here.morning(surface.day))
    if surface.kind is Kind.CHECK_IN:
        plans_here = [plan for plan in plans if plan.channel_id == target]
        chosen = [one for one in running if one.goal.plan_id in {plan.id for plan in plans_here}]
        days = calendars.check_in_days(plans_here, [goal for goal in all_goals if goal.status.is_open], at.off)
        is_asked_for = True
    else:
        chosen = [one for one in running if one.goal.owner == target and _is_asked(one.goal, surface, here)]
        days = _days_of_owner(target, all_goals, surface.kind, here, at.today)
        is_asked_for = surface.day in days
    superseded = not is_asked_for or calendars.has_later(surface.day, days, at.today)
    chosen.sort(key=lambda one: (one.goal.due_on, one.goal.id))  # what is due comes first, and runs longer last
    named = topics(connection, plans, instrument_of)
    lines = [_line(one, named, surface.day, here) for one in chosen]
    shown = lines[surface.page * A_MESSAGE :][:A_MESSAGE]
    left_out = 0 if surface.kind is Kind.CHECK_IN else len(lines) - len(shown)
    return Asked(surface, target, tuple(shown), -(-len(lines) // A_MESSAGE), at.zone, superseded, left_out)


def redrawn(connection: Connection, team_id: str, goal_id: int, surface: Surface, at: Moment) -> Asked | None:
    """The message in which this goal stands, as it is to look now; None: there is no such goal."""
    goal = service.of_team(connection, team_id, goal_id)
    if goal is None:
        return None
    if surface.kind is Kind.CHECK_IN:
        target = next(plan.channel_id for plan in goals.plans(connection, team_id) if plan.id == goal.plan_id)
    else:
        here = Calendar(at.zone, at.off, {})
        target = _as_of(goal, goals.events_of(connection, [goal_id]), here.morning(surface.day)).goal.owner
    return asked(connection, team_id, surface, target, at)


def _running(connection: Connection, all_goals: Sequence[Goal], morning: datetime) -> list[Then]:
    """The goals that were open on that morning."""
    history: defaultdict[int, list[Event]] = defaultdict(list)
    for event in goals.events_of(connection, [goal.id for goal in all_goals]):
        history[event.goal_id].append(event)
    then = [_as_of(goal, history[goal.id], morning) for goal in all_goals if goal.set_at < morning]
    return [one for one in then if one.goal.status.is_open]


def _as_of(goal: Goal, events: Sequence[Event], at: datetime) -> Then:
    since = tuple(event for event in events if event.happened_at >= at)
    if not since:
        return Then(goal, goal, ())
    first = since[0]
    before = replace(goal, status=first.was_status, due_on=first.was_due_on, owner=first.was_owner)
    said = [event.happened_at for event in events if event.happened_at < at and not event.undone_by]
    return Then(replace(before, answered_at=max(said, default=None)), goal, since)


def _line(then: Then, named: Topics, day: date, here: Calendar) -> Line:
    standing = [event for event in then.events if not event.undone_by]
    is_due = check_in_on(then.goal.due_on, here.off) <= day
    return Line(then.now, named.of(then.now), is_due, standing[-1] if standing else None)


def _is_asked(goal: Goal, surface: Surface, here: Calendar) -> bool:
    """Whether a message of this day asks the owner about the goal.

    It does if one of an earlier day did or should have: after an absence the last message asks what all would have asked.
    """
    if surface.kind is Kind.HEADS_UP:
        return heads_up_on(goal.due_on, goal.horizon, here.off) <= surface.day < check_in_on(goal.due_on, here.off)
    return follow_ups_on(goal.due_on, here.off)[0] <= surface.day and not here.is_answered(goal)


def _days_of_owner(owner: str, all_goals: Sequence[Goal], kind: Kind, here: Calendar, today: date) -> set[date]:
    """The days on which goals as they stand ask for a message to their owner. Once a check-in has asked, no heads-up does."""
    theirs = [goal for goal in all_goals if goal.owner == owner and goal.status.is_open]
    if kind is Kind.HEADS_UP:
        theirs = [goal for goal in theirs if today < check_in_on(goal.due_on, here.off)]
    return {day for goal in theirs for day in calendars.owner_days(goal, here)[POSTED[kind]]}
