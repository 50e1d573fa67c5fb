"""Whom we asked, and nothing of what they did."""

from functools import partial

import pytest
from sqlalchemy import text

from storage import invitations
from storage.database import Database
from storage.invitations import Invitation, Standing
from storage.rounds import Round


async def ask(database: Database, round_: Round, *people: tuple[str, str]) -> tuple[str, ...]:
    return await database.write(partial(invitations.ask, round_id=round_.id, people=people))


async def stand(database: Database, round_: Round, person_id: str, standing: Standing) -> None:
    await database.write(partial(invitations.stand, round_id=round_.id, person_id=person_id, standing=standing))


async def of(database: Database, round_: Round, person_id: str) -> Invitation | None:
    return await database.read(partial(invitations.of, round_id=round_.id, person_id=person_id))


async def test_each_person_is_asked_once_however_often_they_are_named(database: Database, open_round: Round) -> None:
    first = await ask(database, open_round, ("U1", "C1"), ("U2", "C1"), ("U1", "S1"))
    await stand(database, open_round, "U1", Standing.DECLINED)
    later = await ask(database, open_round, ("U1", "C2"), ("U3", "U3"))

    assert (first, later) == (("U1", "U2"), ("U3",))
    assert await database.read(partial(invitations.count, round_id=open_round.id)) == 3
    assert await of(database, open_round, "U1") == Invitation(open_round.id, "U1", Standing.DECLINED, "C1")
    assert await of(database, open_round, "U3") == Invitation(open_round.id, "U3", Standing.ASKED, "U3")


async def test_an_audience_of_thousands_is_asked_at_once(database: Database, open_round: Round) -> None:
    assert len(await ask(database, open_round, *((f"U{number}", "C1") for number in range(5_000)))) == 5_000


async def test_nobody_can_be_asked(database: Database, open_round: Round) -> None:
    assert await ask(database, open_round) == ()
    assert await of(database, open_round, "U1") is None


@pytest.mark.parametrize("standing", Standing)
async def test_a_standing_is_the_last_that_was_said(database: Database, open_round: Round, standing: Standing) -> None:
    await ask(database, open_round, ("U1", "C1"), ("U2", "C1"))
    await stand(database, open_round, "U1", Standing.WITHDRAWN)

    await stand(database, open_round, "U1", standing)

    assert await of(database, open_round, "U1") == Invitation(open_round.id, "U1", standing, "C1")
    assert await of(database, open_round, "U2") == Invitation(open_round.id, "U2", Standing.ASKED, "C1")


async def test_after_closing_people_were_asked_or_declined_and_nothing_else(
    database: Database, open_round: Round
) -> None:
    await ask(database, open_round, *((person, "C1") for person in ("U3", "U1", "U2", "U4")))
    await stand(database, open_round, "U1", Standing.DECLINED)
    await stand(database, open_round, "U2", Standing.WITHDRAWN)

    await database.write(partial(invitations.reduce_at_closing, round_id=open_round.id, stopped={"U3"}))

    left = [await of(database, open_round, person) for person in ("U1", "U2", "U3", "U4")]
    assert [one and one.standing for one in left] == [*[Standing.DECLINED] * 3, Standing.ASKED]
    assert await database.read(partial(invitations.not_declined, round_id=open_round.id)) == ("U4",)


async def test_after_closing_the_rows_do_not_tell_who_changed_their_mind_and_when(
    database: Database, open_round: Round, database_url: str
) -> None:
    await ask(database, open_round, *((f"U{number}", "C1") for number in range(9)))
    for standing in (Standing.DECLINED, Standing.WITHDRAWN, Standing.ASKED):
        await stand(database, open_round, "U4", standing)

    await database.write(partial(invitations.reduce_at_closing, round_id=open_round.id, stopped=()))

    system = "rowid, 1" if database_url.startswith("sqlite") else "ctid, xmin"
    rows = await database.read(
        lambda connection: connection.execute(text(f"SELECT {system}, person_id FROM invitation ORDER BY 1")).all()  # noqa: S608
    )
    assert [person for *_, person in rows] == [f"U{number}" for number in range(9)]
    assert len({version for _, version, _ in rows}) == 1
