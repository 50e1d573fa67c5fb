"""Slack's rules for what can be pressed, chosen or filled in, beyond the published shapes.

Each function is a rule and names its page under docs.slack.dev, block elements, where that isn't the element's own.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from zoneinfo import ZoneInfo

from sandbox.image_rules import WEB_ADDRESS, Broken
from sandbox.refusals import Json
from sandbox.states import options_of

MOST_OPTIONS, LONGEST_GROUP_LABEL = 100, 75
LONGEST_INPUT = 3000
MOST_FILES = 10
OTHER_ADDRESS = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*://.+|(mailto|tel):.+", re.IGNORECASE)
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
USER, CHANNEL, CONVERSATION = (re.compile(f"[{first}][A-Z0-9]+") for first in ("UW", "CG", "CDGUW"))
CHOSEN_AT_FIRST = {
    "initial_user": USER,
    "initial_users": USER,
    "initial_channel": CHANNEL,
    "initial_channels": CHANNEL,
    "initial_conversation": CONVERSATION,
    "initial_conversations": CONVERSATION,
}
SEVERAL_AT_FIRST = ("initial_options", "initial_users", "initial_channels", "initial_conversations")


# Options.


def options_have_one_source(element: Json) -> Broken:
    """Source: select menu, multi-select menu: options or option_groups, never both."""
    if ("options" in element) == ("option_groups" in element):
        yield "options", "must define either `options` or `option_groups`"
    elif element.get("option_groups") == []:
        yield "option_groups", "no fewer than 1 items allowed"


def options_are_of_a_fit_number(element: Json) -> Broken:
    """Source: select menu; composition objects, option group."""
    for place, options in _lists_of_options(element):
        if not options:
            yield place, "no fewer than 1 items allowed"
        elif len(options) > MOST_OPTIONS:
            yield place, f"no more than {MOST_OPTIONS} items allowed"
    for number, group in enumerate(element.get("option_groups", ())):
        label = group["label"]["text"]
        if not label.strip():
            yield f"option_groups/{number}/label/text", "must be more than 0 characters"
        elif len(label) > LONGEST_GROUP_LABEL:
            yield f"option_groups/{number}/label/text", f"must be less than {LONGEST_GROUP_LABEL + 1} characters"


def options_differ(element: Json) -> Broken:
    """Source: composition objects, option: its value is unique."""
    values = [option["value"] for option in options_of(element) if "value" in option]
    if len(set(values)) < len(values):
        times = Counter(values)
        for place, option in _placed_options(element):
            if times[option.get("value")] > 1:
                yield f"{place}/value", f"duplicate value {option['value']!r}"


def options_have_no_address(element: Json) -> Broken:
    """Source: composition objects, option: url is for overflow menus only (slack-go#612: even an empty one is refused)."""
    if any("url" in option for option in options_of(element)):
        for place, option in _placed_options(element):
            if "url" in option:
                yield f"{place}/url", "invalid additional property: url"


def addresses_of_options_open(element: Json) -> Broken:
    """Source: composition objects, option."""
    for place, option in _placed_options(element):
        if "url" in option and not _is_address(option["url"]):
            yield f"{place}/url", "invalid url"


def what_is_chosen_at_first_is_offered(element: Json) -> Broken:
    """Source: select menu: it exactly matches one of the options. An empty list matches none, and is refused with this, too."""
    for name in ("initial_option", "initial_options"):
        if name in element:
            chosen = element[name] if isinstance(element[name], list) else [element[name]]
            offered = options_of(element)
            if not chosen or any(_identity(option) not in map(_identity, offered) for option in chosen):
                yield name, "must be one of the provided options"


def as_many_are_chosen_at_first_as_may_be(element: Json) -> Broken:
    """Source: multi-select menu: max_selected_items is at least 1."""
    most = element.get("max_selected_items")
    if most is None:
        return
    if not _is_whole(most) or most < 1:
        yield "max_selected_items", "must be an integer of 1 or more"
        return
    for name in SEVERAL_AT_FIRST:
        if len(element.get(name, ())) > most:
            yield name, f"no more than {most} items allowed"


# People and conversations.


def ids_look_like_ids(element: Json) -> Broken:
    for name, form in CHOSEN_AT_FIRST.items():
        if name in element:
            ids = element[name] if isinstance(element[name], list) else [element[name]]
            if not all(form.fullmatch(one) for one in ids):
                yield name, "is not the id of such a user, channel or conversation"


def filter_is_not_empty(element: Json) -> Broken:
    """Source: composition objects, conversation filter: one field at least, and include is not empty."""
    if "filter" in element:
        if not element["filter"]:
            yield "filter", "must define one of `include`, `exclude_external_shared_channels`, `exclude_bot_users`"
        elif element["filter"].get("include") == []:
            yield "filter/include", "no fewer than 1 items allowed"


# Text and numbers.


def lengths_agree(element: Json) -> Broken:
    """Source: plain-text input; node-slack-sdk#940. What stands in it at first has no limit of its own."""
    least, most = element.get("min_length", 0), element.get("max_length", LONGEST_INPUT)
    if not _is_whole(least) or not 0 <= least <= LONGEST_INPUT:
        yield "min_length", f"must be an integer from 0 to {LONGEST_INPUT}"
    elif not _is_whole(most) or not 1 <= most <= LONGEST_INPUT:
        yield "max_length", f"must be an integer from 1 to {LONGEST_INPUT}"
    elif least > most:
        yield "min_length", "is more than max_length"
    elif "max_length" in element and len(element.get("initial_value", "")) > most:
        yield "initial_value", f"must be less than {int(most) + 1} characters"
    elif 0 < len(element.get("initial_value", "")) < least:
        yield "initial_value", f"must be more than {int(least) - 1} characters"


def numbers_agree(element: Json) -> Broken:
    numbers = {}
    for name in ("min_value", "max_value", "initial_value"):
        if name in element:
            number = _number(element[name])
            if number is None:
                yield name, "must be a number"
                return
            if not element["is_decimal_allowed"] and number != number.to_integral_value():
                yield name, "must be an integer, since is_decimal_allowed is false"
            numbers[name] = number
    least, most = numbers.get("min_value", Decimal("-Infinity")), numbers.get("max_value", Decimal("Infinity"))
    if least > most:
        yield "min_value", "is more than max_value"
    elif not least <= numbers.get("initial_value", least) <= most:
        yield "initial_value", "is not from min_value to max_value"


def files_are_of_a_fit_number(element: Json) -> Broken:
    most = element.get("max_files", MOST_FILES)
    if not _is_whole(most) or not 1 <= most <= MOST_FILES:
        yield "max_files", f"must be an integer from 1 to {MOST_FILES}"


# Days and times.


def date_exists(element: Json) -> Broken:
    """Source: date picker: YYYY-MM-DD."""
    if "initial_date" in element and not _is_date(element["initial_date"]):
        yield "initial_date", "is not a date like 2026-12-08"


def time_exists(element: Json) -> Broken:
    """Source: time picker: HH:mm, and a zone of the IANA."""
    if "initial_time" in element and not TIME.fullmatch(element["initial_time"]):
        yield "initial_time", "is not a time like 09:30"
    if "timezone" in element and not _is_zone(element["timezone"]):
        yield "timezone", "is not a time zone like America/Chicago"


def instant_exists(element: Json) -> Broken:
    """Source: datetime picker: Unix time in seconds, ten digits."""
    if "initial_date_time" in element:
        instant = element["initial_date_time"]
        if not _is_whole(instant) or not 10**9 <= instant < 10**10:
            yield "initial_date_time", "is not Unix time in seconds, ten digits"


# Buttons.


def address_opens(element: Json) -> Broken:
    """Source: button. Slack's sentence is cited in MacPaw/together-app#4."""
    if "url" in element and not _is_address(element["url"]):
        yield "url", "invalid url"


Rule = Callable[[Json], Broken]
OFFERS: tuple[Rule, ...] = (
    options_are_of_a_fit_number,
    options_differ,
    options_have_no_address,
    what_is_chosen_at_first_is_offered,
)
SEVERAL: tuple[Rule, ...] = (as_many_are_chosen_at_first_as_may_be,)
RULES: dict[str, tuple[Rule, ...]] = {
    "button": (address_opens,),
    "overflow": (options_differ, addresses_of_options_open),
    "radio_buttons": OFFERS,
    "checkboxes": OFFERS,
    "static_select": (options_have_one_source, *OFFERS),
    "multi_static_select": (options_have_one_source, *OFFERS, *SEVERAL),
    "multi_external_select": SEVERAL,
    "users_select": (ids_look_like_ids,),
    "multi_users_select": (ids_look_like_ids, *SEVERAL),
    "channels_select": (ids_look_like_ids,),
    "multi_channels_select": (ids_look_like_ids, *SEVERAL),
    "conversations_select": (ids_look_like_ids, filter_is_not_empty),
    "multi_conversations_select": (ids_look_like_ids, filter_is_not_empty, *SEVERAL),
    "plain_text_input": (lengths_agree,),
    "number_input": (numbers_agree,),
    "file_input": (files_are_of_a_fit_number,),
    "datepicker": (date_exists,),
    "timepicker": (time_exists,),
    "datetimepicker": (instant_exists,),
}
"""By type of element."""


def _lists_of_options(element: Json) -> Iterator[tuple[str, list[Json]]]:
    if "options" in element:
        yield "options", element["options"]
    for number, group in enumerate(element.get("option_groups", ())):
        yield f"option_groups/{number}/options", group["options"]


def _placed_options(element: Json) -> Iterator[tuple[str, Json]]:
    for place, options in _lists_of_options(element):
        for number, option in enumerate(options):
            yield f"{place}/{number}", option


def _identity(option: Json) -> tuple[str, str | None]:
    return option["text"]["text"], option.get("value")


def _is_whole(number: float) -> bool:
    return isinstance(number, int) or number.is_integer()


def _number(written: str) -> Decimal | None:
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_address(address: str) -> bool:
    return bool(WEB_ADDRESS.fullmatch(address) or OTHER_ADDRESS.fullmatch(address))


def _is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


@cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such name, no name of this form, a folder of names
        return False
    return True
