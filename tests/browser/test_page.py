"""The sandbox's page in a real browser: what a person sees, presses and fills in, by mouse and by keys."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from acting import open_modal
from counterpart import (
    ALL_STAFF,
    COORDINATOR,
    NURSE,
    Counterpart,
    Json,
    actions,
    button,
    field_of,
    modal,
    option,
    plain,
    section,
    workspace,
)
from sandbox.people import hospital
from screens import DESK, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHANNELS = {
    "type": "multi_conversations_select",
    "placeholder": plain("Choose channels"),
    "filter": {"include": ["public"]},
}


async def test_a_visitor_chooses_who_to_be_and_is_told_what_to_try(page: Page, bot: Counterpart) -> None:
    await page.goto(bot.page())

    await expect(page.get_by_role("region", name="What to try").get_by_role("listitem")).to_have_count(4)
    await expect(page.get_by_role("link", name=re.compile("Marisol Vega.*coordinator"))).to_be_visible()
    await expect(page.get_by_text("Olga Left")).to_have_count(0)

    await page.get_by_label("People").get_by_role("link", name="Amara Okafor").click()

    await expect(page.get_by_role("heading", name="# all-staff")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Conversations").get_by_text("leadership")).to_have_count(0)


async def test_hidden_steps_stay_hidden_until_they_are_asked_for(page: Page, bot: Counterpart) -> None:
    steps = page.get_by_role("region", name="What to try")
    await page.goto(bot.page(NURSE))
    await page.get_by_role("button", name="Hide these steps").click()

    await page.reload()

    await expect(page.get_by_role("button", name="What to try")).to_be_visible()
    await expect(steps).to_have_count(0)
    await page.get_by_role("button", name="What to try").click()
    await expect(steps).to_be_visible()


async def test_a_press_tells_the_bot_who_pressed_what(page: Page, bot: Counterpart) -> None:
    await bot.post(NURSE, section("Hello."), actions(button("Start", "go.v1"), button("Not now", "later.v1")))
    await page.goto(bot.page(NURSE))
    await page.get_by_role("link", name="HTA Bot").click()

    await page.get_by_role("button", name="Start").click()

    pressed = await bot.heard()
    assert pressed["user"]["id"] == NURSE
    assert (pressed["actions"][0]["action_id"], pressed["actions"][0]["value"]) == ("go.v1", "1")


async def test_a_choice_in_a_message_tells_the_bot_which_option(page: Page, bot: Counterpart) -> None:
    work = {"type": "static_select", "action_id": "work", "options": [option("Nursing"), option("Security")]}
    await bot.post(ALL_STAFF, section("*Which best describes your work?*", accessory=work))
    await page.goto(bot.page(NURSE, ALL_STAFF))

    await page.get_by_label("Which best describes your work?").select_option(label="Security")

    assert (await bot.heard())["actions"][0]["selected_option"] == option("Security")


async def test_a_confirm_dialog_stands_before_the_press(page: Page, bot: Counterpart) -> None:
    ask = {
        "title": plain("Withdraw?"),
        "text": plain("It is deleted."),
        "confirm": plain("Delete"),
        "deny": plain("Keep"),
    }
    await bot.post(ALL_STAFF, actions(button("Withdraw", "withdraw", style="danger", confirm=ask)))
    await page.goto(bot.page(NURSE, ALL_STAFF))

    await page.get_by_role("button", name="Withdraw").click()
    await expect(page.get_by_role("dialog", name="Withdraw?")).to_contain_text("It is deleted.")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert bot.heard_nothing

    await page.get_by_role("button", name="Withdraw").click()
    await page.get_by_role("button", name="Delete").click()
    assert (await bot.heard())["actions"][0]["action_id"] == "withdraw"


async def test_a_press_that_the_bot_refuses_is_told(page: Page, bot: Counterpart) -> None:
    bot.status = 500
    await bot.post(ALL_STAFF, actions(button("Start", "go")))
    await page.goto(bot.page(NURSE, ALL_STAFF))

    await page.get_by_role("button", name="Start").click()

    await expect(page.get_by_role("alert").filter(has_text="HTA Bot had a problem")).to_be_visible()
    bot.refusals.clear()  # its own 500 counts as refused
    bot.refusals.clear()


async def test_an_edit_in_place_keeps_focus_and_place(page: Page, bot: Counterpart) -> None:
    ts = await bot.post(ALL_STAFF, section("Item 1 of 62"), actions(button("Never", "n"), button("Always", "a")))
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await page.get_by_role("button", name="Always").focus()
    await page.keyboard.press("Enter")
    await bot.heard()

    blocks = [section("Item 2 of 62"), actions(button("Never", "n"), button("Always", "a"))]
    await bot.slack.chat_update(channel=ALL_STAFF, ts=ts, text="Item 2", blocks=blocks)

    await expect(page.get_by_text("Item 2 of 62")).to_be_visible()
    await expect(page.get_by_role("button", name="Always")).to_be_focused()


async def test_a_change_elsewhere_leaves_an_untouched_message_alone(page: Page, bot: Counterpart) -> None:
    await bot.post(
        ALL_STAFF, section("First"), actions({"type": "static_select", "action_id": "s", "options": [option("A")]})
    )
    await page.goto(bot.page(NURSE, ALL_STAFF))
    select = page.get_by_role("combobox", name="Choose one").or_(page.get_by_role("log").locator("select"))
    await select.evaluate("node => { node.dataset.mark = 'the same node'; }")

    await bot.post(ALL_STAFF, section("Second"))

    await expect(page.get_by_text("Second")).to_be_visible()
    assert await select.get_attribute("data-mark") == "the same node"


async def test_an_ephemeral_message_is_marked_and_shown_to_one_person(page: Page, bot: Counterpart) -> None:
    await bot.slack.chat_postEphemeral(channel=ALL_STAFF, user=NURSE, text="Just for you.")

    await page.goto(bot.page(NURSE, ALL_STAFF))
    await expect(page.get_by_role("log").get_by_role("listitem").filter(has_text="Just for you.")).to_contain_text(
        "Only visible to you"
    )
    await page.goto(bot.page(COORDINATOR, ALL_STAFF))
    await expect(page.get_by_text("Nothing here yet")).to_be_visible()


async def test_the_bots_own_messages_take_no_typing(page: Page, bot: Counterpart) -> None:
    await page.goto(bot.page(NURSE, ALL_STAFF))

    await page.get_by_role("link", name="HTA Bot").click()

    await expect(page.get_by_text("Sending messages to HTA Bot is turned off.")).to_be_visible()
    await expect(page.get_by_role("combobox")).to_have_count(0)


async def test_home_shows_what_the_bot_published(page: Page, bot: Counterpart) -> None:
    async def reply(payload: Json) -> Json | None:
        if payload.get("type") == "event_callback":
            home = {"type": "home", "blocks": [section("Welcome home."), actions(button("Continue", "on"))]}
            await bot.slack.views_publish(user_id=payload["event"]["user"], view=home)
        return None

    bot.reply = reply
    await page.goto(bot.page(NURSE))
    await page.get_by_role("link", name="HTA Bot").click()

    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_text("Welcome home.")).to_be_visible()
    await page.get_by_role("button", name="Continue").click()

    assert (await bot.heard())["event"]["type"] == "app_home_opened"
    pressed = await bot.heard()
    assert (pressed["view"]["type"], pressed["actions"][0]["action_id"]) == ("home", "on")


async def test_a_modal_says_each_error_beside_its_field(page: Page, bot: Counterpart) -> None:
    fields = [
        field_of("Goal", {"type": "plain_text_input"}),
        field_of("Measure", {"type": "plain_text_input"}, optional=True),
        field_of("Owner", {"type": "users_select"}),
    ]
    await open_modal(bot, page, modal("New goal", *fields))
    dialog = page.get_by_role("dialog", name="New goal")

    await dialog.get_by_role("button", name="Save").click()

    await expect(dialog.get_by_label("Goal")).to_have_accessible_description("This is needed.")
    await expect(dialog.get_by_label("Goal")).to_be_focused()
    await expect(dialog.get_by_label("Measure")).to_have_accessible_description("")
    assert bot.heard_nothing

    async def reply(payload: Json) -> Json | None:
        return {"response_action": "errors", "errors": {"owner": "Choose somebody who is asked."}}

    bot.reply = reply
    await dialog.get_by_label("Goal").fill("Post the hotline number")
    await dialog.get_by_label("Owner").select_option(label="Ben Lindqvist (Pediatric nurse)")
    await dialog.get_by_role("button", name="Save").click()

    submitted = (await bot.heard())["view"]["state"]["values"]
    assert submitted == {
        "goal": {"x": {"type": "plain_text_input", "value": "Post the hotline number"}},
        "measure": {"x": {"type": "plain_text_input", "value": None}},
        "owner": {"x": {"type": "users_select", "selected_user": "U03BEN"}},
    }
    await expect(dialog.get_by_label("Owner")).to_have_accessible_description("Choose somebody who is asked.")
    await expect(dialog.get_by_label("Goal")).to_have_value("Post the hotline number")


async def test_every_kind_of_field_sends_its_state(page: Page, bot: Counterpart) -> None:
    days = [option("5 days"), option("Never")]
    fields = [
        field_of("Who", CHANNELS),
        field_of("Closes on", {"type": "datepicker", "initial_date": "2026-12-10"}),
        field_of("At", {"type": "timepicker"}),
        field_of("Smallest", {"type": "number_input", "is_decimal_allowed": False, "min_value": "5"}),
        field_of("Remind", {"type": "radio_buttons", "options": days, "initial_option": days[1]}),
        field_of("Also", {"type": "checkboxes", "options": [option("Guests")]}, optional=True),
    ]
    await open_modal(bot, page, modal("Start", *fields))
    dialog = page.get_by_role("dialog")

    await dialog.get_by_role("button", name="Choose channels").click()
    await dialog.get_by_label("#all-staff").check()
    await dialog.get_by_label("#hta-results").check()
    await dialog.get_by_role("button", name="Done").click()
    await dialog.get_by_role("button", name="Remove #hta-results").click()
    await dialog.get_by_label("At", exact=True).fill("09:30")
    await dialog.get_by_label("Smallest").fill("4")
    await dialog.get_by_label("Guests").check()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_label("Smallest")).to_have_accessible_description("Type 5 or more.")
    await dialog.get_by_label("Smallest").fill("8")
    await dialog.get_by_role("button", name="Save").click()

    values = (await bot.heard())["view"]["state"]["values"]
    chosen = {name: next(value for key, value in state["x"].items() if key != "type") for name, state in values.items()}
    assert chosen == {
        "who": [ALL_STAFF],
        "closes on": "2026-12-10",
        "at": "09:30",
        "smallest": "8",
        "remind": option("Never"),
        "also": [option("Guests")],
    }
    await expect(dialog).to_have_count(0)


async def test_an_update_of_a_modal_keeps_what_was_typed(page: Page, bot: Counterpart) -> None:
    goal = field_of("Goal", {"type": "plain_text_input"})
    more = {"block_id": "more", **actions(button("More", "more"))}
    await open_modal(bot, page, modal("New goal", goal, more))

    async def reply(payload: Json) -> Json | None:
        if payload["type"] == "block_actions":
            assert payload["view"]["state"]["values"]["goal"]["x"]["value"] == "Half a sentence"
            longer = modal("New goal", goal, more, section("Here is more."))
            await bot.slack.views_update(view_id=payload["view"]["id"], view=longer)
        return None

    bot.reply = reply
    await page.get_by_role("textbox", name="Goal").fill("Half a sentence")
    await page.get_by_role("button", name="More").click()

    await expect(page.get_by_text("Here is more.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Goal")).to_have_value("Half a sentence")
    await expect(page.get_by_role("button", name="More")).to_be_focused()


async def test_below_a_second_modal_the_first_keeps_what_was_typed(page: Page, bot: Counterpart) -> None:
    goal = field_of("Goal", {"type": "plain_text_input"})
    await open_modal(bot, page, modal("New goal", goal, actions(button("Help", "help"))))

    async def reply(payload: Json) -> Json | None:
        if payload["type"] == "block_actions":
            view = modal("Help", section("Small is fine."), submit=None)
            await bot.slack.views_push(trigger_id=payload["trigger_id"], view=view)
        return None

    bot.reply = reply
    await page.get_by_role("textbox", name="Goal").fill("Half a sentence")
    await page.get_by_role("button", name="Help").click()
    await expect(page.get_by_role("dialog", name="Help")).to_contain_text("Small is fine.")
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog", name="New goal")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Goal")).to_have_value("Half a sentence")


async def test_hostile_names_and_texts_stay_text(browser: Browser, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=\"window.hacked = 'yes'\"><script>window.hacked = 'yes'</script>"
    cast = hospital()
    cast = replace(cast, people=tuple(replace(one, name=hostile, title=hostile) for one in cast.people))
    async with workspace(cast, tmp_path) as bot, opened(browser, DESK) as page:
        escaped = hostile.replace("<", "&lt;").replace(">", "&gt;")
        await bot.post(
            ALL_STAFF,
            section(f"{escaped} <@{NURSE}> <javascript:window.hacked='yes'|a bad link>"),
            section("A field", accessory={"type": "users_select", "action_id": "who"}),
            {"type": "section", "text": plain(hostile)},
            {"type": "markdown", "text": f"{hostile} [bad](javascript:window.hacked='yes')"},
            {"type": "table", "rows": [[{"type": "raw_text", "text": hostile}]]},
            {"type": "image", "image_url": f"{bot.address}/page/icon.svg", "alt_text": hostile},
            text=hostile,
        )
        await page.goto(bot.page(NURSE, ALL_STAFF))

        await page.get_by_text("a bad link").click()

        await expect(page.get_by_role("log").get_by_text("onerror").first).to_be_visible()
        assert await page.get_by_role("log").locator("img:not([src$='/page/icon.svg']), script, a").count() == 0
        assert await page.evaluate("window.hacked ?? null") is None


async def test_the_pages_policy_lets_no_text_become_code(browser: Browser, bot: Counterpart) -> None:
    page = await browser.new_page()
    await page.goto(bot.page())

    refused = await page.evaluate(
        """() => {
            try { document.body.innerHTML = "<img src=x>"; return "drawn"; }
            catch (problem) { return problem.name; }
        }"""
    )

    assert refused == "TypeError"


async def test_a_command_is_found_and_sent_with_keys_alone(page: Page, bot: Counterpart) -> None:
    await page.goto(bot.page(NURSE, ALL_STAFF))
    await page.get_by_role("combobox").focus()

    await page.keyboard.type("/hta")
    await expect(page.get_by_role("option")).to_have_count(4)
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("option", name="/hta-goals")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("option")).to_have_count(0)
    await page.keyboard.type(" help")
    await page.keyboard.press("Enter")

    heard = await bot.heard()
    assert (heard["command"], heard["text"], heard["user_id"]) == ("/hta-goals", "help", NURSE)
    await expect(page.get_by_role("combobox")).to_have_value("")


async def test_words_that_are_no_command_stay_and_are_explained(page: Page, bot: Counterpart) -> None:
    await page.goto(bot.page(NURSE, ALL_STAFF))

    await page.get_by_role("combobox").fill("hello")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Here you type commands.")).to_be_visible()
    await expect(page.get_by_role("combobox")).to_have_value("hello")
    assert bot.heard_nothing


async def test_arrow_keys_open_a_select_that_acts_and_choose_nothing(page: Page, bot: Counterpart) -> None:
    select = {"type": "static_select", "action_id": "s", "placeholder": plain("Choose one"), "options": [option("A")]}
    await bot.post(ALL_STAFF, actions(select, button("Next", "next")))
    await page.goto(bot.page(NURSE, ALL_STAFF))

    await page.get_by_label("Choose one").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Next").click()

    assert (await bot.heard())["actions"][0]["action_id"] == "next"
