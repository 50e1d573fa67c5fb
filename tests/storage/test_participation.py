"""One picture a round: the last that was shown, until the round closes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from instrument.participation import Picture
from storage import participation
from storage.database import Database
from storage.participation import Drawn
from storage.rounds import Round

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
DRAWN = Drawn(Picture(date(2027, 3, 1), 10, 5, None), NOW)


async def test_a_picture_comes_back_as_it_was_drawn_and_the_last_one_stands(
    database: Database, open_round: Round
) -> None:
    later = replace(DRAWN, drawn_at=NOW + timedelta(days=1))
    before = await database.read(partial(participation.of, round_id=open_round.id))
    await database.write(partial(participation.save, round_id=open_round.id, drawn=DRAWN))
    first = await database.read(partial(participation.of, round_id=open_round.id))
    await database.write(partial(participation.save, round_id=open_round.id, drawn=later))

    assert before is None
    assert first == DRAWN
    assert await database.read(partial(participation.of, round_id=open_round.id)) == later


async def test_a_forgotten_picture_is_gone(database: Database, open_round: Round) -> None:
    await database.write(partial(participation.save, round_id=open_round.id, drawn=DRAWN))

    await database.write(partial(participation.forget, round_id=open_round.id))

    assert await database.read(partial(participation.of, round_id=open_round.id)) is None
