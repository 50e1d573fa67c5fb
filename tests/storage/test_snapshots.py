"""What was frozen stays so."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from instrument.collation import Answers, collate
from instrument.definition import builtin
from storage import rounds, snapshots
from storage.database import Database
from storage.rounds import Round
from stored_rounds import close, next_round

ANSWERS = [Answers("nursing", "0123" * 15 + "nd"), Answers("security", "3210" * 15 + "d.")] * 6
SNAPSHOT = collate(builtin(), ANSWERS, asked=20, minimum=5)


async def test_a_snapshot_is_read_as_it_was_stored(database: Database, open_round: Round) -> None:
    assert await database.read(partial(snapshots.of, round_id=open_round.id)) is None

    await close(database, open_round, SNAPSHOT, days=1)

    assert SNAPSHOT.sections
    assert await database.read(partial(snapshots.of, round_id=open_round.id)) == SNAPSHOT


async def test_a_stored_snapshot_cannot_be_replaced(database: Database, open_round: Round) -> None:
    await close(database, open_round, SNAPSHOT, days=1)

    with pytest.raises(IntegrityError):
        await close(database, open_round, replace(SNAPSHOT, asked=21), days=2)

    assert await database.read(partial(snapshots.of, round_id=open_round.id)) == SNAPSHOT


async def test_the_latest_is_that_of_the_workspaces_last_closing(database: Database, open_round: Round) -> None:
    assert await database.read(partial(snapshots.latest, team_id="T1")) is None
    await close(database, open_round, SNAPSHOT, days=1)
    second = await next_round(database, open_round, "T1")
    await close(database, second, replace(SNAPSHOT, asked=30), days=3)
    elsewhere = await next_round(database, open_round, "T2")
    await close(database, elsewhere, replace(SNAPSHOT, asked=40), days=4)
    still_open = await next_round(database, open_round, "T1")

    latest = await database.read(partial(snapshots.latest, team_id="T1"))

    assert latest is not None
    assert latest[0] == await database.read(partial(rounds.by_id, round_id=second.id))
    assert latest[1] == replace(SNAPSHOT, asked=30)
    assert still_open.is_open
