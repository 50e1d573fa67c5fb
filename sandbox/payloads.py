"""The payloads of commands, presses, submissions and events, in the shapes in which Slack sends them to a bot.

Sources: docs.slack.dev, reference of interaction payloads and events. For Enterprise Grid: docs.slack.dev, developing for
Enterprise orgs, and organization-ready apps; bolt-python#23 and deno-slack-runtime#65 (interactions of an organization's
install), the tests of bolt-python (events) and of java-slack-sdk (commands), slack-go v0.27.0 (team).
"""

import secrets
from dataclasses import dataclass

from sandbox import api_chat
from sandbox.api_people import DOMAIN, named
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
    """Commands are typed in a workspace, and name it whoever types them, and however the app is installed."""
    person = workspace.person(act.person_id)
    return {
        "token": TOKEN,
        "team_id": TEAM_ID,
        "team_domain": DOMAIN,
        "channel_id": channel_id,
        "channel_name": _channel(workspace, channel_id)["name"],
        "user_id": person.payload_id,
        "user_name": person.handle,
        "command": word,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "true" if workspace.cast.is_org_install else "false",
        "response_url": act.response_url,
        "trigger_id": act.trigger_id,
    } | named(workspace.cast.enterprise)


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
        "view": _view(workspace, view),
        "actions": [_action(workspace, element, block_id, chosen)],
    }


def suggestion(workspace: Workspace, act: Act, view: Json, element: Json, block_id: str, typed: str) -> Json:
    """What a select asks the bot for while somebody types in it."""
    asked = _interaction(workspace, act, "block_suggestion") | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": _view(workspace, view),
        "action_id": element["action_id"],
        "block_id": block_id,
        "value": typed,
    }
    del asked["trigger_id"]
    return asked


def submission(workspace: Workspace, act: Act, view: Json) -> Json:
    return _interaction(workspace, act, "view_submission") | {"view": _view(workspace, view), "response_urls": []}


def closing(workspace: Workspace, act: Act, view: Json, *, is_cleared: bool) -> Json:
    """`is_cleared`: the whole stack was closed with it."""
    closed = _interaction(workspace, act, "view_closed") | {"view": _view(workspace, view), "is_cleared": is_cleared}
    del closed["trigger_id"]
    return closed


def home_opened(workspace: Workspace, person_id: str, tab: str) -> Json:
    """`tab`: "home", with the view that stands there, or "messages"."""
    home = workspace.homes.get(person_id) if tab == "home" else None
    event: Json = {
        "type": "app_home_opened",
        "user": workspace.person(person_id).payload_id,
        "channel": workspace.direct_channel(person_id),
        "tab": tab,
        "event_ts": f"{workspace.clock.now():.6f}",
    } | ({"view": _view(workspace, home)} if home else {})
    enterprise, is_org_install = workspace.cast.enterprise, workspace.cast.is_org_install
    enterprise_id = enterprise.id if enterprise else None
    authorization = {
        "enterprise_id": enterprise_id,
        "team_id": None if is_org_install else TEAM_ID,
        "user_id": workspace.bot.id,
        "is_bot": True,
        "is_enterprise_install": is_org_install,
    }
    return _event(workspace, event) | {
        "context_team_id": TEAM_ID,
        "context_enterprise_id": enterprise_id,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def tokens_revoked(workspace: Workspace) -> Json:
    """Slack names the users whose tokens they were, not the tokens. Nothing is authorized any more, so nothing says so."""
    return _event(workspace, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot.id]}})


def app_uninstalled(workspace: Workspace) -> Json:
    return _event(workspace, {"type": "app_uninstalled"})


def url_verification(challenge: str) -> Json:
    return {"token": TOKEN, "type": "url_verification", "challenge": challenge}


def _event(workspace: Workspace, event: Json) -> Json:
    """What is around every event."""
    enterprise = workspace.cast.enterprise
    return {
        "token": TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(workspace.clock.now()),
    } | ({"enterprise_id": enterprise.id} if enterprise else {})


def _interaction(workspace: Workspace, act: Act, kind: str) -> Json:
    person, enterprise = workspace.person(act.person_id), workspace.cast.enterprise
    user = {"id": person.payload_id, "username": person.handle, "name": person.handle}
    team = {"id": TEAM_ID, "domain": DOMAIN} | named(enterprise)
    return {
        "type": kind,
        "user": user | ({"team_id": person.named_team_id} if person.named_team_id else {}),
        "api_app_id": APP_ID,
        "token": TOKEN,
        "trigger_id": act.trigger_id,
        "team": None if workspace.cast.is_org_install else team,
        "enterprise": {"id": enterprise.id, "name": enterprise.name} if enterprise else None,
        "is_enterprise_install": workspace.cast.is_org_install,
    }


def _view(workspace: Workspace, view: Json) -> Json:
    """A view says where the app is installed: in an organization's install that is the organization (bolt-js#1720)."""
    enterprise = workspace.cast.enterprise if workspace.cast.is_org_install else None
    return view | {"app_installed_team_id": enterprise.id} if enterprise else view


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
