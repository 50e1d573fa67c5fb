"""How Slack's messages name people and channels."""


def mention(person_id: str) -> str:
    return f"<@{person_id}>"


def channel(channel_id: str) -> str:
    return f"<#{channel_id}>"
