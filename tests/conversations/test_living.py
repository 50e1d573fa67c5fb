"""One message at a time leads a person on: what is over loses its buttons, and says where it goes on."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from conversation import STAFF, World, world
from sandbox.driver import Actor
from sandbox.states import elements_of

NURSE = "U02AMARA"
LEAD_ON = {"Start", "Start again", "Continue", "Never", "Submit", "Choose one"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await made.start_round()
        yield made


def leading(person: Actor) -> list[str]:
    """The first label that leads on, of each message that has one."""

    def labels() -> Iterator[str]:
        for message in person.dm:
            shown = [one["text"]["text"] for block in message.blocks for one in elements_of(block) if "text" in one]
            yield from [label for label in shown if label in LEAD_ON][:1]

    return list(labels())


async def test_after_sections_that_are_done_the_last_message_alone_leads_on(here: World) -> None:
    nurse = here.person(NURSE)
    await here.begin(nurse)

    await here.answer(nurse, "3" * (14 + 2 + 6))

    assert [one.text for one in nurse.dm if "is finished" in one.text] != []
    assert leading(nurse) == ["Never"]


@pytest.mark.parametrize("way", ["/hta", "Home"])
async def test_an_older_statement_loses_its_buttons_where_a_newer_message_shows_it(here: World, way: str) -> None:
    nurse = here.person(NURSE)
    await here.begin(nurse)
    await here.answer(nurse, "333")

    if way == "/hta":
        await here.command(nurse, "/hta")
    else:
        await nurse.open_home()
        await here.rest()
        await nurse.press_on_home("Continue")
    await here.sandbox.settled()

    assert leading(nurse) == ["Never"]
    assert "Item 4 of 62" in nurse.dm[-1].text
    assert "This goes on in another message" in nurse.dm[-2].text
    await here.answer(nurse, "3")
    assert "Item 5 of 62" in nurse.dm[-1].text


async def test_after_withdrawing_nothing_leads_on_but_starting_again(here: World) -> None:
    nurse = here.person(NURSE)
    await here.begin(nurse)
    await here.answer(nurse, "3" * 15)
    await here.press(nurse, "Pause")

    await here.press(nurse, "Withdraw")

    assert leading(nurse) == ["Start again"]


async def test_where_the_next_statement_cannot_be_posted_the_receipt_leads_on(here: World) -> None:
    nurse = here.person(NURSE)
    await here.begin(nurse)
    await here.answer(nurse, "3" * 13)
    here.sandbox.faults.plan("chat.postMessage", 503)

    await here.answer(nurse, "3")
    assert leading(nurse) == ["Continue"]
    await here.press(nurse, "Continue")

    assert leading(nurse) == ["Never"]


async def test_when_it_closes_whatever_led_on_says_so_and_leads_nowhere(here: World) -> None:
    begun, submitted, invited = (here.person(one) for one in STAFF[:3])
    await here.begin(begun)
    await here.answer(begun, "333")
    await here.finish(submitted, "3" * 14)
    pressed_before = begun.dm[-1]

    await here.close_now()
    everyone = [begun, submitted, invited]
    await here.sandbox.until(
        lambda: all(any("This self-assessment closed on" in said.text for said in one.dm) for one in everyone)
    )

    for person in everyone:
        assert leading(person) == []
        assert not any("so this press changed nothing" in one.text for one in person.dm)
    (at_its_place,) = [one for one in begun.dm if one.ts == pressed_before.ts]
    assert "This self-assessment closed on" in at_its_place.text


async def test_when_the_closing_moves_the_messages_that_name_it_name_the_new_one(here: World) -> None:
    submitted, invited = here.person(STAFF[0]), here.person(STAFF[1])
    await here.finish(submitted, "3" * 14)
    status = await here.command(here.coordinator, "/hta-round")
    moved_to = (here.bot.context.now() + timedelta(days=30)).date()

    await here.press(here.coordinator, "Move closing date", status)
    assert (await here.coordinator.submit({"Closes on": moved_to.isoformat()})).errors is None

    day = f"{moved_to.day} {moved_to:%B}"
    await here.sandbox.until(lambda: day in submitted.dm[-1].text and day in invited.dm[-1].text)
