"""What does Slack send a bot? The payloads of commands, presses, submissions and events, in Slack's shapes.

Source: docs.slack.dev, reference of interaction payloads and events.
"""

import secrets
from dataclasses import dataclass

from sandbox import api_chat
from sandbox.api_people import DOMAIN
from sandbox.people import APP_ID, TEAM_ID
from sandbox.refusals import Json
from sandbox.states import initial_state
from sandbox.workspace import Message, Workspace

TOKEN = "deprecated-by-signatures"  # noqa: S105


@dataclass(frozen=True)
class Act:
    """Somebody does something, and the bot may answer: open a modal with `trigger_id`, post to `response_url`."""

    person_id: str
    trigger_id: str
    response_url: str = ""


def command(workspace: Workspace, act: Act, channel_id: str, word: str, text: str) -> Json:
    return {
        "token": TOKEN,
        "team_id": TEAM_ID,
        "team_domain": DOMAIN,
        "channel_id": channel_id,
        "channel_name": _channel(workspace, channel_id)["name"],
        "user_id": act.person_id,
        "user_name": workspace.person(act.person_id).handle,
        "command": word,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": act.response_url,
        "trigger_id": act.trigger_id,
    }


def press_in_message(
    workspace: Workspace, act: Act, message: Message, element: Json, block_id: str, chosen: Json | None
) -> Json:
    """`chosen` is what is chosen in a select, as in Slack's state; None for a button."""
    is_ephemeral = message.only_for is not None
    values = initial_state(message.blocks)
    if chosen and block_id in values and element["action_id"] in values[block_id]:
        values[block_id][element["action_id"]] |= chosen
    shown = {} if is_ephemeral else {"message": api_chat.drawn(message)}
    return (
        _interaction(workspace, act, "block_actions")
        | shown
        | {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel_id,
                "is_ephemeral": is_ephemeral,
            },
            "channel": _channel(workspace, message.channel_id),
            "state": {"values": values},
            "response_url": act.response_url,
            "actions": [_action(workspace, element, block_id, chosen)],
        }
    )


def press_in_view(
    workspace: Workspace, act: Act, view: Json, element: Json, block_id: str, chosen: Json | None
) -> Json:
    return _interaction(workspace, act, "block_actions") | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [_action(workspace, element, block_id, chosen)],
    }


def suggestion(workspace: Workspace, act: Act, view: Json, element: Json, block_id: str, typed: str) -> Json:
    """What a select asks the bot for while somebody types in it."""
    asked = _interaction(workspace, act, "block_suggestion") | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "action_id": element["action_id"],
        "block_id": block_id,
        "value": typed,
    }
    del asked["trigger_id"]
    return asked


def submission(workspace: Workspace, act: Act, view: Json) -> Json:
    return _interaction(workspace, act, "view_submission") | {"view": view, "response_urls": []}


def closing(workspace: Workspace, act: Act, view: Json, *, is_cleared: bool) -> Json:
    """`is_cleared`: the whole stack was closed with it."""
    closed = _interaction(workspace, act, "view_closed") | {"view": view, "is_cleared": is_cleared}
    del closed["trigger_id"]
    return closed


def home_opened(workspace: Workspace, person_id: str, tab: str) -> Json:
    """`tab`: "home", with the view that stands there, or "messages"."""
    now = workspace.clock.now()
    home = workspace.homes.get(person_id) if tab == "home" else None
    event: Json = {
        "type": "app_home_opened",
        "user": person_id,
        "channel": workspace.direct_channel(person_id),
        "tab": tab,
        "event_ts": f"{now:.6f}",
    } | ({"view": home} if home else {})
    return {
        "token": TOKEN,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def url_verification(challenge: str) -> Json:
    return {"token": TOKEN, "type": "url_verification", "challenge": challenge}


def _interaction(workspace: Workspace, act: Act, kind: str) -> Json:
    person = workspace.person(act.person_id)
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.handle, "name": person.handle, "team_id": person.team_id},
        "api_app_id": APP_ID,
        "token": TOKEN,
        "trigger_id": act.trigger_id,
        "team": {"id": TEAM_ID, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _action(workspace: Workspace, element: Json, block_id: str, chosen: Json | None) -> Json:
    told = ("type", "action_id", "text", "value", "style", "placeholder")
    kept = {name: element[name] for name in told if name in element}
    stamp = f"{workspace.clock.now():.6f}"
    return kept | {"block_id": block_id, "action_ts": stamp} | (chosen or {})


def _channel(workspace: Workspace, channel_id: str) -> Json:
    """Slack tells the names of public channels only."""
    channel = workspace.channels.get(channel_id)
    name = "directmessage" if channel is None else "privategroup" if channel.is_private else channel.name
    return {"id": channel_id, "name": name}
