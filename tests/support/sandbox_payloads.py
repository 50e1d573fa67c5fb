"""Made-up blocks, messages and views that Slack shows, for the tests of what it refuses. Each is on the edge of some rule."""

from typing import Any

from sandbox.refusals import Json
from sandbox_counterpart import button, field_of, message, modal, options, typed

LONG_URL = "https://example.org/" + "x" * 2980
WORDS = {"type": "plain_text", "text": "Words"}


def with_blocks(*blocks: Any) -> Json:
    """A message."""
    return {"text": "Said again for screen readers", "blocks": list(blocks)}


def home(*blocks: Any) -> Json:
    return {"type": "home", "blocks": list(blocks)}


def asking(element: Json) -> Json:
    """A modal with the element as its one field."""
    return modal(field_of("Field", element))


def pressing(*elements: Json) -> Json:
    """A message with the elements in a row."""
    return with_blocks({"type": "actions", "elements": list(elements)})


def select(kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "action_id": "chosen"} | more


def groups(*labels: str, **more: Any) -> list[Json]:
    """Option groups with an option each, named after them."""
    return [{"label": {"type": "plain_text", "text": label}, "options": options(label)} | more for label in labels]


def number(**more: Any) -> Json:
    return {"type": "number_input", "is_decimal_allowed": False} | more


def day(written: str) -> Json:
    return {"type": "datepicker", "initial_date": written}


def raw(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


def rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def table(*rows: list[Json]) -> Json:
    return {"type": "table", "rows": list(rows) or [raw("a", "b")]}


def data_table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "data_table", "caption": "Figures", "rows": list(rows) or [raw("a", "b"), raw("c", "d")]} | more


def chart(*series: Json, categories: tuple[str, ...] = ("A", "B")) -> Json:
    drawn = {"type": "bar", "series": list(series) or [line("Now")], "axis_config": {"categories": list(categories)}}
    return {"type": "data_visualization", "title": "Scores", "chart": drawn}


def line(name: str, *labels: str) -> Json:
    return {"name": name, "data": [{"label": label, "value": 1} for label in labels or ("A", "B")]}


def container(*blocks: Json) -> Json:
    return {"type": "container", "child_blocks": list(blocks)}


def video(**more: Any) -> Json:
    addresses = {"video_url": "https://example.org/v", "thumbnail_url": "https://example.org/t.png"}
    return {"type": "video", "alt_text": "Film", "title": WORDS} | addresses | more


TEN, HUNDRED = (options(*(f"Option {number}" for number in range(most))) for most in (10, 100))

GOOD_ELEMENTS = {
    "100 options, the last chosen": select(options=HUNDRED, initial_option=HUNDRED[99]),
    "a choice from a group": select(option_groups=groups("A", "B"), initial_option=options("B")[0]),
    "choices from two groups": select(
        "multi_static_select", option_groups=groups("A", "B"), initial_options=options("A", "B"), max_selected_items=2
    ),
    "a group's label of 75": select(option_groups=groups("x" * 75)),
    "a blank option": select(options=options(" ")),
    "equal texts": select(options=[{"text": WORDS, "value": "a"}, {"text": WORDS, "value": "b"}]),
    "one of at most one": select("multi_static_select", options=TEN, initial_options=TEN[:1], max_selected_items=1),
    "all boxes ticked": select("checkboxes", options=TEN, initial_options=TEN),
    "a radio button": select("radio_buttons", options=TEN, initial_option=TEN[9]),
    "nothing known of what is offered": select("external_select", initial_option=options("A")[0]),
    "several of them": select("multi_external_select", initial_options=options("A", "B"), max_selected_items=2),
    "a person": select("users_select", initial_user="W012A3CDE"),
    "people": select("multi_users_select", initial_users=["U02AMARA", "U03BEN"], max_selected_items=2),
    "nobody": select("multi_users_select", initial_users=[]),
    "a channel": select("channels_select", initial_channel="C03RESULTS"),
    "channels": select("multi_channels_select", initial_channels=["C03RESULTS", "G012AC86C"]),
    "a conversation": select("conversations_select", initial_conversation="D02AMARA", filter={"include": ["im"]}),
    "conversations": select("multi_conversations_select", filter={"exclude_bot_users": False}),
    "a text of exactly so many": typed(min_length=3, max_length=3, initial_value="abc"),
    "nothing, where 3 are asked for": typed(min_length=3, initial_value=""),
    "the widest bounds": typed(min_length=0, max_length=3000),
    "the least that can be the most": typed(max_length=1),
    "the most that can be the least": typed(min_length=3000),
    "5,000 at first": typed(initial_value="x" * 5000),
    "a number of exactly so much": number(min_value="5", max_value="5", initial_value="5"),
    "fractions": number(is_decimal_allowed=True, min_value="-0.5", initial_value="0.25"),
    "a file": {"type": "file_input", "max_files": 1},
    "10 files": {"type": "file_input", "max_files": 10},
    "a leap day": day("2028-02-29"),
    "midnight": {"type": "timepicker", "initial_time": "00:00", "timezone": "America/Argentina/Buenos_Aires"},
    "the last minute": {"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/Lisbon"},
    "eight in the evening": {"type": "timepicker", "initial_time": "20:00"},
    "the first instant of ten digits": {"type": "datetimepicker", "initial_date_time": 10**9},
    "the last instant of ten digits": {"type": "datetimepicker", "initial_date_time": 10**10 - 1},
}

GOOD = {
    "only words": ("message", {"text": "Only words"}),
    "half a surrogate pair": ("message", message(text="half a surrogate pair: \ud83d")),
    "buttons": ("message", message("Never", "Often")),
    "a link": ("message", pressing(button("a", url=LONG_URL), button("b", url="HTTP://example.org"))),
    "links that aren't of the web": (
        "message",
        pressing(button("a", url="slack://user?team=T1&id=U1"), button("b", url="mailto:a@example.org")),
    ),
    "an overflow menu": (
        "message",
        pressing(select("overflow", options=[{"text": WORDS, "url": "https://example.org"}, *options("A")])),
    ),
    "blanks where they leave room": (
        "message",
        with_blocks(
            {"type": "section", "fields": [{"type": "mrkdwn", "text": " "}]},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": " "}]},
        ),
    ),
    "a table of 10,000 characters": ("message", with_blocks(table([*raw("x" * 4000), rich("x" * 6000)]))),
    "a table's blank cell": ("message", with_blocks(table(raw("a", " ")))),
    "a table of each kind": ("message", with_blocks(table(), data_table(row_header_column_index=1))),
    "a rich cell": ("message", with_blocks(data_table(raw("a", "b"), [rich("c"), *raw("d")]))),
    "two charts": ("message", with_blocks(chart(line("Now"), line("Then", "B", "A")), chart())),
    "a pie": (
        "message",
        with_blocks(
            chart() | {"chart": {"type": "pie", "segments": [{"label": "A", "value": 1}, {"label": "A", "value": 2}]}}
        ),
    ),
    "a container": ("message", with_blocks(container(table(), message("Press")["blocks"][1]))),
    "cards": ("message", with_blocks({"type": "carousel", "elements": [{"type": "card", "actions": [button("a")]}]})),
    "a video": (
        "message",
        with_blocks(
            video(title_url="HTTPS://example.org", author_name="x" * 50, description=WORDS | {"text": "x" * 200})
        ),
    ),
    "a field": ("modal", modal(field_of("Name", typed(placeholder=WORDS), hint=WORDS))),
    "a home": ("home", home(*message("Go on")["blocks"], data_table())),
} | {name: ("modal", asking(element)) for name, element in GOOD_ELEMENTS.items()}
"""By what it shows: the surface, and what is sent."""
