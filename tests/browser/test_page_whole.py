"""The five minutes of a first-time visitor, with the real bot: start it, answer, let colleagues answer, close, read."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from conversation import COORDINATOR, STAFF, World, world
from sandbox.people import BOT_ID, hospital
from screens import DESK, PHONE, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def start_for_everyone(page: Page, here: World) -> None:
    await page.goto(here.sandbox.address)
    await page.get_by_label("People").get_by_role("link", name="Marisol Vega").click()
    await page.get_by_role("combobox").fill("/hta-round")
    await page.get_by_role("button", name="Send").click()
    form = page.get_by_role("dialog", name="Start a self-assessment")
    await form.get_by_role("button", name="Choose channels").click()
    await form.get_by_label("#all-staff").check()
    await form.get_by_role("button", name="Done").click()
    await form.get_by_label("Results channel").select_option(label="#hta-results")
    await form.get_by_role("button", name="Start", exact=True).click()
    await form.get_by_role("button", name="Start now").click()
    await form.get_by_role("button", name="Close").click()


async def test_five_minutes_lead_from_the_form_to_the_results(browser: Browser, tmp_path: Path) -> None:
    # As many as have to be asked, and as many as have to finish: fewest presses, and all that there is to see.
    everyone = hospital()
    everyone.channels[0].members[:] = [*STAFF[:9], COORDINATOR, BOT_ID]
    async with world(tmp_path, cast=everyone) as here, opened(browser, DESK) as page:
        await start_for_everyone(page, here)
        await here.sandbox.until(lambda: all(here.person(one).dm for one in STAFF[:9]))
        for one in STAFF[5:9]:
            await here.press(here.person(one), "No thanks")

        await page.get_by_role("button", name="Let colleagues answer").click()
        await expect(page.get_by_text(re.compile(r"^(\d+) of \1 have finished\.$"))).to_be_visible(timeout=120_000)
        await page.get_by_role("link", name="hta-results").click()
        await page.get_by_role("combobox").fill("/hta-round")
        await page.get_by_role("button", name="Send").click()
        await page.get_by_role("button", name="Close now").click()
        await page.get_by_role("button", name="Close it").click()

        await expect(page.get_by_role("heading", name=re.compile("Self-assessment results"))).to_be_visible()
        await expect(page.get_by_role("rowheader", name="2 Risk")).to_be_visible()


async def test_a_nurse_answers_on_her_phone(browser: Browser, tmp_path: Path) -> None:
    async with world(tmp_path) as here, opened(browser, PHONE) as phone:
        await here.start_round()
        await phone.goto(f"{here.sandbox.address}/?as=U02AMARA")

        await phone.get_by_role("button", name="Start", exact=True).tap()
        await phone.get_by_label("Which best describes your work?").select_option(label="Nursing")
        for number, answer in enumerate(["Never", "Always", "Don't know"], start=1):
            await expect(phone.get_by_text(f"Item {number} of 62")).to_be_visible()
            await phone.get_by_role("button", name=answer, exact=True).tap()

        await expect(phone.get_by_text("Item 4 of 62")).to_be_in_viewport()
        await expect(phone.get_by_role("button", name="Pause")).to_be_in_viewport(ratio=1)
        assert await phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
