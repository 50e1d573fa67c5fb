"""The state of a field has Slack's shape, and nothing stands in it that the field does not offer."""

from typing import Any

import pytest

from sandbox.refusals import Json
from sandbox.states import filled_state, is_offered
from sandbox_counterpart import NURSE, button, options

SELECT = {"type": "static_select", "action_id": "it", "options": options("A", "B")}
MENU = SELECT | {"type": "overflow"}
BOXES = SELECT | {"type": "checkboxes"}
GROUPED = {
    "type": "multi_static_select",
    "action_id": "it",
    "option_groups": [{"label": {"type": "plain_text", "text": "All"}, "options": options("A", "B")}],
    "max_selected_items": 1,
}
A, B, C = options("A", "B", "C")


@pytest.mark.parametrize(
    ("element", "chosen", "offered"),
    [
        (SELECT, {"selected_option": B}, True),
        (SELECT, {"type": "static_select", "selected_option": B}, True),
        (SELECT, {"selected_option": C}, False),
        (SELECT, {"selected_option": "b"}, False),
        (SELECT, {"selected_option": None}, False),
        (SELECT, {"selected_user": NURSE}, False),
        (SELECT, {"selected_option": B, "value": "more"}, False),
        (SELECT, None, False),
        (MENU, {"selected_option": A}, True),
        (MENU, {"selected_option": C}, False),
        (BOXES, {"selected_options": [A, B]}, True),
        (BOXES, {"selected_options": []}, True),
        (BOXES, {"selected_options": [A, C]}, False),
        (BOXES, {"selected_options": None}, False),
        (GROUPED, {"selected_options": [B]}, True),
        (GROUPED, {"selected_options": [A, B]}, False),
        ({"type": "users_select", "action_id": "it"}, {"selected_user": NURSE}, True),
        ({"type": "datepicker", "action_id": "it"}, {"selected_date": None}, True),
        (button("It"), None, True),
        (button("It"), {"selected_option": A}, False),
    ],
)
def test_what_is_offered_can_be_chosen_and_nothing_else(element: Json, chosen: Json | None, offered: bool) -> None:
    assert is_offered(element, chosen) is offered


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ({"name": {"typed": {"type": "plain_text_input", "value": "Ben"}}}, "Ben"),
        ({"name": {"typed": {"type": "plain_text_input", "value": ""}}}, None),
        ({"name": {"typed": {"type": "number_input", "value": "7"}}}, "Amara"),
        ({"name": {"typed": {"type": "plain_text_input", "text": "Ben"}}}, "Amara"),
        ({"name": {"typed": "Ben"}}, "Amara"),
        ({"name": "Ben"}, "Amara"),
        ({"nickname": {"typed": {"type": "plain_text_input", "value": "Ben"}}}, "Amara"),
        (None, "Amara"),
    ],
)
def test_a_field_keeps_what_stands_in_it_unless_something_of_its_kind_is_typed(typed: Any, value: str | None) -> None:
    standing = {"name": {"typed": {"type": "plain_text_input", "value": "Amara"}}}

    assert filled_state(standing, typed) == {"name": {"typed": {"type": "plain_text_input", "value": value}}}
