"""The names of people, channels and the workspace, as Slack says them; the database knows ids only."""

import asyncio
from collections.abc import Iterable

from bot.context import Context
from bot.outcomes import CallFailed


async def people(context: Context, ids: Iterable[str]) -> dict[str, str]:
    """The names of those whom Slack knows, by their ids."""
    known = [*ids]
    told = await asyncio.gather(*(context.slack.member(one) for one in known))
    return {
        one: member["real_name"] for one, member in zip(known, told, strict=True) if member and member.get("real_name")
    }


async def channels(context: Context, ids: Iterable[str]) -> dict[str, str]:
    """The names of the public channels, by their ids: "#all-staff". Whoever reads a file need not know of a private one."""
    known = [*ids]
    told = await asyncio.gather(*(_channel(context, one) for one in known))
    return {one: f"#{name}" for one, name in zip(known, told, strict=True) if name}


async def workspace(context: Context) -> str | None:
    """The workspace's name, which is mostly the organization's; None where Slack does not say."""
    try:
        told = await context.slack.api.call("auth.test")
    except CallFailed:
        return None
    return told.get("team")


async def _channel(context: Context, channel_id: str) -> str | None:
    try:
        told = await context.slack.api.ask("conversations.info", "channel", channel=channel_id)
    except CallFailed:
        return None
    name: str | None = told["channel"].get("name")
    return None if told["channel"].get("is_private") else name
