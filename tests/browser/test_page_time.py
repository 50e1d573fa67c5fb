"""Time on the page: it is walked forward, day by day and in sight, so that all that is due comes on its day."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from bot_process import RESULTS, Beside, beside
from conversation import COORDINATOR, STAFF
from counterpart import ALL_STAFF, NURSE, Counterpart
from sandbox.workspace import Message
from screens import DESK, PHONE, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

DAY = 24 * 3600
NEW_YORK = ZoneInfo("America/New_York")
LATE = re.compile(r"comes late|sent late", re.IGNORECASE)
LONG = 180_000
"""Milliseconds in which a year has passed on any machine."""


async def move(page: Page, label: str) -> None:
    steps = page.get_by_role("region", name="Clock")
    if not await steps.get_by_role("button", name=label, exact=True).is_visible():
        await steps.get_by_text("Move time forward").click()
    await steps.get_by_role("button", name=label, exact=True).click()


async def test_time_can_be_moved_forward(page: Page, bot: Counterpart, tmp_path: Path) -> None:
    await page.goto(bot.page(NURSE))

    await move(page, "10 days")

    await expect(page.get_by_text("Time moved forward: 10 days.")).to_be_attached()
    await expect(page.get_by_role("group", name="Time is moving")).to_be_hidden()
    await expect(page.get_by_role("button", name="10 days")).to_be_focused()
    assert float((tmp_path / "clock").read_text()) == 10 * DAY


async def test_it_shows_each_day_and_can_be_stopped(page: Page, bot: Counterpart, tmp_path: Path) -> None:
    await page.goto(bot.page(NURSE))

    await move(page, "1 year")

    moving = page.get_by_role("group", name="Time is moving")
    await expect(moving).to_contain_text(re.compile(r"It is [A-Z]\w+day, [A-Z]\w+ \d+, \d{4}\."))
    await expect(moving.get_by_role("button", name="Stop")).to_be_focused()
    await expect(page.get_by_role("button", name="1 day", exact=True)).to_be_disabled()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(re.compile("^Stopped. It is now"))).to_be_attached()
    await expect(page.get_by_role("button", name="1 day", exact=True)).to_be_enabled()
    assert float((tmp_path / "clock").read_text()) < 365 * DAY


async def test_a_second_window_is_told_that_time_is_moving(browser: Browser, page: Page, bot: Counterpart) -> None:
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await move(page, "1 year")
    async with opened(browser, DESK) as other:
        await other.goto(bot.page(COORDINATOR, ALL_STAFF))

        await move(other, "1 day")

        await expect(other.get_by_role("alert").filter(has_text="Time is moving already")).to_be_visible()
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_text(re.compile("^Stopped. It is now"))).to_be_attached()


async def test_on_a_phone_it_closes_the_menu_and_shows_the_days_over_the_conversation(
    phone: Page, bot: Counterpart
) -> None:
    await phone.goto(bot.page(NURSE, ALL_STAFF))
    await phone.get_by_role("button", name="Menu").tap()

    await move(phone, "1 year")

    await expect(phone.get_by_role("navigation", name="Conversations")).to_be_hidden()
    await expect(phone.get_by_role("group", name="Time is moving").get_by_text("It is ")).to_be_in_viewport()
    await phone.get_by_role("button", name="Stop").tap()
    await expect(phone.get_by_role("group", name="Time is moving")).to_be_hidden()
    assert await phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_a_year_passes_and_nothing_comes_late(browser: Browser, tmp_path: Path) -> None:
    async with beside(tmp_path) as here, opened(browser, PHONE) as page:
        here.sandbox.workspace.channels[RESULTS].members += [*STAFF]
        await here.start_round()
        await here.coordinator.close_modal()
        for one in STAFF[:5]:
            await finish(here, one)
        await page.goto(f"{here.sandbox.address}/?as={COORDINATOR}&in={RESULTS}")
        await passes(page, "1 month")
        for due_in, owner in (("10 days", STAFF[0]), ("3 months", STAFF[6]), ("1 year", STAFF[1])):
            await set_goal(here, due_in, owner)

        await passes(page, "1 year")
        await passes(page, "10 days")

        said = everything(here)
        assert [one.text for one in said if LATE.search(one.text)] == []
        asked = [one for one in here.sandbox.channel(RESULTS) if one.text.startswith("Check-in")]
        assert len(asked) >= 3, "each date has its check-in"
        assert {datetime.fromtimestamp(float(one.ts), NEW_YORK).hour for one in asked} == {10}


async def finish(here: Beside, person_id: str) -> None:
    person = here.person(person_id)
    await here.begin(person)
    await here.answer(person, "12")
    await here.press(person, "Pause")
    await here.press(person, "Finish with what I have")


async def set_goal(here: Beside, due_in: str, owner: str) -> None:
    await here.press(here.coordinator, "Add goal", await here.command(here.coordinator, "/hta-goals"))
    assert here.coordinator.modal is not None
    labels = re.findall(rf"'text': '({due_in}: [^']+)'", str(here.coordinator.modal["blocks"]))
    goal = {"Competency": "2 Risk", "Goal": f"For {due_in}", "Due in": labels[0], "Owner": owner}
    assert (await here.coordinator.submit(goal)).errors is None
    if here.coordinator.modal:
        await here.coordinator.close_modal()


async def passes(page: Page, label: str) -> None:
    await page.get_by_role("button", name="Menu").tap()
    await move(page, label)
    await expect(page.get_by_text(f"Time moved forward: {label}.")).to_be_attached(timeout=LONG)


def everything(here: Beside) -> list[Message]:
    return [one for messages in here.sandbox.workspace.messages.values() for one in messages]
