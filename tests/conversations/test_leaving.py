"""Who said no thanks, withdrew or stopped the messages hears nothing more of that self-assessment, for a year and longer."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from conversation import STAFF, World, world
from goals_world import START, all_out, at, drafts, set_goal, stories
from reminder_rows import move_to
from storage import people

DECLINES, WITHDRAWS, STOPS, STAYS = STAFF[:4]
FINISH = STAFF[3:9]
QUIET = [DECLINES, WITHDRAWS, STOPS]
AS_FAR_AS_RISK = "1" * 22


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A self-assessment that three have left, each in another way, and that has closed."""
    async with world(tmp_path) as made:
        await move_to(made, START)
        await made.start_round()
        for one in FINISH:
            await made.finish(made.person(one), AS_FAR_AS_RISK)
        await made.press(made.person(DECLINES), "No thanks")
        await made.finish(made.person(WITHDRAWS), AS_FAR_AS_RISK)
        await made.press(made.person(WITHDRAWS), "Withdraw")
        await made.press(made.person(STOPS), "Not now")
        await made.press(made.person(STOPS), "Tomorrow")
        await made.press(made.person(STOPS), "Stop these messages")
        yield made


async def tell(here: World) -> None:
    """The coordinator sends the newest draft of You said, we did."""
    await here.press(here.coordinator, "Edit and send", drafts(here)[-1])
    assert (await here.coordinator.submit({})).errors is None
    await all_out(here)


async def test_whoever_left_gets_nothing_of_the_results_nor_of_the_year_after(here: World) -> None:
    before = {one: [message.text for message in here.person(one).dm] for one in QUIET}
    assert "You will get nothing more about this one" in before[DECLINES][-1]
    assert "You will get nothing more about this one" in before[WITHDRAWS][-1]
    assert "You get no more reminders and no news of results" in before[STOPS][-1]

    await here.close_now()
    await all_out(here)
    await set_goal(here, Owner=STAYS, **{"Due in": "1 year: Wed 29 March 2028"})
    await at(here, "2027-05-03")
    await tell(here)
    await at(here, "2027-10-04")
    await tell(here)
    # A year on, the offer to begin again goes first, and the draft a day later.
    await at(here, "2028-04-03")
    await at(here, "2028-04-04")
    await tell(here)

    assert [len(here.person(one).dm) - len(before[one]) for one in QUIET] == [0, 0, 0]
    assert [len(stories(here, one)) for one in (STAYS, *QUIET)] == [3, 0, 0, 0]


async def test_after_closing_one_word_stands_for_every_way_of_leaving(here: World) -> None:
    await here.close_now()

    everyone = dict(await here.bot.context.database.read(partial(people.asked_by, round_id=1)))
    assert {everyone[one] for one in QUIET} == {"declined"}
    assert {standing for one, standing in everyone.items() if one not in QUIET} == {"asked"}


async def test_another_self_assessment_invites_them_again(here: World) -> None:
    await here.close_now()
    await all_out(here)
    before = {one: len(here.person(one).dm) for one in QUIET}

    await here.start_round()
    await all_out(here)

    assert [len(here.person(one).dm) - before[one] for one in QUIET] == [1, 1, 1]
