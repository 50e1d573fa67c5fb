"""Closing can't be undone, so Slack is asked what time it is; where it does not say, time has to pass."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from conversation import World, world
from sandbox.faults import OddAnswer
from storage import rounds

DAY = 86_400.0
QUARTER = 15 * 60.0
NO_TIME = OddAnswer(502)
"""What a proxy says in Slack's place; its clock is none of Slack's."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def is_open(here: World) -> bool:
    await here.sandbox.settled()
    return bool(await here.bot.context.database.read(rounds.all_open))


async def test_where_slack_does_not_say_the_time_it_closes_a_quarter_of_an_hour_later(here: World) -> None:
    await here.start_round()
    here.sandbox.faults.plan("auth.test", NO_TIME, seconds=60)
    here.move_clock(20 * DAY)
    assert await is_open(here)

    here.move_clock(QUARTER / 2)
    assert await is_open(here)
    here.move_clock(QUARTER)

    await here.sandbox.until(lambda: here.sandbox.channel("C03RESULTS"))


async def test_where_slack_says_the_time_it_closes_at_once(here: World) -> None:
    await here.start_round()
    here.sandbox.faults.plan("auth.test", NO_TIME)
    here.move_clock(20 * DAY)

    await here.sandbox.until(lambda: here.sandbox.channel("C03RESULTS"))


async def test_by_a_clock_that_is_ahead_of_slacks_it_does_not_close(here: World) -> None:
    await here.start_round()
    context = here.bot.context
    told = await context.slack.api.time()
    assert told is not None
    (round_,) = await context.database.read(rounds.all_open)

    ahead = here.bot.schedule.closing.agreed(round_.id, told - timedelta(days=30))

    assert ahead is not None
    assert ahead < context.now() - timedelta(days=29), "the earlier of two clocks counts"
