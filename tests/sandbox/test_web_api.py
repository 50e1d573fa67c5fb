"""The Web API answers as Slack does, and refuses as Slack does."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.driver import Sandbox
from sandbox.faults import SlackError
from sandbox.people import BOT_ID, crowd
from sandbox.refusals import Json, Refusal
from sandbox.web_api import CONNECT
from sandbox.workspace import Message
from sandbox_calls import called, posted
from sandbox_counterpart import (
    ALL_STAFF,
    ARCHIVED,
    EMERGENCY,
    LEADERS,
    NURSE,
    OTHER,
    RESULTS,
    STRANGER,
    Counterpart,
    counterpart,
    echo_manifest,
    message,
    modal,
)


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


async def refused(client: AsyncWebClient, method: str, **asked: Any) -> Json:
    """Slack's refusal of a call."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=asked)
    data: Json = caught.value.response.data
    return data


async def test_the_bot_learns_who_it_is(bot: Counterpart) -> None:
    told = await bot.client.auth_test()

    assert (told["user_id"], told["team"], told["user"]) == (BOT_ID, "Riverside Hospital", "echo.bot")
    assert set(told.headers["X-OAuth-Scopes"].split(",")) == echo_manifest().scopes


async def test_a_message_to_a_person_opens_the_conversation_and_tells_its_id(bot: Counterpart) -> None:
    told = await bot.client.chat_postMessage(channel=NURSE, **message("Never"))

    assert told["channel"].startswith("D")
    assert bot.sandbox.person(NURSE).dm[-1].ts == told["ts"]
    assert told["message"]["blocks"][0]["block_id"], "Slack makes up a block_id where there is none"
    assert bot.sandbox.person(OTHER).dm == []


async def test_arguments_may_come_as_a_form_as_json_or_in_the_address(bot: Counterpart) -> None:
    blocks = json.dumps(message("Never")["blocks"])
    asked = {"channel": RESULTS, "text": "Hello", "blocks": blocks}

    await bot.client.api_call("chat.postMessage", data=asked)
    await bot.client.api_call("chat.postMessage", json=asked)
    await bot.client.api_call("chat.postMessage", params=asked)

    assert [len(one.blocks) for one in bot.sandbox.channel(RESULTS)] == [2, 2, 2]


async def test_the_token_may_be_an_argument(bot: Counterpart) -> None:
    session = bot.client.session
    assert session is not None
    async with session.post(f"{bot.sandbox.api_url}auth.test", data={"token": bot.sandbox.tokens.bot}) as answer:
        told = await answer.json()

    assert told["ok"] is True


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("app", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(bot: Counterpart, token: str, error: str) -> None:
    client = AsyncWebClient(bot.sandbox.tokens.app if token == "app" else token, base_url=bot.sandbox.api_url)

    assert (await refused(client, "auth.test"))["error"] == error
    assert bot.sandbox.refusals == [Refusal("auth.test", error)]


async def test_only_the_apps_token_opens_a_connection(bot: Counterpart) -> None:
    told = await bot.client.apps_connections_open(app_token=bot.sandbox.tokens.app)

    assert told["url"].startswith("ws://127.0.0.1:")
    assert (await refused(bot.client, "apps.connections.open"))["error"] == "not_allowed_token_type"


async def test_every_answer_tells_the_time_and_what_the_token_may_do(bot: Counterpart) -> None:
    limits, scopes = bot.sandbox.limits, ",".join(sorted(echo_manifest().scopes))
    told = [
        await called(bot, "auth.test"),
        await called(bot, "chat.postMessage", channel=RESULTS, text="x"),
        await called(bot, "chat.postMessage", channel="C99", text="x"),
        await called(bot, "team.info"),
        await called(bot, "chat.meMessage"),
    ]
    bot.sandbox.faults.plan("auth.test", SlackError("token_revoked"))
    bot.sandbox.faults.plan("auth.test", 503)
    told += [await called(bot, "auth.test"), await called(bot, "auth.test")]
    limits.are_on = True
    told += [await called(bot, "users.list") for _ in range(21)]
    unproven = await posted(bot, f"{bot.sandbox.api_url}auth.test")
    connecting = await called(bot, CONNECT)

    assert told[-1][0] == 429
    for _, _, headers in (*told, unproven):
        assert headers["X-OAuth-Scopes"] == scopes
        assert abs(parsedate_to_datetime(headers["Date"]).timestamp() - time.time()) < 60
    assert connecting[2]["X-OAuth-Scopes"] == "connections:write", "that is another token"


async def test_a_response_url_tells_the_time_too(bot: Counterpart) -> None:
    await bot.sandbox.person(NURSE).command("/echo")
    url = bot.heard[-1].payload["response_url"]

    told = [await posted(bot, url, json={"text": text}) for text in ("x", "")]

    assert [status for status, _, _ in told] == [200, 400]
    assert all("Date" in headers for _, _, headers in told)


GOOD = message("Never")
REFUSED = [
    ("chat.postMessage", {"text": "no channel"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": 7, "text": "a number"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "C99", **GOOD}, "channel_not_found"),
    ("chat.postMessage", {"channel": "#all-staff", **GOOD}, "channel_not_found"),
    ("chat.postMessage", {"channel": LEADERS, **GOOD}, "channel_not_found"),
    ("chat.postMessage", {"channel": EMERGENCY, **GOOD}, "not_in_channel"),
    ("chat.postMessage", {"channel": ARCHIVED, **GOOD}, "is_archived"),
    ("chat.postMessage", {"channel": "U21OLD", **GOOD}, "user_disabled"),
    ("chat.postMessage", {"channel": "U23TIDE", **GOOD}, "cannot_dm_bot"),
    ("chat.postMessage", {"channel": RESULTS}, "no_text"),
    ("chat.postMessage", {"channel": RESULTS, "blocks": GOOD["blocks"]}, "no_text"),
    ("chat.postMessage", {"channel": RESULTS, "text": "x" * 4001}, "msg_too_long"),
    ("chat.postMessage", {"channel": RESULTS, "text": ["x"]}, "invalid_arguments"),
    ("chat.postMessage", {"channel": RESULTS, "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": RESULTS, "text": "x", "blocks": [{"type": "marquee"}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": RESULTS, "text": "x", "attachments": [{}]}, "invalid_attachments"),
    ("chat.postEphemeral", {"channel": RESULTS, "user": OTHER, **GOOD}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": NURSE, "user": NURSE, **GOOD}, "channel_not_found"),
    ("chat.update", {"channel": RESULTS, "ts": "1.000", **GOOD}, "message_not_found"),
    ("chat.update", {"channel": NURSE, "ts": "1.000", **GOOD}, "channel_not_found"),
    ("chat.delete", {"channel": RESULTS, "ts": "1.000"}, "message_not_found"),
    ("views.open", {"trigger_id": "1.made.up", "view": modal()}, "invalid_trigger_id"),
    ("views.open", {"view": modal()}, "invalid_arguments"),
    ("views.update", {"view_id": "V99", "view": modal()}, "not_found"),
    ("views.publish", {"user_id": NURSE, "view": modal()}, "invalid_arguments"),
    ("views.publish", {"user_id": "U99", "view": {"type": "home", "blocks": GOOD["blocks"]}}, "invalid_arguments"),
    ("conversations.open", {"users": NURSE}, "missing_scope"),
    ("conversations.join", {"channel": EMERGENCY}, "missing_scope"),
    ("team.info", {}, "missing_scope"),
    ("chat.meMessage", {}, "unknown_method"),
]
REFUSED_READS = [
    ("users.info", {"user": "U99"}, "user_not_found"),
    ("users.info", {}, "invalid_arguments"),
    ("users.list", {"limit": "many"}, "invalid_limit"),
    ("users.list", {"limit": 1001}, "invalid_limit"),
    ("users.list", {"limit": 0}, "invalid_limit"),
    ("users.list", {"cursor": "later"}, "invalid_cursor"),
    ("users.list", {"cursor": "bmV4dDpwYWdl"}, "invalid_cursor"),
    ("conversations.info", {"channel": "C99"}, "channel_not_found"),
    ("conversations.info", {"channel": LEADERS}, "channel_not_found"),
    ("conversations.info", {"channel": f"D{NURSE[1:]}"}, "missing_scope"),
    ("conversations.members", {"channel": LEADERS}, "channel_not_found"),
    ("conversations.list", {"types": "im"}, "missing_scope"),
    ("conversations.list", {"types": "secret"}, "invalid_types"),
    ("usergroups.users.list", {"usergroup": "S99"}, "no_such_subteam"),
]


@pytest.mark.parametrize(("method", "asked", "error"), REFUSED)
async def test_a_call_is_refused_with_slacks_word_and_remembered(
    bot: Counterpart, method: str, asked: Json, error: str
) -> None:
    bot.sandbox.person(NURSE).dm  # noqa: B018  (the conversation is there)

    assert (await refused(bot.client, method, **asked))["error"] == error
    assert [(one.method, one.error) for one in bot.sandbox.refusals] == [(method, error)]


@pytest.mark.parametrize(("method", "asked", "error"), REFUSED_READS)
async def test_a_read_is_refused_with_slacks_word(bot: Counterpart, method: str, asked: Json, error: str) -> None:
    bot.sandbox.person(NURSE).dm  # noqa: B018  (the conversation is there)

    with pytest.raises(SlackApiError) as caught:
        await bot.client.api_call(method, params=asked)

    assert caught.value.response["error"] == error


async def test_what_slack_minds_about_blocks_stands_in_the_answer(bot: Counterpart) -> None:
    told = await refused(bot.client, "chat.postMessage", channel=RESULTS, **message(*["Same", "Same"]))

    assert told["error"] == "invalid_blocks"
    assert told["response_metadata"]["messages"] == ["blocks/1: action_id 'same' repeats"]


@pytest.mark.parametrize("body", [b"{", b"[]"])
async def test_a_body_that_is_no_json_object_is_refused(bot: Counterpart, body: bytes) -> None:
    session = bot.client.session
    assert session is not None
    headers = {"Authorization": f"Bearer {bot.sandbox.tokens.bot}", "Content-Type": "application/json"}
    async with session.post(f"{bot.sandbox.api_url}chat.postMessage", data=body, headers=headers) as answer:
        told = await answer.json()

    assert told["error"] in ("invalid_json", "json_not_object")


async def test_a_method_that_only_reads_does_not_hear_json(bot: Counterpart) -> None:
    assert (await refused(bot.client, "users.info", user=NURSE))["error"] == "invalid_arguments"


async def test_a_missing_scope_is_named(bot: Counterpart) -> None:
    bot.sandbox.workspace.scopes = frozenset({"chat:write"})

    with pytest.raises(SlackApiError) as caught:
        await bot.client.users_list()

    assert caught.value.response.data == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": "chat:write",
    }


async def test_optional_scopes_are_granted_at_first_and_can_be_taken_away(bot: Counterpart) -> None:
    bot.sandbox.workspace.channels[LEADERS].members.append(BOT_ID)
    assert (await bot.client.conversations_info(channel=LEADERS))["channel"]["is_private"] is True

    bot.sandbox.workspace.scopes -= {"groups:read"}

    with pytest.raises(SlackApiError) as caught:
        await bot.client.conversations_members(channel=LEADERS)
    assert caught.value.response["needed"] == "groups:read"


async def test_with_its_scope_a_bot_may_post_where_it_is_not(bot: Counterpart) -> None:
    bot.sandbox.workspace.scopes |= {"chat:write.public"}

    await bot.client.chat_postMessage(channel=EMERGENCY, text="Hello")

    assert [one.text for one in bot.sandbox.channel(EMERGENCY)] == ["Hello"]


async def test_a_bot_may_join_with_its_scope(bot: Counterpart) -> None:
    bot.sandbox.workspace.scopes |= {"channels:join"}

    await bot.client.conversations_join(channel=EMERGENCY)

    assert (await bot.client.conversations_info(channel=EMERGENCY))["channel"]["is_member"] is True


async def test_without_a_messages_tab_nobody_can_be_written_to() -> None:
    async with counterpart(replace(echo_manifest(), has_messages=False, has_home=False)) as bot:
        posted = await refused(bot.client, "chat.postMessage", channel=NURSE, text="Hello")
        published = await refused(bot.client, "views.publish", user_id=NURSE, view={"type": "home", "blocks": []})

    assert (posted["error"], published["error"]) == ("messages_tab_disabled", "not_enabled")


async def test_an_ephemeral_message_is_one_persons_and_no_call_changes_it(bot: Counterpart) -> None:
    told = await bot.client.chat_postEphemeral(channel=ALL_STAFF, user=NURSE, text="For you")

    assert [one.text for one in bot.sandbox.person(NURSE).ephemerals] == ["For you"]
    assert bot.sandbox.person(OTHER).sees(ALL_STAFF) == []
    changed = await refused(bot.client, "chat.update", channel=ALL_STAFF, ts=told["message_ts"], text="For all")
    assert changed["error"] == "message_not_found"


async def test_an_update_without_blocks_takes_them_away_and_is_marked(bot: Counterpart) -> None:
    told = await bot.client.chat_postMessage(channel=RESULTS, **message("Never"))

    await bot.client.chat_update(channel=RESULTS, ts=told["ts"], **message("Often"))
    assert not bot.sandbox.channel(RESULTS)[-1].is_edited
    await bot.client.chat_update(channel=RESULTS, ts=told["ts"], text="Only words")

    changed = bot.sandbox.channel(RESULTS)[-1]
    assert (changed.text, changed.blocks, changed.is_edited) == ("Only words", [], True)


async def test_what_somebody_else_wrote_is_not_the_bots_to_change(bot: Counterpart) -> None:
    theirs = Message("1.000001", RESULTS, OTHER, "Hello", [])
    bot.sandbox.workspace.messages[RESULTS].append(theirs)

    changed = await refused(bot.client, "chat.update", channel=RESULTS, ts=theirs.ts, text="Goodbye")
    deleted = await refused(bot.client, "chat.delete", channel=RESULTS, ts=theirs.ts)

    assert (changed["error"], deleted["error"]) == ("cant_update_message", "cant_delete_message")
    assert [one.text for one in bot.sandbox.channel(RESULTS)] == ["Hello"]


async def test_a_message_can_be_deleted(bot: Counterpart) -> None:
    told = await bot.client.chat_postMessage(channel=RESULTS, text="Soon gone")

    await bot.client.chat_delete(channel=RESULTS, ts=told["ts"])

    assert bot.sandbox.channel(RESULTS) == []


async def test_people_are_told_with_what_matters_of_them(bot: Counterpart) -> None:
    members = {one["id"]: one for one in (await bot.client.users_list(limit=200))["members"]}

    assert members["U21OLD"]["deleted"]
    assert members["U20NOOR"]["is_restricted"]
    assert members["U23TIDE"]["is_bot"]
    assert STRANGER not in members
    assert STRANGER in (await bot.client.conversations_members(channel=ALL_STAFF))["members"]
    stranger = (await bot.client.users_info(user=STRANGER))["user"]
    assert stranger["team_id"] != members[NURSE]["team_id"]
    assert stranger["is_stranger"] is False, "to Slack nobody is one who shares a channel with the bot"


async def test_who_shares_no_channel_with_the_bot_is_a_stranger(bot: Counterpart) -> None:
    bot.sandbox.workspace.channels[ALL_STAFF].members.remove(STRANGER)

    assert (await bot.client.users_info(user=STRANGER))["user"]["is_stranger"] is True


async def test_channels_and_groups_are_told(bot: Counterpart) -> None:
    channels = (await bot.client.conversations_list(types="public_channel,private_channel"))["channels"]
    current = (await bot.client.conversations_list(exclude_archived=True))["channels"]
    groups = (await bot.client.usergroups_list())["usergroups"]

    assert {ALL_STAFF, RESULTS, EMERGENCY, ARCHIVED} <= {one["id"] for one in channels}
    assert LEADERS not in {one["id"] for one in channels}, "a private channel is seen from within only"
    assert ARCHIVED not in {one["id"] for one in current}
    assert [group["handle"] for group in groups] == ["night-shift"]
    night = (await bot.client.usergroups_users_list(usergroup=groups[0]["id"]))["users"]
    assert NURSE in night


async def test_ten_thousand_people_come_in_pages() -> None:
    async with Sandbox(crowd(10_000), echo_manifest()) as sandbox:
        client = AsyncWebClient(sandbox.tokens.bot, base_url=sandbox.api_url)
        members: list[str] = []
        cursor = ""
        while cursor or not members:
            told = await client.conversations_members(channel=ALL_STAFF, limit=1000, cursor=cursor)
            members += told["members"]
            cursor = told["response_metadata"]["next_cursor"]

    assert len(set(members)) == len(members) == 10_001


async def test_a_reply_stands_in_the_thread_of_its_message_and_not_in_the_channel(bot: Counterpart) -> None:
    first = await bot.client.chat_postMessage(channel=RESULTS, text="How does it go?")

    await bot.client.chat_postMessage(channel=RESULTS, text="Well", thread_ts=first["ts"])

    (shown,) = bot.sandbox.channel(RESULTS)
    assert shown.text == "How does it go?"
    assert [one.text for one in bot.sandbox.thread(shown)] == ["Well"]
    assert (await refused(bot.client, "chat.postMessage", channel=RESULTS, text="?", thread_ts="1.1"))["error"] == (
        "message_not_found"
    )
