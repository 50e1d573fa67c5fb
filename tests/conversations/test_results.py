"""A coordinator, and people in the results channel, follow results to what can be done: through the sandbox."""

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.rounds import service as rounds_service
from conversation import COORDINATOR, STAFF, World, world
from instrument.collation import Answers, collate
from instrument.definition import builtin
from sandbox.driver import NotThere, found_button
from sandbox.workspace import Message
from storage import looks, rounds, snapshots
from storage.rounds import NewRound, Opened

RESULTS = "C03RESULTS"
READER = "U12KEISHA"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def close_one(here: World, marks: str) -> int:
    """A self-assessment in which sixteen answered so, closed and posted; the round's id."""
    context, posted = here.bot.context, len(here.sandbox.channel(RESULTS))
    team_id = (await context.slack.identity()).team_id
    key = context.keyring.make()
    new = NewRound(
        team_id, "2021-09", COORDINATOR, RESULTS, 5, None, context.now().replace(year=2099), key.name, key.half, ()
    )
    match await context.database.write(partial(rounds.open_round, new=new, now=context.now())):
        case Opened(round_):
            snapshot = collate(builtin(), [Answers("nursing", marks * 31)] * 16, asked=20, minimum=5)
            await context.database.write(
                partial(snapshots.save, round_id=round_.id, snapshot=snapshot, now=context.now())
            )
            await context.database.write(partial(rounds.mark_closed, round_id=round_.id, now=context.now()))
            await context.database.write(partial(rounds_service.share, round_id=round_.id, now=context.now()))
            context.due.set()
            await here.sandbox.until(lambda: len(here.sandbox.channel(RESULTS)) > posted)
            return round_.id
        case other:
            raise AssertionError(other)


def titles(messages: list[Message]) -> list[str]:
    return [one.blocks[0]["text"]["text"] for one in messages if one.blocks[0]["type"] == "header"]


async def test_a_coordinator_goes_from_a_priority_to_its_statements_page_by_page(here: World) -> None:
    round_id = await close_one(here, "01")
    shown = await here.command(here.coordinator, "/hta-results")

    await here.press(here.coordinator, "Item details", shown)
    details = here.coordinator.sees("C01ALLSTAFF")[-1]
    assert details.blocks[0]["text"]["text"] == "Where to look first, 1 of 2"
    count = len(here.coordinator.sees("C01ALLSTAFF"))
    await here.press(here.coordinator, "Next", details)
    await here.press(here.coordinator, "Previous", here.coordinator.sees("C01ALLSTAFF")[-1])
    await here.coordinator.choose("2 Risk", here.coordinator.sees("C01ALLSTAFF")[-1])
    await here.rest()

    seen = here.coordinator.sees("C01ALLSTAFF")
    assert len(seen) == count, "pages take each other's place"
    assert seen[-1].blocks[0]["text"]["text"] == "2 Risk"
    assert "Never 100 %, Occasionally 0 %, Often 0 %, Always 0 % of 16 people." in seen[-1].text
    noted = await here.bot.context.database.read(partial(looks.of, round_id=round_id))
    assert [one.person_id for one in noted] == [COORDINATOR]


async def test_whoever_is_in_the_results_channel_looks_there_and_nobody_is_written_down(here: World) -> None:
    await close_one(here, "01")
    round_id = await close_one(here, "12")
    reader, posted = here.person(READER), here.sandbox.channel(RESULTS)[-1]

    for label in ("By function", "Item details", "Compare rounds", "Copy for huddle"):
        await here.press(reader, label, posted)

    own = [one for one in reader.sees(RESULTS) if one.only_for == READER]
    assert titles(own)[:2] == ["By kind of work", "Where to look first, 1 of 2"]
    assert titles(own)[2].startswith("Compared with ")
    assert "difference +33," in own[2].text
    assert own[3].blocks[0]["text"]["text"].count("\n") == 3
    assert len(here.sandbox.channel(RESULTS)) == 2
    with pytest.raises(NotThere):
        await reader.press("Post to channel", posted)
    assert await here.bot.context.database.read(partial(looks.of, round_id=round_id)) == ()


async def test_results_are_posted_again_with_the_name_of_who_did_it_and_once(here: World) -> None:
    await close_one(here, "12")
    here.move_clock(600)
    async with asyncio.timeout(10):
        question = ""
        while "They were posted" not in question:  # the bot notes that it posted them only after the channel has them
            shown = await here.command(here.coordinator, "/hta-results")
            question = str(found_button(shown.blocks, "Post to channel")[0]["confirm"])
    assert re.search("They were posted on [A-Z].*, [0-9:]+. Post them again[?]", question)

    await here.press(here.coordinator, "Post to channel", shown)
    await here.press(here.coordinator, "Post to channel", shown)
    await here.sandbox.until(lambda: len(here.sandbox.channel(RESULTS)) > 1)
    told = [one.text for one in here.coordinator.sees("C01ALLSTAFF")[-2:]]

    assert len(here.sandbox.channel(RESULTS)) == 2
    assert f"Posted again by <@{COORDINATOR}>." in here.sandbox.channel(RESULTS)[-1].text
    assert told[0].startswith(f"The results were posted to <#{RESULTS}> on ")
    assert told[0].endswith("They go there once more now.")
    assert "This press changed nothing." in told[1]


async def test_a_button_that_was_taken_elsewhere_opens_nothing(here: World) -> None:
    """Somebody who is no coordinator presses the coordinator's buttons from another channel."""
    await close_one(here, "12")
    shown = await here.command(here.coordinator, "/hta-results")
    nurse = here.person(STAFF[0])
    actions = next(block for block in shown.blocks if block["type"] == "actions")
    public = here.sandbox.workspace.messages["C01ALLSTAFF"]

    for element in actions["elements"]:
        await here.sandbox.client.press(nurse.id, shown, element, actions["block_id"])
        await here.rest()

    told = [one.text for one in public if one.only_for == nurse.id]
    assert len(told) == len(actions["elements"])
    assert all("Only coordinators can do this" in one for one in told)
    assert len(here.sandbox.channel(RESULTS)) == 1
