"""The driver waits for what happens, not for time to pass, and finds things by the words on them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.clock import Clock
from sandbox.driver import NotThere
from sandbox.pulse import Pulse
from sandbox.refusals import Json
from sandbox_counterpart import (
    NURSE,
    OTHER,
    RESULTS,
    Counterpart,
    button,
    counterpart,
    field_of,
    message,
    modal,
    options,
)


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


async def test_until_gives_what_came_true(bot: Counterpart) -> None:
    waiting = asyncio.create_task(bot.sandbox.until(lambda: bot.sandbox.channel(RESULTS)))
    await bot.client.chat_postMessage(channel=RESULTS, text="Here")

    assert [one.text for one in await waiting] == ["Here"]


async def test_until_gives_up(bot: Counterpart) -> None:
    with pytest.raises(TimeoutError):
        await bot.sandbox.until(lambda: bot.sandbox.channel(RESULTS), seconds=0.01)


async def test_reacted_waits_for_the_answer_to_one_act(bot: Counterpart) -> None:
    nurse = bot.sandbox.person(NURSE)
    first, second = await nurse.command("/echo"), await nurse.command("/echo")
    await bot.respond(text="To the second")

    await bot.sandbox.reacted(second)
    with pytest.raises(TimeoutError):
        await bot.sandbox.reacted(first, seconds=0.01)


async def test_settled_waits_for_what_the_bot_does_after_it_acknowledged(bot: Counterpart) -> None:
    after: list[asyncio.Task[object]] = []

    async def says(payload: Json) -> web.Response:
        after.append(asyncio.create_task(posts_thrice()))
        return web.Response()

    async def posts_thrice() -> None:
        for _ in range(3):
            await bot.client.chat_postMessage(channel=RESULTS, text="x")

    bot.says = says
    await bot.sandbox.person(NURSE).command("/echo")
    await bot.sandbox.settled()

    assert len(bot.sandbox.channel(RESULTS)) == 3


async def test_settled_counts_what_is_still_under_way() -> None:
    pulse = Pulse()
    with pulse.counting():
        settling = asyncio.create_task(pulse.settled(0))
        await pulse.until(lambda: settling.done(), 0.05)
        assert not settling.done()

    await settling


async def test_a_moved_clock_wakes_who_sleeps_until_then(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    sleeping = asyncio.create_task(clock.sleep_until(clock.now() + 3600))
    clock.advance(3601)

    await asyncio.wait_for(sleeping, 5)

    assert Clock(tmp_path / "clock").offset_seconds == 3601


async def test_choices_go_by_their_labels_wherever_they_stand(bot: Counterpart) -> None:
    groups = [{"label": {"type": "plain_text", "text": "Wards"}, "options": options("North", "South")}]
    select = {"type": "static_select", "action_id": "ward", "option_groups": groups}
    menu = {"type": "overflow", "action_id": "more", "options": options("Later", "Never")}
    radio = {"type": "radio_buttons", "action_id": "sure", "options": options("Yes", "No")}
    blocks = [{"type": "actions", "block_id": "row", "elements": [select, menu, radio]}]
    await bot.client.chat_postMessage(channel=NURSE, text="Where?", blocks=blocks)
    nurse = bot.sandbox.person(NURSE)

    for label in ("South", "Later", "No"):
        await nurse.choose(label)

    chosen = [one.payload["actions"][0] for one in bot.heard]
    assert [one["selected_option"]["value"] for one in chosen] == ["south", "later", "no"]
    with pytest.raises(NotThere, match="North"):
        await nurse.choose("East")


async def test_several_are_chosen_by_a_list_of_labels_and_none_by_none(bot: Counterpart) -> None:
    boxes = {"type": "checkboxes", "action_id": "days", "options": options("Mon", "Tue", "Wed")}
    kind = {
        "type": "static_select",
        "action_id": "kind",
        "options": options("A", "B"),
        "initial_option": options("A")[0],
    }
    await bot.open_modal(modal(field_of("Days", boxes), field_of("Kind", kind, optional=True)))

    await bot.sandbox.person(NURSE).submit({"Days": ["Mon", "Wed"], "Kind": None})

    values = bot.heard[-1].payload["view"]["state"]["values"]
    assert [one["value"] for one in values["days"]["days"]["selected_options"]] == ["mon", "wed"]
    assert values["kind"]["kind"]["selected_option"] is None


@pytest.mark.parametrize("fields", [{"Nickname": "x"}, {"Kind": "C"}])
async def test_what_is_not_in_the_form_cannot_be_filled_in(bot: Counterpart, fields: Json) -> None:
    kind = {"type": "static_select", "action_id": "kind", "options": options("A", "B")}
    await bot.open_modal(modal(field_of("Kind", kind)))

    with pytest.raises(NotThere):
        await bot.sandbox.person(NURSE).submit(fields)


async def test_a_message_that_is_gone_cannot_be_pressed(bot: Counterpart) -> None:
    await bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    nurse = bot.sandbox.person(NURSE)
    seen = nurse.dm[-1]
    bot.sandbox.workspace.delete(seen)

    with pytest.raises(NotThere):
        await nurse.press("Never", seen)


async def test_a_button_in_a_modal_or_on_home_needs_one(bot: Counterpart) -> None:
    other = bot.sandbox.person(OTHER)
    await bot.open_modal(modal({"type": "actions", "elements": [button("More")]}))

    for press in (other.press_in_modal("More"), other.press_on_home("More"), other.close_modal()):
        with pytest.raises(NotThere):
            await press
