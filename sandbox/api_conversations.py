"""How do the conversations methods of the Web API answer?"""

from sandbox.arguments import is_true, needed, page
from sandbox.people import Channel
from sandbox.refusals import Json, Refused
from sandbox.workspace import Workspace

SCOPES = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}
"""What one needs to list conversations of a kind (docs.slack.dev, conversations.list)."""


def info(workspace: Workspace, asked: Json) -> Json:
    channel = workspace.channel_the_bot_may_read(needed(asked, "channel"))
    counted = {"num_members": len(channel.members)} if is_true(asked.get("include_num_members")) else {}
    return {"channel": _drawn(workspace, channel) | counted}


def everywhere(workspace: Workspace, asked: Json) -> Json:
    kinds = str(asked.get("types") or "public_channel").replace(" ", "").split(",")
    for kind in kinds:
        if kind not in SCOPES:
            raise Refused("invalid_types")
        if SCOPES[kind] not in workspace.scopes:
            raise Refused("missing_scope", needed=SCOPES[kind])
    found = [
        channel
        for channel in workspace.channels.values()
        if ("private_channel" if channel.is_private else "public_channel") in kinds
        and not (channel.is_private and workspace.bot.id not in channel.members)
        and not (channel.is_archived and is_true(asked.get("exclude_archived")))
    ]
    return page(asked, "channels", found, lambda channel: _drawn(workspace, channel))


def members(workspace: Workspace, asked: Json) -> Json:
    return page(asked, "members", workspace.channel_the_bot_may_read(needed(asked, "channel")).members)


def open_direct(workspace: Workspace, asked: Json) -> Json:
    person_id = needed(asked, "users")
    if person_id not in workspace.people:
        raise Refused("user_not_found")
    return {"channel": {"id": workspace.place_to_post(person_id)}}


def join(workspace: Workspace, asked: Json) -> Json:
    channel = workspace.channel_the_bot_knows(needed(asked, "channel"))
    if channel.is_private:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if workspace.bot.id not in channel.members:
        channel.members.append(workspace.bot.id)
        workspace.touch()
    return {"channel": _drawn(workspace, channel)}


def _drawn(workspace: Workspace, channel: Channel) -> Json:
    is_shared = any(workspace.people[one].is_stranger for one in channel.members)
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_ext_shared": is_shared,
        "is_shared": is_shared,
        "is_member": workspace.bot.id in channel.members,
    }
