"""The chat and views methods refuse what Slack refuses, with Slack's word for it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.refusals import Json
from sandbox_counterpart import ALL_STAFF, NURSE, RESULTS, Counterpart, button, counterpart, message
from sandbox_payloads import asking, day, home, pressing, table, with_blocks

PICTURE = {"type": "image", "alt_text": "Bars: Risk 40 %"}
ELSEWHERE = with_blocks(PICTURE | {"image_url": "https://example.org/a.png"})
TEXT = {"text": "Go on"}
BLANK = {"type": "plain_text", "text": " "}
ONE_DIVIDER = {"type": "divider"}


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        made.sandbox.workspace.scopes |= {"files:write"}
        yield made


async def refused(bot: Counterpart, method: str, asked: Json) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await bot.client.api_call(method, json=asked)
    response: Json = caught.value.response.data
    return response


ARGUMENTS = [
    ("a name of its own", TEXT | {"username": "Somebody"}, "missing_scope", ""),
    ("a picture of its own", TEXT | {"icon_url": "https://example.org/a.png"}, "missing_scope", ""),
    ("an emoji of its own", TEXT | {"icon_emoji": ":cat:"}, "missing_scope", ""),
    ("a reply to nothing, for all", TEXT | {"reply_broadcast": True}, "invalid_arguments", "reply_broadcast"),
    ("a thread that is no ts", TEXT | {"thread_ts": "0"}, "invalid_thread_ts", "0 is not a valid thread_ts"),
    ("a thread that is a number", TEXT | {"thread_ts": 1628633820.5}, "invalid_thread_ts", "is not a valid thread_ts"),
    ("a thread that isn't there", TEXT | {"thread_ts": "1628633820.000100"}, "message_not_found", ""),
    ("blanks for a text", {"text": " \n"}, "no_text", ""),
    ("blanks beside blocks", message("Often") | {"text": " "}, "no_text", "screen readers"),
    ("blocks that are none", TEXT | {"blocks": {"type": "divider"}}, "invalid_blocks_format", "list"),
    ("51 blocks", with_blocks(*[ONE_DIVIDER] * 51), "invalid_blocks", "blocks: "),
    ("a block of no known type", with_blocks({"type": "marquee"}), "invalid_blocks", "blocks/0"),
    ("a link to nowhere", pressing(button("a", url="?")), "invalid_blocks", "blocks/0/elements/0/url: invalid url"),
    ("two tables", with_blocks(table(), table()), "invalid_attachments", "only_one_table_allowed"),
    ("too much", with_blocks(*message(text="x" * 2900)["blocks"] * 5), "msg_blocks_too_long", "blocks take"),
    ("a picture elsewhere", ELSEWHERE, "invalid_blocks", "blocks/0/image_url: downloading image failed"),
    ("a file that isn't there", with_blocks(PICTURE | {"slack_file": {"id": "F1"}}), "invalid_blocks", "invalid slack file"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "asked", "error", "reason"), ARGUMENTS, ids=[row[0] for row in ARGUMENTS])
async def test_a_post_that_slack_refuses_is_refused(
    bot: Counterpart, why: str, asked: Json, error: str, reason: str
) -> None:
    response = await refused(bot, "chat.postMessage", {"channel": RESULTS} | asked)

    assert response["error"] == error
    assert any(reason in detail for detail in response.get("response_metadata", {}).get("messages", [""]))
    assert bot.sandbox.channel(RESULTS) == []


@pytest.mark.parametrize(
    "asked", [row[1] for row in ARGUMENTS if row[2] in ("missing_scope", "invalid_blocks", "no_text")]
)
async def test_what_one_person_would_see_is_refused_as_well(bot: Counterpart, asked: Json) -> None:
    await refused(bot, "chat.postEphemeral", {"channel": ALL_STAFF, "user": NURSE} | asked)

    assert bot.sandbox.workspace.seen_by(NURSE, ALL_STAFF) == []


@pytest.mark.parametrize("asked", [row[1] for row in ARGUMENTS if row[2] in ("invalid_blocks", "no_text")])
async def test_an_update_that_slack_refuses_changes_nothing(bot: Counterpart, asked: Json) -> None:
    posted = await bot.client.chat_postMessage(channel=RESULTS, text="As it was")

    await refused(bot, "chat.update", {"channel": RESULTS, "ts": posted["ts"]} | asked)

    assert [shown.text for shown in bot.sandbox.channel(RESULTS)] == ["As it was"]


async def test_the_missing_scope_is_named(bot: Counterpart) -> None:
    response = await refused(bot, "chat.postMessage", {"channel": RESULTS, "username": "Somebody"} | TEXT)

    assert response["needed"] == "chat:write.customize"


async def test_with_its_scope_a_name_can_be_chosen(bot: Counterpart) -> None:
    bot.sandbox.workspace.scopes |= {"chat:write.customize"}

    await bot.client.chat_postMessage(channel=RESULTS, username="Somebody", icon_emoji=":cat:", text="Go on")

    assert len(bot.sandbox.channel(RESULTS)) == 1


async def test_a_reply_can_be_for_all(bot: Counterpart) -> None:
    first = await bot.client.chat_postMessage(channel=RESULTS, text="How does it go?")

    await bot.client.chat_postMessage(channel=RESULTS, text="Well", thread_ts=first["ts"], reply_broadcast=True)

    assert len(bot.sandbox.thread(bot.sandbox.channel(RESULTS)[0])) == 1


async def test_an_image_of_the_workspaces_own_is_shown(bot: Counterpart) -> None:
    own = PICTURE | {"image_url": f"{bot.sandbox.address}/page/icon.svg"}

    await bot.client.chat_postMessage(channel=RESULTS, **with_blocks(own))

    assert bot.sandbox.channel(RESULTS)[0].blocks[0]["image_url"] == own["image_url"]


async def shared_file(bot: Counterpart, name: str) -> Any:
    await bot.client.files_upload_v2(channel=RESULTS, filename=name, content=b"\x89PNG and so on")
    return bot.sandbox.files(RESULTS)[-1].id


async def test_an_image_that_was_shared_can_be_shown_again(bot: Counterpart) -> None:
    file_id = await shared_file(bot, "bars.png")

    await bot.client.chat_postMessage(channel=RESULTS, **with_blocks(PICTURE | {"slack_file": {"id": file_id}}))

    assert bot.sandbox.channel(RESULTS)[-1].blocks[0]["slack_file"] == {"id": file_id}


async def test_a_file_that_is_no_image_can_not(bot: Counterpart) -> None:
    file_id = await shared_file(bot, "figures.xlsx")

    response = await refused(
        bot, "chat.postMessage", {"channel": RESULTS} | with_blocks(PICTURE | {"slack_file": {"id": file_id}})
    )

    assert response["response_metadata"]["messages"] == ["blocks/0/slack_file: invalid slack file"]


VIEWS = [
    ("views.open", asking(day("2026-02-30")), "/view/blocks/0/element/initial_date: is not a date"),
    ("views.open", asking(button("a")) | {"title": BLANK}, "/view/blocks/0/element"),
    ("views.open", asking(day("2028-02-29")) | {"title": BLANK}, "/view/title/text: must be more than 0"),
    ("views.publish", home(table()), "/view/blocks/0: unsupported type: table"),
    ("views.publish", home(*ELSEWHERE["blocks"]), "/view/blocks/0/image_url: downloading image failed"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "view", "reason"), VIEWS)
async def test_a_view_that_slack_refuses_is_refused_at_its_place(
    bot: Counterpart, method: str, view: Json, reason: str
) -> None:
    await bot.sandbox.person(NURSE).command("/echo")
    whom = {"trigger_id": bot.heard[-1].payload["trigger_id"]} if method == "views.open" else {"user_id": NURSE}

    response = await refused(bot, method, {"view": view} | whom)

    assert response["error"] == "invalid_arguments"
    assert response["response_metadata"]["messages"][0].startswith(reason)
