"""Which goals does a message ask about? As they stood on the morning of its day, so that it stays the same message."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.goals import calendar as calendars
from bot.goals import flow
from bot.goals.buttons import Kind, Surface
from bot.goals.calendar import A_MESSAGE, Calendar, Moment
from instrument.goals import check_in_on, follow_ups_on, heads_up_on
from storage import goals
from storage.goals import Event, Goal


@dataclass(frozen=True)
class Line:
    """One goal in a message: as it stands now, and what was last said of it since the morning of that day.

    is_due: it was due by then; otherwise it runs longer.
    """

    goal: Goal
    is_due: bool
    answer: Event | None


@dataclass(frozen=True)
class Asked:
    """A message about goals: to the channel or owner `target`. `superseded`: a later one asks the same by now."""

    surface: Surface
    target: str
    lines: tuple[Line, ...]
    pages: int
    zone: ZoneInfo
    superseded: bool = False


@dataclass(frozen=True)
class Then:
    """A goal as it stood on a morning, and the goal as it stands now."""

    goal: Goal
    now: Goal
    events: tuple[Event, ...]


def asked(connection: Connection, team_id: str, surface: Surface, target: str, at: Moment) -> Asked:
    """The message of that day to this channel or owner."""
    plans, all_goals = goals.plans(connection, team_id), goals.of_team(connection, team_id)
    here = flow.calendar(connection, team_id, {goal.owner for goal in all_goals}, at)
    history: defaultdict[int, list[Event]] = defaultdict(list)
    for event in goals.events_of(connection, [goal.id for goal in all_goals]):
        history[event.goal_id].append(event)
    morning = here.morning(surface.day)
    then = [_as_of(goal, history[goal.id], morning) for goal in all_goals if goal.set_at < morning]
    running = [one for one in then if one.goal.status.is_open]
    if surface.kind is Kind.CHECK_IN:
        in_channel = [plan for plan in plans if plan.channel_id == target]
        channel_plans = {plan.id for plan in in_channel}
        chosen = [one for one in running if one.goal.plan_id in channel_plans]
        days = calendars.check_in_days(in_channel, [goal for goal in all_goals if goal.status.is_open], at.off)
        superseded = any(surface.day < day <= at.today for day in days)
    else:
        chosen = [one for one in running if one.goal.owner == target and _is_asked(one.goal, surface, here)]
        superseded = bool(chosen) and all(_is_past(one.goal, surface, at) for one in chosen)
    chosen.sort(key=lambda one: (one.goal.due_on, one.goal.id))  # what is due comes first, and runs longer last
    lines = [_line(one, surface.day, here) for one in chosen]
    first = surface.page * A_MESSAGE
    pages = -(-len(lines) // A_MESSAGE)
    return Asked(surface, target, tuple(lines[first : first + A_MESSAGE]), pages, at.zone, superseded)


def redrawn(connection: Connection, team_id: str, goal_id: int, surface: Surface, at: Moment) -> Asked | None:
    """The message in which this goal stands, as it is to look now; None: there is no such goal."""
    goal = flow.of_team(connection, team_id, goal_id)
    if goal is None:
        return None
    if surface.kind is Kind.CHECK_IN:
        target = next(plan.channel_id for plan in goals.plans(connection, team_id) if plan.id == goal.plan_id)
    else:
        here = Calendar(at.zone, at.off, {})
        target = _as_of(goal, goals.events_of(connection, [goal_id]), here.morning(surface.day)).goal.owner
    return asked(connection, team_id, surface, target, at)


def _as_of(goal: Goal, events: Sequence[Event], at: datetime) -> Then:
    since = tuple(event for event in events if event.happened_at >= at)
    if not since:
        return Then(goal, goal, ())
    first = since[0]
    before = replace(goal, status=first.was_status, due_on=first.was_due_on, owner=first.was_owner)
    said = [event.happened_at for event in events if event.happened_at < at and not event.undone_by]
    return Then(replace(before, answered_at=max(said, default=None)), goal, since)


def _line(then: Then, day: date, here: Calendar) -> Line:
    standing = [event for event in then.events if not event.undone_by]
    is_due = check_in_on(then.goal.due_on, here.off) <= day
    return Line(then.now, is_due, standing[-1] if standing else None)


def _is_asked(goal: Goal, surface: Surface, here: Calendar) -> bool:
    """Whether the owner of the goal is written to about it on this day."""
    if surface.kind is Kind.HEADS_UP:
        return heads_up_on(goal.due_on, goal.horizon, here.off) == surface.day
    return surface.day in follow_ups_on(goal.due_on, here.off) and not here.is_answered(goal)


def _is_past(goal: Goal, surface: Surface, at: Moment) -> bool:
    """Whether something later has asked by now: the check-in after a heads-up, the second follow-up after the first."""
    first, second = follow_ups_on(goal.due_on, at.off)
    if surface.kind is Kind.HEADS_UP:
        return at.today >= check_in_on(goal.due_on, at.off)
    return surface.day == first and at.today >= second
