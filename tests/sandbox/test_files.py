"""Files are uploaded in Slack's three calls and shown where they were shared; what Slack would refuse is refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.faults import Fault
from sandbox.refusals import Json, Refusal
from sandbox_counterpart import ALL_STAFF, ARCHIVED, EMERGENCY, NURSE, OTHER, RESULTS, Counterpart, counterpart

PNG = b"\x89PNG and so on"


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        made.sandbox.workspace.scopes |= {"files:write"}
        yield made


async def announced(bot: Counterpart, **asked: Any) -> Json:
    given: Any = {"filename": "bars.png", "length": len(PNG)} | asked
    told = await bot.client.api_call("files.getUploadURLExternal", data=given)
    data: Json = told.data  # type: ignore[assignment]
    return data


async def sent(bot: Counterpart, address: str, content: bytes = PNG, kind: str = "application/octet-stream") -> int:
    assert bot.client.session is not None
    async with bot.client.session.post(address, data=content, headers={"Content-Type": kind}) as answer:
        return answer.status


async def uploaded(bot: Counterpart, **asked: Any) -> str:
    """The id of a file whose bytes have come, and that was not shared yet."""
    told = await announced(bot, **asked)
    assert await sent(bot, told["upload_url"]) == 200
    return str(told["file_id"])


async def shared(bot: Counterpart, channel_id: str, *file_ids: str, **more: Any) -> None:
    files = [{"id": file_id, "title": "Bars"} for file_id in file_ids]
    await bot.client.api_call("files.completeUploadExternal", json={"files": files, "channel_id": channel_id} | more)


async def refusal(calling: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await calling
    return str(caught.value.response["error"])


async def fetched(bot: Counterpart, address: str) -> tuple[int, str, bytes]:
    assert bot.client.session is not None
    async with bot.client.session.get(bot.sandbox.address + address) as answer:
        return answer.status, answer.headers.get("Content-Disposition", ""), await answer.read()


async def test_a_picture_in_a_channel_is_a_message_with_its_words(bot: Counterpart) -> None:
    file_id = await uploaded(bot, alt_txt="Bars: 40 percent")

    await shared(bot, RESULTS, file_id, initial_comment="See for yourself")

    message = bot.sandbox.shares(RESULTS)[-1]
    (file,) = message.files
    assert message.text == "See for yourself"
    assert (file.name, file.title, file.mimetype) == ("bars.png", "Bars", "image/png")
    assert (file.content, file.alt_text) == (PNG, "Bars: 40 percent")
    assert bot.sandbox.files(RESULTS) == [file]


async def test_slack_sdks_own_upload_works(bot: Counterpart) -> None:
    posted = await bot.client.chat_postMessage(channel=NURSE, text="Here it comes")

    await bot.client.files_upload_v2(filename="x.csv", content=b"a,b", title="Table", channel=posted["channel"])

    assert [(one.title, one.mimetype, one.content) for one in bot.sandbox.person(NURSE).files] == [
        ("Table", "text/csv", b"a,b")
    ]


async def test_the_page_shows_pictures_and_offers_other_files_to_those_who_see_them(bot: Counterpart) -> None:
    posted = await bot.client.chat_postMessage(channel=NURSE, text="Here they come")
    files = [await uploaded(bot, alt_txt="Bars"), await uploaded(bot, filename='a "b" é.xlsx')]
    await shared(bot, posted["channel"], *files)

    _, _, view = await fetched(bot, f"/view/{NURSE}")
    direct = next(one for one in json.loads(view)["conversations"] if one["kind"] == "dm")
    picture, table = direct["messages"][-1]["files"]

    assert (picture["is_picture"], picture["alt_text"], table["is_picture"]) == (True, "Bars", False)
    assert await fetched(bot, picture["address"]) == (200, "inline; filename*=UTF-8''bars.png", PNG)
    status, disposition, _ = await fetched(bot, table["address"])
    assert (status, disposition) == (200, "attachment; filename*=UTF-8''a%20%22b%22%20%C3%A9.xlsx")
    assert (await fetched(bot, picture["address"].replace(NURSE, OTHER)))[0] == 404


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"filename": ""}, "invalid_arguments"),
        ({"length": "many"}, "invalid_arguments"),
        ({"length": 0}, "invalid_arguments"),
        ({"length": 2**30}, "file_upload_size_restricted"),
        ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
async def test_an_address_is_refused_with_slacks_word(bot: Counterpart, asked: Json, error: str) -> None:
    assert await refusal(announced(bot, **asked)) == error


async def test_an_address_takes_what_was_announced_and_takes_it_once(bot: Counterpart) -> None:
    address = (await announced(bot))["upload_url"]

    statuses = [
        await sent(bot, address, PNG[:-1]),
        await sent(bot, address, PNG + b"more"),
        await sent(bot, address, PNG, "multipart/form-data; boundary=x"),
        await sent(bot, address),
        await sent(bot, address),
        await sent(bot, f"{address}x"),
    ]

    assert statuses == [400, 400, 400, 200, 404, 404]
    errors = ["wrong_length", "wrong_length", "invalid_post_type", "used_url", "no_such_url"]
    assert [(one.method, one.error) for one in bot.sandbox.refusals] == [("upload", error) for error in errors]


@pytest.mark.parametrize(
    ("channel_id", "error"),
    [
        (NURSE, "channel_not_found"),
        ("C99", "channel_not_found"),
        ("C04LEADERS", "channel_not_found"),
        (EMERGENCY, "not_in_channel"),
        (ARCHIVED, "is_archived"),
    ],
)
async def test_a_file_goes_only_where_the_bot_is(bot: Counterpart, channel_id: str, error: str) -> None:
    bot.sandbox.workspace.scopes |= {"chat:write.public"}
    file_id = await uploaded(bot)

    assert await refusal(shared(bot, channel_id, file_id)) == error
    await shared(bot, ALL_STAFF, file_id)
    assert len(bot.sandbox.files(ALL_STAFF)) == 1, "what was refused can still be shared elsewhere"


async def test_an_upload_is_finished_once_and_only_where_bytes_have_come(bot: Counterpart) -> None:
    empty, file_id = (await announced(bot))["file_id"], await uploaded(bot)
    await shared(bot, RESULTS, file_id)

    errors = [await refusal(shared(bot, RESULTS, one)) for one in (file_id, empty, "F99")]

    assert errors == ["file_not_found"] * 3
    assert len(bot.sandbox.files(RESULTS)) == 1


@pytest.mark.parametrize("asked", [{}, {"files": []}, {"files": "F1"}, {"files": [{}]}, {"files": ["F1"]}])
async def test_files_are_named_by_their_ids(bot: Counterpart, asked: Json) -> None:
    assert await refusal(bot.client.api_call("files.completeUploadExternal", json=asked)) == "invalid_arguments"


async def test_what_is_not_modelled_is_refused_rather_than_passed_over(bot: Counterpart) -> None:
    file_id = await uploaded(bot)

    assert await refusal(shared(bot, RESULTS, file_id, file_id)) == "invalid_arguments"
    assert await refusal(shared(bot, RESULTS, file_id, thread_ts="1.0")) == "invalid_arguments"
    assert await refusal(shared(bot, RESULTS, file_id, initial_comment="x" * 4001)) == "msg_too_long"


async def test_a_file_in_no_conversation_is_nobodys(bot: Counterpart) -> None:
    await shared(bot, "", await uploaded(bot))

    assert bot.sandbox.files(RESULTS) == []


async def test_files_need_their_scope(bot: Counterpart) -> None:
    bot.sandbox.workspace.scopes -= {"files:write"}

    assert await refusal(announced(bot)) == "missing_scope"
    assert bot.sandbox.refusals == [Refusal("files.getUploadURLExternal", "missing_scope")]


async def test_the_sending_of_bytes_can_fail_too(bot: Counterpart) -> None:
    bot.sandbox.faults.plan("upload", 500)
    bot.sandbox.faults.plan("upload", 429)
    address = (await announced(bot))["upload_url"]

    assert [await sent(bot, address) for _ in range(3)] == [500, 429, 200]


async def test_a_lost_answer_to_the_last_call_leaves_the_file_there(bot: Counterpart) -> None:
    file_id = await uploaded(bot)
    bot.sandbox.faults.plan("files.completeUploadExternal", Fault.LOST)

    with pytest.raises(Exception, match=r"disconnected|reset"):
        await shared(bot, RESULTS, file_id)

    assert len(bot.sandbox.files(RESULTS)) == 1
