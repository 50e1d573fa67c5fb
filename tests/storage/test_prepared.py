"""A statement that goes straight to SQLite says the same as through SQLAlchemy."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import bindparam, select, update

from storage import rounds
from storage.database import Database
from storage.prepared import Prepared
from storage.rounds import BY_ID, ROUND, Round

DAY = timedelta(days=1)


async def test_a_row_is_the_same_as_through_sqlalchemy(database: Database, open_round: Round) -> None:
    await database.write(partial(rounds.close_now, round_id=open_round.id, at=open_round.opened_at + 2 * DAY))
    await database.write(partial(rounds.mark_gathered, round_id=open_round.id, now=open_round.opened_at + DAY))

    straight = await database.read(lambda c: Prepared(BY_ID).first(c, round_id=open_round.id))
    through = await database.read(lambda c: c.execute(BY_ID, {"round_id": open_round.id}).first())

    assert through is not None
    assert straight == tuple(through)
    assert straight[rounds.COLUMNS.index(ROUND.c.gathered_at)].utcoffset() == timedelta(0)


async def test_no_row_is_none(database: Database) -> None:
    assert await database.read(lambda c: Prepared(BY_ID).first(c, round_id=99)) is None


async def test_an_update_writes_what_is_named_where_it_is_named(database: Database, open_round: Round) -> None:
    statement = (
        update(ROUND).where(ROUND.c.id == bindparam("which")).values(opened_by=bindparam("who"), minimum=bindparam("k"))
    )

    await database.write(lambda c: Prepared(statement).run(c, k=9, which=open_round.id, who="U8"))

    changed = await database.read(lambda c: c.execute(select(ROUND.c.opened_by, ROUND.c.minimum)).one())
    assert changed == ("U8", 9)


async def test_a_value_that_is_not_given_is_an_error(database: Database) -> None:
    with pytest.raises(Exception, match="round_id"):
        await database.read(lambda c: Prepared(BY_ID).first(c))
