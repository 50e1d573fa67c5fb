"""What an Enterprise Grid changes about calls of the Web API: ids of the organization are taken, and a workspace is named."""

from sandbox.people import TEAM_ID, Cast
from sandbox.refusals import Json, Refused

NEED_A_WORKSPACE = frozenset({"conversations.list", "usergroups.list", "usergroups.users.list", "users.list"})
"""Of the methods here, those that need `team_id` with an organization's token (docs.slack.dev, organization-ready apps)."""
NAME_A_PERSON = ("channel", "user", "user_id", "users")


def understood(cast: Cast, method: str, asked: Json) -> Json:
    """The arguments by the ids of the roster. Raises Refused where an organization's token names no workspace of ours.

    Either id of a person is good (docs.slack.dev, developing for Enterprise orgs: global user IDs).
    """
    if cast.enterprise is None:
        return asked
    if cast.is_org_install and method in NEED_A_WORKSPACE:
        if not asked.get("team_id"):
            # In these words: slack-go#1157.
            raise Refused("missing_argument", arg="team_id")
        if asked["team_id"] != TEAM_ID:
            raise Refused("team_access_not_granted")
    local = {person.global_id: person.id for person in cast.people if person.global_id}
    named = {name: asked[name] for name in NAME_A_PERSON if isinstance(asked.get(name), str)}
    return asked | {name: local.get(person_id, person_id) for name, person_id in named.items()}
