"""Which methods of the Web API are there, and what does each need? Open this file and see all that a bot can call."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox import api_chat, api_conversations, api_files, api_people, api_views
from sandbox.refusals import Json, Refused
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class Method:
    """`scope` is what the bot needs to have been granted, where that doesn't hang on what it asks for.

    `takes_json` is False for methods that only read.
    """

    answer: Callable[[Workspace, Json], Json]
    scope: str | None = None
    takes_json: bool = False


METHODS = {
    "auth.teams.list": Method(api_people.workspaces),
    "auth.test": Method(api_people.who_am_i, takes_json=True),
    "chat.delete": Method(api_chat.delete, "chat:write", takes_json=True),
    "chat.postEphemeral": Method(api_chat.post_ephemeral, "chat:write", takes_json=True),
    "chat.postMessage": Method(api_chat.post, "chat:write", takes_json=True),
    "chat.update": Method(api_chat.update, "chat:write", takes_json=True),
    "conversations.info": Method(api_conversations.info),
    "conversations.join": Method(api_conversations.join, "channels:join", takes_json=True),
    "conversations.list": Method(api_conversations.everywhere),
    "conversations.members": Method(api_conversations.members),
    "conversations.open": Method(api_conversations.open_direct, "im:write", takes_json=True),
    "files.completeUploadExternal": Method(api_files.complete, "files:write", takes_json=True),
    "files.getUploadURLExternal": Method(api_files.upload_url, "files:write"),
    "team.info": Method(api_people.team, "team:read"),
    "usergroups.list": Method(api_people.groups, "usergroups:read"),
    "usergroups.users.list": Method(api_people.group_members, "usergroups:read"),
    "users.info": Method(api_people.person, "users:read"),
    "users.list": Method(api_people.everyone, "users:read"),
    "views.open": Method(api_views.open_modal, takes_json=True),
    "views.publish": Method(api_views.publish, takes_json=True),
    "views.push": Method(api_views.push, takes_json=True),
    "views.update": Method(api_views.update, takes_json=True),
}
CONNECT = "apps.connections.open"
"""The one method that is called with the app's token, not the bot's; sandbox/server.py answers it."""


def method(name: str) -> Method:
    """Raises Refused where Slack, or this workspace, knows no such method."""
    if name not in METHODS:
        raise Refused("unknown_method")
    return METHODS[name]


def answer(workspace: Workspace, name: str, asked: Json) -> Json:
    """What the method gives. Raises Refused."""
    called = method(name)
    if called.scope is not None and called.scope not in workspace.scopes:
        raise Refused("missing_scope", needed=called.scope)
    return {"ok": True} | called.answer(workspace, asked)


def refusal(workspace: Workspace, refused: Refused) -> Json:
    """Slack's answer to a call that it refuses."""
    told: Json = {"ok": False, "error": refused.error} | refused.more
    if refused.error == "missing_scope":
        told["provided"] = ",".join(sorted(workspace.scopes))
    if refused.details:
        told["response_metadata"] = {"messages": list(refused.details)}
    return told
