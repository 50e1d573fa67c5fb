"""Goals and their plan in conversations through the sandbox: what is set, shown and changed there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.goals.answering import plan_again
from bot.postings import Kind
from conversation import COORDINATOR, World, world
from goals_world import (
    AMARA,
    BEN,
    CHANNEL,
    NEW_YORK,
    WORDS,
    all_out,
    answer,
    asked,
    at,
    close_one,
    plan,
    set_goal,
    with_results,
)
from storage import coordinators, postings, terms
from storage.terms import Terms


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with with_results(tmp_path) as made:
        yield made


async def test_a_goal_is_set_and_the_plan_shows_it_with_the_dates_that_are_still_empty(here: World) -> None:
    before = (await plan(here)).text
    await here.press(here.coordinator, "Add goal", await plan(here))
    form = str(here.coordinator.modal)
    done = await here.coordinator.submit(
        {"Competency": "2 Risk", "Goal": WORDS, "Due in": "1 month: Thu 29 April", "Owner": AMARA}
    )

    assert done.errors is None
    assert "There is no goal yet" in before
    assert "1 year: Wed 29 March 2028" in before
    assert form.index("Lowest in your results") < form.index("A whole section") < form.index("1 Nature")
    assert "10 days: Thu 8 April" in form
    said = str(here.coordinator.modal)
    assert "It has no measure yet" in said
    assert "Still without a goal: 10 days, 3 months, 6 months and 1 year" in said
    shown = (await plan(here)).text
    assert f"{WORDS} (Due Thu 29 April · <@{AMARA}> · Not started)" in shown
    assert "Still without a goal: 10 days, 3 months" in shown


async def test_whoever_is_named_as_owner_is_told_by_whom(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here)
    await all_out(here)

    (told,) = here.person(AMARA).dm
    assert f"<@{COORDINATOR}> made you the owner of a goal. Details below." in told.text
    coming = f"HTA Bot writes to you 2 days before, and asks in <#{CHANNEL}> on that day how it goes."
    assert f"2 Risk: {WORDS} Due Thu 8 April. {coming}" in told.text
    assert here.coordinator.dm == [], "who names herself needs no message"


async def test_when_holidays_are_set_otherwise_everything_is_planned_anew_at_the_next_start(here: World) -> None:
    context = here.bot.context
    await at(here, "2027-06-25")
    await context.database.write(partial(close_one, now=context.now()))
    await set_goal(here, **{"Due in": "10 days: Mon 5 July"})
    without = replace(context, settings=context.settings.model_copy(update={"hta_holidays": "none"}))

    before = await check_in_days_owed(here)
    await plan_again(without)

    assert date(2027, 7, 6) in before, "Independence Day is a Sunday in 2027, and its Monday is off"
    assert date(2027, 7, 5) in await check_in_days_owed(here)


async def check_in_days_owed(here: World) -> set[date]:
    owed = partial(postings.owed_of_no_round, team_id="T0HOSPITAL", kinds=[Kind.GOAL_CHECK_IN])
    return {one.due_at.astimezone(NEW_YORK).date() for one in await here.bot.context.database.read(owed)}


async def test_what_comes_when_is_shown_to_coordinators_and_sends_nothing(here: World) -> None:
    await set_goal(here, Owner=AMARA)

    await here.press(here.coordinator, "What comes when", await plan(here))

    said = here.coordinator.sees("C01ALLSTAFF")[-1].text
    assert f"Tue 6 April 2027, 10:00: <@{AMARA}>, heads-up: a goal for 10 days due on Thu 8 April" in said
    assert f"Thu 8 April 2027, 10:00: <#{CHANNEL}>, check-in: a goal for 10 days due" in said
    assert asked(here, AMARA, "Due soon") == []


async def test_what_looks_like_a_patient_is_shown_beside_its_field_and_nothing_is_kept(here: World) -> None:
    await here.press(here.coordinator, "Add goal", await plan(here))
    done = await here.coordinator.submit(
        {"Competency": "2 Risk", "Goal": "Follow up with patient Maria", "Measure": "call 555-010-4477"}
    )

    assert done.errors == {
        "words": "This looks like information about a patient: “patient Maria”. "
        "Say it without what points to a person, then save again.",
        "measure": "This looks like information about a patient: “555-010-4477”. "
        "Say it without what points to a person, then save again.",
    }
    assert here.coordinator.modal is not None
    assert "There is no goal yet" in (await plan(here)).text
    agreed = partial(terms.save, round_id=1, terms=Terms(contacts="Employee assistance 555-010-4477"))
    await here.bot.context.database.write(agreed)
    await set_goal(here, Measure="call 555-010-4477")
    await at(here, "2027-04-08")
    await answer(here, here.coordinator, "Blocked")
    allowed = await here.coordinator.submit({"Progress in a line": "Call 555-010-4477"})
    assert allowed.errors is None, "the help contacts that were configured may be repeated"


async def test_only_coordinators_see_the_plan_and_set_goals(here: World) -> None:
    nurse = here.person(AMARA)
    results = await here.command(here.coordinator, "/hta-results")

    assert "Only coordinators can do this" in (await here.command(nurse, "/hta-goals")).text
    assert "shows the plan" in (await here.command(here.coordinator, "/hta-goals", "help")).text
    assert "nothing that this bot knows" in (await here.command(here.coordinator, "/hta-goals", "x")).text
    await here.press(here.coordinator, "Set a goal", results)
    assert "Lowest in your results" in str(here.coordinator.modal)


async def test_without_results_there_is_no_plan_yet(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        assert "Goals follow from results" in (await made.command(made.coordinator, "/hta-goals")).text


async def test_a_coordinator_changes_goals_in_the_plan_too(here: World) -> None:
    await set_goal(here)
    shown = await plan(here)

    await here.coordinator.choose("Move date", shown)
    await here.rest()
    done = await here.coordinator.submit({"New date": "2027-05-22"})
    await here.rest()
    assert done.errors is None
    (shown,) = [one for one in here.coordinator.ephemerals if one.ts == shown.ts]
    assert f"{WORDS} (Due Sat 22 May" in shown.text
    await here.coordinator.choose("Done", shown)
    await here.rest()
    assert "Done or dropped: 1" in shown.text
    await here.press(here.coordinator, "Undo", shown)

    assert f"{WORDS} (Due Sat 22 May" in shown.text
    await here.press(here.coordinator, "Add goal", shown)
    assert here.coordinator.modal is not None


async def test_whoever_is_no_coordinator_any_more_changes_nothing_in_a_plan_that_is_still_open(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    ben, now, write = here.person(BEN), here.bot.context.now(), here.bot.context.database.write
    await write(partial(coordinators.appoint, team_id="T0HOSPITAL", person_id=BEN, by=COORDINATOR, now=now))
    shown = await here.command(ben, "/hta-goals")
    await ben.choose("Move date", shown)
    await here.rest()
    assert ben.modal is not None
    await write(partial(coordinators.remove, team_id="T0HOSPITAL", person_id=BEN, by=COORDINATOR, now=now))
    before = str(shown.blocks)

    await ben.submit({"New date": "2027-05-22"})
    await here.rest()

    assert "Only coordinators" in str(ben.modal)
    assert str(shown.blocks) == before
    assert "Thu 8 April" in (await plan(here)).text
