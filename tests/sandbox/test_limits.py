"""Slack's rate limits are kept where they are switched on."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.clock import Clock
from sandbox.limits import A_MINUTE, Limits
from sandbox_calls import control
from sandbox_counterpart import NURSE, RESULTS, Counterpart, counterpart


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


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
