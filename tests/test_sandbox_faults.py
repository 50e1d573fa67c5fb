"""What goes wrong on purpose goes wrong as told, and Slack's limits are kept where they are switched on."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox.clock import Clock
from sandbox.faults import Fault
from sandbox.limits import A_MINUTE, Limits
from sandbox.refusals import Json
from sandbox_counterpart import NURSE, RESULTS, Counterpart, counterpart, message


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


async def control(bot: Counterpart, name: str, body: Json | None = None) -> tuple[int, Any]:
    """What another process does."""
    assert bot.client.session is not None
    address = f"{bot.sandbox.address}/control/{name}"
    asking = bot.client.session.get(address) if body is None else bot.client.session.post(address, json=body)
    async with asking as answer:
        return answer.status, await (answer.json() if answer.status == 200 else answer.text())


async def test_a_status_comes_as_often_as_planned_and_nothing_happens(bot: Counterpart) -> None:
    bot.sandbox.faults.plan("chat.postMessage", 503, times=2)
    statuses = []
    for _ in range(3):
        try:
            statuses.append((await bot.client.chat_postMessage(channel=RESULTS, text="x")).status_code)
        except SlackApiError as error:
            statuses.append(error.response.status_code)

    assert statuses == [503, 503, 200]
    assert len(bot.sandbox.channel(RESULTS)) == 1


@pytest.mark.parametrize(("fault", "posted"), [(Fault.DROPPED, 0), (Fault.LOST, 1)])
async def test_a_broken_connection_tells_nothing_of_what_took_effect(
    bot: Counterpart, fault: Fault, posted: int
) -> None:
    bot.sandbox.faults.plan("chat.postMessage", fault)

    with pytest.raises(aiohttp.ClientError):
        await bot.client.chat_postMessage(channel=RESULTS, text="x")

    assert len(bot.sandbox.channel(RESULTS)) == posted


async def test_a_response_url_can_fail_too(bot: Counterpart) -> None:
    await bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    await bot.sandbox.person(NURSE).press("Never")
    bot.sandbox.faults.plan("response_url", 500)

    statuses = [(await bot.respond(text="x"))[0] for _ in range(2)]

    assert statuses == [500, 200]


async def test_another_process_plans_faults_and_sees_what_was_refused(bot: Counterpart) -> None:
    planned = {"method": "chat.postMessage", "fault": "lost", "times": 1}
    assert (await control(bot, "faults", planned))[0] == 200
    with pytest.raises(aiohttp.ClientError):
        await bot.client.chat_postMessage(channel=RESULTS, text="x")
    assert (await control(bot, "scopes", {"scopes": ["chat:write", "commands"]}))[0] == 200
    with pytest.raises(SlackApiError):
        await bot.client.users_list()
    await bot.sandbox.person(NURSE).command("/echo")

    _, seen = await control(bot, "seen")

    assert [(one["method"], one["error"]) for one in seen["refusals"]] == [("users.list", "missing_scope")]
    assert [(one["kind"], one["status"]) for one in seen["acks"]] == [("/echo", 200)]


async def test_a_planned_429_says_when_to_come_again(bot: Counterpart) -> None:
    await control(bot, "faults", {"method": "auth.test", "fault": 429})

    with pytest.raises(SlackApiError) as caught:
        await bot.client.auth_test()

    assert (caught.value.response["error"], caught.value.response.headers["Retry-After"]) == ("ratelimited", "1")


async def test_another_process_asks_the_sockets_to_come_again(bot: Counterpart) -> None:
    assert (await control(bot, "disconnect", {}))[0] == 200


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("faults", {}),
        ("faults", {"fault": "lost"}),
        ("faults", {"method": "auth.test"}),
        ("faults", {"method": "auth.test", "fault": "explode"}),
        ("faults", {"method": "auth.test", "fault": 200}),
        ("faults", {"method": "auth.test", "fault": True}),
        ("faults", {"method": "auth.tset", "fault": 500}),
        ("faults", {"method": "auth.test", "fault": 500, "times": 0}),
        ("faults", {"method": "auth.test", "fault": 500, "times": "once"}),
        ("limits", {}),
        ("limits", {"on": "yes"}),
        ("scopes", {}),
        ("scopes", {"scopes": "chat:write"}),
    ],
)
async def test_what_cannot_be_switched_is_told_as_such(bot: Counterpart, name: str, body: Json) -> None:
    before = bot.sandbox.workspace.scopes

    assert (await control(bot, name, body))[0] == 400
    assert (bot.sandbox.limits.are_on, bot.sandbox.workspace.scopes) == (False, before)
    assert (await bot.client.auth_test())["ok"]


async def test_limits_are_kept_where_they_are_switched_on(bot: Counterpart) -> None:
    await control(bot, "limits", {"on": True})

    for _ in range(4):
        await bot.client.chat_postMessage(channel=RESULTS, text="a short burst goes through")
    with pytest.raises(SlackApiError) as caught:
        await bot.client.chat_postMessage(channel=RESULTS, text="x")

    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    bot.sandbox.clock.advance(int(caught.value.response.headers["Retry-After"]))
    await bot.client.chat_postMessage(channel=RESULTS, text="after the wait it goes through")
    assert (await control(bot, "seen"))[1]["told_to_wait"] == 1
    assert bot.sandbox.refusals == [], "to be told to wait is no fault"


async def test_a_person_and_the_conversation_with_her_are_one_place(bot: Counterpart) -> None:
    bot.sandbox.limits.are_on = True
    posted = [await bot.client.chat_postMessage(channel=NURSE, text="x") for _ in range(4)]

    with pytest.raises(SlackApiError) as caught:
        await bot.client.chat_postMessage(channel=posted[0]["channel"], text="x")

    assert caught.value.response["error"] == "ratelimited"


@pytest.mark.parametrize("method", sorted(A_MINUTE))
def test_every_method_has_as_many_calls_a_minute_as_slack_gives_it(method: str) -> None:
    clock = Clock()
    limits = Limits(clock, are_on=True)

    in_one_minute = [limits.wait_for(method, "") for _ in range(A_MINUTE[method] + 1)]
    clock.advance(60)

    assert in_one_minute[:-1] == [0] * A_MINUTE[method]
    assert in_one_minute[-1] == 60
    assert limits.wait_for(method, "") == 0


def test_one_channel_takes_about_a_message_a_second_and_others_do_not_wait_for_it() -> None:
    clock = Clock()
    limits = Limits(clock, are_on=True)

    burst = [limits.wait_for("chat.postMessage", "C1") for _ in range(5)]

    assert burst[:4] == [0] * 4
    assert burst[4] > 0
    assert limits.wait_for("chat.postMessage", "C2") == 0
    sent = 0
    for _ in range(60):
        clock.advance(1)
        sent += limits.wait_for("chat.postMessage", "C1") == 0
    assert 55 <= sent <= 61


def test_switched_off_nothing_waits() -> None:
    limits = Limits(Clock())

    assert {limits.wait_for("users.list", "") for _ in range(100)} == {0}
