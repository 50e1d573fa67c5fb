"""Says whether a payload has the shape that Slack's payloads of its kind have, as far as Bolt and this bot rely on it.

Bolt looks for who and where in several places of any payload, and stumbles over what is of another type. The kinds that this
bot hears are listed here; anything else is not for it. Fields that nobody looks at may be anything.
Source: docs.slack.dev, reference of interaction payloads, slash commands, and the Events API's outer payload.
"""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, StringConstraints, TypeAdapter
from typing_extensions import TypedDict  # pydantic takes typing's own from Python 3.12 on

Id = Annotated[str, StringConstraints(pattern="^[0-9A-Za-z]{1,64}$")]
"""Slack's own have eleven characters."""
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""What somebody typed, and may be stored: PostgreSQL has no NUL in its text."""
PORT = "[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
HOST = r"[0-9A-Za-z-]{1,63}(\.[0-9A-Za-z-]{1,63})*"
Url = Annotated[str, StringConstraints(pattern=f"^https?://{HOST}(:({PORT}))?(/[!-~]*)?$")]


class WithId(TypedDict):
    id: Id


class Person(TypedDict):
    id: Id
    team_id: NotRequired[Id | None]


class Option(TypedDict):
    value: str


class Action(TypedDict):
    action_id: str
    value: NotRequired[str | None]
    selected_option: NotRequired[Option | None]


class Container(TypedDict):
    channel_id: NotRequired[Id | None]
    message_ts: NotRequired[str | None]


class PressedView(TypedDict):
    id: Id
    private_metadata: NotRequired[str | None]
    app_installed_team_id: NotRequired[Id | None]


class Interaction(TypedDict):
    """What presses and submissions have in common. With an organization-wide installation `team` may be null."""

    user: Person
    team: NotRequired[WithId | None]
    enterprise: NotRequired[WithId | None]
    trigger_id: NotRequired[str | None]
    response_url: NotRequired[Url | None]


class Press(Interaction):
    actions: Annotated[list[Action], Field(min_length=1)]
    channel: NotRequired[WithId | None]
    container: NotRequired[Container | None]
    view: NotRequired[PressedView | None]


class Chosen(TypedDict):
    """What was typed or chosen in one element of a form."""

    value: NotRequired[Text | None]
    selected_option: NotRequired[Option | None]
    selected_options: NotRequired[list[Option] | None]
    selected_date: NotRequired[Text | None]
    selected_user: NotRequired[Id | None]
    selected_users: NotRequired[list[Id] | None]
    selected_channel: NotRequired[Id | None]
    selected_channels: NotRequired[list[Id] | None]
    selected_conversation: NotRequired[Id | None]
    selected_conversations: NotRequired[list[Id] | None]


class State(TypedDict):
    """By block_id, then by action_id."""

    values: dict[str, dict[str, Chosen]]


class SubmittedView(TypedDict):
    id: Id
    type: Literal["modal"]
    callback_id: Text
    private_metadata: NotRequired[Text | None]
    app_installed_team_id: NotRequired[Id | None]
    state: State


class ResponseUrl(TypedDict):
    response_url: Url


class Submission(Interaction):
    view: SubmittedView
    response_urls: NotRequired[list[ResponseUrl] | None]


Form = dict[str, Text]


class Command(TypedDict):
    """It is a `Form`, too."""

    command: Text
    user_id: Id
    team_id: Id
    response_url: Url
    channel_id: NotRequired[Id]


class Authorization(TypedDict):
    team_id: NotRequired[Id | None]
    enterprise_id: NotRequired[Id | None]


class Event(TypedDict):
    type: Text


class EventCallback(TypedDict):
    team_id: Id
    event: Event
    authorizations: NotRequired[list[Authorization] | None]
    # Slack has these within the event; Bolt would believe them here.
    team: NotRequired[None]
    user: NotRequired[None]
    view: NotRequired[None]
    enterprise: NotRequired[None]


class HomeOpened(TypedDict):
    user: Id


class Handshake(TypedDict):
    challenge: Text


@cache
def _is(shape: Any) -> Callable[[object], bool]:
    """Whether a value has the shape. Made when it is first needed: all of them together would take 7 ms of each start."""
    return TypeAdapter(shape).validator.isinstance_python


def is_whole(body: dict[str, Any]) -> bool:
    """Whether it is of a kind that this bot hears, and what Bolt and this bot look at is as Slack always sends it."""
    kind = body.get("type")
    # Bolt takes what has these for an event, or a command, whatever else it is.
    if ("event" in body) is not (kind == "event_callback") or ("command" in body and "type" in body):
        return False
    match kind:
        case "block_actions":
            return _is(Press)(body) and _names_a_workspace(body)
        case "view_submission":
            return _is(Submission)(body) and _names_a_workspace(body)
        case "event_callback":
            event = body["event"]
            return _is(EventCallback)(body) and (event["type"] != "app_home_opened" or _is(HomeOpened)(event))
        case "url_verification":
            return _is(Handshake)(body)
        case None:
            return _is(Command)(body) and _is(Form)(body)
        case _:
            return False


def _names_a_workspace(body: dict[str, Any]) -> bool:
    """Whether it says of which workspace or organization it is, in one of the places where Slack says so."""
    return bool(body.get("team") or body.get("enterprise") or body["user"].get("team_id"))
