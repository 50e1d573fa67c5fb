"""What goes on after an acknowledgement: what is waited for at a stop, and what is cut off."""

import asyncio

from bot.tasks import Tasks


async def test_a_stop_cuts_off_what_is_dispensable_and_waits_for_the_rest() -> None:
    tasks, told = Tasks(), []
    endless = tasks.start(asyncio.Event().wait(), is_dispensable=True)

    async def reply() -> None:
        await asyncio.wait([endless])
        told.append("replied")

    tasks.start(reply())
    await tasks.stop(60)

    assert told == ["replied"]
    assert endless.cancelled()


async def test_nobody_waits_for_what_is_dispensable() -> None:
    tasks = Tasks()
    endless = tasks.start(asyncio.Event().wait(), is_dispensable=True)

    await tasks.drain(60)

    assert not endless.done()
    await tasks.stop(60)
