"""How do the chat methods of the Web API answer?"""

from sandbox import api_files
from sandbox.arguments import is_true, needed
from sandbox.people import APP_ID, BOT_APP_ID, TEAM_ID
from sandbox.refusals import Json, Refused
from sandbox.workspace import Message, Workspace

CUSTOMIZE = "chat:write.customize"
AUTHORSHIP = ("username", "icon_url", "icon_emoji")


def post(workspace: Workspace, asked: Json) -> Json:
    _check_authorship(workspace, asked)
    if is_true(asked.get("reply_broadcast")) and not asked.get("thread_ts"):
        raise Refused("invalid_arguments", "reply_broadcast is for replies: it needs thread_ts")
    channel_id = workspace.place_to_post(needed(asked, "channel"))
    message = workspace.post(channel_id, asked)
    return {"channel": channel_id, "ts": message.ts, "message": drawn(message)}


def post_ephemeral(workspace: Workspace, asked: Json) -> Json:
    _check_authorship(workspace, asked)
    place, person_id = needed(asked, "channel"), needed(asked, "user")
    if place in workspace.people:
        raise Refused("channel_not_found", "chat.postEphemeral takes no person for a channel")
    channel_id = workspace.place_to_post(place)
    if not workspace.is_member(person_id, channel_id):
        raise Refused("user_not_in_channel")
    return {"message_ts": workspace.post(channel_id, asked, only_for=person_id).ts}


def update(workspace: Workspace, asked: Json) -> Json:
    message = _own_message(workspace, asked, "cant_update_message")
    workspace.update(message, asked)
    return {"channel": message.channel_id, "ts": message.ts, "text": message.text, "message": drawn(message)}


def delete(workspace: Workspace, asked: Json) -> Json:
    message = _own_message(workspace, asked, "cant_delete_message")
    workspace.delete(message)
    return {"channel": message.channel_id, "ts": message.ts}


def drawn(message: Message) -> Json:
    """A message as Slack tells it."""
    shared = {"subtype": "file_share", "files": [api_files.drawn(file) for file in message.files]}
    return (shared if message.files else {}) | {
        "type": "message",
        "user": message.author_id,
        "bot_id": BOT_APP_ID,
        "app_id": APP_ID,
        "team": TEAM_ID,
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks,
    }


def _check_authorship(workspace: Workspace, asked: Json) -> None:
    """Who seems to write can be chosen with a scope of its own only (docs.slack.dev, scopes). Raises Refused."""
    if CUSTOMIZE not in workspace.scopes and any(asked.get(name) for name in AUTHORSHIP):
        raise Refused("missing_scope", needed=CUSTOMIZE)


def _own_message(workspace: Workspace, asked: Json, otherwise: str) -> Message:
    """A message that the bot may change: its own, and no ephemeral one. Takes D... and C... ids only. Raises Refused."""
    channel_id, ts = needed(asked, "channel"), needed(asked, "ts")
    if channel_id not in workspace.messages:
        raise Refused("channel_not_found")
    message = workspace.message(channel_id, ts)
    if message.only_for:
        raise Refused("message_not_found", "an ephemeral message is changed by its response_url only")
    if message.author_id != workspace.bot.id:
        raise Refused(otherwise)
    return message
