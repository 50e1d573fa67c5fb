"""A response_url answers one press or command: five times, in half an hour."""

from collections.abc import AsyncIterator

import pytest

from sandbox.refusals import Json
from sandbox_counterpart import ALL_STAFF, NURSE, OTHER, Counterpart, counterpart, message


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    """A bot whose message the nurse has pressed."""
    async with counterpart() as made:
        await made.client.chat_postMessage(channel=NURSE, **message("Never"))
        await made.sandbox.person(NURSE).press("Never")
        yield made


async def test_it_shows_something_else_in_place_of_what_was_pressed(bot: Counterpart) -> None:
    status, told = await bot.respond(replace_original=True, **message("Often", text="The next one"))

    assert (status, told) == (200, "ok")
    assert [one.text for one in bot.sandbox.person(NURSE).dm] == ["The next one"]


async def test_it_takes_away_what_was_pressed(bot: Counterpart) -> None:
    await bot.respond(delete_original=True)

    assert bot.sandbox.person(NURSE).dm == []


async def test_a_flag_that_is_false_in_words_is_false(bot: Counterpart) -> None:
    await bot.respond(replace_original="false", delete_original="false", text="For you")

    assert [one.text for one in bot.sandbox.person(NURSE).dm] == ["Press one", "For you"]


async def test_it_tells_one_person_unless_all_are_meant(bot: Counterpart) -> None:
    nurse = bot.sandbox.person(NURSE)
    await nurse.command("/echo")

    await bot.respond(text="For you")
    await bot.respond(text="For all", response_type="in_channel")

    assert [one.text for one in nurse.sees(ALL_STAFF)] == ["For you", "For all"]
    assert [one.text for one in bot.sandbox.person(OTHER).sees(ALL_STAFF)] == ["For all"]


async def test_it_answers_where_the_bot_is_not(bot: Counterpart) -> None:
    bot.sandbox.workspace.channels[ALL_STAFF].members.remove(bot.sandbox.workspace.bot.id)
    await bot.sandbox.person(NURSE).command("/echo")

    assert (await bot.respond(text="For you"))[0] == 200


async def test_an_ephemeral_message_is_changed_by_its_own_press(bot: Counterpart) -> None:
    nurse = bot.sandbox.person(NURSE)
    await bot.client.chat_postEphemeral(channel=ALL_STAFF, user=NURSE, **message("Never"))
    await nurse.press("Never", nurse.sees(ALL_STAFF)[-1])
    assert bot.heard[-1].payload["container"]["is_ephemeral"] is True
    assert "message" not in bot.heard[-1].payload

    await bot.respond(replace_original=True, text="Thank you")

    assert [one.text for one in nurse.ephemerals] == ["Thank you"]


async def test_the_sixth_use_is_refused(bot: Counterpart) -> None:
    uses = [await bot.respond(text="Again") for _ in range(6)]

    assert [status for status, _ in uses] == [200] * 5 + [404]
    assert [(one.method, one.error) for one in bot.sandbox.refusals] == [("response_url", "used_url")]


async def test_after_half_an_hour_it_is_refused(bot: Counterpart) -> None:
    bot.sandbox.clock.advance(29 * 60)
    assert (await bot.respond(text="Late"))[0] == 200
    bot.sandbox.clock.advance(2 * 60)

    assert (await bot.respond(text="Too late"))[0] == 404
    assert bot.sandbox.refusals[-1].error == "expired_url"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"replace_original": True, "text": "x", "blocks": [{"type": "marquee"}]}, "invalid_blocks"),
        ({"replace_original": True, "blocks": message("Often")["blocks"]}, "no_text"),
        ({"text": "x" * 4001}, "msg_too_long"),
    ],
)
async def test_it_shows_only_what_slack_would_show(bot: Counterpart, body: Json, error: str) -> None:
    status, _ = await bot.respond(**body)

    assert status == 400
    assert bot.sandbox.refusals[-1].error == error
    assert [one.text for one in bot.sandbox.person(NURSE).dm] == ["Press one"]


async def test_a_url_that_slack_never_made_is_refused(bot: Counterpart) -> None:
    bot.heard[-1].payload["response_url"] += "x"

    assert (await bot.respond(text="x"))[0] == 404
    assert bot.sandbox.refusals[-1].error == "no_such_url"


async def test_a_message_that_is_gone_is_not_replaced(bot: Counterpart) -> None:
    await bot.respond(delete_original=True)

    assert (await bot.respond(replace_original=True, text="x"))[0] == 400
    assert bot.sandbox.refusals[-1].error == "message_not_found"
