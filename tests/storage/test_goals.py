"""Goals as they are kept: a plan a round, what stands now, and everything that was said on the way."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from instrument.goals import Horizon, Obstacle, Status
from storage import goals, postings
from storage.database import Database
from storage.goals import Details, Event, Goal, NewEvent, NewGoal, Plan, Story
from storage.postings import NewPosting
from storage.rounds import Round

NOW = datetime(2027, 3, 29, 15, tzinfo=UTC)
STARTS_ON = date(2027, 3, 29)
HOUR = timedelta(hours=1)
NEW = NewGoal(Horizon.DAYS_10, "c2", "c2_03", "Screening starts in the clinic", None, "U2", date(2027, 4, 8), "U1")
ON_TRACK = NewEvent("U3", Status.ON_TRACK, NEW.due_on, NEW.owner)


async def begin(database: Database, round_: Round) -> Plan:
    return await database.write(lambda connection: goals.begin_plan(connection, "T1", round_.id, STARTS_ON, "C9", "U1"))


@pytest.fixture
async def goal(database: Database, open_round: Round) -> Goal:
    plan = await begin(database, open_round)
    return await database.write(partial(goals.set_goal, plan_id=plan.id, new=NEW, now=NOW))


async def now_is(database: Database, goal: Goal) -> Goal | None:
    return await database.read(partial(goals.by_id, goal_id=goal.id))


async def record(database: Database, goal: Goal, event: NewEvent, now: datetime = NOW) -> Event:
    return await database.write(partial(goals.record, goal=goal, new=event, now=now))


async def test_a_round_has_one_plan_whoever_begins_it_at_once(database: Database, open_round: Round) -> None:
    begun = await asyncio.gather(*(begin(database, open_round) for _ in range(3)))

    assert {plan.id for plan in begun} == {begun[0].id}
    assert await database.read(partial(goals.plans, team_id="T1")) == (begun[0],)
    assert await database.read(partial(goals.plan_of, round_id=open_round.id)) == begun[0]
    assert await database.read(partial(goals.plans, team_id="T2")) == ()
    assert await database.read(goals.teams) == ("T1",)


async def test_a_goal_is_kept_as_it_was_set(database: Database, goal: Goal) -> None:
    found = await now_is(database, goal)

    assert found == goal
    assert (goal.horizon, goal.section, goal.item, goal.words) == (Horizon.DAYS_10, "c2", "c2_03", NEW.words)
    assert (goal.status, goal.measure, goal.answered_at, goal.set_at) == (Status.NOT_STARTED, None, None, NOW)


async def test_goals_come_in_the_order_in_which_they_are_due(database: Database, goal: Goal) -> None:
    sooner = replace(NEW, due_on=date(2027, 4, 1))
    await database.write(partial(goals.set_goal, plan_id=goal.plan_id, new=sooner, now=NOW))

    assert [one.due_on.day for one in await database.read(partial(goals.of_team, team_id="T1"))] == [1, 8]
    assert [one.due_on.day for one in await database.read(partial(goals.of_plan, plan_id=goal.plan_id))] == [1, 8]
    assert await database.read(partial(goals.of_team, team_id="T2")) == ()


async def test_what_is_said_stands_and_the_history_has_what_was_before(database: Database, goal: Goal) -> None:
    moved = replace(ON_TRACK, due_on=date(2027, 5, 1), details=Details(note="Two of three wards"))

    event = await record(database, goal, moved)

    after = await now_is(database, goal)
    assert after == replace(goal, status=Status.ON_TRACK, due_on=date(2027, 5, 1), answered_at=NOW)
    assert (event.was_status, event.was_due_on, event.was_owner) == (Status.NOT_STARTED, NEW.due_on, "U2")
    assert (event.status, event.due_on, event.details.note) == (Status.ON_TRACK, date(2027, 5, 1), "Two of three wards")
    assert await database.read(partial(goals.events_of, goal_ids=[goal.id])) == (event,)


async def test_handing_over_is_no_answer(database: Database, goal: Goal) -> None:
    await record(database, goal, NewEvent("U1", goal.status, goal.due_on, "U7"))

    after = await now_is(database, goal)
    assert after == replace(goal, owner="U7")


async def test_details_may_follow(database: Database, goal: Goal) -> None:
    event = await record(database, goal, replace(ON_TRACK, status=Status.BLOCKED))
    details = Details(Obstacle.RESOURCES, "The board", for_coordinator=True)
    await database.write(partial(goals.add_details, event_id=event.id, details=details))

    found = await database.read(partial(goals.event_by_id, event_id=event.id))

    assert found == replace(event, details=details)


async def test_undone_the_goal_is_as_before_and_the_history_keeps_it(database: Database, goal: Goal) -> None:
    first = await record(database, goal, ON_TRACK)
    standing = await now_is(database, goal)
    assert standing is not None
    second = await record(database, standing, NewEvent("U4", Status.DONE, NEW.due_on, "U9"), NOW + HOUR)
    assert await database.read(partial(goals.last_event, goal_id=goal.id)) == second

    await database.write(partial(goals.undo, event=second, by="U2", now=NOW + 2 * HOUR))

    assert await now_is(database, goal) == standing
    assert await database.read(partial(goals.last_event, goal_id=goal.id)) == first
    assert [one.undone_by for one in await database.read(partial(goals.events_of, goal_ids=[goal.id]))] == [None, "U2"]


async def test_at_each_date_one_thing_is_told_and_stays(database: Database, goal: Goal) -> None:
    tell = partial(goals.tell, plan_id=goal.plan_id, horizon=Horizon.MONTH_1, now=NOW)

    first = await database.write(partial(tell, words="We did.", by="U1"))
    second = await database.write(partial(tell, words="We did not.", by="U2"))

    assert (first, second) == (True, False)
    told = partial(goals.told, plan_id=goal.plan_id)
    assert await database.read(partial(told, horizon=Horizon.MONTH_1)) == Story("We did.", "U1")
    assert await database.read(partial(told, horizon=Horizon.YEAR_1)) is None


async def test_a_plan_may_move_to_another_channel(database: Database, goal: Goal) -> None:
    await database.write(partial(goals.move_plan, plan_id=goal.plan_id, channel_id="C5"))

    assert [plan.channel_id for plan in await database.write(partial(goals.hold, team_id="T1"))] == ["C5"]


@pytest.mark.parametrize(
    "change", [{"words": ""}, {"words": "x" * 301}, {"measure": ""}, {"measure": "x" * 151}], ids=str
)
async def test_words_have_a_length(database: Database, goal: Goal, change: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        await database.write(
            partial(goals.set_goal, plan_id=goal.plan_id, new=replace(NEW, **change), now=NOW)  # type: ignore[arg-type]
        )


async def test_what_goals_owe_survives_the_end_of_the_round(database: Database, open_round: Round) -> None:
    kept = NewPosting("check_in", "T1", None, "C9", NOW)
    gone = NewPosting("invitation", "T1", open_round.id, "U1", NOW)
    await database.write(partial(postings.owe, postings=[kept, gone]))
    await database.write(partial(postings.owe, postings=[kept, replace(kept, team_id="T2")]))

    await database.write(partial(postings.forget_round, round_id=open_round.id))

    owed = partial(postings.owed_of_no_round, kinds=["check_in", "invitation"])
    assert [one.target for one in await database.read(partial(owed, team_id="T1"))] == ["C9"]
    assert len(await database.read(partial(owed, team_id="T2"))) == 1
