"""Turns Slack's payloads into values, on the line where they enter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Payload = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")


LONGEST_ID = 9
"""Digits."""


class Unreadable(Exception):
    """A payload lacks what Slack always sends: it is not Slack's, or of a kind that we don't know."""


def reads(reading: Callable[P, T]) -> Callable[P, T]:
    """What is missing or misshapen in a payload raises Unreadable, which is answered with a 400."""

    @wraps(reading)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return reading(*args, **kwargs)
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
            raise Unreadable(type(error).__name__) from None

    return guarded


def id_in(words: str) -> int:
    """A row's number as it travels. Raises ValueError where it can be none: a database takes no number of any size."""
    if not (words.isascii() and words.isdecimal() and len(words) <= LONGEST_ID):
        raise ValueError("no number of a row")
    return int(words)


@dataclass(frozen=True)
class Who:
    """Who did it, by the signed payload alone. `home_team_id` differs from `team_id` for people of other organizations."""

    team_id: str
    person_id: str
    home_team_id: str

    @property
    def is_stranger(self) -> bool:
        return self.home_team_id != self.team_id


@dataclass(frozen=True)
class Command:
    who: Who
    word: str
    text: str
    channel_id: str
    response_url: str
    trigger_id: str


@dataclass(frozen=True)
class Press:
    """A button pressed, or an option chosen. `value` is what we once packed into it; None where there is nothing.

    `response_url` is None for what is pressed in a modal or on Home; `view` is None for what is pressed in a message.
    """

    who: Who
    action_id: str
    value: str | None
    trigger_id: str
    response_url: str | None
    channel_id: str | None
    message_ts: str | None
    view_id: str | None
    view_metadata: str = ""

    @property
    def place(self) -> tuple[str, str] | None:
        """The channel and ts of the message that was pressed."""
        return (self.channel_id, self.message_ts) if self.channel_id and self.message_ts else None


@dataclass(frozen=True)
class Submission:
    """A modal submitted. `chosen` has, by block_id, what was typed or chosen: a string, or a tuple of strings."""

    who: Who
    view_id: str
    metadata: str
    chosen: dict[str, str | tuple[str, ...] | None] = field(default_factory=dict)

    def one(self, block_id: str) -> str | None:
        value = self.chosen.get(block_id)
        return value if isinstance(value, str) else None

    def many(self, block_id: str) -> tuple[str, ...]:
        value = self.chosen.get(block_id)
        return value if isinstance(value, tuple) else ()


@reads
def command(body: Payload) -> Command:
    team_id = body["team_id"]
    return Command(
        Who(team_id, body["user_id"], team_id),
        body["command"],
        body.get("text", "").strip(),
        body.get("channel_id", ""),
        body["response_url"],
        body.get("trigger_id", ""),
    )


@reads
def press(body: Payload) -> Press:
    action = body["actions"][0]
    view = body.get("view") or {}
    container = body.get("container") or {}
    return Press(
        _who(body),
        action["action_id"],
        action.get("value") or (action.get("selected_option") or {}).get("value"),
        body.get("trigger_id", ""),
        body.get("response_url"),
        (body.get("channel") or {}).get("id") or container.get("channel_id"),
        container.get("message_ts"),
        view.get("id"),
        view.get("private_metadata", ""),
    )


@reads
def submission(body: Payload) -> Submission:
    view = body["view"]
    chosen = {
        block_id: _chosen(state) for block_id, states in view["state"]["values"].items() for state in states.values()
    }
    return Submission(_who(body), view["id"], view.get("private_metadata", ""), chosen)


@reads
def opened_home(body: Payload) -> Who | None:
    """Who opened the Home tab; None where it was another tab."""
    event = body["event"]
    return Who(body["team_id"], event["user"], body["team_id"]) if event.get("tab") == "home" else None


@reads
def revoked_bots(body: Payload) -> tuple[str, ...]:
    """The app's own users whose tokens were revoked; people's tokens are none of ours."""
    return tuple(body["event"]["tokens"].get("bot") or ())


def _who(body: Payload) -> Who:
    user = body["user"]
    team_id = (body.get("team") or {}).get("id") or user.get("team_id", "")
    return Who(team_id, user["id"], user.get("team_id") or team_id)


def _chosen(state: Payload) -> str | tuple[str, ...] | None:
    for key in ("selected_users", "selected_conversations", "selected_channels"):
        if key in state:
            return tuple(state[key] or ())
    if "selected_options" in state:
        return tuple(option["value"] for option in state["selected_options"] or ())
    if "selected_option" in state:
        return (state["selected_option"] or {}).get("value")
    for key in ("selected_conversation", "selected_channel", "selected_user", "selected_date", "value"):
        if key in state:
            return state[key]  # type: ignore[no-any-return]
    return None
