"""Goals from the first to the last date: whole conversations through the sandbox, a year in steps."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, or_, select, update

from bot.delivery import LEASE
from bot.goals import flow
from bot.goals.answering import moment, plan_again
from bot.postings import Kind
from conversation import COORDINATOR, STAFF, World, world
from instrument.collation import Answers, collate
from instrument.definition import builtin
from sandbox.driver import Actor, found_button
from sandbox.workspace import Message
from storage import coordinators, goals, invitations, looks, people, postings, rounds, snapshots, terms
from storage.goals import Details
from storage.invitations import Standing
from storage.rounds import NewRound, Opened, Source, SourceKind
from storage.terms import Terms
from test_conversation_reminders import move_to

NEW_YORK = ZoneInfo("America/New_York")
AMARA, BEN = STAFF[:2]
START = datetime(2027, 3, 29, 13, tzinfo=NEW_YORK)
"""A Monday."""
CHANNEL = "C03RESULTS"
WORDS = "Screening starts in the clinic"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A workspace on 29 March 2027, in which a self-assessment has closed."""
    async with world(tmp_path) as made:
        await move_to(made, START)
        await made.bot.kit.database.write(partial(close_one, now=START))
        made.sandbox.workspace.channels[CHANNEL].members += [one for one in STAFF if one not in members(made)]
        yield made


def members(here: World) -> list[str]:
    return here.sandbox.workspace.channels[CHANNEL].members


def close_one(connection: Connection, now: datetime, low: str = "01") -> int:
    """A closed round of 24 people, in which sections 2 and 3 came out low: the marks of half of them each."""
    new = NewRound(
        "T0HOSPITAL",
        "2021-09",
        COORDINATOR,
        CHANNEL,
        5,
        None,
        now,
        "key",
        b"x",
        (Source(SourceKind.CHANNEL, "C01ALLSTAFF"),),
    )
    opened = rounds.open_round(connection, new, now - timedelta(days=14))
    assert isinstance(opened, Opened)
    answers = [
        Answers("nursing", "".join(mark if item.id.startswith(("c2", "c3")) else "2" for item in builtin().items))
        for mark in low * 12
    ]
    snapshots.save(connection, opened.round.id, collate(builtin(), answers, asked=30, minimum=5), now)
    rounds.mark_closed(connection, opened.round.id, now)
    return opened.round.id


async def plan(here: World) -> Message:
    return await here.command(here.coordinator, "/hta-goals")


async def set_goal(here: World, **fields: Any) -> None:
    await here.press(here.coordinator, "Add goal", await plan(here))
    chosen = {"Competency": "2 Risk", "Goal": WORDS, "Due in": "10 days: Thu 8 April"} | fields
    done = await here.coordinator.submit(chosen)
    await here.rest()
    assert done.errors is None, done.errors


def channel(here: World) -> list[Message]:
    """The check-ins."""
    return [one for one in here.sandbox.channel(CHANNEL) if one.text.startswith("Check-in")]


def digests(here: World) -> list[str]:
    return [one.text for one in here.sandbox.channel(CHANNEL) if one.text.startswith("Where our plan stands")]


async def at(here: World, day: str, hour: str = "10:00", zone: ZoneInfo = NEW_YORK) -> None:
    """Moves the clock to this minute, and waits until all that is due has gone out."""
    moment = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), zone)
    here.move_clock((moment + timedelta(seconds=5) - here.bot.kit.now()).total_seconds())
    await all_out(here)


async def all_out(here: World) -> None:
    """Waits until nothing can go out any more; what waits for the day, or for a place, may be owed still."""

    def is_going_out(connection: Connection) -> bool:
        row, now = postings.POSTING.c, here.bot.kit.now()
        free_soon = or_(row.waits_until.is_(None), row.waits_until <= now + 2 * LEASE)
        return (
            connection.execute(select(row.id).where(*postings.IS_OWED, row.due_at <= now, free_soon)).first()
            is not None
        )

    here.bot.kit.due.set()
    async with asyncio.timeout(10):
        while await here.bot.kit.database.read(is_going_out):
            pass


def asked(here: World, person: str, words: str) -> list[Message]:
    return [one for one in here.person(person).dm if words in str(one.blocks)]


async def answer(here: World, person: Actor, label: str) -> str:
    """Presses in the newest check-in; how it reads then."""
    await here.press(person, label, channel(here)[-1])
    return channel(here)[-1].text


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
    assert f"<@{COORDINATOR}> named you as the owner" in told.text
    assert f"2 Risk: {WORDS} Due Thu 8 April. HTA Bot writes to you 2 days before" in told.text
    assert here.coordinator.dm == [], "who names herself needs no message"


async def test_a_draft_goes_to_another_coordinator_where_the_first_is_none_any_more(here: World) -> None:
    await set_goal(here)
    begun_by = update(goals.PLAN).values(started_by=BEN)
    await here.bot.kit.database.write(lambda connection: connection.execute(begun_by).close())
    await here.bot.kit.database.write(
        lambda connection: flow.plan_again(connection, "T0HOSPITAL", moment(here.bot.kit))
    )

    await at(here, "2027-04-12")
    await all_out(here)

    assert asked(here, BEN, "Edit and send") == []
    assert len(asked(here, COORDINATOR, "Edit and send")) == 1


async def test_when_holidays_are_set_otherwise_everything_is_planned_anew_at_the_next_start(here: World) -> None:
    kit = here.bot.kit
    await at(here, "2027-06-25")
    await kit.database.write(partial(close_one, now=kit.now()))
    await set_goal(here, **{"Due in": "10 days: Mon 5 July"})
    without = replace(kit, settings=kit.settings.model_copy(update={"hta_holidays": "none"}))

    before = await check_in_days_owed(here)
    await plan_again(without)

    assert date(2027, 7, 6) in before, "Independence Day is a Sunday in 2027, and its Monday is off"
    assert date(2027, 7, 5) in await check_in_days_owed(here)


async def check_in_days_owed(here: World) -> set[date]:
    owed = partial(postings.owed_of_no_round, team_id="T0HOSPITAL", kinds=[Kind.GOAL_CHECK_IN])
    return {one.due_at.astimezone(NEW_YORK).date() for one in await here.bot.kit.database.read(owed)}


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
    await here.bot.kit.database.write(agreed)
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
    assert "In the way: bandwidth. Help needed from: The board. “2 of 3 &lt;wards&gt;”" in shown
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
    ben, now, write = here.person(BEN), here.bot.kit.now(), here.bot.kit.database.write
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


async def test_what_is_in_the_way_is_said_by_whoever_said_that_something_is(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    await answer(here, here.person(BEN), "Blocked")
    (goal,) = await here.bot.kit.database.read(partial(goals.of_team, team_id="T0HOSPITAL"))
    event = await here.bot.kit.database.read(partial(goals.last_event, goal_id=goal.id))
    assert event is not None

    add = partial(flow.add_details, team_id="T0HOSPITAL", event_id=event.id, details=Details(note="Not his words"))

    assert await here.bot.kit.database.write(partial(add, by=AMARA)) == flow.Gone()
    assert isinstance(await here.bot.kit.database.write(partial(add, by=BEN)), flow.Said)


async def test_late_ones_say_so_wait_for_the_day_and_the_latest_speaks_for_all(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here, **{"Due in": "1 year: Wed 29 March 2028", "Goal": "All wards screen"})

    # From the day before the first date to a Saturday night after the second.
    await at(here, "2027-05-01", "23:00")
    assert channel(here) == []
    assert asked(here, AMARA, "Due soon") == []
    await at(here, "2027-05-02", "12:00")
    assert channel(here) == []
    await at(here, "2027-05-03")

    assert len(channel(here)) == 1
    said = channel(here)[0].text
    assert "Check-in of Thu 29 April" in said
    assert "This check-in was due on Thu 29 April. It comes late" in said
    assert "Due now. 2 Risk" in said
    assert len(asked(here, AMARA, "Nobody has answered")) == 1, "the second follow-up speaks for the first"


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
    assert "A self-assessment is open already" in here.coordinator.dm[-1].text


def stories(here: World, person: str) -> list[Message]:
    return [one for one in here.person(person).dm if "tells you what came of the answers" in one.text]


async def test_you_said_we_did_goes_out_only_when_the_coordinator_sends_it(here: World) -> None:
    await here.bot.kit.database.write(partial(invitations.ask, round_id=1, people=[(one, "C1") for one in STAFF[:4]]))
    decline = partial(invitations.stand, round_id=1, standing=Standing.DECLINED)
    await here.bot.kit.database.write(partial(decline, person_id=STAFF[2]))
    stop = partial(people.stop, team_id="T0HOSPITAL", zone="America/New_York", stopped=True)
    await here.bot.kit.database.write(partial(stop, person_id=STAFF[3]))
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
    await here.press(here.coordinator, "Edit and send", drafts[2])
    assert "was told" in here.coordinator.dm[-1].text
    await at(here, "2027-05-06")
    assert len([one for one in here.coordinator.dm if "Here is a draft" in one.text]) == 3, (
        "no reminder of what was sent"
    )


async def test_after_the_retake_growth_stands_beside_the_goals_that_were_set_on_it(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08")
    await answer(here, here.person(BEN), "Done")
    before = (await plan(here)).text
    later = partial(close_one, now=here.bot.kit.now(), low="23")
    await here.bot.kit.database.write(later)

    said = (await plan(here)).text

    assert "Since the last self-assessment" not in before
    assert "2 Risk: higher, +66.7 points; 1 goal: 1 done." in said
    assert "3 Needs" not in said
    for round_id in (1, 2):
        last, *_ = await here.bot.kit.database.read(partial(looks.of, round_id=round_id))
        assert last.person_id == COORDINATOR
        assert here.bot.kit.now() - last.looked_at < timedelta(minutes=5), "the goal was set days ago"


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
