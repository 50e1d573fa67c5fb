"""Check-ins through the sandbox: each comes on its day, anyone answers, and the plan follows."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.goals import service
from conversation import STAFF, World
from goals_world import AMARA, BEN, CHANNEL, WORDS, all_out, answer, asked, at, channel, plan, set_goal, with_results
from sandbox.driver import found_button
from storage import goals
from storage.goals import Details


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with with_results(tmp_path) as made:
        yield made


async def test_each_message_comes_on_its_day_and_a_year_goes_by(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here, **{"Due in": "3 months: Tue 29 June", "Goal": "All wards screen"})

    await at(here, "2027-04-06", "09:59")
    assert asked(here, AMARA, "Due soon") == []
    await at(here, "2027-04-06", "10:00", ZoneInfo("America/New_York"))
    assert len(asked(here, AMARA, "Due soon")) == 1

    await at(here, "2027-04-08", "09:59")
    assert channel(here) == []
    await at(here, "2027-04-08")
    assert len(channel(here)) == 1
    first = channel(here)[0]
    assert first.text.index("Due now.") < first.text.index(WORDS) < first.text.index("Running longer.")
    assert first.text.index("Running longer.") < first.text.index("All wards screen")

    await at(here, "2027-04-13")
    await at(here, "2027-04-19")
    assert len(asked(here, AMARA, "Nobody has answered")) == 2
    await answer(here, here.person(BEN), "Done")
    for day in ("2027-04-29", "2027-06-29", "2027-09-29", "2028-03-29"):
        before = len(channel(here))
        await at(here, day, "09:59")
        assert len(channel(here)) == before, "none before its hour"
        await at(here, day)
        assert len(channel(here)) == before + 1
        assert WORDS not in channel(here)[-1].text
    await at(here, "2028-09-29")
    assert len(channel(here)) == 5


async def test_anyone_answers_it_says_who_and_the_owner_undoes(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    ben, amara = here.person(BEN), here.person(AMARA)

    text = await answer(here, ben, "On track")
    assert f"On track, says <@{BEN}>" in text
    assert f"On track: <@{BEN}>, Thu 8 April, 10:0" in str(channel(here)[-1].blocks)
    assert [f"<@{BEN}> on “{WORDS}”: On track." in one.text for one in here.sandbox.thread(channel(here)[0])] == [True]

    await answer(here, here.person(STAFF[4]), "Undo")
    assert "Only <@U02AMARA>" in here.person(STAFF[4]).ephemerals[-1].text
    text = await answer(here, amara, "Undo")
    assert "says" not in text
    assert "Not started" in text
    await set_goal(here, **{"Due in": "1 month: Thu 29 April", "Goal": "Set after it was asked"})
    assert "Set after" not in await answer(here, ben, "Blocked")
    await answer(here, amara, "Undo")
    assert [one.text.split(":")[0] for one in here.sandbox.thread(channel(here)[0])] == [
        f"<@{BEN}> on “{WORDS}”",
        f"<@{AMARA}> undid on “{WORDS}”",
        f"<@{BEN}> on “{WORDS}”",
        f"<@{AMARA}> undid on “{WORDS}”",
    ]
    await at(here, "2027-04-13")
    assert len(asked(here, AMARA, "Nobody has answered")) == 1, "what was undone is no answer"


async def test_blocked_asks_what_is_in_the_way_and_done_ends_it(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    ben = here.person(BEN)

    await answer(here, ben, "Blocked")
    assert ben.modal is not None
    offered = str(ben.modal)
    assert offered.index("Leadership buy-in") < offered.index("Resources or funding") < offered.index("Bandwidth")
    caught = await ben.submit({"Progress in a line": "patient Maria waits"})
    assert caught.errors is not None
    done = await ben.submit(
        {"What is in the way": "Bandwidth", "Help needed from": "The board", "Progress in a line": "2 of 3 <wards>"}
    )
    await here.rest()
    assert done.errors is None
    shown = str(channel(here)[-1].blocks)
    assert "In the way: bandwidth. Help needed from: The board. “2 of 3 <wards>”" in shown
    assert ben.modal is None

    text = await answer(here, ben, "Done")
    assert "Done, says" in text
    labels = [
        one["text"]["text"]
        for block in channel(here)[-1].blocks
        for one in block.get("elements", ())
        if "action_id" in one
    ]
    assert labels == ["Undo"]
    await at(here, "2027-04-29")
    await at(here, "2027-06-29")
    assert len(channel(here)) == 1, "nothing is owed any more"
    assert asked(here, AMARA, "Nobody has answered") == []


async def test_an_owner_may_keep_an_obstacle_for_coordinators(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    amara = here.person(AMARA)

    await answer(here, amara, "At risk")
    await amara.submit({"What is in the way": "Unclear owner", "Who sees it": ["Show this to the coordinators only"]})
    await here.rest()

    assert "unclear owner" not in str(channel(here)) + str(here.sandbox.thread(channel(here)[0]))
    assert "In the way: unclear owner." in str((await plan(here)).blocks)


async def test_a_moved_date_moves_what_is_owed(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    ben = here.person(BEN)

    await here.press(ben, "Move date", channel(here)[-1])
    early = await ben.submit({"New date": "2027-04-08"})
    assert early.errors == {"day": "Choose a day after today."}
    await ben.submit({"New date": "2027-05-22"})  # a Saturday
    await here.rest()
    assert "Moved from Thu 8 April to Sat 22 May" in channel(here)[-1].text

    await at(here, "2027-04-13")
    await at(here, "2027-04-19")
    assert asked(here, AMARA, "Nobody has answered") == []
    await at(here, "2027-05-20")
    assert len(asked(here, AMARA, "Due soon")) == 1, "the new date's"
    before = len(channel(here))
    await at(here, "2027-05-24")
    assert len(channel(here)) == before + 1
    assert "Due now. 2 Risk" in channel(here)[-1].text


async def test_notes_handing_over_and_dropping(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    ben = here.person(BEN)

    await here.press(ben, "Add note", channel(here)[-1])
    await ben.submit({"Progress in a line": "Two of three wards"})
    await here.rest()
    assert f"Note: <@{BEN}>, Thu 8 April" in str(channel(here)[-1].blocks)

    await ben.choose("Hand over", channel(here)[-1])
    await here.rest()
    wrong = await ben.submit({"New owner": "U21OLD"})
    assert wrong.errors == {"owner": "This account is deactivated. Choose somebody who works here now."}
    await ben.submit({"New owner": STAFF[2]})
    await here.rest()
    assert f"Handed over from <@{AMARA}> to <@{STAFF[2]}>" in channel(here)[-1].text

    await ben.choose("Drop", channel(here)[-1])
    await here.rest()
    await ben.submit({})
    await here.rest()
    assert "Dropped, says" in channel(here)[-1].text
    assert "Done or dropped: 1" in (await plan(here)).text
    await at(here, "2027-04-29")
    assert len(channel(here)) == 1


async def test_what_is_in_the_way_is_said_by_whoever_said_that_something_is(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    await answer(here, here.person(BEN), "Blocked")
    (goal,) = await here.bot.context.database.read(partial(goals.of_team, team_id="T0HOSPITAL"))
    event = await here.bot.context.database.read(partial(goals.last_event, goal_id=goal.id))
    assert event is not None

    add = partial(service.add_details, team_id="T0HOSPITAL", event_id=event.id, details=Details(note="Not his words"))

    assert await here.bot.context.database.write(partial(add, by=AMARA)) == service.Gone()
    assert isinstance(await here.bot.context.database.write(partial(add, by=BEN)), service.Said)


async def test_a_channel_that_is_gone_is_told_and_the_check_in_waits_for_another(here: World) -> None:
    await set_goal(here)
    here.sandbox.workspace.channels[CHANNEL].members.remove(here.sandbox.workspace.bot.id)
    await at(here, "2027-04-08")
    told = here.coordinator.dm[-1]
    assert "can't be posted" in told.text
    here.sandbox.refusals.clear()

    await here.press(here.coordinator, "Choose another channel", told)
    shared = await here.coordinator.submit({"Channel for check-ins": "C01ALLSTAFF"})
    assert "People of other organizations" in str(shared.errors)
    here.sandbox.workspace.channels["C02EMERGENCY"].members.append(here.sandbox.workspace.bot.id)
    await here.coordinator.submit({"Channel for check-ins": "C02EMERGENCY"})
    await here.rest()
    await all_out(here)

    assert [WORDS in one.text for one in here.sandbox.channel("C02EMERGENCY")] == [True]


async def test_a_press_on_a_message_that_was_read_before_somebody_closed_the_goal_says_so(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    ben, shown = here.person(BEN), channel(here)[-1]
    on_track, block_id = found_button(shown.blocks, "On track")
    await here.press(ben, "Done", shown)

    await here.sandbox.client.press(AMARA, shown, on_track, block_id)
    await here.rest()

    assert "This goal is done already. Press Undo if that is wrong." in here.person(AMARA).ephemerals[-1].text
    assert f"Done, says <@{BEN}>" in channel(here)[-1].text
