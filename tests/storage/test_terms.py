"""What a coordinator chose for a round is kept, and tells when its results go out."""

from datetime import UTC, datetime, timedelta
from functools import partial

from storage import rounds, terms
from storage.database import Database
from storage.rounds import Round
from storage.terms import Terms

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
CHOSEN = Terms(guests_too=True, joiners_too=True, after_look=True, target_percent=60, staff_count=1_200)


async def test_terms_come_back_as_they_were_chosen(database: Database, open_round: Round) -> None:
    await database.write(partial(terms.save, round_id=open_round.id, terms=CHOSEN))

    assert await database.read(partial(terms.of, round_id=open_round.id)) == CHOSEN


async def test_a_round_without_terms_has_the_usual_ones_and_is_shared_once(
    database: Database, open_round: Round
) -> None:
    assert await database.read(partial(terms.of, round_id=open_round.id)) == Terms()

    await database.write(partial(terms.mark_shared, round_id=open_round.id, now=NOW))

    assert await database.read(partial(terms.of, round_id=open_round.id)) == Terms(shared_at=NOW)


async def test_only_closed_rounds_wait_for_a_look_until_they_are_shared(database: Database, open_round: Round) -> None:
    await database.write(partial(terms.save, round_id=open_round.id, terms=CHOSEN))
    while_open = await database.read(terms.not_shared)
    closed_at = NOW + timedelta(days=1)
    await database.write(partial(rounds.mark_closed, round_id=open_round.id, now=closed_at))
    closed = await database.read(terms.not_shared)
    await database.write(partial(terms.mark_shared, round_id=open_round.id, now=closed_at))

    assert while_open == ()
    assert closed == ((open_round.id, closed_at),)
    assert await database.read(terms.not_shared) == ()
