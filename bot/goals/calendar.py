"""Plans the messages that goals ask for, as pure functions of plans, goals, zones and days off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from bot.goals.buttons import Telling
from bot.postings import Kind
from instrument.goals import (
    DaysOff,
    Horizon,
    check_in_on,
    due_on,
    follow_ups_on,
    heads_up_on,
    in_the_morning,
    working_days_after,
)
from storage.goals import Goal, Plan
from storage.postings import NewPosting

KINDS = (Kind.GOAL_HEADS_UP, Kind.GOAL_CHECK_IN, Kind.GOAL_FOLLOW_UP, Kind.GOAL_RETAKE, Kind.GOAL_DRAFT)
DRAFT_AFTER, REMIND_AFTER = 2, 3
"""Working days: from a check-in to the draft of what to tell, and from there to the one reminder of it."""
A_MESSAGE = 5
"""So many goals in one message: Slack refuses blocks of about 13,000 characters, and half of a goal's are its buttons."""
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Moment:
    """Now, UTC, and what makes a day of it: the organization's zone and days off."""

    now: datetime
    zone: ZoneInfo
    off: DaysOff

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True)
class Calendar:
    """The organization's zone and days off, and the zones of owners who live elsewhere."""

    zone: ZoneInfo
    off: DaysOff
    zones: Mapping[str, ZoneInfo]

    def zone_of(self, person_id: str) -> ZoneInfo:
        return self.zones.get(person_id, self.zone)

    def morning(self, day: date) -> datetime:
        """Ten in the morning of that day at the organization, UTC."""
        return in_the_morning(day, self.zone)

    def day(self, at: datetime) -> date:
        """The day of an instant at the organization."""
        return at.astimezone(self.zone).date()

    def is_answered(self, goal: Goal) -> bool:
        """Whether somebody has said how it goes since it was due."""
        return goal.answered_at is not None and goal.answered_at >= self.morning(check_in_on(goal.due_on, self.off))


def dates(starts_on: date) -> dict[Horizon, date]:
    """The five dates of a plan."""
    return {horizon: due_on(starts_on, horizon) for horizon in Horizon}


def has_later(day: date, days: Iterable[date], today: date) -> bool:
    """Whether another of these days has come since `day`, so that what was meant for `day` is not wanted any more."""
    return any(day < other <= today for other in days)


def check_in_days(plans: Iterable[Plan], open_goals: Iterable[Goal], off: DaysOff) -> set[date]:
    """The days on which these plans are checked while a goal is open: their five dates, and those of goals that moved."""
    due: set[date] = set()
    for plan in plans:
        theirs = [goal.due_on for goal in open_goals if goal.plan_id == plan.id]
        due |= {*dates(plan.starts_on).values(), *theirs} if theirs else set()
    return {check_in_on(day, off) for day in due}


def owner_days(goal: Goal, here: Calendar) -> dict[Kind, tuple[date, ...]]:
    """The days on which the owner of an open goal is written to, by the kind of message."""
    return {
        Kind.GOAL_HEADS_UP: (heads_up_on(goal.due_on, goal.horizon, here.off),),
        Kind.GOAL_FOLLOW_UP: () if here.is_answered(goal) else follow_ups_on(goal.due_on, here.off),
    }


def offered_at(plan: Plan, theirs: Sequence[Goal], here: Calendar) -> datetime | None:
    """When a new self-assessment is offered: the working day after the last goal was closed, at a year at the latest.

    None: the plan has no goal.
    """
    if not theirs:
        return None
    year = check_in_on(due_on(plan.starts_on, Horizon.YEAR_1), here.off)
    closed = [goal.answered_at for goal in theirs if not goal.status.is_open and goal.answered_at]
    if any(goal.status.is_open for goal in theirs) or not closed:
        return here.morning(year)
    return here.morning(min(year, working_days_after(here.day(max(closed)), 1, here.off)))


def drafts_on(plan: Plan, theirs: Sequence[Goal], here: Calendar) -> dict[date, Horizon]:
    """The days on which the coordinator gets a draft, or a reminder of it, and of which date it tells.

    At each date while a goal is open; after the last one was closed at the next date only, which tells of it.
    """
    closed = [here.day(goal.answered_at) for goal in theirs if goal.answered_at]
    is_over = bool(theirs) and not any(goal.status.is_open for goal in theirs)
    days: dict[date, Horizon] = {}
    for horizon, due in dates(plan.starts_on).items() if theirs else ():
        first = working_days_after(check_in_on(due, here.off), DRAFT_AFTER, here.off)
        days |= {first: horizon, working_days_after(first, REMIND_AFTER, here.off): horizon}
        if is_over and first > max(closed, default=plan.starts_on):
            break
    return days


def owed(plans: Sequence[Plan], goals: Sequence[Goal], calendar: Calendar) -> tuple[NewPosting, ...]:
    """All that goals ask for as they stand, past and future: heads-ups, check-ins, follow-ups, and the offer to begin again.

    Done and dropped ones ask for nothing; when all of a plan are, only that offer is left.

    Those to one place on one day are one message.
    """
    off = calendar.off
    open_goals = [goal for goal in goals if goal.status.is_open]
    team_ids = {plan.team_id for plan in plans}
    if not team_ids:
        return ()
    (team_id,) = team_ids
    letters: set[NewPosting] = set()
    for channel_id in {plan.channel_id for plan in plans}:
        here = [plan for plan in plans if plan.channel_id == channel_id]
        many = sum(goal.plan_id == plan.id for plan in here for goal in open_goals)
        for day in check_in_days(here, open_goals, off):
            for page in range(ceil(many / A_MESSAGE)):
                at = calendar.morning(day) + page * SECOND
                letters.add(NewPosting(Kind.GOAL_CHECK_IN, team_id, None, channel_id, at, str(page)))
    for goal in open_goals:
        zone = calendar.zone_of(goal.owner)
        for kind, its_days in owner_days(goal, calendar).items():
            for day in its_days:
                letters.add(NewPosting(kind, team_id, None, goal.owner, in_the_morning(day, zone)))
    for plan in plans:
        if offered := offered_at(plan, [goal for goal in goals if goal.plan_id == plan.id], calendar):
            letters.add(NewPosting(Kind.GOAL_RETAKE, team_id, None, plan.started_by, offered, str(plan.id)))
    for number, plan in enumerate(plans):
        for day, horizon in drafts_on(plan, [goal for goal in goals if goal.plan_id == plan.id], calendar).items():
            at = calendar.morning(day) + number * SECOND
            letters.add(
                NewPosting(Kind.GOAL_DRAFT, team_id, None, plan.started_by, at, Telling(plan.id, horizon).value)
            )
    return tuple(sorted(letters, key=lambda one: (one.due_at, one.kind, one.target)))
