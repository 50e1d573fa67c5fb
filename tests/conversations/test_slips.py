"""What a coordinator could mistype, jump over or press twice: refused in a sentence, or harmless and said to be so."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from conversation import STAFF, World, world
from reminder_rows import owed_to
from round_steps import AS_FAR_AS_RISK, DAY, finish, in_days, status
from sandbox.driver import Actor, found_button
from sandbox.faults import SlackError
from sandbox.workspace import Message
from storage import rounds

FILLED: dict[str, Any] = {"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def fill_in(here: World, **fields: Any) -> dict[str, str] | None:
    """Opens the form and submits it; what is wrong."""
    await here.coordinator.command("/hta-round")
    await here.rest()
    done = await here.coordinator.submit(FILLED | fields)
    await here.rest()
    return done.errors


async def press_twice(here: World, person: Actor, label: str, message: Message) -> None:
    """Two presses so soon after each other that the second is of the message as it was."""
    element, block_id = found_button(message.blocks, label)
    for _ in range(2):
        done = await here.sandbox.client.press(person.id, message, element, block_id)
        assert done.error is None
    await here.rest()


def shown_to(person: Actor) -> list[str]:
    return [one.text for one in person.sees("C01ALLSTAFF")]


# Days


async def test_a_closing_in_another_century_is_refused_and_one_next_year_says_so(here: World) -> None:
    far = await fill_in(here, **{"Closes on": "9999-12-31"})
    assert far == {"closes_on": "Choose a day within the next twelve months."}
    closes_on, today = date.fromisoformat(in_days(here, 364)), date.fromisoformat(in_days(here, 0))

    assert await fill_in(here, **{"Closes on": closes_on.isoformat()}) is None

    assert (f" {closes_on.year}, 09:00" in str(here.coordinator.modal)) is (closes_on.year != today.year)


async def test_a_start_that_has_passed_is_refused(here: World) -> None:
    errors = await fill_in(here, **{"Start on": in_days(here, -1)})

    assert errors is not None
    assert "has passed. Choose a later day, or leave it empty to start right away." in errors["starts_on"]


async def test_a_review_that_was_left_open_until_its_start_starts_nothing(here: World) -> None:
    await fill_in(here, **{"Start on": in_days(here, 2)})
    here.move_clock(3 * DAY)

    await here.coordinator.submit()

    assert "has passed while this window was open" in str(here.coordinator.modal)
    assert await here.bot.context.database.read(rounds.all_open) == ()


async def test_a_closing_moves_neither_beyond_a_year_nor_before_the_start(here: World) -> None:
    await here.start_round(expect=(), **{"Start on": in_days(here, 5)})
    await here.press(here.coordinator, "Move closing date", await here.command(here.coordinator, "/hta-round"))

    far = await here.coordinator.submit({"Closes on": in_days(here, 367)})
    early = await here.coordinator.submit({"Closes on": in_days(here, 4)})

    assert far.errors == {"closes_on": "Choose a day within the next twelve months."}
    assert early.errors is not None
    assert "The invitations have not gone out by then." in early.errors["closes_on"]


async def test_what_is_planned_is_scheduled_and_nobody_is_told_that_it_is_open(here: World) -> None:
    assert await fill_in(here, **{"Start on": in_days(here, 3)}) is None
    assert here.coordinator.modal is not None
    assert here.coordinator.modal["submit"]["text"] == "Schedule"
    await here.coordinator.submit()
    assert "*It is set up.* The invitations go out on" in str(here.coordinator.modal)
    nurse = here.person(STAFF[0])

    said = [await status(here), (await here.command(here.coordinator, "/hta-results")).text]
    to_nurse = (await here.command(nurse, "/hta")).text
    await nurse.open_home()
    await here.rest()

    assert all("A self-assessment is planned: invitations go out on" in one for one in said)
    assert "is being prepared. If you are asked, you get a message here" in to_nurse
    assert "is being prepared" in str(nurse.home)


# The number of staff


async def test_fewer_staff_than_people_asked_are_refused_at_the_field(here: World) -> None:
    errors = await fill_in(here, **{"How many people work here?": "5"})

    assert errors == {
        "staff": "13 people will be asked, so at least that many work here. Correct the number, or leave it empty."
    }
    filled = await here.coordinator.submit(
        {"How many people work here?": "13", "Target, in percent of those asked": "60"}
    )
    assert filled.errors is None
    assert "*People who work here:* 13." in str(here.coordinator.modal)
    assert "*Target:* 60 % of those asked, that is 8 people." in str(here.coordinator.modal)


async def test_where_counting_takes_long_the_review_asks_for_the_number_once_more(here: World) -> None:
    here.sandbox.faults.plan("conversations.members", slow=2.2)
    await fill_in(here, **{"How many people work here?": "5"})
    await here.sandbox.until(lambda: "Please correct a number" in str(here.coordinator.modal))

    small = await here.coordinator.submit({"How many people work here?": "12"})
    right = await here.coordinator.submit({"How many people work here?": "40"})

    assert small.errors is not None
    assert right.errors is None
    assert "It has started" in str(here.coordinator.modal)
    await here.sandbox.until(lambda: here.person(STAFF[0]).dm)
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    assert "40 people work here." in (await here.close_now()).text


# Pressed twice


async def test_the_form_submitted_twice_leads_to_the_same_review(here: World) -> None:
    await here.coordinator.command("/hta-round")
    await here.rest()

    both = await asyncio.gather(here.coordinator.submit(FILLED), here.coordinator.submit(FILLED))

    assert [one.errors for one in both] == [None, None]
    assert "13 people will be asked" in str(here.coordinator.modal)
    assert await here.bot.context.database.read(rounds.all_open) == ()


async def test_start_now_pressed_twice_starts_one_and_says_that_it_has_started(here: World) -> None:
    await fill_in(here)

    both = await asyncio.gather(here.coordinator.submit(), here.coordinator.submit())

    assert [one.error for one in both] == [None, None]
    answers = sorted(str(one.ack.body) for one in both if one.ack)
    assert all("It has started" in one for one in answers)
    assert sum("You pressed twice; the second time changed nothing." in one for one in answers) == 1
    await here.sandbox.until(lambda: all(here.person(one).dm for one in STAFF))
    assert [len(here.person(one).dm) for one in STAFF] == [1] * len(STAFF)
    assert len(await here.bot.context.database.read(rounds.all_open)) == 1


async def test_close_now_pressed_twice_closes_once(here: World) -> None:
    await here.start_round()
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    shown = await here.command(here.coordinator, "/hta-round")

    await press_twice(here, here.coordinator, "Close now", shown)
    await here.sandbox.until(lambda: here.sandbox.channel("C03RESULTS"))
    await here.sandbox.settled()

    assert len(here.sandbox.channel("C03RESULTS")) == 1


async def test_share_results_pressed_twice_shares_once_and_says_when(here: World) -> None:
    await here.start_round(**{"Share results": "After I have looked"})
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    await here.press(here.coordinator, "Close now", await here.command(here.coordinator, "/hta-round"))
    await here.sandbox.until(lambda: "results are ready" in here.coordinator.dm[-1].text)

    await press_twice(here, here.coordinator, "Share results", here.coordinator.dm[-1])
    await here.sandbox.until(lambda: here.sandbox.channel("C03RESULTS"))
    await here.sandbox.settled()

    assert len(here.sandbox.channel("C03RESULTS")) == 1
    assert "The results were shared with" in str([one.text for one in here.coordinator.dm])
    assert "already, so this press changed nothing." in str([one.text for one in here.coordinator.dm])


async def test_a_group_nudged_twice_gets_one_reminder_and_the_status_stays(here: World) -> None:
    await here.start_round(**{"Remind": "Never"})
    shown = await here.command(here.coordinator, "/hta-round")

    await here.press(here.coordinator, "Nudge this group", shown)
    owed = await owed_to(here, here.person(STAFF[5]))
    await here.press(here.coordinator, "Nudge this group", shown)

    assert owed is not None
    assert await owed_to(here, here.person(STAFF[5])) == owed
    assert shown_to(here.coordinator).count(shown.text) == 1
    assert sum("so pressing again changes nothing" in one for one in shown_to(here.coordinator)) == 2


async def test_try_again_pressed_twice_invites_once_more(here: World) -> None:
    # One of them may be the coordinator's message on progress.
    here.sandbox.faults.plan("chat.postMessage", SlackError("user_disabled"), times=3)
    await here.start_round(expect=[])
    await here.sandbox.until(lambda: sum(bool(here.person(one).dm) for one in STAFF) >= len(STAFF) - 3)
    await here.sandbox.settled()
    shown = await here.command(here.coordinator, "/hta-round")

    await press_twice(here, here.coordinator, "Try again", shown)
    await here.sandbox.until(lambda: all(here.person(one).dm for one in STAFF))
    await here.sandbox.settled()

    assert [len(here.person(one).dm) for one in STAFF] == [1] * len(STAFF)


async def test_invite_more_with_the_same_channel_asks_whoever_is_new_in_it_and_nobody_twice(here: World) -> None:
    await here.start_round()
    here.move_clock(700)  # the roster is read anew after ten minutes
    late, workspace = "U99LATE", here.sandbox.workspace
    workspace.people[late] = replace(workspace.people[STAFF[0]], id=late, name="Late Comer")
    workspace.channels["C01ALLSTAFF"].members.append(late)
    shown = await here.command(here.coordinator, "/hta-round")
    said = []
    for _ in range(2):
        await here.press(here.coordinator, "Invite more", shown)
        await here.coordinator.submit({"Who should answer": ["C01ALLSTAFF"]})
        await here.rest()
        said.append(str(here.coordinator.modal))

    await here.sandbox.until(lambda: here.person(late).dm)
    assert "1 person who was not asked yet gets an invitation now" in said[0]
    assert "All of them were asked already, so nothing was changed." in said[1]
    assert [len(here.person(one).dm) for one in (*STAFF, late)] == [1] * (len(STAFF) + 1)


async def test_more_who_are_invited_before_the_start_are_asked_at_the_start(here: World) -> None:
    here.sandbox.workspace.channels["C01ALLSTAFF"].members.remove(STAFF[0])
    await here.start_round(expect=(), **{"Start on": in_days(here, 2), "Closes on": in_days(here, 12)})
    await here.press(here.coordinator, "Invite more", await here.command(here.coordinator, "/hta-round"))

    await here.coordinator.submit({"People": [STAFF[0]]})
    await here.rest()

    assert "get their invitation when all others do" in str(here.coordinator.modal)
    await here.sandbox.settled()
    assert here.person(STAFF[0]).dm == []
    here.move_clock(3 * DAY)
    await here.sandbox.until(lambda: here.person(STAFF[0]).dm)


# Home


async def test_home_after_no_thanks_and_after_withdrawing_says_what_was_done(here: World) -> None:
    await here.start_round()
    nurse = here.person(STAFF[0])

    async def home() -> str:
        await nurse.open_home()
        await here.rest()
        return str(nurse.home)

    before = await home()
    await here.press(nurse, "No thanks")
    after_no = await home()
    await nurse.press_on_home("Start")
    await here.rest()
    await nurse.choose("Nursing")
    await here.rest()
    await here.answer(nurse, "0")
    under_way = await home()
    await here.press(nurse, "Pause")
    await here.press(nurse, "Withdraw")
    withdrawn = await home()

    assert "'text': 'Start'" in before
    assert "'text': 'Continue'" not in before
    assert "You said no thanks. If you change your mind, press Start." in after_no
    assert "'text': 'Start'" in after_no
    assert "'text': 'Continue'" in under_way
    assert "You withdrew, and your answers are deleted. If you change your mind, press Start again." in withdrawn
    assert "'text': 'Start again'" in withdrawn


# What leads on


async def test_a_coordinator_with_nothing_open_reads_how_to_start_and_a_nurse_does_not(here: World) -> None:
    to_coordinator = (await here.command(here.coordinator, "/hta")).text
    to_nurse = (await here.command(here.person(STAFF[0]), "/hta")).text

    assert "type /hta-round in any channel to start one" in to_coordinator
    assert "/hta-round" not in to_nurse


async def test_the_help_contacts_stand_in_the_invitation_whenever_it_is_shown(here: World) -> None:
    await here.start_round(**{"Help contacts here": "Chaplain, ext. *4411*"})
    nurse = here.person(STAFF[0])
    first = nurse.dm[-1].text

    await here.command(nurse, "/hta")

    assert "Help here: Chaplain, ext. *4411*" in first
    assert nurse.dm[-1].text == first


# Reminders


async def test_the_best_time_chosen_after_tomorrow_keeps_showing_the_time_that_was_picked(here: World) -> None:
    await here.start_round()
    nurse = here.person(STAFF[0])
    await here.press(nurse, "Not now")
    await here.press(nurse, "Tomorrow")
    picked = nurse.dm[-1].text.split("HTA Bot will write to you on ")[1].split(", your time")[0]

    await nurse.choose("Night")
    await here.rest()

    assert f"HTA Bot will write to you on {picked}, your time." in nurse.dm[-1].text
    assert "If a reminder comes by itself, it comes at night" in nurse.dm[-1].text
    owed = await owed_to(here, nurse)
    assert owed is not None
    assert owed - here.bot.context.now() <= timedelta(days=1)
