"""What is left of a round when it has closed: of each table what it says itself."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, func, select, update

from bot.postings import Kind
from bot.rounds import service
from instrument.collation import Answers
from instrument.definition import builtin
from instrument.participation import Picture
from sealed import CIPHER, submit_all
from storage import invitations, looks, participation, postings, progress, responses, rounds, terms
from storage.database import Database
from storage.invitations import Standing
from storage.participation import Drawn
from storage.postings import NewPosting
from storage.progress import Progress
from storage.rounds import Round
from storage.tables import AtClosing, metadata
from storage.terms import Terms

OF_A_ROUND = sorted(table.name for table in metadata.tables.values() if "round_id" in table.c)
PEOPLE = [f"U{number}" for number in range(1, 8)]


def full(connection: Connection, round_: Round) -> None:
    """A row of the round in each table that an open round can have one in."""
    now = round_.opened_at
    terms.save(connection, round_.id, Terms())
    invitations.ask(connection, round_.id, [(one, "C1") for one in PEOPLE])
    invitations.stand(connection, round_.id, PEOPLE[-1], Standing.WITHDRAWN)
    strip = "3" * len(builtin().items)
    submit_all(connection, round_.id, [Answers("nursing", strip)] * 10)
    responses.begin(connection, round_.id, CIPHER, "still answering", "nursing", strip)
    postings.owe(connection, [NewPosting(Kind.REMINDER, round_.team_id, round_.id, one, now, "0") for one in PEOPLE])
    participation.save(connection, round_.id, Drawn(Picture(now.date(), None, None, None), now))
    progress.save(connection, round_.id, Progress("D1", "1.0", now, now, is_done=True))
    looks.note(connection, round_.id, "U1", now)


def rows(connection: Connection, name: str, round_id: int) -> int:
    table = metadata.tables[name]
    return connection.execute(select(func.count()).where(table.c.round_id == round_id)).scalar_one()


def what(name: str) -> AtClosing:
    told: AtClosing = metadata.tables[name].info["at_closing"]
    return told


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_every_table_says_what_closing_does_with_it(name: str) -> None:
    assert isinstance(what(name), AtClosing)


async def test_closing_does_with_each_table_what_the_table_says(database: Database, open_round: Round) -> None:
    await database.write(partial(full, round_=open_round))
    before = {name: await database.read(partial(rows, name=name, round_id=open_round.id)) for name in OF_A_ROUND}
    assert [name for name in OF_A_ROUND if not before[name] and what(name) is not AtClosing.MADE] == ["goal_plan"]

    at = open_round.closes_at + timedelta(seconds=1)
    assert await database.write(partial(service.close, cipher=CIPHER, round_id=open_round.id, now=at))

    after = {name: await database.read(partial(rows, name=name, round_id=open_round.id)) for name in OF_A_ROUND}
    for name in OF_A_ROUND:
        match what(name):
            case AtClosing.DELETED if name == "posting":
                owed = await database.read(partial(postings.of_round, round_id=open_round.id, kinds=[*Kind]))
                assert {one.kind for one in owed} == {Kind.RESULTS, Kind.WHAT_CAME_OUT}
            case AtClosing.DELETED:
                assert after[name] == 0, name
            case AtClosing.MADE:
                assert after[name] > before[name] == 0, name
            case AtClosing.KEPT | AtClosing.REDUCED:
                assert after[name] == before[name], name
            case AtClosing.APART:
                pytest.fail(f"{name} has rows of a round")
    closed = await database.read(partial(rounds.by_id, round_id=open_round.id))
    assert closed is not None
    assert (closed.key_half, closed.key_check) == (None, None)


@pytest.mark.parametrize(("finished", "minimum", "kept"), [(9, 5, 0), (10, 5, 10), (11, 12, 0), (12, 12, 12)])
async def test_sheets_are_kept_from_ten_people_on_or_the_smallest_group(
    database: Database, open_round: Round, finished: int, minimum: int, kept: int
) -> None:
    strip = "3" * len(builtin().items)
    of_another_minimum = update(rounds.ROUND).where(rounds.ROUND.c.id == open_round.id).values(minimum=minimum)
    await database.write(lambda connection: connection.execute(of_another_minimum).close())
    await database.write(partial(submit_all, round_id=open_round.id, answers=[Answers("nursing", strip)] * finished))

    at = open_round.closes_at + timedelta(seconds=1)
    await database.write(partial(service.close, cipher=CIPHER, round_id=open_round.id, now=at))

    assert len(await database.read(partial(responses.settled, round_id=open_round.id))) == kept
