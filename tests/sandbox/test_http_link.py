"""What comes to the bot over HTTP is signed, and has to be acknowledged in time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from sandbox.acks import Ack, Kind
from sandbox.driver import Sandbox
from sandbox.people import hospital
from sandbox.refusals import Json
from sandbox_counterpart import (
    NURSE,
    Counterpart,
    counterpart,
    echo_manifest,
    message,
)


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


async def test_every_request_is_signed_as_slack_signs(bot: Counterpart) -> None:
    verifier = SignatureVerifier(bot.sandbox.tokens.signing_secret)
    await bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    nurse = bot.sandbox.person(NURSE)

    await nurse.command("/echo", "höre & sehe")
    await nurse.press("Never")
    await nurse.open_home()

    assert [verifier.is_valid_request(one.raw, one.headers) for one in bot.heard] == [True, True, True]
    assert bot.heard[0].payload["text"] == "höre & sehe"


async def test_an_acknowledgement_that_is_late_is_none() -> None:
    forever = asyncio.Event()

    async def says(payload: Json) -> web.Response:
        await forever.wait()
        return web.Response()

    async with counterpart(patience=0.05) as bot:
        bot.says = says
        done = await bot.sandbox.person(NURSE).command("/echo")
        forever.set()

    assert done.error == "Echo Bot did not answer in time (operation_timeout)."
    assert [(one.status, one.fault) for one in bot.sandbox.acks] == [(0, "operation_timeout")]
    assert [(one.method, one.error) for one in bot.sandbox.refusals] == [("/echo", "operation_timeout")]


async def test_a_bot_that_is_not_there_is_told_as_such() -> None:
    async with Sandbox(hospital(), echo_manifest(), bot_url="http://127.0.0.1:9/nothing") as sandbox:
        done = await sandbox.person(NURSE).command("/echo")

    assert done.error == "Echo Bot had a problem (dispatch_failed, status 0)."


async def test_two_presses_at_once_are_two_payloads_under_way_together(bot: Counterpart) -> None:
    both_are_here = asyncio.Event()

    async def says(payload: Json) -> web.Response:
        if len(bot.heard) == 2:
            both_are_here.set()
        await both_are_here.wait()
        return web.Response()

    bot.says = says
    await bot.client.chat_postMessage(channel=NURSE, **message("Never", "Often"))
    nurse = bot.sandbox.person(NURSE)

    done = await asyncio.gather(nurse.press("Never"), nurse.press("Often"))

    assert [one.error for one in done] == [None, None]


async def test_any_timestamp_can_be_tried(bot: Counterpart) -> None:
    await bot.sandbox.forge(Kind.COMMAND, {"command": "/echo"}, stamp="yesterday")

    assert bot.heard[-1].headers["X-Slack-Request-Timestamp"] == "yesterday"


class Bolt:
    """Bolt as it is shipped, with its own verification on, over HTTP."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.pressed: list[Json] = []
        app = AsyncApp(token=sandbox.tokens.bot, signing_secret=sandbox.tokens.signing_secret)
        app.client.base_url = sandbox.api_url
        self.runner = web.AppRunner(app.web_app("/slack/events"), access_log=None, shutdown_timeout=0.1)

        @app.action("never")
        async def on_press(body: Json, ack: Any, respond: Any) -> None:
            self.pressed.append(body)
            await ack()
            await respond("Thank you", replace_original=True)


@pytest.fixture
async def bolt() -> AsyncIterator[tuple[Sandbox, Bolt]]:
    async with Sandbox(hospital(), echo_manifest(), bot_url="") as sandbox:
        bolt = Bolt(sandbox)
        await bolt.runner.setup()
        await web.TCPSite(bolt.runner, "127.0.0.1", 0).start()
        sandbox.server.http.url = f"http://127.0.0.1:{bolt.runner.addresses[0][1]}/slack/events"
        sandbox.workspace.post(sandbox.workspace.direct_channel(NURSE), message("Never"))
        yield sandbox, bolt
        await bolt.runner.cleanup()


async def test_bolt_takes_it_for_slack(bolt: tuple[Sandbox, Bolt]) -> None:
    sandbox, _ = bolt

    done = await sandbox.person(NURSE).press("Never")
    await sandbox.reacted(done)

    assert done.error is None
    assert [one.text for one in sandbox.person(NURSE).dm] == ["Thank you"]
    assert await sandbox.verify_url()
    assert sandbox.refusals == []


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "guessed"},
        {"stamp": "1"},
        {"X_Slack_Signature": "v0=00"},
        {"X_Slack_Signature": ""},
        {"X_Slack_Request_Timestamp": ""},
    ],
)
async def test_what_slack_did_not_send_is_not_taken_for_it(bolt: tuple[Sandbox, Bolt], forged: dict[str, str]) -> None:
    sandbox, app = bolt
    seen = sandbox.person(NURSE).dm[-1]
    payload, _ = sandbox.client.press_payload(NURSE, seen, seen.blocks[1]["elements"][0], "row")

    ack: Ack = await sandbox.forge(Kind.INTERACTION, payload, **forged)

    assert ack.status == 401
    assert app.pressed == []
    assert sandbox.refusals == [], "that a bot refuses a forgery is not held against it"
