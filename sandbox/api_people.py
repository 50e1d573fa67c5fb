"""Answers the methods of the Web API that tell of people, user groups and the workspace."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sandbox.arguments import needed, page
from sandbox.people import APP_ID, BOT_APP_ID, TEAM_ID, Enterprise, Group, Home, Person
from sandbox.refusals import Json, Refused
from sandbox.workspace import Workspace

DOMAIN = "sandbox"


def who_am_i(workspace: Workspace, asked: Json) -> Json:
    """To an organization's token the team is the organization (lobu#3047); without a Grid there is no enterprise_id."""
    enterprise = workspace.cast.enterprise
    told: Json = {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": workspace.cast.team,
        "user": workspace.bot.handle,
        "team_id": TEAM_ID,
        "user_id": workspace.bot.id,
        "bot_id": BOT_APP_ID,
        "app_id": APP_ID,
        "is_enterprise_install": workspace.cast.is_org_install,
    }
    if enterprise is None:
        return told
    told["enterprise_id"] = enterprise.id
    if not workspace.cast.is_org_install:
        return told
    url = f"https://{enterprise.domain}.enterprise.slack.com/"
    return told | {"url": url, "team": enterprise.name, "team_id": enterprise.id}


def team(workspace: Workspace, asked: Json) -> Json:
    return {"team": {"id": TEAM_ID, "name": workspace.cast.team, "domain": DOMAIN} | named(workspace.cast.enterprise)}


def workspaces(workspace: Workspace, asked: Json) -> Json:
    """Where the app may act: an organization's token is good in the workspaces that an administrator added the app to."""
    return page(asked, "teams", [{"id": TEAM_ID, "name": workspace.cast.team}])


def named(enterprise: Enterprise | None) -> Json:
    """The organization, as it stands beside a team or a person on a Grid."""
    return {"enterprise_id": enterprise.id, "enterprise_name": enterprise.name} if enterprise else {}


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
    drawn = {
        "id": one.id,
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
    if one.named_team_id is not None:
        drawn["team_id"] = one.named_team_id
    return drawn | _in_the_organization(workspace.cast.enterprise, one)


def _in_the_organization(enterprise: Enterprise | None, one: Person) -> Json:
    """What a profile tells on a Grid of a person who belongs to its organization.

    Where it names no team, the workspaces stand beside it as well (lookerbot#184).
    """
    if enterprise is None or one.is_bot or one.is_stranger:
        return {}
    teams = list(one.team_ids)
    inner = {"id": one.global_id or one.id, "is_admin": False, "is_owner": False, "teams": teams} | named(enterprise)
    beside = named(enterprise) | {"teams": teams} if one.home is Home.UNNAMED else {}
    return {"enterprise_user": inner} | beside


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
