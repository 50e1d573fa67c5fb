"""The bot in Socket Mode: the same conversation as over HTTP, and nothing is lost when the workspace asks it to come again."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot_process import LONG, Beside, beside, ended, item_shown, knock
from conversation import STAFF
from places import ROOT
from sandbox.driver import Sandbox, found_button
from sandbox.faults import Fault
from sandbox.manifest import read as read_manifest
from sandbox.people import hospital

STRIP = ("0123" * 16)[:62]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Beside]:
    async with beside(tmp_path, socket_mode=True) as made:
        yield made


async def test_a_whole_self_assessment_goes_over_a_socket(here: Beside) -> None:
    await here.start_round()
    people = [here.person(one) for one in STAFF[:5]]

    await asyncio.gather(*(here.answer_all(one, STRIP) for one in people))
    totals = [await here.total(one) for one in people]
    posted = await here.close_now()

    assert totals == [sum(map(int, STRIP))] * 5
    assert "5 of 13 people asked finished" in posted.text


def has_acknowledged(here: Beside, many: int) -> bool:
    return len(here.sandbox.acks) >= many


async def test_nothing_is_lost_while_the_workspace_asks_for_new_sockets(here: Beside) -> None:
    await here.start_round()
    people = [here.person(one) for one in STAFF[:2]]

    async def reconnecting() -> None:
        for many in (20, 50, 100):
            await here.sandbox.until(partial(has_acknowledged, here, many))
            await here.sandbox.disconnect()

    await asyncio.gather(reconnecting(), *(here.answer_all(one, STRIP) for one in people))
    assert [await here.total(one) for one in people] == [sum(map(int, STRIP))] * 2
    assert {ack.fault for ack in here.sandbox.acks} == {None}

    # In the very moment: two presses are on their way while the sockets go.
    other = here.person(STAFF[2])
    await here.begin(other)
    message = other.dm[-1]
    never, block_id = found_button(message.blocks, "Never")
    pressing = [here.sandbox.client.press(other.id, message, never, block_id) for _ in range(2)]
    *done, _ = await asyncio.gather(*pressing, here.sandbox.disconnect())
    await here.sandbox.until(lambda: item_shown(other) == 2)

    assert [one.error for one in done if one] == [None, None]


async def test_the_small_pages_are_served_and_slack_is_not_heard_over_http(here: Beside) -> None:
    assert await here.bot.page("/healthz") == 200
    await here.bot.until("/readyz", 200)
    assert await knock(here, b'{"type": "url_verification", "challenge": "x"}', "application/json") == 404


async def test_a_wrong_app_token_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with Sandbox(hospital(), read_manifest(ROOT / "manifest.yml")) as sandbox:
        tokens = {"slack_bot_token": sandbox.tokens.bot, "slack_app_token": "xapp-wrong"}
        told = await ended(tmp_path, "run", tokens | {"slack_api_url": sandbox.api_url})

    assert told.status == 2
    assert "SLACK_APP_TOKEN" in told.err
    assert "Traceback" not in told.err


async def test_it_goes_on_trying_while_slack_cannot_be_reached_and_asks_for_a_new_address(tmp_path: Path) -> None:
    async with beside(tmp_path, socket_mode=True, starts=False, patience=LONG) as here:
        server, pulse = here.sandbox.server, here.sandbox.workspace.pulse
        reachable, server.address = server.address, "http://127.0.0.1:1"
        here.sandbox.faults.plan("auth.test", Fault.DROPPED)
        starting = asyncio.create_task(here.bot.start())
        try:
            # auth.test, and apps.connections.open, which gives an address where nobody is.
            await here.sandbox.until(lambda: pulse.begun >= 2 and pulse.under_way == 0)
            server.address = reachable
            await starting
        finally:
            starting.cancel()

        said = await here.command(here.person(STAFF[0]), "/hta")

        assert "No self-assessment is open right now" in said.text
