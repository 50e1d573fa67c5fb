"""One message a round tells how invitations go out, however many processes would post it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from storage import progress
from storage.database import Database
from storage.progress import Progress
from storage.rounds import Round

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
LEASE = timedelta(minutes=2)
POSTED = Progress("D1", "1.0", NOW, NOW, is_done=False)


async def claim(database: Database, round_: Round, now: datetime = NOW) -> bool:
    return await database.write(partial(progress.claim, round_id=round_.id, now=now, lease=LEASE))


async def test_of_many_one_may_post(database: Database, open_round: Round) -> None:
    assert sum(await asyncio.gather(*(claim(database, open_round) for _ in range(5)))) == 1


async def test_who_dies_before_posting_is_followed_when_the_lease_is_over(
    database: Database, open_round: Round
) -> None:
    await claim(database, open_round)

    assert not await claim(database, open_round, NOW + LEASE - timedelta(seconds=1))
    assert await claim(database, open_round, NOW + LEASE)
    assert not await claim(database, open_round, NOW + LEASE)


async def test_a_new_message_begins_only_where_the_last_said_that_all_are_out(
    database: Database, open_round: Round
) -> None:
    await claim(database, open_round)
    await database.write(partial(progress.save, round_id=open_round.id, progress=POSTED))
    while_under_way = await claim(database, open_round, NOW + 9 * LEASE)
    await database.write(partial(progress.save, round_id=open_round.id, progress=replace(POSTED, is_done=True)))

    assert not while_under_way
    assert await claim(database, open_round, NOW + 9 * LEASE)


async def test_a_closed_round_forgets_it(database: Database, open_round: Round) -> None:
    await database.write(partial(progress.save, round_id=open_round.id, progress=POSTED))
    before = await database.read(partial(progress.of, round_id=open_round.id))

    await database.write(partial(progress.forget, round_id=open_round.id))

    assert before == POSTED
    assert await database.read(partial(progress.of, round_id=open_round.id)) is None
