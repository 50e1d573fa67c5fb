"""In Socket Mode the bot comes by itself, envelopes go to one of its sockets, and none is lost when it has to come again."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.driver import Sandbox
from sandbox.people import hospital
from sandbox.refusals import Json
from sandbox_counterpart import ALL_STAFF, NURSE, echo_manifest, field_of, message, modal, typed


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(hospital(), echo_manifest()) as made:
        yield made


@pytest.fixture
async def bolt(sandbox: Sandbox) -> AsyncIterator[AsyncApp]:
    """A Bolt app that has connected."""
    app = AsyncApp(client=AsyncWebClient(sandbox.tokens.bot, base_url=sandbox.api_url), process_before_response=True)
    handler = AsyncSocketModeHandler(app, sandbox.tokens.app)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]


Sockets = Callable[[str], Awaitable[aiohttp.ClientWebSocketResponse]]


@asynccontextmanager
async def connecting() -> AsyncIterator[Sockets]:
    """Opens sockets of our own, by their address, and closes each at the end."""
    opened: list[aiohttp.ClientWebSocketResponse] = []
    async with aiohttp.ClientSession() as session:

        async def connect(address: str) -> aiohttp.ClientWebSocketResponse:
            opened.append(await session.ws_connect(address))
            return opened[-1]

        try:
            yield connect
        finally:
            for socket in opened:
                await socket.close()


@pytest.fixture(autouse=True)
def _nothing_is_left_open() -> Iterator[None]:
    """What a test leaves open complains when it is collected, which later Pythons do in some other test."""
    yield
    gc.collect()


async def address_of(sandbox: Sandbox) -> str:
    """A new address for a socket."""
    client = AsyncWebClient(base_url=sandbox.api_url)
    told = await client.apps_connections_open(app_token=sandbox.tokens.app)
    address: str = told["url"]
    return address


async def new_socket(sandbox: Sandbox, connect: Sockets) -> aiohttp.ClientWebSocketResponse:
    """A socket of our own, after its hello."""
    socket = await connect(await address_of(sandbox))
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_bolt_takes_it_for_slack(sandbox: Sandbox, bolt: AsyncApp) -> None:
    @bolt.command("/echo")
    async def on_echo(ack: Any, command: Json) -> None:
        await ack(command["text"])

    done = await sandbox.person(NURSE).command("/echo", "hello")

    assert done.error is None
    assert sandbox.person(NURSE).sees(ALL_STAFF)[-1].text == "hello"


async def test_presses_submissions_and_events_come_by_it_too(sandbox: Sandbox, bolt: AsyncApp) -> None:
    nurse = sandbox.person(NURSE)

    @bolt.action("never")
    async def on_press(body: Json, ack: Any, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(
            trigger_id=body["trigger_id"], view=modal(field_of("Name", typed()), callback_id="form")
        )

    @bolt.view("form")
    async def on_form(ack: Any) -> None:
        await ack(response_action="errors", errors={"name": "No such name"})

    @bolt.event("app_home_opened")
    async def on_home(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": message("Go on")["blocks"]})

    sandbox.workspace.post(sandbox.workspace.direct_channel(NURSE), message("Never"))
    await sandbox.reacted(await nurse.press("Never"))
    done = await nurse.submit({"Name": "Amara"})
    await nurse.open_home()
    await sandbox.until(lambda: nurse.home)

    assert done.errors == {"name": "No such name"}
    assert sandbox.refusals == []


async def test_after_a_disconnect_bolt_comes_again_and_nothing_is_lost(sandbox: Sandbox, bolt: AsyncApp) -> None:
    @bolt.command("/echo")
    async def on_echo(ack: Any, command: Json) -> None:
        await ack(command["text"])

    nurse = sandbox.person(NURSE)
    before = [asyncio.create_task(nurse.command("/echo", str(number))) for number in range(5)]
    await sandbox.disconnect()
    after = [asyncio.create_task(nurse.command("/echo", str(number))) for number in range(5, 10)]

    assert [one.error for one in await asyncio.gather(*before, *after)] == [None] * 10
    assert {one.text for one in nurse.sees(ALL_STAFF)} == {str(number) for number in range(10)}


async def test_what_is_under_way_may_be_acknowledged_after_a_disconnect(sandbox: Sandbox) -> None:
    async with connecting() as connect:
        socket = await new_socket(sandbox, connect)
        acting = asyncio.create_task(sandbox.person(NURSE).command("/echo"))
        envelope = await socket.receive_json()
        leaving = asyncio.create_task(sandbox.disconnect())
        assert (await socket.receive_json())["reason"] == "refresh_requested"
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        await leaving

    assert (await acting).error is None


async def test_an_envelope_goes_to_one_of_several_sockets(sandbox: Sandbox) -> None:
    async with connecting() as connect:
        sockets = [await new_socket(sandbox, connect) for _ in range(2)]
        acts = [asyncio.create_task(sandbox.person(NURSE).command("/echo", str(number))) for number in range(4)]
        heard = []
        for socket in sockets:
            for _ in range(2):
                envelope = await socket.receive_json()
                heard.append(envelope["payload"]["text"])
                await socket.send_json({"envelope_id": envelope["envelope_id"]})
        done = await asyncio.gather(*acts)

    assert sorted(heard) == ["0", "1", "2", "3"]
    assert [one.error for one in done] == [None] * 4


async def test_an_envelope_says_whether_an_answer_may_come_with_its_acknowledgement(sandbox: Sandbox) -> None:
    async with connecting() as connect:
        socket = await new_socket(sandbox, connect)
        envelopes = []
        for act in (sandbox.person(NURSE).command("/echo"), sandbox.person(NURSE).open_home()):
            acting = asyncio.create_task(act)
            envelopes.append(await socket.receive_json())
            await socket.send_json({"envelope_id": envelopes[-1]["envelope_id"]})
            await acting

    assert [(one["type"], one["accepts_response_payload"]) for one in envelopes] == [
        ("slash_commands", True),
        ("events_api", False),
    ]


async def test_an_event_without_an_acknowledgement_comes_again_and_says_why() -> None:
    async with Sandbox(hospital(), echo_manifest(), patience=0.3) as sandbox, connecting() as connect:
        socket = await new_socket(sandbox, connect)
        opening = asyncio.create_task(sandbox.person(NURSE).open_home())
        first, second = await socket.receive_json(), await socket.receive_json()
        await socket.send_json({"envelope_id": second["envelope_id"]})
        await opening
        await sandbox.until(lambda: len(sandbox.acks) == 2)

    assert first["payload"] == second["payload"]
    tried = [(one["retry_attempt"], one["retry_reason"]) for one in (first, second)]
    assert tried == [(0, ""), (1, "timeout")]


async def test_with_nobody_there_the_person_reads_so() -> None:
    async with Sandbox(hospital(), echo_manifest(), patience=0.05) as sandbox:
        done = await sandbox.person(NURSE).command("/echo")

    assert done.error == "Echo Bot did not answer in time (operation_timeout)."


async def test_an_envelope_without_an_acknowledgement_is_late() -> None:
    async with Sandbox(hospital(), echo_manifest(), patience=0.05) as sandbox, connecting() as connect:
        await new_socket(sandbox, connect)
        await sandbox.person(NURSE).command("/echo")

    assert [one.error for one in sandbox.refusals] == ["operation_timeout"]


async def test_an_address_serves_one_socket(sandbox: Sandbox) -> None:
    address = await address_of(sandbox)
    async with connecting() as connect:
        await connect(address)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await connect(address)


async def test_the_eleventh_socket_is_one_too_many(sandbox: Sandbox) -> None:
    async with connecting() as connect:
        sockets = [await new_socket(sandbox, connect) for _ in range(10)]
        eleventh = await connect(await address_of(sandbox))

        assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
        assert sandbox.server.sockets.connections == len(sockets)
