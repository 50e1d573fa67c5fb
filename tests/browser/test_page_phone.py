"""The page on a phone: the list or the conversation, what comes first, and the steps behind the menu."""

import pytest
from playwright.async_api import Page, expect

from acting import open_modal
from counterpart import ALL_STAFF, COORDINATOR, NURSE, Counterpart, actions, button, field_of, modal, section

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_phone_shows_the_list_or_the_conversation(phone: Page, bot: Counterpart) -> None:
    await bot.post(
        NURSE, section("An invitation " * 30), actions(button("Start", "go"), button("Who sees my answers?", "who"))
    )
    await phone.goto(bot.page(NURSE, ALL_STAFF))
    conversations = phone.get_by_role("navigation", name="Conversations")
    await expect(conversations).to_be_hidden()

    await phone.get_by_role("button", name="Menu, 1 new").tap()
    await expect(conversations).to_be_visible()
    await phone.get_by_role("link", name="HTA Bot").tap()
    await expect(conversations).to_be_hidden()
    await phone.get_by_role("button", name="Start").tap()

    assert (await bot.heard())["actions"][0]["action_id"] == "go"
    assert await phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_a_modal_fits_a_phone(phone: Page, bot: Counterpart) -> None:
    fields = [field_of(f"Field {number}", {"type": "plain_text_input"}, optional=True) for number in range(15)]
    await open_modal(bot, phone, modal("A long form", *fields))

    await phone.get_by_label("Field 14").fill("the last")

    await expect(phone.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
    await phone.get_by_role("button", name="Save").tap()
    assert (await bot.heard())["view"]["state"]["values"]["field 14"]["x"]["value"] == "the last"


async def test_who_has_news_comes_in_where_it_is(phone: Page, bot: Counterpart) -> None:
    await bot.post(ALL_STAFF, section("Good morning"))
    await bot.post(NURSE, section("An invitation"))
    await phone.goto(bot.page())
    await phone.get_by_label("People").get_by_role("link", name="Amara Okafor").tap()
    await expect(phone.get_by_role("heading", name="HTA Bot")).to_be_visible()
    await expect(phone.get_by_text("An invitation")).to_be_in_viewport()
    await phone.go_back()
    await expect(phone.get_by_label("People")).to_be_visible()

    await phone.get_by_label("People").get_by_role("link", name="Amara Okafor").tap()

    await expect(phone.get_by_role("heading", name="# all-staff")).to_be_visible()
    await expect(phone.get_by_text("Good morning")).to_be_in_viewport()


async def test_who_has_read_everything_comes_in_where_something_was_said(phone: Page, bot: Counterpart) -> None:
    await bot.post("C03RESULTS", section("The results"))
    for _ in range(2):
        await phone.goto(bot.page(COORDINATOR))

        await expect(phone.get_by_role("heading", name="# hta-results")).to_be_visible()
        await expect(phone.get_by_text("The results", exact=True)).to_be_in_viewport()


async def test_before_anything_was_said_it_says_what_to_do_first(phone: Page, bot: Counterpart) -> None:
    await phone.goto(bot.page(NURSE))
    await expect(phone.get_by_text("HTA Bot writes to you once a self-assessment starts.")).to_be_in_viewport()

    await phone.get_by_role("log").get_by_role("link", name="Marisol Vega").tap()

    await expect(phone.get_by_text("Type /hta-round below to start a self-assessment.")).to_be_in_viewport()
    await bot.post(COORDINATOR, section("Your invitations go out."))
    await expect(phone.get_by_text("Type /hta-round below")).to_have_count(0)
    await expect(phone.get_by_text("Nothing here yet.")).to_be_visible()


async def test_what_to_try_closes_the_menu_and_shows_the_steps(phone: Page, bot: Counterpart) -> None:
    await phone.goto(bot.page(NURSE, ALL_STAFF))
    steps = phone.get_by_role("region", name="What to try")
    await phone.get_by_role("button", name="Menu").tap()

    await phone.get_by_role("button", name="What to try").tap()

    await expect(phone.get_by_role("navigation", name="Conversations")).to_be_hidden()
    await expect(steps).to_be_in_viewport(ratio=1)
    await expect(steps).to_be_focused()
    await steps.get_by_role("button", name="Hide these steps").tap()
    await expect(steps).to_be_hidden()
