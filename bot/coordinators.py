"""Who is a coordinator: those whom the server's settings name, then those appointed in Slack, the longest first."""

import asyncio
from collections.abc import Iterable
from functools import partial

from bot.blocks import Message, paragraph
from bot.context import Context
from bot.payloads import Who
from bot.rounds import messages
from storage import coordinators

NONE_LEFT = (
    "Only coordinators can do this, and there is none at the moment. Ask a workspace admin: they can appoint one on the "
    "Home tab of HTA Bot. Your own self-assessment is at /hta."
)


SOON = 1.0
"""Seconds that Slack may take to tell of somebody, since the refusal may be an answer that it waits three seconds for."""


async def everyone(context: Context, team_id: str) -> tuple[str, ...]:
    """The workspace's coordinators, each once."""
    appointed = await context.database.read(partial(coordinators.standing, team_id=team_id))
    named = map(context.insiders.one_id, context.settings.coordinators)
    return tuple(dict.fromkeys([*named, *(one.person_id for one in appointed)]))


async def may(context: Context, who: Who) -> bool:
    """Whether this person is a coordinator of this workspace."""
    return not who.is_stranger and who.person_id in await everyone(context, who.team_id)


async def refusal(context: Context, team_id: str) -> Message:
    """For people who are no coordinators: whom to ask. Asks Slack whether somebody is still there to be asked."""
    there = await _still_there(context, await everyone(context, team_id))
    return messages.refusal(there) if there else paragraph(NONE_LEFT)


async def _still_there(context: Context, people: Iterable[str]) -> list[str]:
    """Those of `people` whose account Slack has not deactivated; where Slack does not say soon, they count."""
    known = [*people]
    try:
        async with asyncio.timeout(SOON):
            told = await asyncio.gather(*(context.slack.member(one) for one in known))
    except TimeoutError:
        return known
    return [one for one, member in zip(known, told, strict=True) if not (member or {}).get("deleted")]
