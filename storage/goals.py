"""The plan of a round, its goals, and what was said about each."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from instrument.goals import Horizon, Obstacle, Status
from storage import tables
from storage.inserting import insert_unless_there

PLAN = tables.table(tables.GoalPlan)
GOAL = tables.table(tables.Goal)
EVENT = tables.table(tables.GoalEvent)
STORY = tables.table(tables.GoalStory)


@dataclass(frozen=True)
class Plan:
    """The goals that follow from a round: all dates count from `starts_on`. Check-ins go to `channel_id`."""

    id: int
    team_id: str
    round_id: int
    starts_on: date
    channel_id: str
    started_by: str


@dataclass(frozen=True)
class NewGoal:
    """A goal about a section, or about one item of it. `measure` None: nobody said how it will be known."""

    horizon: Horizon
    section: str
    item: str | None
    words: str
    measure: str | None
    owner: str
    due_on: date
    set_by: str


@dataclass(frozen=True)
class Goal:
    """A goal as it stands now. `answered_at`: when somebody last said how it goes, what was undone aside; UTC."""

    id: int
    plan_id: int
    horizon: Horizon
    section: str
    item: str | None
    words: str
    measure: str | None
    owner: str
    due_on: date
    status: Status
    set_by: str
    set_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Details:
    """What is in the way, who could help, a line of progress. for_coordinator: not for the channel."""

    obstacle: Obstacle | None = None
    help_from: str | None = None
    note: str | None = None
    for_coordinator: bool = False


NOTHING_MORE = Details()


@dataclass(frozen=True)
class NewEvent:
    """What somebody says of a goal: how it stands from now on, until when, whose it is."""

    person_id: str
    status: Status
    due_on: date
    owner: str
    details: Details = NOTHING_MORE


@dataclass(frozen=True)
class Event:
    """Something that was said of a goal, and what was before it. `undone_by` None: it stands."""

    id: int
    goal_id: int
    person_id: str
    happened_at: datetime
    was_status: Status
    status: Status
    was_due_on: date
    due_on: date
    was_owner: str
    owner: str
    details: Details
    undone_by: str | None


@dataclass(frozen=True)
class Story:
    """What a coordinator told at a date of a plan."""

    words: str
    told_by: str


PLAN_COLUMNS = [PLAN.c[column.name] for column in fields(Plan)]
PLAIN = [column.name for column in fields(Event) if column.name != "details"]
DETAILS = [column.name for column in fields(Details)]
EVENT_COLUMNS = [EVENT.c[name] for name in (*PLAIN, *DETAILS)]
ANSWERED_AT = (
    select(func.max(EVENT.c.happened_at))
    .where(EVENT.c.goal_id == GOAL.c.id, EVENT.c.undone_at.is_(None), EVENT.c.owner == EVENT.c.was_owner)
    .scalar_subquery()
)
"""Handing a goal over says nothing of how it goes."""
GOAL_COLUMNS = [*(GOAL.c[column.name] for column in fields(Goal) if column.name != "answered_at"), ANSWERED_AT]


def hold(connection: Connection, team_id: str) -> tuple[Plan, ...]:
    """The workspace's plans, the oldest first, held until the transaction ends: goals change one after the other."""
    query = select(*PLAN_COLUMNS).where(PLAN.c.team_id == team_id).order_by(PLAN.c.id).with_for_update()
    return tuple(Plan(*row) for row in connection.execute(query))


def plans(connection: Connection, team_id: str) -> tuple[Plan, ...]:
    """The workspace's plans, the oldest first."""
    query = select(*PLAN_COLUMNS).where(PLAN.c.team_id == team_id).order_by(PLAN.c.id)
    return tuple(Plan(*row) for row in connection.execute(query))


def plan_of(connection: Connection, round_id: int) -> Plan | None:
    """The plan of a round; None: it has no goal yet."""
    row = connection.execute(select(*PLAN_COLUMNS).where(PLAN.c.round_id == round_id)).first()
    return Plan(*row) if row else None


def teams(connection: Connection) -> tuple[str, ...]:
    """The workspaces that have goals."""
    return tuple(connection.execute(select(PLAN.c.team_id).distinct().order_by(PLAN.c.team_id)).scalars())


def begin_plan(
    connection: Connection, team_id: str, round_id: int, starts_on: date, channel_id: str, started_by: str
) -> Plan:
    """The round's plan; it begins with the first goal, and a second beginning changes nothing."""
    row = {"team_id": team_id, "round_id": round_id, "starts_on": starts_on}
    row |= {"channel_id": channel_id, "started_by": started_by}
    connection.execute(insert_unless_there(connection, PLAN).values(row))
    found = connection.execute(select(*PLAN_COLUMNS).where(PLAN.c.round_id == round_id)).one()
    return Plan(*found)


def move_plan(connection: Connection, plan_id: int, channel_id: str) -> None:
    """The plan's check-ins go to another channel from now on."""
    connection.execute(update(PLAN).where(PLAN.c.id == plan_id).values(channel_id=channel_id))


def set_goal(connection: Connection, plan_id: int, new: NewGoal, now: datetime) -> Goal:
    """A new goal of the plan, not started."""
    row = asdict(new) | {"plan_id": plan_id, "status": Status.NOT_STARTED.value, "set_at": now}
    row["horizon"] = new.horizon.value
    goal_id = connection.execute(insert(GOAL).values(row).returning(GOAL.c.id)).scalar_one()
    made = by_id(connection, goal_id)
    assert made is not None  # noqa: S101
    return made


def by_id(connection: Connection, goal_id: int) -> Goal | None:
    """The goal; None: there is no such one."""
    row = connection.execute(select(*GOAL_COLUMNS).where(GOAL.c.id == goal_id)).first()
    return _goal(row) if row else None


def of_team(connection: Connection, team_id: str) -> tuple[Goal, ...]:
    """All goals of the workspace, by when they are due."""
    return _goals(connection, GOAL.c.plan_id.in_(select(PLAN.c.id).where(PLAN.c.team_id == team_id)))


def of_plan(connection: Connection, plan_id: int) -> tuple[Goal, ...]:
    """The plan's goals, by when they are due."""
    return _goals(connection, GOAL.c.plan_id == plan_id)


def record(connection: Connection, goal: Goal, new: NewEvent, now: datetime) -> Event:
    """Writes into the history what was said, and the goal stands so from now on."""
    row = {"goal_id": goal.id, "person_id": new.person_id, "happened_at": now}
    row |= {"was_status": goal.status.value, "was_due_on": goal.due_on, "was_owner": goal.owner}
    row |= {"status": new.status.value, "due_on": new.due_on, "owner": new.owner}
    row |= _stored(new.details)
    event_id = connection.execute(insert(EVENT).values(row).returning(EVENT.c.id)).scalar_one()
    _stand(connection, goal.id, new.status, new.due_on, new.owner)
    return _event(connection.execute(select(*EVENT_COLUMNS).where(EVENT.c.id == event_id)).one())


def add_details(connection: Connection, event_id: int, details: Details) -> None:
    """What is in the way, and more, of something that was said already."""
    connection.execute(update(EVENT).where(EVENT.c.id == event_id).values(_stored(details)))


def event_by_id(connection: Connection, event_id: int) -> Event | None:
    row = connection.execute(select(*EVENT_COLUMNS).where(EVENT.c.id == event_id)).first()
    return _event(row) if row else None


def last_event(connection: Connection, goal_id: int) -> Event | None:
    """The last that was said of the goal, what was undone aside."""
    query = select(*EVENT_COLUMNS).where(EVENT.c.goal_id == goal_id, EVENT.c.undone_at.is_(None))
    row = connection.execute(query.order_by(EVENT.c.id.desc()).limit(1)).first()
    return _event(row) if row else None


def undo(connection: Connection, event: Event, by: str, now: datetime) -> None:
    """The goal stands again as before the event, which must be the last one; the history keeps both."""
    connection.execute(update(EVENT).where(EVENT.c.id == event.id).values(undone_by=by, undone_at=now))
    _stand(connection, event.goal_id, event.was_status, event.was_due_on, event.was_owner)


def events_of(connection: Connection, goal_ids: Collection[int]) -> tuple[Event, ...]:
    """The history of these goals, in the order in which it happened."""
    query = select(*EVENT_COLUMNS).where(EVENT.c.goal_id.in_([*goal_ids])).order_by(EVENT.c.id)
    return tuple(_event(row) for row in connection.execute(query))


def tell(connection: Connection, plan_id: int, horizon: Horizon, words: str, by: str, now: datetime) -> bool:
    """Keeps what is told at this date of the plan. False: something was told already, and stays."""
    row = {"plan_id": plan_id, "horizon": horizon.value, "words": words, "told_by": by, "told_at": now}
    told = insert_unless_there(connection, STORY).values(row).returning(STORY.c.plan_id)
    return connection.execute(told).first() is not None


def told(connection: Connection, plan_id: int, horizon: Horizon) -> Story | None:
    """What was told at this date of the plan; None: nothing yet."""
    query = select(STORY.c.words, STORY.c.told_by)
    row = connection.execute(query.where(STORY.c.plan_id == plan_id, STORY.c.horizon == horizon.value)).first()
    return Story(*row) if row else None


def _stand(connection: Connection, goal_id: int, status: Status, due_on: date, owner: str) -> None:
    stands = {"status": status.value, "due_on": due_on, "owner": owner}
    connection.execute(update(GOAL).where(GOAL.c.id == goal_id).values(stands))


def _goals(connection: Connection, which: ColumnElement[bool]) -> tuple[Goal, ...]:
    query = select(*GOAL_COLUMNS).where(which).order_by(GOAL.c.due_on, GOAL.c.id)
    return tuple(_goal(row) for row in connection.execute(query))


def _goal(row: Row[Any]) -> Goal:
    stored = dict(zip([column.name for column in fields(Goal)], row, strict=True))
    return Goal(**stored | {"horizon": Horizon(stored["horizon"]), "status": Status(stored["status"])})


def _stored(details: Details) -> dict[str, Any]:
    return asdict(details) | {"obstacle": details.obstacle and details.obstacle.value}


def _event(row: Row[Any]) -> Event:
    stored = dict(zip([*PLAIN, *DETAILS], row, strict=True))
    details = {name: stored.pop(name) for name in DETAILS}
    obstacle = details["obstacle"]
    said = Details(**details | {"obstacle": Obstacle(obstacle) if obstacle else None})
    statuses = {name: Status(stored[name]) for name in ("was_status", "status")}
    return Event(**stored | statuses | {"details": said})
