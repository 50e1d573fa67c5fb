"""What several tests of the page do: have the bot open a form."""

from playwright.async_api import Page, expect

from counterpart import ALL_STAFF, COORDINATOR, Counterpart, Json


async def open_modal(bot: Counterpart, page: Page, view: Json) -> None:
    """The coordinator types /hta-round, and the bot opens `view`."""

    async def reply(payload: Json) -> Json | None:
        if "command" in payload:
            await bot.slack.views_open(trigger_id=payload["trigger_id"], view=view)
        return None

    bot.reply = reply
    await page.goto(bot.page(COORDINATOR, ALL_STAFF))
    await page.get_by_label("Command in all-staff").fill("/hta-round")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await bot.heard()
