"""News of goals through the sandbox: digests, the offer to begin again, You said, we did."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.goals import service
from bot.goals.answering import moment
from conversation import COORDINATOR, STAFF, World
from goals_world import (
    AMARA,
    BEN,
    CHANNEL,
    WORDS,
    all_out,
    answer,
    asked,
    at,
    close_one,
    digests,
    plan,
    set_goal,
    stories,
    with_results,
)
from storage import goals, invitations, looks, people
from storage.invitations import Standing


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with with_results(tmp_path) as made:
        yield made


async def test_a_draft_goes_to_another_coordinator_where_the_first_is_none_any_more(here: World) -> None:
    await set_goal(here)
    begun_by = update(goals.PLAN).values(started_by=BEN)
    await here.bot.context.database.write(lambda connection: connection.execute(begun_by).close())
    await here.bot.context.database.write(
        lambda connection: service.plan_again(connection, "T0HOSPITAL", moment(here.bot.context))
    )

    await at(here, "2027-04-12")
    await all_out(here)

    assert asked(here, BEN, "Edit and send") == []
    assert len(asked(here, COORDINATOR, "Edit and send")) == 1


async def test_a_digest_comes_on_mondays_with_something_to_say_and_else_when_the_month_begins(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here, **{"Due in": "1 year: Wed 29 March 2028", "Goal": "All wards screen"})

    said = []
    for day in ("2027-04-05", "2027-04-12", "2027-04-19", "2027-04-26", "2027-05-03", "2027-05-10", "2027-05-17"):
        before = len(digests(here))
        await at(here, day, "09:59")
        assert len(digests(here)) == before
        await at(here, day)
        said.append(digests(here)[before:])
        if check_in := {"2027-04-05": "2027-04-08", "2027-04-26": "2027-04-29"}.get(day):
            await at(here, check_in)
        if day == "2027-04-12":
            await answer(here, here.person(BEN), "Done")

    assert [len(one) for one in said] == [1, 1, 1, 0, 1, 0, 0]
    assert f"Due within 7 days “{WORDS}”, Thu 8 April, <@{AMARA}>" in said[0][0].replace("\n", " ")
    assert f"Overdue “{WORDS}”, since Thu 8 April" in said[1][0].replace("\n", " ")
    assert f"<@{AMARA}>" not in said[1][0]
    assert "10 days: 1 done" in said[2][0]
    assert "In the last 7 days 1 goal was set or has news." in said[2][0]
    assert "1 year: 1 not started" in said[4][0], "the first Monday of May"


async def test_a_digest_says_how_far_an_open_self_assessment_is(here: World) -> None:
    await set_goal(here)
    await here.start_round(expect=())

    await at(here, "2027-04-05")

    assert "A self-assessment is open. How far it is" in digests(here)[0]


async def test_when_all_is_done_a_new_self_assessment_is_offered_with_the_last_audience(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    ben = here.person(BEN)
    await answer(here, ben, "Done")
    await answer(here, ben, "Undo")
    await at(here, "2027-04-09")
    assert [one for one in here.coordinator.dm if "take the self-assessment again" in one.text] == []
    await answer(here, ben, "Done")

    await at(here, "2027-04-12")
    (offered,) = [one for one in here.coordinator.dm if "take the self-assessment again" in one.text]
    assert "All goals of your plan are done or dropped." in offered.text
    assert "less than six months ago" in str(offered.blocks)
    await here.press(here.coordinator, "Start a self-assessment", offered)
    started = await here.coordinator.submit({})
    assert started.errors is None
    assert "13 people" in str(here.coordinator.modal)
    assert (await here.coordinator.submit()).error is None

    await here.press(here.coordinator, "Start a self-assessment", offered)
    assert any("open already, until" in one.text for one in here.coordinator.dm)


async def test_you_said_we_did_goes_out_only_when_the_coordinator_sends_it(here: World) -> None:
    await here.bot.context.database.write(
        partial(invitations.ask, round_id=1, people=[(one, "C1") for one in STAFF[:4]])
    )
    decline = partial(invitations.stand, round_id=1, standing=Standing.DECLINED)
    await here.bot.context.database.write(partial(decline, person_id=STAFF[2]))
    stop = partial(people.stop, team_id="T0HOSPITAL", zone="America/New_York", stopped=True)
    await here.bot.context.database.write(partial(stop, person_id=STAFF[3]))
    await set_goal(here)
    await set_goal(here, **{"Due in": "6 months: Wed 29 September", "Goal": "All wards screen"})
    await at(here, "2027-04-08")
    await answer(here, here.person(BEN), "Done")

    await at(here, "2027-04-12")
    await at(here, "2027-04-15")
    await at(here, "2027-05-03")
    drafts = [one for one in here.coordinator.dm if "Here is a draft" in one.text]
    assert len(drafts) == 3, "one, its one reminder, and one for the next date"
    assert "most is to be done here: 2 Risk and 3 Needs Evaluation." in drafts[2].text
    assert f"We did: “{WORDS}”. We are working on: “All wards screen” (by Wed 29 September)." in drafts[2].text
    assert stories(here, STAFF[0]) == [], "nothing goes by itself"

    await here.press(here.coordinator, "Edit and send", drafts[0])
    assert (await here.coordinator.submit({})).errors is None
    await all_out(here)
    assert "You said, in the self-assessment" in here.sandbox.channel(CHANNEL)[-1].text
    assert stories(here, STAFF[0]) == [], "after 10 days it goes to the channel alone"

    await here.press(here.coordinator, "Edit and send", drafts[2])
    caught = await here.coordinator.submit({"What you tell": "We did it for patient Maria."})
    assert caught.errors is not None
    done = await here.coordinator.submit({"What you tell": "We did it & we thank you."})
    assert done.errors is None
    await all_out(here)

    assert [len(stories(here, one)) for one in STAFF[:4]] == [1, 1, 0, 0]
    told = stories(here, STAFF[0])[0]
    assert "We did it &amp; we thank you." in told.text
    assert "Stop these messages" in str(told.blocks)
    assert "We did it &amp; we thank you." in here.sandbox.channel(CHANNEL)[-1].text

    # What was sent by way of a draft is over there; its reminder says so as soon as somebody presses it.
    after = {one.ts: one for one in here.coordinator.dm}
    assert "this was told" in after[drafts[0].ts].text
    assert "this was told" in after[drafts[2].ts].text
    await here.press(here.coordinator, "Edit and send", after[drafts[1].ts])
    assert [one.ts for one in here.coordinator.dm if "this was told" in one.text] == [one.ts for one in drafts]
    await at(here, "2027-05-06")
    assert [one for one in here.coordinator.dm if "Here is a draft" in one.text] == [], "no reminder of what was sent"


async def test_after_the_retake_growth_stands_beside_the_goals_that_were_set_on_it(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    await answer(here, here.person(BEN), "Done")
    before = (await plan(here)).text
    later = partial(close_one, now=here.bot.context.now(), low="23")
    await here.bot.context.database.write(later)

    said = (await plan(here)).text

    assert "Since the last self-assessment" not in before
    assert "2 Risk: higher, +66 points; 1 goal: 1 done." in said
    assert "3 Needs" not in said
    for round_id in (1, 2):
        last, *_ = await here.bot.context.database.read(partial(looks.of, round_id=round_id))
        assert last.person_id == COORDINATOR
        assert here.bot.context.now() - last.looked_at < timedelta(minutes=5), "the goal was set days ago"
