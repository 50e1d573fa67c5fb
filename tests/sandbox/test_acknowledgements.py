"""What the bot acknowledged can reach the person late or never: she sees Slack's error, and nothing is held against the bot."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.driver import Sandbox
from sandbox.faults import ACKNOWLEDGEMENT, Fault
from sandbox.people import hospital
from sandbox.refusals import Json
from sandbox_calls import control
from sandbox_counterpart import (
    ALL_STAFF,
    NURSE,
    Counterpart,
    all_is_well,
    counterpart,
    echo_manifest,
    field_of,
    modal,
    options,
)


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


async def test_an_acknowledgement_that_is_lost_is_slacks_error_to_the_person_and_done_by_the_bot(
    bot: Counterpart,
) -> None:
    await control(bot, "faults", {"method": "acknowledgement", "fault": "lost"})

    done = [await bot.sandbox.person(NURSE).command("/echo") for _ in range(2)]

    assert [one.error for one in done] == ["Echo Bot had a problem (dispatch_failed, status 200).", None]
    assert len(bot.heard) == 2
    assert [(one["status"], one["fault"], one["is_planned"]) for one in (await control(bot, "seen"))[1]["acks"]] == [
        (200, "dispatch_failed", True),
        (200, None, False),
    ]
    assert bot.sandbox.refusals == [], "the bot did it right"


async def test_what_a_lost_acknowledgement_asks_for_does_not_happen(bot: Counterpart) -> None:
    async def says(payload: Json) -> web.Response:
        return web.json_response({"text": "You see this"} if "command" in payload else {"options": options("East")})

    select = {"type": "external_select", "action_id": "unit", "min_query_length": 1}
    await bot.open_modal(modal(field_of("Unit", select, optional=True)))
    nurse = bot.sandbox.person(NURSE)
    bot.says = says
    bot.sandbox.faults.plan(ACKNOWLEDGEMENT, Fault.LOST, times=3)

    offered = await nurse.suggestions("Unit", "e")
    bot.says = all_is_well
    submitted = await nurse.submit()
    bot.says = says
    commanded = await nurse.command("/echo")

    assert offered == []
    assert submitted.error
    assert commanded.error
    assert nurse.modal is not None, "it stays open"
    assert nurse.ephemerals == []


async def test_what_the_bot_does_not_acknowledge_by_itself_stays_its_own_fault(bot: Counterpart) -> None:
    async def says(payload: Json) -> web.Response:
        return web.Response(status=500)

    bot.says = says
    bot.sandbox.faults.plan(ACKNOWLEDGEMENT, Fault.LOST)
    own = await bot.sandbox.person(NURSE).command("/echo")
    bot.says = all_is_well
    lost = await bot.sandbox.person(NURSE).command("/echo")

    assert own.error == "Echo Bot had a problem (dispatch_failed, status 500)."
    assert lost.error == "Echo Bot had a problem (dispatch_failed, status 200)."
    assert [one.is_planned for one in bot.sandbox.acks] == [False, True]
    assert len(bot.sandbox.refusals) == 1


async def test_an_acknowledgement_that_is_a_little_late_is_in_time(bot: Counterpart) -> None:
    await control(bot, "faults", {"method": "acknowledgement", "slow": 0.01})

    assert (await bot.sandbox.person(NURSE).command("/echo")).error is None
    assert [one.fault for one in bot.sandbox.acks] == [None]


async def test_an_acknowledgement_that_comes_after_slacks_patience_is_none() -> None:
    async with counterpart(patience=1.0) as bot:
        bot.sandbox.faults.plan(ACKNOWLEDGEMENT, slow=3600)
        done = await bot.sandbox.person(NURSE).command("/echo")

    assert done.error == "Echo Bot did not answer in time (operation_timeout)."
    assert [(one.status, one.fault, one.is_planned) for one in bot.sandbox.acks] == [(200, "operation_timeout", True)]
    assert bot.sandbox.refusals == []


async def test_an_event_whose_acknowledgement_was_lost_comes_again(bot: Counterpart) -> None:
    bot.sandbox.faults.plan(ACKNOWLEDGEMENT, Fault.LOST)

    await bot.sandbox.person(NURSE).open_home()
    await bot.sandbox.until(lambda: len(bot.sandbox.acks) == 2)

    first, second = bot.heard
    assert first.payload == second.payload
    assert second.headers["X-Slack-Retry-Reason"] == "connection_failed"


async def test_acknowledgements_by_a_socket_are_lost_too() -> None:
    async with Sandbox(hospital(), echo_manifest()) as sandbox, aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=sandbox.api_url, session=session)
        told = await client.apps_connections_open(app_token=sandbox.tokens.app)
        async with session.ws_connect(told["url"]) as socket:
            await socket.receive_json()
            sandbox.faults.plan(ACKNOWLEDGEMENT, Fault.LOST)
            typing = asyncio.create_task(sandbox.person(NURSE).command("/echo"))
            envelope = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "You see this"}})
            done = await typing

    assert done.error == "Echo Bot had a problem (dispatch_failed, status 200)."
    assert sandbox.person(NURSE).sees(ALL_STAFF) == []
