"""Nothing that comes is missed: it is brought into sight, the way to it is shown, or the page says that a press was heard."""

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from acting import open_modal
from counterpart import ALL_STAFF, COORDINATOR, NURSE, Counterpart, Json, actions, button, modal, section

pytestmark = pytest.mark.asyncio(loop_scope="session")


def tall_picture(height: int) -> bytes:
    """A grey PNG, as high as several windows (W3C, PNG: IHDR, IDAT, IEND)."""
    size = struct.pack(">IIBBBBB", 4, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", size), (b"IDAT", zlib.compress(b"\0\x80\x80\x80\x80" * height)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


async def share_picture(bot: Counterpart, height: int = 2000) -> None:
    content = tall_picture(height)
    await bot.slack.files_upload_v2(
        channel=ALL_STAFF,
        filename="bars.png",
        content=content,
        title="Bars",
        alt_txt="Bars",
        initial_comment="A picture.",
    )


def replies(then: Callable[[Json], Awaitable[object]]) -> Callable[[Json], Awaitable[Json | None]]:
    """A bot that does this for each press."""

    async def reply(payload: Json) -> Json | None:
        if payload.get("type") == "block_actions":
            await then(payload)
        return None

    return reply


async def test_the_newest_message_stays_in_sight(page: Page, bot: Counterpart) -> None:
    for number in range(30):
        await bot.post(ALL_STAFF, section(f"Message {number}"))
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await expect(page.get_by_text("Message 29")).to_be_in_viewport()

    await bot.post(ALL_STAFF, section("The newest"))

    await expect(page.get_by_text("The newest")).to_be_in_viewport()


async def test_news_elsewhere_is_marked_in_words(page: Page, bot: Counterpart) -> None:
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await expect(page.get_by_text("Nothing here yet")).to_be_visible()

    await bot.post(NURSE, section("An invitation"))

    link = page.get_by_role("link", name="HTA Bot")
    await expect(link).to_contain_text("new")
    await expect(page.get_by_text("New in HTA Bot.")).to_be_attached()
    await link.click()
    await expect(page.get_by_text("An invitation")).to_be_visible()
    await expect(link).not_to_contain_text("new")


async def test_what_follows_a_picture_is_in_sight_once_that_is_there(page: Page, bot: Counterpart) -> None:
    await bot.post(ALL_STAFF, section("The first"))
    await share_picture(bot)
    await bot.post(ALL_STAFF, section("What it shows"))

    await page.goto(bot.page(NURSE, ALL_STAFF))

    await expect(page.get_by_role("img", name="Bars")).to_have_js_property("naturalHeight", 2000)
    await expect(page.get_by_text("What it shows")).to_be_in_viewport()


async def test_the_answer_to_a_press_comes_into_sight_below_tall_pictures(page: Page, bot: Counterpart) -> None:
    async def answer(payload: Json) -> None:
        await bot.slack.chat_postEphemeral(channel=ALL_STAFF, user=NURSE, text="By kind of work")

    await bot.post(ALL_STAFF, section("Results"), actions(button("By function", "by"), button("Item details", "items")))
    await share_picture(bot)
    await share_picture(bot)
    bot.reply = replies(answer)
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await page.get_by_text("Results", exact=True).scroll_into_view_if_needed()

    await page.get_by_role("button", name="By function").click()

    await expect(page.get_by_text("By kind of work")).to_be_in_viewport()


async def test_the_answer_to_a_command_comes_into_sight(page: Page, bot: Counterpart) -> None:
    async def reply(payload: Json) -> Json | None:
        return {"text": "Nothing is open."} if "command" in payload else None

    bot.reply = reply
    await bot.post(ALL_STAFF, section("The first"))
    await share_picture(bot)
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await page.get_by_text("The first").scroll_into_view_if_needed()

    await page.get_by_role("combobox").fill("/hta")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Nothing is open.")).to_be_in_viewport()


async def test_what_comes_unasked_below_shows_the_way_and_moves_nothing(page: Page, bot: Counterpart) -> None:
    for number in range(40):
        await bot.post(ALL_STAFF, section(f"Message {number}"))
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await page.get_by_text("Message 3", exact=True).scroll_into_view_if_needed()

    await bot.post(ALL_STAFF, section("News"))
    await expect(page.get_by_role("button", name="1 new message below")).to_be_visible()
    await bot.post(ALL_STAFF, section("More news"))

    way = page.get_by_role("button", name="2 new messages below")
    await expect(page.get_by_text("Message 3", exact=True)).to_be_in_viewport()
    await way.click()
    await expect(page.get_by_text("News", exact=True)).to_be_in_viewport()
    await expect(way).to_have_count(0)


async def test_scrolling_down_to_it_takes_the_way_away(page: Page, bot: Counterpart) -> None:
    for number in range(40):
        await bot.post(ALL_STAFF, section(f"Message {number}"))
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await page.get_by_text("Message 3", exact=True).scroll_into_view_if_needed()
    await bot.post(ALL_STAFF, section("News"))
    await expect(page.get_by_role("button", name="1 new message below")).to_be_visible()

    await page.get_by_text("News", exact=True).scroll_into_view_if_needed()

    await expect(page.get_by_role("button", name="1 new message below")).to_have_count(0)


async def test_an_answer_in_another_conversation_shows_the_way_there(page: Page, bot: Counterpart) -> None:
    bot.reply = replies(lambda payload: bot.post(NURSE, section("Here is your file")))
    await bot.post(ALL_STAFF, actions(button("Send it to me", "send")))
    await page.goto(bot.page(NURSE, ALL_STAFF))

    await page.get_by_role("button", name="Send it to me").click()
    await page.get_by_role("link", name="1 new message in HTA Bot").click()

    await expect(page.get_by_text("Here is your file")).to_be_in_viewport()
    await expect(page.get_by_role("link", name="1 new message in HTA Bot")).to_have_count(0)


async def test_in_a_form_it_is_said_in_the_form(page: Page, bot: Counterpart) -> None:
    view = modal("Start", section("13 people"), actions(button("Preview to me", "preview"), button("Count", "count")))
    await open_modal(bot, page, view)
    dialog = page.get_by_role("dialog", name="Start")
    bot.reply = replies(lambda payload: bot.post(COORDINATOR, section("Hello")))
    await dialog.get_by_role("button", name="Preview to me").click()
    await expect(dialog.get_by_role("status")).to_have_text("1 new message in HTA Bot.")

    bot.reply = replies(lambda payload: asyncio.sleep(0))
    await dialog.get_by_role("button", name="Count").click()

    await expect(dialog.get_by_role("status")).to_have_text("Sent to HTA Bot: “Count”. Nothing changed here.")
    await expect(dialog.get_by_role("status").locator("> *")).to_be_in_viewport()


async def test_a_press_that_changes_nothing_is_said_to_be_heard_and_one_that_does_is_not(
    page: Page, bot: Counterpart
) -> None:
    async def change(payload: Json) -> None:
        if payload["actions"][0]["action_id"] == "on":
            await bot.slack.chat_update(channel=ALL_STAFF, ts=ts, text="Done", blocks=[section("Done."), row])

    row = actions(button("On", "on"), button("Nudge", "nudge"))
    ts = await bot.post(ALL_STAFF, section("Open."), row)
    bot.reply = replies(change)
    await page.goto(bot.page(NURSE, ALL_STAFF))
    status = page.get_by_role("status")

    await page.get_by_role("button", name="Nudge").click()
    await expect(status).to_have_text("Sent to HTA Bot: “Nudge”. Nothing changed here.")
    await page.get_by_role("button", name="On").click()
    await expect(page.get_by_text("Done.")).to_be_visible()
    await expect(status).to_have_text("")
    # By the time that a later press is answered so, this one would have been.
    said = await page.evaluate(
        """async () => {
            const said = [];
            const sign = document.querySelector("[role=status]");
            new MutationObserver(() => sign.textContent && said.push(sign.textContent)).observe(sign, { childList: true });
            await new Promise((resolve) => setTimeout(resolve, 1_700));
            return said;
        }"""
    )
    assert said == []


async def test_the_sign_covers_no_button(phone: Page, bot: Counterpart) -> None:
    for number in range(20):
        await bot.post(ALL_STAFF, section(f"Message {number}"))
    await bot.post(ALL_STAFF, actions(button("Nudge", "nudge"), button("Next", "next")))
    await phone.goto(bot.page(NURSE, ALL_STAFF))

    await phone.get_by_role("button", name="Nudge").tap()
    await expect(phone.get_by_role("status")).to_contain_text("Sent to HTA Bot")

    await expect(phone.get_by_role("button", name="Next")).to_be_in_viewport(ratio=1)
    await phone.get_by_role("button", name="Next").tap(timeout=5_000)
