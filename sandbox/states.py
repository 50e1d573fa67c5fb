"""What stands in the fields of a message or view, in the shape in which Slack sends it, and what is wrong with it?"""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sandbox.refusals import Json

INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
"""By type of element: the key of what is chosen in Slack's state, and of what is chosen at first."""
SEVERAL = frozenset(kind for kind, (key, _) in INITIAL.items() if key.endswith("s"))
REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def elements_of(block: Json) -> list[Json]:
    """What can be pressed, chosen or filled in, in a block."""
    found = [block[name] for name in ("element", "accessory") if name in block]
    return found + (block.get("elements", []) if block["type"] == "actions" else [])


def acting_in(block: Json) -> list[Json]:
    """What the bot hears of as soon as it is pressed or chosen: not the fields that wait for Submit."""
    return elements_of(block) if block["type"] != "input" or block.get("dispatch_action") else []


def options_of(element: Json) -> list[Json]:
    """What a select, radio buttons, checkboxes or an overflow menu offers."""
    groups = [group["options"] for group in element.get("option_groups", ())]
    return [*element.get("options", ()), *(option for group in groups for option in group)]


def state(element: Json, chosen: Any) -> Json:
    """The state of one element in which `chosen` stands."""
    key, _ = INITIAL[element["type"]]
    return {"type": element["type"], key: chosen}


def chosen_in(state_: Json) -> Any:
    """What stands in one element's state; None or empty where nothing does."""
    return next((value for name, value in state_.items() if name != "type"), None)


def initial_state(blocks: list[Json]) -> Json:
    """Block_id to action_id to state, for all that can be filled in, before anybody has touched it."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in INITIAL:
                nothing: Any = [] if element["type"] in SEVERAL else None
                chosen = element.get(INITIAL[element["type"]][1], nothing)
                values.setdefault(block["block_id"], {})[element["action_id"]] = state(element, chosen)
    return values


def filled_state(values: Json, typed: Any) -> Json:
    """The state `values` with what was typed and chosen in its place; what the view has no such field for is dropped."""
    return {
        block_id: {action_id: _kept(_at(typed, block_id, action_id), now) for action_id, now in states.items()}
        for block_id, states in values.items()
    }


def kept_state(before: Json, after: Json) -> Json:
    """The state of a view that is shown in place of another: a field with the same ids keeps what stands in it.

    Source: docs.slack.dev, updating views: to reset a field, its block_id or action_id has to change.
    """
    return filled_state(initial_state(after["blocks"]), before["state"]["values"])


def wrong_fields(blocks: list[Json], values: Json) -> dict[str, str]:
    """Block_id to what Slack's own client would say about the field, before it bothers the bot."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            chosen = chosen_in(values.get(block["block_id"], {}).get(element["action_id"], {}))
            empty = chosen in (None, "", [])
            complaint = (None if block.get("optional") else REQUIRED) if empty else _complaint(element, chosen)
            if complaint:
                found[block["block_id"]] = complaint
    return found


def is_offered(element: Json, chosen: Json | None) -> bool:
    """Whether that can be chosen at this element, as Slack's state has it; at a button nothing can."""
    kind = element["type"]
    key = "selected_option" if kind == "overflow" else INITIAL.get(kind, ("",))[0]
    if not chosen:
        return not key
    if set(chosen) - {"type"} != {key}:
        return False
    if "options" not in element and "option_groups" not in element:
        return True
    several = chosen[key] if kind in SEVERAL else [chosen[key]]
    return isinstance(several, list) and _offered(element, several)


def _at(typed: Any, *path: str) -> Any:
    for name in path:
        typed = typed.get(name) if isinstance(typed, dict) else None
    return typed


def _kept(typed: Any, fresh: Json) -> Json:
    """Slack sends null for a text field that is left, or made, empty."""
    if not isinstance(typed, dict) or typed.get("type") != fresh["type"] or set(typed) != set(fresh):
        return fresh
    return {name: None if value == "" else value for name, value in typed.items()}


def _complaint(element: Json, chosen: Any) -> str | None:
    match element["type"]:
        case "plain_text_input":
            return _wrong_length(element, chosen)
        case "number_input":
            return _wrong_number(element, chosen)
        case "email_text_input":
            return None if EMAIL.fullmatch(chosen) else "Please enter a valid email address."
        case "url_text_input":
            return None if urlsplit(chosen).scheme else "Please enter a valid URL."
        case "datepicker":
            return None if _is_date(chosen) else "Please choose a date."
        case "static_select" | "radio_buttons":
            return None if _offered(element, [chosen]) else "Please choose one of the options."
        case "multi_static_select" | "checkboxes":
            return None if _offered(element, chosen) else "Please choose among the options."
        case _:
            return None


def _offered(element: Json, chosen: list[Json]) -> bool:
    most = element.get("max_selected_items", len(chosen))
    offered = [option["value"] for option in options_of(element)]
    return len(chosen) <= most and all(_at(option, "value") in offered for option in chosen)


def _wrong_length(element: Json, text: str) -> str | None:
    if len(text) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(text) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def _wrong_number(element: Json, text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    if number < float(element.get("min_value", number)) or number > float(element.get("max_value", number)):
        return "Please enter a number in the range that is allowed."
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
