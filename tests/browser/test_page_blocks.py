"""What the page draws: each type of block, Slack's markup, and that it can be read and named by everybody."""

import base64
from typing import Any

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
)
from screens import DESK, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich", "style": {"bold": True}}]}
OPTIONS = [option("One"), option("Two")]


def raw(*cells: str) -> list[Json]:
    return [{"type": "raw_text", "text": cell} for cell in cells]


DRAWN: list[tuple[str, Json, Any, str]] = [
    ("header", {"type": "header", "text": plain("A head")}, "heading", "A head"),
    ("link", section("<https://example.org/?a=1&amp;b=2|our page>"), "link", "our page"),
    ("context", {"type": "context", "elements": [{"type": "mrkdwn", "text": "Small words"}]}, "paragraph", ""),
    ("button", actions(button("Go", "a")), "button", "Go"),
    (
        "overflow",
        section("Text", accessory={"type": "overflow", "action_id": "a", "options": OPTIONS}),
        "button",
        "More",
    ),
    (
        "select",
        actions({"type": "static_select", "action_id": "a", "placeholder": plain("Pick"), "options": OPTIONS}),
        "combobox",
        "Pick",
    ),
    ("people", actions({"type": "users_select", "action_id": "a", "placeholder": plain("Who")}), "combobox", "Who"),
    (
        "channels",
        actions({"type": "channels_select", "action_id": "a", "placeholder": plain("Where")}),
        "combobox",
        "Where",
    ),
    (
        "several",
        actions({"type": "multi_users_select", "action_id": "a", "placeholder": plain("Whom")}),
        "button",
        "Whom",
    ),
    ("radio", actions({"type": "radio_buttons", "action_id": "a", "options": OPTIONS}), "radio", "Two"),
    ("checkbox", actions({"type": "checkboxes", "action_id": "a", "options": OPTIONS}), "checkbox", "One"),
    ("table", {"type": "table", "rows": [raw("Section", "Score"), raw("2 Risk", "44 %")]}, "rowheader", "2 Risk"),
    ("rich text", {"type": "rich_text", "elements": [WORDS]}, "strong", ""),
    ("markdown", {"type": "markdown", "text": "# Big\n\n- one\n- two"}, "heading", "Big"),
    ("divider", {"type": "divider"}, "separator", ""),
    ("picture", {"type": "image", "image_url": "/page/icon.svg", "alt_text": "Bars"}, "img", "Bars"),
]


def reachable(bot: Counterpart, block: Json) -> Json:
    """Of the pictures that are named by an address, the workspace reaches its own only."""
    return block | {"image_url": f"{bot.address}{block['image_url']}"} if "image_url" in block else block


async def test_each_block_is_drawn_as_what_it_is(page: Page, bot: Counterpart) -> None:
    for _, block, _, _ in DRAWN:
        await bot.post(ALL_STAFF, reachable(bot, block))

    await page.goto(bot.page(NURSE, ALL_STAFF))

    messages = page.get_by_role("log").locator(".message")
    await expect(messages).to_have_count(len(DRAWN))
    for place, (what, _, role, name) in enumerate(DRAWN):
        drawn = messages.nth(place).locator(".block").get_by_role(role, name=name).first
        await expect(drawn, what).to_be_visible()


async def test_a_block_that_the_page_does_not_know_says_so(page: Page, bot: Counterpart) -> None:
    await bot.post(
        ALL_STAFF, {"type": "card", "title": {"type": "mrkdwn", "text": "Careful."}}, section("The rest stands.")
    )

    await page.goto(bot.page(NURSE, ALL_STAFF))

    await expect(page.get_by_text("a block of the type “card” here")).to_be_visible()
    await expect(page.get_by_text("The rest stands.")).to_be_visible()


ONE_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_picture_that_is_shared_is_seen_and_named_and_another_file_can_be_kept(
    page: Page, bot: Counterpart
) -> None:
    for name, title, alt_text in (("bars.png", "Bars by section", "Bars: Risk 40 %"), ("all.xlsx", "All figures", "")):
        await bot.slack.files_upload_v2(
            channel=ALL_STAFF, filename=name, content=ONE_DOT, title=title, alt_txt=alt_text, initial_comment="Here."
        )

    await page.goto(bot.page(NURSE, ALL_STAFF))

    picture = page.get_by_role("img", name="Bars: Risk 40 %")
    await expect(page.get_by_role("figure")).to_contain_text("Bars by section")
    await expect(picture).to_have_js_property("naturalWidth", 1)
    async with page.expect_download() as kept:
        await page.get_by_role("link", name="All figures").click()
    assert (await kept.value).suggested_filename == "all.xlsx"


MARKUP = [
    ("*bold* and _italic_ and ~gone~", "<p><strong>bold</strong> and <em>italic</em> and <s>gone</s></p>"),
    ("snake_case_word 2*3*4 * alone", "<p>snake_case_word 2*3*4 * alone</p>"),
    ("*bold with _italic_ in it*", "<p><strong>bold with <em>italic</em> in it</strong></p>"),
    ("`a *b* &lt;c&gt;`", "<p><code>a *b* &lt;c&gt;</code></p>"),
    ("```one\n  *two*```", "<pre>one\n  *two*</pre>"),
    ("&gt; said\n&gt; so\nthen", "<blockquote>said\nso</blockquote><p>then</p>"),
    ("• one\n• *two*", "<ul><li>one</li><li><strong>two</strong></li></ul>"),
    ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
    ("* 6 Prevention: no list", "<p>* 6 Prevention: no list</p>"),
    (
        "<@U02AMARA> in <#C01ALLSTAFF>",
        '<p><span class="mention">@Amara Okafor</span> in <span class="mention">#all-staff</span></p>',
    ),
    (
        "<!subteam^S01NIGHT> <!here>",
        '<p><span class="mention">@night-shift</span> <span class="mention">@here</span></p>',
    ),
    ("<@U99GONE|Someone>", '<p><span class="mention">@Someone</span></p>'),
    ("<!date^0^{date_num}|long ago>", '<p><time title="long ago">01/01/1970</time></p>'),
    ("<data:text/html,x|no link>", "<p><span>no link</span></p>"),
    (":warning: :no_such_sign: 12:30:45", "<p>⚠️ :no_such_sign: 12:30:45</p>"),
    ("&amp;lt; stays", "<p>&amp;lt; stays</p>"),
]


async def test_markup_is_drawn_as_slack_draws_it(browser: Browser, bot: Counterpart) -> None:
    async with opened(browser, DESK, timezone_id="UTC") as page:
        await bot.post(ALL_STAFF, *(section(text) for text, _ in MARKUP))
        await page.goto(bot.page(NURSE, ALL_STAFF))
        await expect(page.locator(".block-section")).to_have_count(len(MARKUP))

        drawn = [await one.inner_html() for one in await page.locator(".block-section .text").all()]

    assert drawn == [html for _, html in MARKUP]


async def test_a_data_table_sorts_filters_and_turns_pages(page: Page, bot: Counterpart) -> None:
    people = [
        [*raw(f"Group {number}"), {"type": "raw_number", "value": number, "text": str(number)}] for number in range(12)
    ]
    await bot.post(
        ALL_STAFF,
        {"type": "data_table", "caption": "Participation", "page_size": 5, "rows": [raw("Group", "Asked"), *people]},
    )
    await page.goto(bot.page(NURSE, ALL_STAFF))
    first = page.get_by_role("rowheader").first
    await expect(page.get_by_role("rowheader")).to_have_count(5)

    await page.get_by_role("button", name="Asked").click()
    await page.get_by_role("button", name="Asked").click()
    await expect(first).to_have_text("Group 11")
    await expect(page.get_by_role("columnheader", name="Asked")).to_have_attribute("aria-sort", "descending")

    await page.get_by_role("button", name="Next page").click()
    await expect(first).to_have_text("Group 6")

    await page.get_by_label("Filter").fill("group 1")
    await expect(page.get_by_role("rowheader")).to_have_text(["Group 11", "Group 10", "Group 1"])


async def test_a_wide_table_scrolls_by_itself_on_a_phone(phone: Page, bot: Counterpart) -> None:
    columns = ["Section", "Score", "Points", "Likely range", "People", "Never or Occasionally"]
    await bot.post(ALL_STAFF, {"type": "table", "rows": [raw(*columns), raw("2 Risk", *["44 to 53 %"] * 5)]})

    await phone.goto(bot.page(NURSE, ALL_STAFF))

    table = phone.get_by_role("region", name="Table")
    assert await table.evaluate("node => node.scrollWidth > node.clientWidth")
    assert await phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


# WCAG 2.2, 1.4.3: the contrast of every text with what is behind it. Text that is off or hidden does not count.
FAINT = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data;
    };
    const light = ([r, g, b]) => [r, g, b]
        .map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const ground = (node) => {
        for (; node; node = node.parentElement) {
            const color = rgba(getComputedStyle(node).backgroundColor);
            if (color[3] === 255) return color;
        }
        return [255, 255, 255];
    };
    const faint = [];
    for (const node of document.querySelectorAll("body *")) {
        const words = [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data.trim()).join("");
        if (!words || node.disabled || !node.checkVisibility({ visibilityProperty: true })) continue;
        const [one, other] = [light(rgba(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
        if ((one + 0.05) / (other + 0.05) < 4.5) faint.push(words);
    }
    return faint;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_words_stand_out_from_their_ground(browser: Browser, bot: Counterpart, scheme: str) -> None:
    async with opened(browser, DESK, color_scheme=scheme) as page:
        await bot.post(
            ALL_STAFF,
            section("<@U02AMARA> `code`\n> quote"),
            *(reachable(bot, row[1]) for row in DRAWN if row[0] != "table"),
        )
        await bot.post(ALL_STAFF, actions(button("Go", "a", style="primary"), button("Withdraw", "b", style="danger")))
        await bot.slack.chat_postEphemeral(channel=ALL_STAFF, user=COORDINATOR, text="Just for you.")

        await page.goto(bot.page())
        await expect(page.get_by_role("link", name="Ben Lindqvist")).to_be_visible()
        assert await page.evaluate(FAINT) == []

        await open_modal(
            bot, page, modal("New goal", field_of("Goal", {"type": "plain_text_input"}, hint=plain("Small.")))
        )
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("This is needed.")).to_be_visible()
        assert await page.evaluate(FAINT) == []


async def test_everything_that_takes_the_focus_has_a_name(page: Page, bot: Counterpart) -> None:
    await bot.post(ALL_STAFF, *(reachable(bot, row[1]) for row in DRAWN))
    await open_modal(bot, page, modal("New goal", field_of("Goal", {"type": "plain_text_input"})))
    session = await page.context.new_cdp_session(page)

    names = []
    for closed in (False, True):
        if closed:
            await page.get_by_role("button", name="Cancel").click()
            await expect(page.get_by_role("dialog")).to_have_count(0)
        tree = await session.send("Accessibility.getFullAXTree")
        for node in tree["nodes"]:
            can_focus = any(one["name"] == "focusable" and one["value"]["value"] for one in node.get("properties", ()))
            if can_focus and node["role"]["value"] != "RootWebArea":
                names.append((node["role"]["value"], node.get("name", {}).get("value", "")))

    assert len(names) > 30
    assert [role for role, name in names if not name] == []
