"""A coordinator starts, follows, moves, and shares a self-assessment: whole conversations through the sandbox."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.rounds import following, service
from conversation import COORDINATOR, STAFF, World, world
from reminder_rows import move_to, owed_to
from round_steps import AS_FAR_AS_RISK, DAY, finish, in_days, status
from sandbox.workspace import Message
from storage import rounds

GUEST = "U20NOOR"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def next_morning(here: World) -> None:
    """Moves the clock to eight the next morning, and draws the picture that a tick would draw then."""
    zone = here.bot.context.settings.zone
    now = here.bot.context.now().astimezone(zone)
    morning = datetime.combine(now.date() + timedelta(days=1), time(8), zone)
    here.move_clock((morning - now).total_seconds())
    open_one = (await here.bot.context.database.read(rounds.all_open))[0]
    context = here.bot.context
    assert open_one.key is not None
    draw = partial(following.draw, cipher=context.keyring.cipher(open_one.key), round_id=open_one.id)
    await context.database.write(partial(draw, zone=zone, now=context.now()))


async def test_guests_are_asked_where_the_coordinator_ticks_them(here: World) -> None:
    await here.start_round(expect=[COORDINATOR, *STAFF, GUEST], **{"Also ask": ["Guests of this workspace"]})

    assert "Start" in str(here.person(GUEST).dm[-1].blocks)
    assert "14 people asked" in await status(here)


async def test_who_joins_a_channel_is_asked_only_where_that_was_ticked(here: World) -> None:
    late = "U99LATE"
    people = here.sandbox.workspace
    await here.start_round(**{"Also ask": ["People who join these channels while it is open"]})
    people.people[late] = replace(people.people[STAFF[0]], id=late, name="Late Comer")
    people.channels["C01ALLSTAFF"].members.append(late)
    here.move_clock(3_700)

    await here.sandbox.until(lambda: here.person(late).dm)
    assert len(here.person(STAFF[0]).dm) == 1, "nobody is asked twice"


async def test_more_are_invited_and_nobody_twice(here: World) -> None:
    await here.start_round(**{"Who should answer": ["C01ALLSTAFF"]})
    shown = await here.command(here.coordinator, "/hta-round")
    await here.press(here.coordinator, "Invite more", shown)

    done = await here.coordinator.submit({"People": [STAFF[0], "U21OLD"], "User groups": ["@night-shift"]})
    await here.rest()

    assert done.errors is None
    said = str(here.coordinator.modal)
    assert "3 people found: 3 from" in said
    assert "1 deactivated account" in said
    assert [len(here.person(one).dm) for one in STAFF[:3]] == [1, 1, 1]


async def test_invite_more_with_nobody_chosen_says_so(here: World) -> None:
    await here.start_round()
    await here.press(here.coordinator, "Invite more", await here.command(here.coordinator, "/hta-round"))

    done = await here.coordinator.submit({})

    assert done.errors == {"channels": "Choose at least one channel, person or user group."}


async def test_a_preview_goes_to_the_coordinator_alone_and_does_nothing(here: World) -> None:
    await here.coordinator.command("/hta-round")
    await here.rest()
    await here.coordinator.submit({"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS"})
    await here.coordinator.press_in_modal("Preview to me")
    await here.rest()

    previews = here.coordinator.dm
    assert [one.text[:12] for one in previews] == [f"Preview {number} of" for number in range(1, 8)]
    assert "A short message about your self-assessment" in previews[1].text
    assert all(here.person(one).dm == [] for one in STAFF)
    await here.press(here.coordinator, "Start", previews[0])
    assert "This is a preview" in here.coordinator.dm[-1].text
    assert await here.bot.context.database.read(rounds.all_open) == ()


async def test_the_review_says_how_many_how_long_and_how_often(here: World) -> None:
    await here.coordinator.command("/hta-round")
    await here.rest()
    await here.coordinator.submit(
        {"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS", "Remind": "Every 3 days"}
    )

    said = str(here.coordinator.modal)
    assert "Invitations go out at once; that takes about a minute" in said
    assert "at most three, every 3 days" in said


async def test_nobody_is_asked_before_the_day_that_was_chosen(here: World) -> None:
    await here.start_round(expect=(), **{"Start on": in_days(here, 3)})
    assert "A self-assessment is planned: invitations go out on" in await status(here)
    here.move_clock(1.5 * DAY)
    assert "A self-assessment is planned: invitations go out on" in await status(here)
    assert here.person(STAFF[0]).dm == []

    here.move_clock(3 * DAY)
    await here.sandbox.until(lambda: here.person(STAFF[0]).dm)
    assert "A self-assessment is open until" in await status(here)


async def test_it_has_to_start_before_it_closes(here: World) -> None:
    await here.coordinator.command("/hta-round")
    await here.rest()
    chosen = {"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS"}

    late = await here.coordinator.submit(chosen | {"Closes on": in_days(here, 3), "Start on": in_days(here, 3)})
    wrong = await here.coordinator.submit(
        chosen | {"Closes on": in_days(here, 9), "Link to your announcement": "javascript:alert(1)"}
    )

    assert late.errors == {"starts_on": "It has to start before the day on which it closes."}
    assert wrong.errors == {"announcement": "Type a web address that begins with https:// or leave it empty."}


async def test_a_moved_closing_counts_and_the_first_day_does_not(here: World) -> None:
    await here.start_round(**{"Closes on": in_days(here, 3)})
    await here.press(here.coordinator, "Move closing date", await here.command(here.coordinator, "/hta-round"))
    moved_to = in_days(here, 10)
    done = await here.coordinator.submit({"Closes on": moved_to})
    assert done.errors is None
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)

    here.move_clock(5 * DAY)
    shown = await status(here)
    assert str(date.fromisoformat(moved_to).day) in shown
    assert here.sandbox.channel("C03RESULTS") == []

    here.move_clock(6 * DAY)
    await here.sandbox.until(lambda: here.sandbox.channel("C03RESULTS"))


async def test_a_day_that_has_passed_is_refused(here: World) -> None:
    await here.start_round()
    await here.press(here.coordinator, "Move closing date", await here.command(here.coordinator, "/hta-round"))

    done = await here.coordinator.submit({"Closes on": "2020-01-01"})

    assert done.errors is not None
    assert "has passed" in done.errors["closes_on"]


def came_out(here: World, person: str) -> list[Message]:
    return [one for one in here.person(person).dm if "this is what came out" in one.text]


async def test_everyone_asked_who_did_not_say_no_reads_what_came_out(here: World) -> None:
    await here.start_round()
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    await here.press(here.person(STAFF[6]), "No thanks")
    await here.close_now()
    await here.sandbox.until(lambda: came_out(here, STAFF[11]))

    assert [len(came_out(here, one)) for one in STAFF] == [1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1]
    said = came_out(here, STAFF[0])[0].text
    assert "2 Risk: 67 % of the maximum." in said
    assert "%" not in said[:100]

    await here.press(here.person(STAFF[0]), "Stop these messages", came_out(here, STAFF[0])[0])
    assert "You get no more reminders" in here.person(STAFF[0]).dm[-1].text
    assert len(came_out(here, STAFF[0])) == 1, "what came out stays"


async def test_the_coordinator_looks_first_where_that_was_chosen(here: World) -> None:
    await here.start_round(**{"Share results": "After I have looked"})
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    await here.press(here.coordinator, "Close now", await here.command(here.coordinator, "/hta-round"))
    await here.sandbox.until(lambda: "results are ready" in here.coordinator.dm[-1].text)

    assert here.sandbox.channel("C03RESULTS") == []
    assert "Self-assessment results" in (await here.command(here.coordinator, "/hta-results")).text
    assert came_out(here, STAFF[0]) == []

    await here.press(here.coordinator, "Share results")
    await here.sandbox.until(lambda: came_out(here, STAFF[0]))
    assert len(here.sandbox.channel("C03RESULTS")) == 1


async def test_results_that_nobody_shares_go_out_by_themselves_once(here: World) -> None:
    await here.start_round(**{"Share results": "After I have looked"})
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    await here.press(here.coordinator, "Close now", await here.command(here.coordinator, "/hta-round"))
    await here.sandbox.until(lambda: "results are ready" in here.coordinator.dm[-1].text)
    ready = here.coordinator.dm[-1]

    here.move_clock(9 * DAY)
    await here.sandbox.until(lambda: came_out(here, STAFF[0]))
    await here.press(here.coordinator, "Share results", ready)

    assert len(here.sandbox.channel("C03RESULTS")) == 1
    assert len(came_out(here, STAFF[0])) == 1


async def test_how_far_it_is_is_seen_once_a_day_and_never_one_by_one(here: World) -> None:
    await here.start_round(**{"Target, in percent of those asked": "50"})
    first = await status(here)
    assert first.count("fewer than 5") == 1 or "The first picture of how far it is comes in the morning" in first

    await finish(here, STAFF[:6])
    before = await status(here)
    assert "6 finished" not in before, "not before the next morning"
    await next_morning(here)
    shown = await status(here)
    assert "5 or more started, 5 or more finished, fewer than 5 said no thanks" in shown
    assert "That is 38 % or more of those asked; you would like 50 %, that is 7 people." in shown

    await finish(here, STAFF[6:7])
    await next_morning(here)
    assert "5 or more started, 5 or more finished" in await status(here), "one more person can't be seen to finish"

    await finish(here, STAFF[7:11])
    await next_morning(here)
    assert "10 or more started, 10 or more finished" in await status(here)


async def test_who_begins_is_of_no_kind_of_work_in_what_everyone_reads_the_next_morning(tmp_path: Path) -> None:
    """Nobody begins, or the one leader does, a nurse, somebody of security: all that is said is the same, byte for byte."""
    said = []
    for work in (None, "Leadership", "Nursing", "Security"):
        folder = tmp_path / str(work)
        folder.mkdir()
        async with world(folder) as here:
            await here.start_round()
            await finish(here, STAFF[:6])
            if work:
                await here.begin(here.person(STAFF[6]), work)
            await next_morning(here)
            shown = await here.command(here.coordinator, "/hta-round")
            results = await here.command(here.coordinator, "/hta-results")
            # Slack makes up a block_id where we give none.
            blocks = [block | {"block_id": ""} for one in (shown, results) for block in one.blocks]
            said.append((shown.text, results.text, blocks))

    assert said == [said[0]] * len(said)


async def test_nothing_tells_before_the_next_morning_that_enough_have_finished(tmp_path: Path) -> None:
    """The status, with its question before Close now; the reply to that; and /hta-results."""
    said = []
    for finished in (4, 5, 10):
        folder = tmp_path / str(finished)
        folder.mkdir()
        async with world(folder) as here:
            await here.start_round()
            await next_morning(here)
            await finish(here, STAFF[:finished])
            shown = await here.command(here.coordinator, "/hta-round")
            results = await here.command(here.coordinator, "/hta-results")
            context = here.bot.context
            soon = partial(
                service.close_soon, team_id="T0HOSPITAL", round_id=1, delay=timedelta(hours=1), now=context.now()
            )
            closing = await context.database.write(soon)
            # Slack makes up a block_id where we give none.
            blocks = [block | {"block_id": ""} for one in (shown, results) for block in one.blocks]
            said.append((shown.text, results.text, str(blocks), closing and closing.enough))

    assert "fewer than 5 people have finished" in said[0][2]
    assert said == [said[0]] * 3


async def test_a_group_is_nudged_and_the_coordinator_learns_nothing_by_it(here: World) -> None:
    await here.start_round(**{"Remind": "Never"})
    await finish(here, STAFF[:2])
    shown = await here.command(here.coordinator, "/hta-round")

    await here.press(here.coordinator, "Nudge this group", shown)
    said = here.coordinator.sees("C01ALLSTAFF")[-1].text
    owed = await owed_to(here, here.person(STAFF[5]))
    assert owed is not None
    await move_to(here, owed + timedelta(seconds=1))
    await here.sandbox.until(lambda: len(here.person(STAFF[5]).dm) == 2)

    assert "Everyone in this group who has not finished gets their next reminder" in said
    assert "Submitted" in here.person(STAFF[0]).dm[-1].text, "who has finished gets no reminder"


async def test_a_group_in_which_one_is_left_is_nudged_all_the_same_and_the_words_are_the_same(here: World) -> None:
    await here.start_round(**{"Remind": "Never"})
    first = await here.command(here.coordinator, "/hta-round")
    await here.press(here.coordinator, "Nudge this group", first)
    said = here.coordinator.sees("C01ALLSTAFF")[-1].text
    await finish(here, STAFF[:11])

    await here.press(here.coordinator, "Nudge this group", await here.command(here.coordinator, "/hta-round"))

    assert here.coordinator.sees("C01ALLSTAFF")[-1].text == said
    assert await owed_to(here, here.person(STAFF[11])) == await owed_to(here, here.person(STAFF[0]))
    assert await owed_to(here, here.person(STAFF[11])) is not None


async def test_the_announcement_the_contacts_and_the_number_of_staff_reach_people(here: World) -> None:
    await here.start_round(
        **{
            "Link to your announcement": "https://intranet.example.org/why?a=1&b=2",
            "Help contacts here": "Employee assistance <ext. 4411>",
            "How many people work here?": "1200",
        }
    )
    nurse = here.person(STAFF[0])
    assert "<https://intranet.example.org/why?a=1&amp;b=2|Read the announcement>" in str(nurse.dm[-1].blocks)

    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    await here.begin(here.person(STAFF[6]))
    await here.press(here.person(STAFF[6]), "Pause")
    await here.press(here.person(STAFF[6]), "Help and contacts")
    assert "Here: Employee assistance <ext. 4411>" in str(here.person(STAFF[6]).modal)

    posted = await here.close_now()
    assert "5 of 13 people asked finished. 1,200 people work here. Staff without Slack were not asked." in posted.text


async def test_while_it_is_open_hta_results_tells_how_far_it_is(here: World) -> None:
    await here.start_round()
    await finish(here, STAFF[:6])
    await next_morning(here)

    said = (await here.command(here.coordinator, "/hta-results")).text

    assert "there are no results, for anyone" in said
    assert "5 or more started, 5 or more finished" in said


async def test_after_closing_home_still_tells_who_sees_my_answers(here: World) -> None:
    await here.start_round()
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    await here.close_now()
    await here.command(here.coordinator, "/hta-results")
    nurse = here.person(STAFF[0])
    await nurse.open_home()
    await here.rest()

    await nurse.press_on_home("Who sees my answers?")
    await here.rest()

    shown = str(nurse.modal)
    assert "What a coordinator can see right now" in shown
    assert f"<@{COORDINATOR}>" in shown.split("Who opened the results")[1]


async def test_invite_more_with_nobody_who_can_be_asked_changes_nothing_and_says_so(here: World) -> None:
    await here.start_round()
    await here.press(here.coordinator, "Invite more", await here.command(here.coordinator, "/hta-round"))

    done = await here.coordinator.submit({"People": ["U20NOOR", "U21OLD"]})

    assert done.error is None
    said = str(here.coordinator.modal)
    assert (
        "Nobody was found who could be asked, so nothing was changed. Left out: 1 deactivated account and 1 guest."
        in said
    )


async def test_the_review_warns_where_nearly_the_same_people_were_asked_not_long_ago(here: World) -> None:
    await here.start_round()
    await finish(here, STAFF[:5], AS_FAR_AS_RISK)
    await here.close_now()

    async def reviewed(**fields: Sequence[str]) -> str:
        await here.command(here.coordinator, "/hta-round")
        chosen = {"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS"} | fields
        assert (await here.coordinator.submit(chosen)).errors is None
        return str(here.coordinator.modal)

    assert "will be asked" in (same := await reviewed())
    assert "Please check who is asked" not in same
    await here.sandbox.client.close(COORDINATOR, here.coordinator.modal or {})

    one_more = await reviewed(**{"Also ask": ["Guests of this workspace"]})
    assert "The list is nearly the same as in the self-assessment that closed on" in one_more
    assert "Ask exactly the same people again, change at least 5 people, or wait until" in one_more
    assert (await here.coordinator.submit()).error is None, "it warns, and does not refuse"
