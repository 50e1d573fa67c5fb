"""What is sent to the bot has the shapes in which Slack sends it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from sandbox.people import BOT_ID, TEAM_ID
from sandbox.refusals import Json
from sandbox_calls import control
from sandbox_counterpart import (
    ALL_STAFF,
    LEADERS,
    NURSE,
    STRANGER,
    Counterpart,
    counterpart,
    echo_manifest,
    message,
    options,
)


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


async def test_a_command_comes_as_a_form(bot: Counterpart) -> None:
    await bot.sandbox.person(NURSE).command("/echo", "hello")

    sent = bot.heard[-1].payload
    told = {name: sent[name] for name in ("command", "text", "user_id", "channel_id", "channel_name", "team_id")}
    assert told == {
        "command": "/echo",
        "text": "hello",
        "user_id": NURSE,
        "channel_id": ALL_STAFF,
        "channel_name": "all-staff",
        "team_id": TEAM_ID,
    }
    assert sent["response_url"].startswith(bot.sandbox.address)
    assert sent["trigger_id"]


async def test_the_name_of_a_private_channel_is_not_told(bot: Counterpart) -> None:
    await bot.sandbox.person("U01MARISOL").command("/echo", channel_id=LEADERS)

    assert bot.heard[-1].payload["channel_name"] == "privategroup"


async def test_a_press_tells_who_pressed_what_where(bot: Counterpart) -> None:
    posted = await bot.client.chat_postMessage(channel=NURSE, **message("Never"))

    await bot.sandbox.person(NURSE).press("Never")

    sent = bot.heard[-1].payload
    assert sent["type"] == "block_actions"
    assert sent["user"] == {"id": NURSE, "username": "amara.okafor", "name": "amara.okafor", "team_id": TEAM_ID}
    assert sent["team"]["id"] == TEAM_ID
    assert sent["channel"] == {"id": posted["channel"], "name": "directmessage"}
    assert sent["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": posted["channel"],
        "is_ephemeral": False,
    }
    assert sent["message"]["blocks"][1]["elements"][0]["action_id"] == "never"
    assert sent["is_enterprise_install"] is False
    action = sent["actions"][0]
    assert (action["type"], action["block_id"], action["action_id"]) == ("button", "row", "never")
    assert action["text"]["text"] == "Never"


async def test_a_choice_stands_in_the_action_and_in_the_state(bot: Counterpart) -> None:
    select = {"type": "static_select", "action_id": "work", "options": options("Nursing", "Security")}
    blocks = [{"type": "actions", "block_id": "row", "elements": [select]}]
    await bot.client.chat_postMessage(channel=NURSE, text="Your work?", blocks=blocks)

    await bot.sandbox.person(NURSE).choose("Security")

    sent = bot.heard[-1].payload
    assert sent["actions"][0]["selected_option"]["value"] == "security"
    assert sent["state"]["values"]["row"]["work"]["selected_option"]["value"] == "security"


async def test_an_event_says_for_whom_it_is(bot: Counterpart) -> None:
    await bot.sandbox.person(NURSE).open_home()

    sent = bot.heard[-1].payload
    assert (sent["type"], sent["event"]["user"], sent["event"]["tab"]) == ("event_callback", NURSE, "home")
    assert sent["authorizations"][0]["user_id"] == BOT_ID


async def test_the_messages_tab_opens_with_the_same_event(bot: Counterpart) -> None:
    await bot.client.views_publish(user_id=NURSE, view={"type": "home", "blocks": message("Go on")["blocks"]})

    await bot.sandbox.person(NURSE).open_home()
    await bot.sandbox.person(NURSE).open_messages()

    told = [one.payload["event"] for one in bot.heard]
    assert [(one["type"], one["tab"], "view" in one) for one in told] == [
        ("app_home_opened", "home", True),
        ("app_home_opened", "messages", False),
    ]


async def test_a_stranger_comes_with_the_team_of_her_own(bot: Counterpart) -> None:
    await bot.client.chat_postMessage(channel=ALL_STAFF, **message("Never"))
    stranger = bot.sandbox.person(STRANGER)

    await stranger.press("Never", stranger.sees(ALL_STAFF)[-1])

    sent = bot.heard[-1].payload
    assert sent["team"]["id"] == TEAM_ID
    assert sent["user"]["team_id"] != TEAM_ID


TOLD = {
    "tokens_revoked": {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_ID]}},
    "app_uninstalled": {"type": "app_uninstalled"},
}


@pytest.mark.parametrize(("kind", "event"), TOLD.items())
async def test_that_the_app_was_cut_off_is_an_event_without_an_authorization(kind: str, event: Json) -> None:
    async with counterpart(replace(echo_manifest(), events=frozenset({kind}))) as bot:
        answer = await control(bot, "event", {"type": kind})

    sent = bot.heard[-1].payload
    assert answer == (200, {"ok": True, "sent": True, "error": None})
    assert (sent["type"], sent["team_id"], sent["event"]) == ("event_callback", TEAM_ID, event)
    assert "authorizations" not in sent
    assert sent["event_id"].startswith("Ev")


async def test_an_event_that_the_app_does_not_subscribe_to_is_not_sent(bot: Counterpart) -> None:
    answer = await control(bot, "event", {"type": "tokens_revoked"})

    assert answer == (200, {"ok": True, "sent": False, "error": None})
    assert bot.heard == []
