"""Before the start it is seen that nearly the same people were asked not long ago."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.rounds.overlap import LATELY, Overlap, overlap
from instrument.collation import Answers, collate
from instrument.definition import builtin
from storage import invitations, rounds, snapshots
from storage.database import Database
from storage.rounds import Round

BEFORE = [f"U{number}" for number in range(20)]
SNAPSHOT = collate(builtin(), [Answers("nursing", "2" * 62)] * 12, asked=20, minimum=5)


@pytest.fixture
async def closed_at(database: Database, open_round: Round) -> datetime:
    """A round has closed in which all of BEFORE were asked; one of them said no thanks."""
    at = open_round.closes_at
    await database.write(partial(invitations.ask, round_id=open_round.id, people=[(one, "C1") for one in BEFORE]))
    declined = partial(invitations.stand, round_id=open_round.id, person_id="U3")
    await database.write(partial(declined, standing=invitations.Standing.DECLINED))
    await database.write(partial(snapshots.save, round_id=open_round.id, snapshot=SNAPSHOT, now=at))
    await database.write(partial(rounds.mark_closed, round_id=open_round.id, now=at))
    return at


async def found(
    database: Database, asked: Sequence[str], starts_at: datetime, *, minimum: int = 5, team_id: str = "T1"
) -> Overlap | None:
    return await database.read(partial(overlap, team_id=team_id, asked=asked, minimum=minimum, starts_at=starts_at))


@pytest.mark.parametrize(
    ("asked", "is_seen"),
    [
        (BEFORE, False),
        ([*BEFORE, "U20"], True),
        (BEFORE[1:], True),
        ([*BEFORE[2:], "U20", "U21"], True),
        ([*BEFORE, *(f"U{number}" for number in range(20, 25))], False),
        ([*BEFORE[3:], "U20", "U21"], False),
    ],
    ids=["the same", "one more", "one less", "two for two", "five more", "two for three"],
)
async def test_an_audience_that_differs_by_a_few_people_is_seen(
    database: Database, closed_at: datetime, asked: list[str], is_seen: bool
) -> None:
    seen = await found(database, asked, closed_at + timedelta(days=1))

    assert (seen is not None) is is_seen


async def test_the_larger_smallest_group_of_the_two_counts(database: Database, closed_at: datetime) -> None:
    six_more = [*BEFORE, *(f"U{number}" for number in range(20, 26))]

    seen = await found(database, six_more, closed_at, minimum=10)

    assert seen is not None
    assert (seen.fewer_than, seen.over_at) == (10, closed_at + timedelta(days=180))


async def test_after_180_days_or_in_another_workspace_it_is_not_looked_at(
    database: Database, closed_at: datetime
) -> None:
    one_more, over = [*BEFORE, "U20"], closed_at + LATELY

    assert await found(database, one_more, over) is not None
    assert await found(database, one_more, over + timedelta(seconds=1)) is None
    assert await found(database, one_more, closed_at, team_id="T2") is None


async def test_a_round_without_results_can_be_laid_beside_nothing(database: Database, open_round: Round) -> None:
    await database.write(partial(invitations.ask, round_id=open_round.id, people=[(one, "C1") for one in BEFORE]))
    nothing = replace(SNAPSHOT, finished=None, sections=())
    at = open_round.closes_at
    await database.write(partial(snapshots.save, round_id=open_round.id, snapshot=nothing, now=at))
    await database.write(partial(rounds.mark_closed, round_id=open_round.id, now=at))

    assert await found(database, [*BEFORE, "U20"], at) is None
