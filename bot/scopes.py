"""What the bot has to be allowed in Slack, and what fails where a workspace has not granted it."""

from collections.abc import Collection

NEEDED = {
    "chat:write": "nothing can be posted",
    "commands": "no command works",
    "users:read": "nobody can be asked",
    "channels:read": "nobody can be asked by channel",
    "files:write": "pictures and files can't be shared",
}
OPTIONAL = {
    "groups:read": "private channels can't be chosen",
    "usergroups:read": "user groups can't be chosen",
}


def missing(granted: Collection[str] | None) -> dict[str, str]:
    """The needed scopes that are not granted, and what fails without each. `granted` None: Slack has not said yet."""
    if granted is None:
        return {}
    return {scope: fails for scope, fails in NEEDED.items() if scope not in granted}
