"""What Slack refuses about buttons, menus and fields although they have the published shape.

Each row has the one complaint's place in the element and how it begins.
"""

from typing import Any

import pytest

from sandbox.refusals import Json
from sandbox.strictness import complaints
from sandbox_counterpart import button, options, typed
from sandbox_payloads import HUNDRED, LONG_URL, TEN, WORDS, asking, day, groups, number, pressing, select, with_blocks

NOT_OFFERED = "must be one of the provided"
NONE = "no fewer than 1 items"
ONE_SOURCE = "options: must define either"
NO_ID = "is not the id"
INTEGER = "max_selected_items: must be an integer"
BLANK = {"type": "plain_text", "text": " \u3000\n"}
LINKED = {"text": WORDS, "value": "a", "url": "https://example.org"}
A, B, C = options("A", "B", "C")


def boxes(**more: Any) -> Json:
    return select("checkboxes", **more)


def several(**more: Any) -> Json:
    return select("multi_static_select", **more)


def two(kind: str, *ids: str) -> Json:
    """Two chosen at first where one may be."""
    return {f"initial_{kind}": list(ids), "max_selected_items": 1}


def time(written: str = "09:30", zone: str = "America/Chicago") -> Json:
    return {"type": "timepicker", "initial_time": written, "timezone": zone}


def instant(seconds: float) -> Json:
    return {"type": "datetimepicker", "initial_date_time": seconds}


OPTIONS = [
    ("a choice that isn't offered", select(options=[A, B], initial_option=C), f"initial_option: {NOT_OFFERED}"),
    ("another text", select(options=[A], initial_option=A | {"text": WORDS}), f"initial_option: {NOT_OFFERED}"),
    ("another value", select(options=[A], initial_option=A | {"value": "b"}), f"initial_option: {NOT_OFFERED}"),
    ("a choice of no group", select(option_groups=groups("A", "B"), initial_option=C), f"initial_option: {NOT_OFFERED}"),
    ("a group's label", select(option_groups=groups("Night"), initial_option=A), f"initial_option: {NOT_OFFERED}"),
    ("a radio button", select("radio_buttons", options=[A], initial_option=B), f"initial_option: {NOT_OFFERED}"),
    ("one box of two", boxes(options=[A, B], initial_options=[A, C]), f"initial_options: {NOT_OFFERED}"),
    ("a list of no boxes", boxes(options=[A], initial_options=[]), f"initial_options: {NOT_OFFERED}"),
    ("several that aren't offered", several(options=[A], initial_options=[B]), f"initial_options: {NOT_OFFERED}"),
    ("a list of none of several", several(options=[A], initial_options=[]), f"initial_options: {NOT_OFFERED}"),
    ("no options", select(options=[]), f"options: {NONE}"),
    ("no options to choose several of", several(options=[]), f"options: {NONE}"),
    ("no groups", select(option_groups=[]), f"option_groups: {NONE}"),
    ("an empty group", several(option_groups=groups("A") + groups("B", options=[])), f"option_groups/1/options: {NONE}"),
    ("101 in a group", select(option_groups=groups("A", options=[*HUNDRED, A])), "option_groups/0/options: no more than 100"),
    ("a group's label of 76", select(option_groups=groups("x" * 76, options=[A])), "option_groups/0/label/text: must be less"),
    ("a group's blank label", select(option_groups=groups("A", label=BLANK)), "option_groups/0/label/text: must be more"),
    ("neither options nor groups", select(), ONE_SOURCE),
    ("both options and groups", select(options=[A], option_groups=groups("B")), ONE_SOURCE),
    ("both, for several", several(options=[A], option_groups=groups("B")), ONE_SOURCE),
    ("a link in a select", select(options=[B, LINKED]), "options/1/url: invalid additional property"),
    ("a link beside a radio button", select("radio_buttons", options=[LINKED]), "options/0/url: invalid additional property"),
    ("at most nothing", several(options=[A], max_selected_items=0), INTEGER),
    ("less than nothing", select("multi_users_select", max_selected_items=-1), INTEGER),
    ("one and a half", select("multi_external_select", max_selected_items=1.5), INTEGER),
    ("too many options", several(options=TEN, initial_options=TEN[:3], max_selected_items=2), "initial_options: no more than 2"),
    ("too many people", select("multi_users_select", **two("users", "U1", "U2")), "initial_users: no more than 1"),
    ("too many channels", select("multi_channels_select", **two("channels", "C1", "C2")), "initial_channels: no more than 1"),
    ("too many places", select("multi_conversations_select", **two("conversations", "C1", "D1")), "initial_conversations: no more"),
    ("a person's name", select("users_select", initial_user="Amara"), f"initial_user: {NO_ID}"),
    ("a channel for a person", select("multi_users_select", initial_users=["U1", "C1"]), f"initial_users: {NO_ID}"),
    ("a channel's name", select("channels_select", initial_channel="#general"), f"initial_channel: {NO_ID}"),
    ("a person for a channel", select("multi_channels_select", initial_channels=["D1"]), f"initial_channels: {NO_ID}"),
    ("a place's name", select("conversations_select", initial_conversation="general"), f"initial_conversation: {NO_ID}"),
    ("small letters", select("multi_conversations_select", initial_conversations=["c1"]), f"initial_conversations: {NO_ID}"),
    ("a filter of nothing", select("conversations_select", filter={}), "filter: must define one of"),
    ("a filter for none", select("multi_conversations_select", filter={"include": []}), f"filter/include: {NONE}"),
]  # fmt: skip

FIELDS = [
    ("at least fewer than none", typed(min_length=-1), "min_length: must be an integer from 0"),
    ("at least 3,001", typed(min_length=3001), "min_length: must be an integer from 0"),
    ("at most none", typed(max_length=0), "max_length: must be an integer from 1"),
    ("at most 3,001", typed(max_length=3001), "max_length: must be an integer from 1"),
    ("at most two and a half", typed(max_length=2.5), "max_length: must be an integer from 1"),
    ("at least more than at most", typed(min_length=4, max_length=3), "min_length: is more than max_length"),
    ("too long a text at first", typed(max_length=3, initial_value="abcd"), "initial_value: must be less than 4"),
    ("one letter at first", typed(min_length=2, initial_value="a"), "initial_value: must be more than 1"),
    ("too short a text at first", typed(min_length=3, initial_value="ab"), "initial_value: must be more than 2"),
    ("a bound that is no number", number(min_value="few"), "min_value: must be a number"),
    ("a bound that is nothing", number(max_value=""), "max_value: must be a number"),
    ("a bound without end", number(max_value="Infinity"), "max_value: must be a number"),
    ("a word at first", number(initial_value="one"), "initial_value: must be a number"),
    ("half, where wholes are asked for", number(min_value="0.5"), "min_value: must be an integer"),
    ("half at first", number(initial_value="1.5"), "initial_value: must be an integer"),
    ("from more to less", number(min_value="10", max_value="9"), "min_value: is more than max_value"),
    ("less than the least", number(min_value="5", initial_value="4"), "initial_value: is not from min_value"),
    ("more than the most", number(max_value="5", initial_value="6"), "initial_value: is not from min_value"),
    ("no files", {"type": "file_input", "max_files": 0}, "max_files: must be an integer from 1"),
    ("11 files", {"type": "file_input", "max_files": 11}, "max_files: must be an integer from 1"),
    ("30 February", day("2026-02-30"), "initial_date: is not a date"),
    ("a date without dashes", day("20261208"), "initial_date: is not a date"),
    ("a date as people write it", day("12/08/2026"), "initial_date: is not a date"),
    ("25:61", time("25:61"), "initial_time: is not a time"),
    ("12:60", time("12:60"), "initial_time: is not a time"),
    ("24:00", time("24:00"), "initial_time: is not a time"),
    ("one digit for the hour", time("9:30"), "initial_time: is not a time"),
    ("seconds", time("09:30:00"), "initial_time: is not a time"),
    ("a zone that isn't there", time(zone="America/Gotham"), "timezone: is not a time zone"),
    ("half a zone", time(zone="America"), "timezone: is not a time zone"),
    ("no zone", time(zone=""), "timezone: is not a time zone"),
    ("a file for a zone", time(zone="../../etc/passwd"), "timezone: is not a time zone"),
    ("an instant in milliseconds", instant(1628633820000), "initial_date_time: is not Unix time"),
    ("an instant in 1970", instant(86400), "initial_date_time: is not Unix time"),
    ("an instant of eleven digits", instant(10**10), "initial_date_time: is not Unix time"),
    ("half an instant", instant(1628633820.5), "initial_date_time: is not Unix time"),
    ("a blank placeholder", typed(placeholder=BLANK), "placeholder/text: must be more than 0"),
]  # fmt: skip

BUTTONS = [
    ("an address without a scheme", button("a", url="example.org"), "url: invalid url"),
    ("an address without a host", button("a", url="https://"), "url: invalid url"),
    ("an address of a script", button("a", url="javascript:alert(1)"), "url: invalid url"),
    ("an address of nothing", button("a", url=""), "url: invalid url"),
    ("words for an address", button("a", url="our page"), "url: invalid url"),
    ("an option's address", select("overflow", options=[LINKED | {"url": "http:///a"}]), "options/0/url: invalid url"),
    ("a blank label", button("a", text=BLANK), "text/text: must be more than 0"),
]


@pytest.mark.parametrize(("why", "element", "complaint"), OPTIONS + FIELDS, ids=[row[0] for row in OPTIONS + FIELDS])
def test_a_field_that_slack_refuses_is_refused_at_its_place(why: str, element: Json, complaint: str) -> None:
    (found,) = complaints("modal", asking(element))

    assert found.startswith(f"blocks/0/element/{complaint}")


@pytest.mark.parametrize(("why", "element", "complaint"), BUTTONS, ids=[row[0] for row in BUTTONS])
def test_a_button_that_slack_refuses_is_refused_at_its_place(why: str, element: Json, complaint: str) -> None:
    (found,) = complaints("message", pressing(button("Good"), element))

    assert found.startswith(f"blocks/0/elements/1/{complaint}")


def test_an_address_of_3001_is_refused_by_its_length() -> None:
    (found,) = complaints("message", pressing(button("a", url=LONG_URL + "x")))

    assert found.startswith("blocks/0/elements/0/url: ")


@pytest.mark.parametrize("kind", ["static_select", "radio_buttons", "checkboxes", "multi_static_select", "overflow"])
def test_values_differ_from_each_other(kind: str) -> None:
    section = {"type": "section", "text": WORDS, "accessory": select(kind, options=[A, B, A])}

    found = complaints("message", with_blocks(section))

    places = ("options/0", "options/2")
    assert found == [f"blocks/0/accessory/{place}/value: duplicate value 'a'" for place in places]


def test_values_differ_over_groups_too() -> None:
    found = complaints("modal", asking(select(option_groups=groups("A", "B", "A"))))

    assert [complaint.partition(":")[0] for complaint in found] == [
        "blocks/0/element/option_groups/0/options/0/value",
        "blocks/0/element/option_groups/2/options/0/value",
    ]
