"""What a coordinator does with a round in a conversation, and what is read then."""

from collections.abc import Iterable
from datetime import timedelta

from conversation import World

DAY = 86_400.0
AS_FAR_AS_RISK = "2" * 22


async def finish(here: World, people: Iterable[str], strip: str = "2", work: str = "Nursing") -> None:
    for one in people:
        await here.finish(here.person(one), strip, work)


async def status(here: World) -> str:
    return (await here.command(here.coordinator, "/hta-round")).text


def in_days(here: World, days: int) -> str:
    return (here.bot.context.now() + timedelta(days=days)).date().isoformat()
