"""What Slack refuses about blocks, images and views although they have the published shape.

Each row has the one complaint's place and how it begins.
"""

import pytest

from sandbox.image_rules import Images
from sandbox.refusals import Json
from sandbox.strictness import complaints
from sandbox_counterpart import button, field_of, message, modal, typed
from sandbox_payloads import (
    WORDS,
    chart,
    container,
    data_table,
    home,
    line,
    raw,
    rich,
    select,
    table,
    video,
    with_blocks,
)

BLANK = {"type": "plain_text", "text": " \t"}
TOO_LONG = WORDS | {"text": "x" * 201}
BLANK_MRKDWN = {"type": "mrkdwn", "text": "\n"}
EMPTY = "must be more than 0 characters"
OWN = "http://127.0.0.1:8400"
IMAGES = Images(OWN, {"F1PNG"}.__contains__)
NAME = field_of("Name", typed())


def row(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def data(header: str, length: int) -> Json:
    return data_table(raw(header), raw("x" * length))


def image(**more: Json | str) -> Json:
    return {"type": "image", "alt_text": "Bars: Risk 40 %"} | more


LINK = button("a", url="?")
CARDS = {"type": "carousel", "elements": [{"type": "card", "actions": [LINK]}]}
SECTION = {"type": "section", "text": WORDS}

BLOCKS = [
    ("a blank section", "message", with_blocks({"type": "section", "text": BLANK_MRKDWN}), f"blocks/0/text/text: {EMPTY}"),
    ("a blank header", "home", home(SECTION, {"type": "header", "text": BLANK}), f"blocks/1/text/text: {EMPTY}"),
    ("a blank label", "modal", modal(NAME | {"label": BLANK}), f"blocks/0/label/text: {EMPTY}"),
    ("a blank hint", "modal", modal(NAME | {"hint": BLANK}), f"blocks/0/hint/text: {EMPTY}"),
    ("a blank title", "modal", modal(NAME, title=BLANK), f"title/text: {EMPTY}"),
    ("a blank submit", "modal", modal(NAME, submit=BLANK), f"submit/text: {EMPTY}"),
    ("a blank close", "modal", modal(NAME, close=BLANK), f"close/text: {EMPTY}"),
    ("a submit that waits", "modal", modal(NAME, submit_disabled=True), "submit_disabled: invalid additional property"),
    ("beside a section", "message", with_blocks(SECTION | {"accessory": LINK}), "blocks/0/accessory/url: invalid url"),
    ("in a container", "message", with_blocks(container(row(LINK))), "blocks/0/child_blocks/0/elements/0/url: invalid url"),
    ("on a card", "home", home(CARDS), "blocks/0/elements/0/actions/0/url: invalid url"),
    ("a menu in a message", "message", with_blocks(row(button("a"), select())), "blocks/0/elements/1/options: must define"),
    ("a table of 10,001", "message", with_blocks(table([*raw("x" * 4000), rich("x" * 6001)])), "blocks/0: 10,001 characters"),
    ("two tables", "message", with_blocks(table(), container(table())), "blocks/1/child_blocks/0: only_one_table_allowed"),
    ("a table on Home", "home", home(table()), "blocks/0: unsupported type: table"),
    ("a table inside on Home", "home", home(container(table())), "blocks/0/child_blocks/0: unsupported type: table"),
    ("data of 20,001", "home", home(data("x", 9999), data("x", 10_000)), "blocks/1: 20,001 characters over all cells"),
    ("a rich header", "message", with_blocks(data_table([rich("a")], raw("b"))), "blocks/0/rows/0/0: rich_text is not supported"),
    ("no such column", "message", with_blocks(data_table(row_header_column_index=2)), "blocks/0/row_header_column_index: "),
    ("three charts", "message", with_blocks(chart(), chart(), chart()), "blocks/2: no more than 2 data_visualization blocks"),
    ("one name twice", "message", with_blocks(chart(line("A"), line("A"))), "blocks/0/chart/series/1/name: series names must"),
    ("a gap in a line", "message", with_blocks(chart(line("Now", "A"))), "blocks/0/chart/series/0/data: must have one point"),
    ("a point too far", "message", with_blocks(chart(line("Now", "A", "C"))), "blocks/0/chart/series/0/data: must have one"),
    ("a title of 201", "message", with_blocks(video(title=TOO_LONG)), "blocks/0/title/text: must be less than 201"),
    ("a description of 201", "message", with_blocks(video(description=TOO_LONG)), "blocks/0/description/text: must be less than"),
    ("an author of 51", "message", with_blocks(video(author_name="x" * 51)), "blocks/0/author_name: must be less than 51"),
    ("a video without TLS", "message", with_blocks(video(video_url="http://example.org")), "blocks/0/video_url: invalid url"),
    ("a title without TLS", "message", with_blocks(video(title_url="http://example.org")), "blocks/0/title_url: invalid url"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "surface", "payload", "complaint"), BLOCKS, ids=[row[0] for row in BLOCKS])
def test_what_slack_refuses_is_refused_at_its_place(why: str, surface: str, payload: Json, complaint: str) -> None:
    (found,) = complaints(surface, payload)

    assert found.startswith(complaint)


def test_every_fault_is_named() -> None:
    payload = with_blocks(row(LINK), {"type": "header", "text": BLANK})

    assert complaints("message", payload) == ["blocks/0/elements/0/url: invalid url", f"blocks/1/text/text: {EMPTY}"]


BAD_IMAGES = [
    ("no words", image(image_url=f"{OWN}/a.png", alt_text=" "), f"alt_text: {EMPTY}"),
    ("2,001 characters", image(image_url=f"{OWN}/a.png", alt_text="x" * 2001), "alt_text: must be less than 2001 characters"),
    ("an address of 3,001", image(image_url=f"{OWN}/".ljust(3001, "x")), "image_url: must be less than 3001 characters"),
    ("an address without a scheme", image(image_url="a.png"), "image_url: invalid url"),
    ("another scheme", image(image_url="slack://a.png"), "image_url: invalid url"),
    ("an address elsewhere", image(image_url="https://example.org/a.png"), "image_url: downloading image failed"),
    ("an address that looks like ours", image(image_url=f"{OWN}1/a.png"), "image_url: downloading image failed"),
    ("a file that nobody shared", image(slack_file={"id": "F2PNG"}), "slack_file: invalid slack file"),
    ("a file by an address", image(slack_file={"url": "https://files.slack.com/F1PNG"}), "slack_file: invalid slack file"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "shown", "complaint"), BAD_IMAGES, ids=[row[0] for row in BAD_IMAGES])
def test_an_image_that_slack_refuses_is_refused_as_a_block_and_as_an_element(
    why: str, shown: Json, complaint: str
) -> None:
    payload = with_blocks(
        shown, {"type": "context", "elements": [shown]}, {"type": "section", "text": WORDS, "accessory": shown}
    )

    places = ("blocks/0", "blocks/1/elements/0", "blocks/2/accessory")
    assert complaints("message", payload, IMAGES) == [f"{place}/{complaint}" for place in places]


@pytest.mark.parametrize(
    "more",
    [{"block_id": "x" * 256}, {"title": WORDS | {"text": "x" * 2001}}, {"title": BLANK}, {"image_url": f"{OWN}/a.png"}],
)
def test_an_image_block_is_refused_for_what_only_blocks_have(more: Json) -> None:
    found = complaints("message", with_blocks(image(slack_file={"id": "F1PNG"}, **more)), IMAGES)

    assert len(found) == 1


def test_an_image_without_an_address_or_a_file_is_refused() -> None:
    assert complaints("message", with_blocks(image()), IMAGES) != []


@pytest.mark.parametrize(
    "shown",
    [
        image(image_url=f"{OWN}/a.png", alt_text="x" * 2000, title=WORDS, block_id="x" * 255),
        image(image_url=f"{OWN}/".ljust(3000, "x")),
        image(slack_file={"id": "F1PNG"}, title=WORDS | {"text": "x" * 2000}),
    ],
)
def test_an_image_that_slack_can_fetch_is_shown(shown: Json) -> None:
    assert complaints("message", with_blocks(shown), IMAGES) == []


def test_where_nothing_can_be_fetched_no_image_is_shown() -> None:
    for shown in (image(image_url=f"{OWN}/a.png"), image(image_url="/a.png"), image(slack_file={"id": "F1PNG"})):
        assert complaints("message", with_blocks(*message("Go on")["blocks"], shown)) != []
