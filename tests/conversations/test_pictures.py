"""Pictures reach a coordinator who asks for them, and the results channel; once, and never what may not be shown."""

from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.rounds import service as rounds_service
from conversation import COORDINATOR, STAFF, World, world
from instrument.collation import Answers, collate
from instrument.definition import builtin
from sandbox.faults import Fault
from sandbox.files import File
from sandbox.people import BOT_ID
from storage import looks, rounds, snapshots
from storage.rounds import NewRound, Opened

RESULTS = "C03RESULTS"
HALF_AN_HOUR = 31 * 60.0
FINISH = "files.completeUploadExternal"
HOW_OFTEN, KINDS_OF_WORK, GROWTH = "How often, section by section", "How each kind of work sees us", "Since last time"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def close_one(here: World, marks: str, people: int = 16) -> int:
    """A self-assessment in which so many answered so, half of them nurses, closed and shared; the round's id."""
    context = here.bot.context
    team_id = (await context.slack.identity()).team_id
    key = context.keyring.make()
    new = NewRound(
        team_id, "2021-09", COORDINATOR, RESULTS, 5, None, context.now().replace(year=2099), key.name, key.half, ()
    )
    match await context.database.write(partial(rounds.open_round, new=new, now=context.now())):
        case Opened(round_):
            answers = [Answers("nursing" if one % 2 else "provider", marks * 31) for one in range(people)]
            snapshot = collate(builtin(), answers, asked=20, minimum=5)
            await context.database.write(
                partial(snapshots.save, round_id=round_.id, snapshot=snapshot, now=context.now())
            )
            await context.database.write(partial(rounds.mark_closed, round_id=round_.id, now=context.now()))
            await context.database.write(partial(rounds_service.share, round_id=round_.id, now=context.now()))
            context.due.set()
            return round_.id
        case other:
            raise AssertionError(other)


async def shared(here: World, count: int) -> list[File]:
    """What is shared in the results channel, once there are so many."""
    await here.sandbox.until(lambda: len(here.sandbox.files(RESULTS)) >= count)
    return here.sandbox.files(RESULTS)


async def test_the_pictures_follow_the_results_in_their_channel(here: World) -> None:
    await close_one(here, "12")

    files = await shared(here, 2)

    assert [one.title for one in files] == [HOW_OFTEN, KINDS_OF_WORK]
    assert [(one.content or b"")[:4] for one in files] == [b"\x89PNG"] * 2
    assert "2 Risk 0, 50, 50, 0." in files[0].alt_text
    assert "Nursing 50, 50, 50, 50, 50, 48, 52." in files[1].alt_text, (
        "11 items begin with 1 in section 5, with 2 in section 6"
    )
    first = here.sandbox.shares(RESULTS)[0]
    assert first.text == f"{HOW_OFTEN}: a picture of the results above. Set up by <@{COORDINATOR}>."
    assert first.ts > here.sandbox.channel(RESULTS)[0].ts


async def test_results_and_pictures_come_once(here: World) -> None:
    await close_one(here, "12")
    await shared(here, 2)

    here.move_clock(HALF_AN_HOUR)
    await here.sandbox.settled()

    assert (len(here.sandbox.channel(RESULTS)), len(here.sandbox.files(RESULTS))) == (1, 2)


async def test_a_coordinator_gets_all_the_pictures_in_her_messages_and_her_look_is_noted(here: World) -> None:
    await close_one(here, "01")
    round_id = await close_one(here, "12")
    await shared(here, 4)
    shown = await here.command(here.coordinator, "/hta-results")

    await here.press(here.coordinator, "Pictures", shown)

    introduction, *pictures = here.coordinator.dm[-4:]
    assert [one.files[0].title for one in pictures] == [HOW_OFTEN, KINDS_OF_WORK, GROWTH]
    assert "They stay in this conversation" in introduction.text
    assert "2 Risk: 17 % before, 50 % now: higher." in pictures[2].files[0].alt_text
    assert here.coordinator.ephemerals[-1].text.startswith("The pictures come to your messages")
    noted = await here.bot.context.database.read(partial(looks.of, round_id=round_id))
    assert [one.person_id for one in noted] == [COORDINATOR]


async def test_what_slack_does_not_take_is_told_and_nobody_else_gets_pictures(here: World) -> None:
    await close_one(here, "12")
    await shared(here, 2)
    shown = await here.command(here.coordinator, "/hta-results")
    actions = next(block for block in shown.blocks if block["type"] == "actions")
    button = next(one for one in actions["elements"] if one["text"]["text"] == "Pictures")
    here.sandbox.faults.plan(FINISH, 500)

    await here.press(here.coordinator, "Pictures", shown)
    await here.sandbox.client.press(STAFF[0], shown, button, actions["block_id"])
    await here.sandbox.client.press(COORDINATOR, shown, button | {"value": "9:round"}, actions["block_id"])
    await here.rest()

    assert [one.title for one in here.coordinator.files] == [KINDS_OF_WORK]
    told = [one.text for one in here.coordinator.ephemerals[-2:]]
    assert told[0].startswith("The pictures could not be made, or Slack did not take all of them.")
    assert told[1].startswith("There are no results yet.")
    assert here.person(STAFF[0]).files == []
    assert "Only coordinators" in here.person(STAFF[0]).ephemerals[-1].text


async def test_a_lost_answer_repeats_that_one_picture_at_most(here: World) -> None:
    here.sandbox.faults.plan(FINISH, Fault.LOST)
    await close_one(here, "12")
    await shared(here, 1)
    await here.sandbox.settled()

    here.move_clock(61)
    files = await shared(here, 3)
    await here.sandbox.settled()

    assert Counter(one.title for one in files) == {HOW_OFTEN: 2, KINDS_OF_WORK: 1}


async def test_pictures_wait_for_the_results_that_they_belong_to(here: World) -> None:
    members = here.sandbox.workspace.channels[RESULTS].members
    members.remove(BOT_ID)
    await close_one(here, "12")
    await here.sandbox.until(lambda: here.sandbox.refusals)
    await here.sandbox.settled()
    assert [one.method for one in here.sandbox.refusals] == ["chat.postMessage"], "no picture was tried"

    members.append(BOT_ID)
    here.sandbox.refusals.clear()
    here.move_clock(HALF_AN_HOUR)
    files = await shared(here, 2)

    assert len(here.sandbox.channel(RESULTS)) == 1
    assert [one.title for one in files] == [HOW_OFTEN, KINDS_OF_WORK]


async def test_of_too_few_people_there_is_no_picture(here: World) -> None:
    await close_one(here, "12", people=4)
    await here.sandbox.until(lambda: here.sandbox.channel(RESULTS))
    shown = await here.command(here.coordinator, "/hta-results")
    await here.sandbox.settled()

    assert "nothing can be shown" in here.sandbox.channel(RESULTS)[0].text
    assert here.sandbox.files(RESULTS) == []
    assert not any(block["type"] == "actions" for block in shown.blocks)
