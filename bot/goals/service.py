"""What the bot does about goals: set them, note how they go, and plan what is owed. Knows no Slack.

Whatever changes a goal holds the workspace's plans and plans anew what is owed, in the same transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from bot.goals import calendar as calendars
from bot.goals.buttons import Do
from bot.goals.calendar import Calendar, Moment
from bot.postings import Kind
from bot.reminders.times import zone_named
from instrument.goals import Horizon, Status, digest_after
from instrument.snapshot import Snapshot
from storage import goals, people, postings, rounds, snapshots, terms
from storage.goals import NOTHING_MORE, Details, Event, Goal, NewEvent, NewGoal, Plan
from storage.postings import NewPosting, Posting
from storage.rounds import Round

STATUSES = {
    Do.ON_TRACK: Status.ON_TRACK,
    Do.AT_RISK: Status.AT_RISK,
    Do.BLOCKED: Status.BLOCKED,
    Do.DONE: Status.DONE,
    Do.DROP: Status.DROPPED,
}


@dataclass(frozen=True)
class Setting:
    """What a goal can be set for: a closed round and what came out, its plan, and the goals that it has.

    `starts_on` is the plan's start, or today where the first goal is still to be set.
    """

    round: Round
    snapshot: Snapshot
    plan: Plan | None
    goals: tuple[Goal, ...]
    starts_on: date
    contacts: tuple[str, ...]

    @property
    def dates(self) -> dict[Horizon, date]:
        return calendars.dates(self.starts_on)

    @property
    def without_goal(self) -> tuple[Horizon, ...]:
        """The horizons for which there is none yet."""
        taken = {goal.horizon for goal in self.goals}
        return tuple(horizon for horizon in Horizon if horizon not in taken)


@dataclass(frozen=True)
class Said:
    """Somebody said something of a goal; `goal` is as it stands since."""

    goal: Goal
    event: Event


@dataclass(frozen=True)
class Gone:
    """There is no such goal here."""


@dataclass(frozen=True)
class ClosedAlready:
    """The goal is done or dropped; `goal` is as it stands."""

    goal: Goal


@dataclass(frozen=True)
class NotYours:
    """Only the owner and those who said it can undo it."""

    goal: Goal


@dataclass(frozen=True)
class NothingToUndo:
    goal: Goal


def calendar(connection: Connection, team_id: str, owners: Iterable[str], at: Moment) -> Calendar:
    """The calendar of a workspace, with the zones of these owners as far as we know them."""
    known = people.among(connection, team_id, {*owners})
    zones = {owner: zone_named(person.zone, at.zone) for owner, person in known.items()}
    return Calendar(at.zone, at.off, zones)


def setting(connection: Connection, team_id: str, round_id: int | None, at: Moment) -> Setting | None:
    """What a goal can be set for: this closed round, or the latest; None: there is none here."""
    if round_id is None:
        found = snapshots.latest(connection, team_id)
    else:
        round_, snapshot = rounds.by_id(connection, round_id), snapshots.of(connection, round_id)
        found = (round_, snapshot) if round_ and snapshot and round_.team_id == team_id else None
    if found is None:
        return None
    round_, snapshot = found
    plan = goals.plan_of(connection, round_.id)
    starts_on = plan.starts_on if plan else at.today
    theirs = goals.of_plan(connection, plan.id) if plan else ()
    contacts = terms.of(connection, round_.id).contacts
    return Setting(round_, snapshot, plan, theirs, starts_on, (contacts,) if contacts else ())


def save(
    connection: Connection,
    team_id: str,
    round_id: int,
    new: NewGoal,
    owner_zone: str | None,
    at: Moment,
) -> Goal | None:
    """Sets a goal, and owes all that follows from it. The first one begins the plan. None: no such round is here."""
    here = setting(connection, team_id, round_id, at)
    if here is None:
        return None
    plan = here.plan or goals.begin_plan(
        connection, team_id, round_id, here.starts_on, here.round.results_channel, new.set_by
    )
    if owner_zone:
        people.keep_zones(connection, team_id, {new.owner: owner_zone})
    goals.hold(connection, team_id)
    made = goals.set_goal(connection, plan.id, new, at.now)
    _tell_owner(connection, team_id, made, new.set_by, at)
    plan_again(connection, team_id, at)
    return made


@dataclass(frozen=True)
class Change:
    """What somebody says of a goal. What is None stays as it was. `owner_zone`: the new owner's, as Slack tells it."""

    status: Status | None = None
    due_on: date | None = None
    owner: str | None = None
    owner_zone: str | None = None
    details: Details = NOTHING_MORE


def answer(
    connection: Connection, team_id: str, goal_id: int, by: str, change: Change, at: Moment
) -> Said | ClosedAlready | Gone:
    """Somebody says how a goal goes, moves it or hands it over."""
    goals.hold(connection, team_id)
    goal = of_team(connection, team_id, goal_id)
    if goal is None:
        return Gone()
    if not goal.status.is_open:
        return ClosedAlready(goal)
    if change.owner and change.owner_zone:
        people.keep_zones(connection, team_id, {change.owner: change.owner_zone})
    new = NewEvent(
        by,
        change.status or goal.status,
        change.due_on or goal.due_on,
        change.owner or goal.owner,
        change.details,
    )
    event = goals.record(connection, goal, new, at.now)
    plan_again(connection, team_id, at)
    after = _as_it_is(connection, goal_id)
    if after.owner != goal.owner:
        _tell_owner(connection, team_id, after, by, at)
    return Said(after, event)


def add_details(connection: Connection, team_id: str, event_id: int, by: str, details: Details) -> Said | Gone:
    """What is in the way, from whoever said that a goal is at risk or blocked. Gone where that was undone meanwhile."""
    event = goals.event_by_id(connection, event_id)
    goal = of_team(connection, team_id, event.goal_id) if event else None
    if event is None or goal is None or event.undone_by or event.person_id != by:
        return Gone()
    goals.add_details(connection, event_id, details)
    return Said(goal, replace(event, details=details))


def undo(
    connection: Connection, team_id: str, goal_id: int, by: str, at: Moment, *, is_coordinator: bool
) -> Said | NotYours | NothingToUndo | Gone:
    """The goal stands as before the last thing that was said of it. The owner may, who said it, and coordinators."""
    goals.hold(connection, team_id)
    goal = of_team(connection, team_id, goal_id)
    if goal is None:
        return Gone()
    event = goals.last_event(connection, goal_id)
    if event is None:
        return NothingToUndo(goal)
    if not is_coordinator and by not in (event.person_id, event.was_owner, event.owner):
        return NotYours(goal)
    goals.undo(connection, event, by, at.now)
    plan_again(connection, team_id, at)
    return Said(_as_it_is(connection, goal_id), replace(event, undone_by=by))


def move_channel(connection: Connection, team_id: str, plan_id: int, channel_id: str, at: Moment) -> bool:
    """The plan's check-ins go to another channel, those that wait as well. False: there is no such plan here."""
    if plan_id not in {plan.id for plan in goals.hold(connection, team_id)}:
        return False
    goals.move_plan(connection, plan_id, channel_id)
    plan_again(connection, team_id, at)
    return True


def plan_again(connection: Connection, team_id: str, at: Moment) -> None:
    """Owes exactly what the goals ask for as they stand now; what has passed is not owed after the fact.

    Something that waited for a place that can't be reached is owed to the new place instead.
    """
    plans, all_goals = goals.plans(connection, team_id), goals.of_team(connection, team_id)
    here = calendar(connection, team_id, {goal.owner for goal in all_goals}, at)
    wanted = {(one.kind, one.target, one.due_at): one for one in calendars.owed(plans, all_goals, here)}
    gone = [
        one
        for one in postings.owed_of_no_round(connection, team_id, calendars.KINDS)
        if (one.kind, one.target, one.due_at) not in wanted
    ]
    waiting = {(one.kind, here.day(one.due_at)) for one in gone if one.due_at <= at.now}
    postings.take_back(connection, [one.id for one in gone])
    new = [one for one in wanted.values() if one.due_at > at.now or (one.kind, here.day(one.due_at)) in waiting]
    postings.owe(connection, new)
    owe_digest(connection, team_id, plans, all_goals, at)


def owe_digest(
    connection: Connection, team_id: str, plans: Sequence[Plan], all_goals: Sequence[Goal], at: Moment
) -> None:
    """Owes the next digest to each channel in which a goal is open, or was touched just now; to no other channel."""
    with_goals = {goal.plan_id for goal in all_goals}
    channels = {plan.channel_id for plan in plans if plan.id in with_goals}
    owed = postings.owed_of_no_round(connection, team_id, [Kind.GOAL_DIGEST])
    postings.take_back(connection, [one.id for one in owed if one.target not in channels])
    due_at = digest_after(at.now, at.zone, at.off)
    waits = {one.target for one in owed}
    postings.owe(
        connection,
        [NewPosting(Kind.GOAL_DIGEST, team_id, None, one, due_at) for one in sorted(channels - waits)],
    )


def digest_is_done(connection: Connection, posting: Posting, at: Moment) -> None:
    """Marks a digest, posted or not wanted; the next one is owed while a goal is open."""
    plans = goals.hold(connection, posting.team_id)  # before the row, in the order in which planning anew takes them
    postings.mark_posted(connection, posting.id, at.now)
    running = [goal for goal in goals.of_team(connection, posting.team_id) if goal.status.is_open]
    owe_digest(connection, posting.team_id, plans, running, at)


def of_team(connection: Connection, team_id: str, goal_id: int) -> Goal | None:
    """The goal, where it is this workspace's."""
    goal = goals.by_id(connection, goal_id)
    ours = {plan.id for plan in goals.plans(connection, team_id)}
    return goal if goal and goal.plan_id in ours else None


def contacts(connection: Connection, team_id: str) -> tuple[str, ...]:
    """The help contacts that coordinators configured for rounds which goals follow from."""
    found: Mapping[int, str | None] = {
        plan.round_id: terms.of(connection, plan.round_id).contacts for plan in goals.plans(connection, team_id)
    }
    return tuple(one for one in found.values() if one)


def _tell_owner(connection: Connection, team_id: str, goal: Goal, by: str, at: Moment) -> None:
    """Owes a word to whoever owns a goal by somebody else's doing."""
    if goal.owner != by:
        note = f"{goal.id}:{by}"
        postings.owe(connection, [NewPosting(Kind.GOAL_YOURS, team_id, None, goal.owner, at.now, note)])


def _as_it_is(connection: Connection, goal_id: int) -> Goal:
    goal = goals.by_id(connection, goal_id)
    if goal is None:
        raise LookupError("a goal went while it was held")
    return goal
