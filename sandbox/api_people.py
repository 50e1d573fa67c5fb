"""How do the methods of the Web API answer that tell of people, user groups and the workspace?"""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sandbox.arguments import needed, page
from sandbox.people import APP_ID, BOT_APP_ID, TEAM_ID, Group, Person
from sandbox.refusals import Json, Refused
from sandbox.workspace import Workspace

DOMAIN = "sandbox"


def who_am_i(workspace: Workspace, asked: Json) -> Json:
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": workspace.cast.team,
        "user": workspace.bot.handle,
        "team_id": TEAM_ID,
        "user_id": workspace.bot.id,
        "bot_id": BOT_APP_ID,
        "app_id": APP_ID,
        "is_enterprise_install": False,
    }


def team(workspace: Workspace, asked: Json) -> Json:
    return {"team": {"id": TEAM_ID, "name": workspace.cast.team, "domain": DOMAIN}}


def person(workspace: Workspace, asked: Json) -> Json:
    found = workspace.people.get(needed(asked, "user"))
    if found is None:
        raise Refused("user_not_found")
    return {"user": _drawn(workspace, found)}


def everyone(workspace: Workspace, asked: Json) -> Json:
    # Slack lists people of other organizations nowhere but in the channels that they share; users.info knows them, too.
    own = [one for one in workspace.people.values() if not one.is_stranger]
    return page(asked, "members", own, partial(_drawn, workspace))


def groups(workspace: Workspace, asked: Json) -> Json:
    return {"usergroups": [_drawn_group(group) for group in workspace.groups.values()]}


def group_members(workspace: Workspace, asked: Json) -> Json:
    group = workspace.groups.get(needed(asked, "usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": list(group.members)}


def _drawn(workspace: Workspace, one: Person) -> Json:
    return {
        "id": one.id,
        "team_id": one.team_id,
        "name": one.handle,
        "real_name": one.name,
        "deleted": one.is_deactivated,
        "is_bot": one.is_bot,
        "is_app_user": False,
        "is_restricted": one.is_guest,
        "is_ultra_restricted": False,
        "is_stranger": one.is_stranger and not _meets_the_bot(workspace, one),
        "is_admin": one.is_admin or one.is_owner,
        "is_owner": one.is_owner,
        "tz": one.tz,
        "tz_offset": _offset_seconds(workspace, one),
        "profile": {"real_name": one.name, "display_name": one.name, "title": one.title},
    }


def _offset_seconds(workspace: Workspace, one: Person) -> int:
    offset = datetime.fromtimestamp(workspace.clock.now(), ZoneInfo(one.tz)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _meets_the_bot(workspace: Workspace, one: Person) -> bool:
    """To Slack nobody is a stranger who shares a channel with the bot, whatever their organization (reference: user object)."""
    return any({one.id, workspace.bot.id} <= set(channel.members) for channel in workspace.channels.values())


def _drawn_group(group: Group) -> Json:
    return {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "handle": group.handle,
        "name": group.handle,
        "user_count": len(group.members),
        "date_delete": 0,
    }
