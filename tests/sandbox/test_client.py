"""Slack's own client refuses what makes no sense, shows what the bot answers, and says what went wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from aiohttp import web

from sandbox.acks import Kind
from sandbox.refusals import Json
from sandbox_counterpart import (
    ALL_STAFF,
    ARCHIVED,
    GUEST,
    NURSE,
    OTHER,
    RESULTS,
    STRANGER,
    Counterpart,
    counterpart,
    echo_manifest,
    message,
)


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


@pytest.mark.parametrize(
    ("person_id", "word", "channel_id", "said"),
    [
        (NURSE, "/dance", ALL_STAFF, "/dance is not a valid command."),
        (STRANGER, "/echo", ALL_STAFF, "/echo is not a valid command."),
        (NURSE, "/echo", RESULTS, "You can't write in this conversation."),
        ("U01MARISOL", "/echo", ARCHIVED, "You can't write in this conversation."),
        (NURSE, "/echo", f"D{NURSE[1:]}", "Sending messages to this app has been turned off."),
    ],
)
async def test_slacks_own_client_refuses_a_command(
    bot: Counterpart, person_id: str, word: str, channel_id: str, said: str
) -> None:
    bot.sandbox.person(NURSE).dm  # noqa: B018  (the conversation is there)

    done = await bot.sandbox.person(person_id).command(word, channel_id=channel_id)

    assert done.error == said
    assert bot.heard == []


async def test_without_its_scope_there_are_no_commands(bot: Counterpart) -> None:
    bot.sandbox.workspace.scopes -= {"commands"}

    done = await bot.sandbox.person(NURSE).command("/echo")

    assert done.error == "/echo is not a valid command."
    assert bot.heard == []


@pytest.mark.parametrize(
    ("answer", "seen_by_all"),
    [
        ({"text": "For you"}, False),
        ({"text": "For you", "response_type": "ephemeral"}, False),
        ({"text": "For all", "response_type": "in_channel"}, True),
    ],
)
async def test_an_answer_to_a_command_is_shown(bot: Counterpart, answer: Json, seen_by_all: bool) -> None:
    async def says(payload: Json) -> web.Response:
        return web.json_response(answer)

    bot.says = says

    await bot.sandbox.person(NURSE).command("/echo")

    assert bot.sandbox.person(NURSE).sees(ALL_STAFF)[-1].text == answer["text"]
    assert bool(bot.sandbox.person(GUEST).sees(ALL_STAFF)) is seen_by_all


async def test_plain_words_are_an_answer_too(bot: Counterpart) -> None:
    async def says(payload: Json) -> web.Response:
        return web.Response(text="Hello")

    bot.says = says

    await bot.sandbox.person(NURSE).command("/echo")

    assert [one.text for one in bot.sandbox.person(NURSE).ephemerals] == ["Hello"]


async def test_an_answer_that_slack_would_not_show_is_refused(bot: Counterpart) -> None:
    async def says(payload: Json) -> web.Response:
        return web.json_response({"text": "x", "blocks": [{"type": "marquee"}]})

    bot.says = says

    await bot.sandbox.person(NURSE).command("/echo")

    assert [(one.method, one.error) for one in bot.sandbox.refusals] == [("acknowledgement of /echo", "invalid_blocks")]
    assert bot.sandbox.person(NURSE).ephemerals == []


@pytest.mark.parametrize(
    ("answer", "fault", "said"),
    [
        (web.Response, None, None),
        (lambda: web.Response(status=500), "dispatch_failed", "Echo Bot had a problem (dispatch_failed, status 500)."),
        (
            lambda: web.Response(status=302, headers={"Location": "/"}),
            "dispatch_failed",
            "Echo Bot had a problem (dispatch_failed, status 302).",
        ),
        (
            lambda: web.Response(text="{", content_type="application/json"),
            "invalid_response",
            "Echo Bot had a problem (invalid_response, status 200).",
        ),
    ],
)
async def test_the_person_reads_what_went_wrong(
    bot: Counterpart, answer: Callable[[], web.Response], fault: str | None, said: str | None
) -> None:
    async def says(payload: Json) -> web.Response:
        return answer()

    bot.says = says
    await bot.client.chat_postMessage(channel=NURSE, **message("Never"))

    done = await bot.sandbox.person(NURSE).press("Never")

    assert done.error == said
    assert [(one.kind, one.fault) for one in bot.sandbox.acks] == [("block_actions", fault)]
    assert [one.error for one in bot.sandbox.refusals] == ([fault] if fault else [])


async def test_the_very_same_press_can_be_delivered_twice_or_altered(bot: Counterpart) -> None:
    await bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    seen = bot.sandbox.person(NURSE).dm[-1]
    payload, _ = bot.sandbox.client.press_payload(OTHER, seen, seen.blocks[1]["elements"][0], "row")
    payload["actions"][0]["value"] = "made up"

    await asyncio.gather(*(bot.sandbox.client.send(Kind.INTERACTION, payload) for _ in range(2)))

    first, second = (one.payload for one in bot.heard)
    assert first == second
    assert (first["user"]["id"], first["actions"][0]["value"]) == (OTHER, "made up")


async def test_an_event_that_was_not_acknowledged_comes_again_at_once_after_a_minute_and_after_five(
    bot: Counterpart,
) -> None:
    async def says(payload: Json) -> web.Response:
        return web.Response(status=500)

    bot.says = says
    await bot.sandbox.person(NURSE).open_home()
    await bot.sandbox.until(lambda: len(bot.sandbox.acks) == 2)
    bot.sandbox.clock.advance(61)
    await bot.sandbox.until(lambda: len(bot.sandbox.acks) == 3)
    bot.sandbox.clock.advance(241)
    await bot.sandbox.until(lambda: len(bot.sandbox.acks) == 4)

    assert [one.headers.get("X-Slack-Retry-Num") for one in bot.heard] == [None, "1", "2", "3"]
    assert bot.heard[1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len({one.payload["event_id"] for one in bot.heard}) == 1


async def test_an_event_that_comes_again_says_why() -> None:
    forever = asyncio.Event()

    async def never(payload: Json) -> web.Response:
        await forever.wait()
        return web.Response()

    async with counterpart(patience=0.3) as bot:
        usual, bot.says, link = bot.says, never, bot.sandbox.server.http
        await bot.sandbox.person(NURSE).open_home()
        bot.says = usual
        await bot.sandbox.until(lambda: len(bot.sandbox.acks) == 2)
        link.url, there = "http://127.0.0.1:9/nothing", link.url
        await bot.sandbox.person(NURSE).open_home()
        link.url = there
        await bot.sandbox.until(lambda: len(bot.sandbox.acks) == 4)
        forever.set()

    reasons = [one.headers.get("X-Slack-Retry-Reason") for one in bot.heard]
    assert reasons == [None, "http_timeout", "connection_failed"]


async def test_an_event_that_was_acknowledged_at_last_comes_no_more(bot: Counterpart) -> None:
    async def says(payload: Json) -> web.Response:
        return web.Response(status=500 if len(bot.heard) == 1 else 200)

    bot.says = says
    await bot.sandbox.person(NURSE).open_home()
    await bot.sandbox.until(lambda: len(bot.sandbox.acks) == 2)
    bot.sandbox.clock.advance(600)
    await bot.sandbox.settled()

    assert len(bot.heard) == 2


async def test_a_press_that_was_not_acknowledged_does_not_come_again(bot: Counterpart) -> None:
    async def says(payload: Json) -> web.Response:
        return web.Response(status=500)

    bot.says = says
    await bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    await bot.sandbox.person(NURSE).press("Never")
    bot.sandbox.clock.advance(600)
    await bot.sandbox.settled()

    assert len(bot.heard) == 1


async def test_an_app_that_did_not_ask_for_it_hears_no_presses_and_no_events() -> None:
    deaf = replace(echo_manifest(), is_interactive=False, events=frozenset())
    async with counterpart(deaf) as bot:
        await bot.client.chat_postMessage(channel=NURSE, **message("Never"))
        pressed = await bot.sandbox.person(NURSE).press("Never")
        await bot.sandbox.person(NURSE).open_home()

    assert pressed.error == "This app is not configured to handle interactive responses."
    assert bot.heard == []
