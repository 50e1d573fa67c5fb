"""Conversations about when the bot writes again: days go by, and people say what suits them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text, update

from bot.reminders import service
from conversation import COORDINATOR, World, world
from reminder_rows import all_delivered, move_to, owed_to, rows_of
from sandbox.driver import Actor, NotThere, found_button
from sandbox.workspace import Message
from storage import rounds

NEW_YORK, CHICAGO, LOS_ANGELES = map(ZoneInfo, ["America/New_York", "America/Chicago", "America/Los_Angeles"])
SECOND = timedelta(seconds=1)
LEAD = "A short message about your self-assessment"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest.fixture
async def every_two_days(here: World) -> World:
    """A round that closes in two weeks and reminds every two days; everybody is invited."""
    await here.start_round()
    await remind(here, 2)
    return here


async def remind(here: World, every_days: int | None, round_id: int = 1) -> None:
    def change(connection: Connection) -> None:
        connection.execute(
            update(rounds.ROUND).where(rounds.ROUND.c.id == round_id).values(remind_every_days=every_days)
        )
        round_ = rounds.by_id(connection, round_id)
        assert round_ is not None
        service.plan_again(connection, round_, here.bot.context.settings.zone, here.bot.context.now())

    await all_delivered(here)
    await here.bot.context.database.write(change)


async def move_to_hour(here: World, hour: time, zone: ZoneInfo) -> None:
    """To the next time that clocks there show this hour."""
    there = here.bot.context.now().astimezone(zone)
    day = there.date() + timedelta(days=there.time() >= hour)
    await move_to(here, datetime.combine(day, hour, zone))


async def let_days_go_by(here: World, *people: Actor) -> list[datetime]:
    """To each reminder that is planned for these people, one after the other; when the clock stood there."""
    stops = []
    while dues := [due for person in people if (due := await owed_to(here, person)) is not None]:
        await move_to(here, min(dues) + SECOND)
        stops.append(min(dues))
    return stops


def reminders(person: Actor) -> list[Message]:
    return [message for message in person.dm if message.text.startswith(LEAD)]


async def test_who_does_nothing_gets_three_a_day_apart_at_decent_hours_and_the_last_before_closing(
    every_two_days: World,
) -> None:
    here = every_two_days
    nurse = here.person("U02AMARA")
    closes_on = (here.bot.context.now().astimezone(NEW_YORK) + timedelta(days=14)).date()

    came = []
    while due := await owed_to(here, nurse):
        before = len(reminders(nurse))
        await move_to(here, due - SECOND)
        assert len(reminders(nurse)) == before
        await move_to(here, due + SECOND)
        assert len(reminders(nurse)) == before + 1
        came.append(due.astimezone(NEW_YORK))

    assert len(came) == 3
    assert {at.time() for at in came} <= {time(10), time(18, 30)}
    assert came[-1].date() == closes_on - timedelta(days=1)
    assert [message.only_for for message in reminders(nurse)] == [None] * 3


async def test_everybody_hears_at_their_own_hour(every_two_days: World) -> None:
    here = every_two_days
    zones = {"U02AMARA": NEW_YORK, "U08GRACE": LOS_ANGELES, "U04CHIDI": CHICAGO, "U06ELENA": ZoneInfo("Europe/Lisbon")}
    people = [here.person(one) for one in zones]
    for person in people:
        due = await owed_to(here, person)
        assert due is not None
        assert due.astimezone(zones[person.id]).time() in (time(10), time(18, 30))

    stops = await let_days_go_by(here, *people)

    assert len(set(stops)) == 12
    assert [len(reminders(person)) for person in people] == [3] * 4


async def test_where_reminders_are_never_sent_none_come(here: World) -> None:
    await here.start_round(**{"Remind": "Never"})
    await all_delivered(here)

    assert await owed_to(here, here.person("U02AMARA")) is None
    here.move_clock(10 * 86_400)
    await all_delivered(here)
    assert reminders(here.person("U02AMARA")) == []


async def test_after_submitting_none_come_and_the_rows_are_those_of_somebody_who_did_nothing(
    every_two_days: World,
) -> None:
    here = every_two_days
    finished, idle = here.person("U02AMARA"), here.person("U03BEN")
    await move_to(here, (await owed_to(here, finished) or here.bot.context.now()) + SECOND)
    await here.answer_all(finished, "2" * 62)
    await let_days_go_by(here, idle)

    assert (len(reminders(finished)), len(reminders(idle))) == (0, 3), "she began from the one that she got"

    def told(connection: Connection) -> dict[str, list[object]]:
        columns = "kind, due_at, claimed_until, waits_until, attempts, posted_at, failure, note"
        query = f"SELECT {columns} FROM posting WHERE target = :who AND kind = 'reminder' ORDER BY due_at"  # noqa: S608
        return {
            who: [tuple(row) for row in connection.execute(text(query), {"who": who})] for who in (finished.id, idle.id)
        }

    rows = await here.bot.context.database.read(told)
    assert len(rows[idle.id]) == 3
    assert rows[finished.id] == rows[idle.id]


async def test_after_no_thanks_on_a_reminder_none_come(every_two_days: World) -> None:
    here = every_two_days
    nurse = here.person("U02AMARA")
    await move_to(here, (await owed_to(here, nurse) or here.bot.context.now()) + SECOND)
    await here.press(nurse, "No thanks")

    await let_days_go_by(here, nurse)

    assert reminders(nurse) == [], "the one that was pressed says what was decided"
    assert "You will get nothing more about this one" in nurse.dm[-1].text


async def test_after_withdrawing_none_come(every_two_days: World) -> None:
    here = every_two_days
    nurse = here.person("U02AMARA")
    await here.begin(nurse)
    await here.press(nurse, "Pause")
    await here.press(nurse, "Withdraw")

    await let_days_go_by(here, nurse)

    assert reminders(nurse) == []


async def test_who_stopped_gets_none_in_a_later_round_either_but_its_invitation(every_two_days: World) -> None:
    here = every_two_days
    nurse, other = here.person("U02AMARA"), here.person("U03BEN")
    await move_to(here, (await owed_to(here, nurse) or here.bot.context.now()) + SECOND)
    await here.press(nurse, "Stop these messages")
    assert "You get no more reminders and no news of results, now and later." in nurse.dm[-1].text

    await let_days_go_by(here, nurse)
    assert reminders(nurse) == []
    await here.close_now()
    before = len(nurse.dm)
    await here.start_round()
    await all_delivered(here)
    invited = nurse.dm[before:]
    await remind(here, 2, round_id=2)
    await let_days_go_by(here, nurse)

    assert [one for one in invited if "62 short statements" in one.text] == invited
    assert len(invited) == 1
    assert (len(reminders(nurse)), len(reminders(other))) == (0, 6)


async def test_who_stopped_can_still_answer_and_have_them_again(every_two_days: World) -> None:
    here = every_two_days
    nurse = here.person("U02AMARA")
    await here.begin(nurse)
    await here.answer(nurse, "222")
    await move_to(here, (await owed_to(here, nurse) or here.bot.context.now()) + SECOND)
    await here.press(nurse, "Stop these messages")
    await here.press(nurse, "Remind me after all")
    assert "Reminders may come again" in nurse.dm[-1].text

    await let_days_go_by(here, nurse)

    assert len(reminders(nurse)) == 2
    await here.press(nurse, "Continue")
    assert "Item 4 of 62" in nurse.dm[-1].text


async def test_a_picked_time_comes_then_at_night_too_and_where_no_reminders_are_sent(here: World) -> None:
    await here.start_round(**{"Remind": "Never"})
    nurse = here.person("U13LIAM")
    await move_to_hour(here, time(21, 15), NEW_YORK)
    await here.press(nurse, "Not now")
    await here.press(nurse, "In 2 hours")

    due = await owed_to(here, nurse)
    assert due is not None
    there = due.astimezone(NEW_YORK)
    assert (there.hour, there.minute) == (23, 16)
    assert f"HTA Bot will write to you on {there:%A} {there.day} {there:%B} at 23:16, your time." in nurse.dm[-1].text
    await move_to(here, due - SECOND)
    assert reminders(nurse) == []
    await move_to(here, due + SECOND)
    assert len(reminders(nurse)) == 1
    assert await owed_to(here, nurse) is None


async def test_pause_offers_times_in_ones_own_zone_and_the_last_pick_stands(every_two_days: World) -> None:
    here = every_two_days
    physician = here.person("U04CHIDI")
    await move_to_hour(here, time(15, 20), CHICAGO)
    await here.begin(physician)
    await here.answer(physician, "1" * 22)
    await here.press(physician, "Pause")
    assert "Paused. Your place is kept. 22 of 62 done, about 13 minutes left." in physician.dm[-1].text
    today = here.bot.context.now().astimezone(CHICAGO).date()
    for label, days in (("Next week", 7), ("Tomorrow", 1)):
        await here.press(physician, label)

        due = await owed_to(here, physician)
        assert due == datetime.combine(today + timedelta(days=days), time(15, 20), CHICAGO)
        assert "at 15:20, your time" in physician.dm[-1].text
    await move_to(here, datetime.combine(today + timedelta(days=1), time(15, 20, 1), CHICAGO))

    assert len(reminders(physician)) == 1
    await here.press(physician, "Continue")
    assert "Item 23 of 62" in physician.dm[-1].text


async def test_a_picked_time_is_none_of_the_three(every_two_days: World) -> None:
    here = every_two_days
    nurse = here.person("U02AMARA")
    await here.press(nurse, "Not now")
    await here.press(nurse, "Tomorrow")

    await let_days_go_by(here, nurse)

    assert len(reminders(nurse)) == 4


async def test_the_best_time_is_asked_once_and_holds_for_what_comes(every_two_days: World) -> None:
    here = every_two_days
    nurse = here.person("U13LIAM")
    await here.press(nurse, "Not now")
    await nurse.choose("Night")
    await here.rest()
    assert "If a reminder comes by itself, it comes at night, at 22:00, your time." in nurse.dm[-1].text

    await here.press(nurse, "Start")
    await nurse.choose("Nursing")
    await here.rest()
    await here.press(nurse, "Pause")
    with pytest.raises(NotThere):
        await nurse.choose("Night")
    stops = await let_days_go_by(here, nurse)

    assert len(reminders(nurse)) == 3
    assert {at.astimezone(NEW_YORK).time() for at in stops} == {time(22)}


async def test_not_now_on_a_reminder_offers_the_same_times(every_two_days: World) -> None:
    here = every_two_days
    nurse, colleague = here.person("U02AMARA"), here.person("U03BEN")
    await here.begin(colleague)
    for person, said in ((nurse, "That is fine."), (colleague, "Paused. Your place is kept.")):
        await move_to(here, max(await owed_to(here, person) or here.bot.context.now(), here.bot.context.now()) + SECOND)
        await here.press(person, "Not now", reminders(person)[-1])

        assert said in person.dm[-1].text
        for label in ("In 2 hours", "Tomorrow", "Next week"):
            assert found_button(person.dm[-1].blocks, label)


async def test_a_time_after_closing_is_not_promised(here: World) -> None:
    await here.start_round(**{"Remind": "Never"})
    nurse = here.person("U02AMARA")
    await here.press(nurse, "Not now")
    here.move_clock(10 * 86_400)
    await here.press(nurse, "Next week")

    assert "and that is before. Pick an earlier time" in nurse.dm[-1].text
    assert await owed_to(here, nurse) is None


async def test_old_buttons_of_somebody_who_has_finished_or_after_closing_promise_nothing(here: World) -> None:
    await here.start_round(**{"Remind": "Never"})
    nurse, late = here.person("U02AMARA"), here.person("U03BEN")
    for person in (nurse, late):
        await here.press(person, "Not now")
    old = nurse.dm[-1]
    as_it_was = old.blocks
    await here.command(nurse, "/hta")
    await here.answer_all(nurse, "2" * 62)
    await here.press_late(nurse, "Tomorrow", old, as_it_was)
    assert "Submitted. Thank you" in old.text
    assert await owed_to(here, nurse) is None

    old = late.dm[-1]
    as_it_was = old.blocks
    await here.close_now()
    await here.press_late(late, "Tomorrow", old, as_it_was)

    assert "This self-assessment closed on" in old.text
    assert await owed_to(here, late) is None


async def test_at_closing_what_is_owed_goes_and_the_wish_stays(every_two_days: World) -> None:
    here = every_two_days
    nurse = here.person("U02AMARA")
    await here.press(nurse, "Not now")
    await here.press(nurse, "Tomorrow")

    await here.close_now()
    here.move_clock(3 * 86_400)
    await all_delivered(here)

    assert await rows_of(here, nurse) == ()
    assert reminders(nurse) == []


async def test_a_nudged_group_hears_sooner_and_only_who_has_not_finished(here: World) -> None:
    await here.start_round()
    await all_delivered(here)
    finished, nurse = here.person("U03BEN"), here.person("U02AMARA")
    await here.answer_all(finished, "1" * 62)
    await move_to_hour(here, time(12), NEW_YORK)
    await move_to_hour(here, time(12), NEW_YORK)

    def nudge(connection: Connection) -> bool:
        round_ = rounds.by_id(connection, 1)
        assert round_ is not None
        context = here.bot.context
        return service.nudge(connection, round_, "C01ALLSTAFF", context.settings.zone, context.now())

    assert await here.bot.context.database.write(nudge)
    due = await owed_to(here, nurse)
    assert due is not None
    assert due.astimezone(NEW_YORK).time() == time(18, 30)
    assert await owed_to(here, finished) == due
    await move_to(here, due + SECOND)

    assert (len(reminders(nurse)), len(reminders(finished))) == (1, 0)
    assert len(reminders(here.person(COORDINATOR))) == 1
    assert {len(reminders(here.person(one))) for one in ("U05DANA", "U07FARID", "U11JOSEPH", "U13LIAM")} == {1}


async def test_what_is_no_button_of_ours_changes_nothing(here: World) -> None:
    await here.start_round(**{"Remind": "Never"})
    nurse = here.person("U02AMARA")
    await here.press(nurse, "Not now")
    message = nurse.dm[-1]
    element, block_id = found_button(message.blocks, "Tomorrow")
    for value in ("9:1", "1:x", "1:1:night", "1:77"):
        done = await here.sandbox.client.press(nurse.id, message, element | {"value": value}, block_id)
        await here.rest()
        assert done.error is None

    assert await owed_to(here, nurse) is None
    assert here.bot.context.now().tzinfo == UTC
