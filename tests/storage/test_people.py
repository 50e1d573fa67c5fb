"""When we may write to somebody: zones are Slack's, wishes are theirs, and each keeps the other."""

from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from storage import invitations, people
from storage.database import Database
from storage.invitations import Standing
from storage.people import Person
from storage.rounds import Round

LISBON, DENVER = "Europe/Lisbon", "America/Denver"


async def of(database: Database, person_id: str, team_id: str = "T1") -> Person | None:
    return await database.read(partial(people.of, team_id=team_id, person_id=person_id))


async def keep_zones(database: Database, **zones: str) -> None:
    await database.write(partial(people.keep_zones, team_id="T1", zones=zones))


async def prefer(database: Database, person_id: str, best_time: str) -> None:
    await database.write(partial(people.prefer, team_id="T1", person_id=person_id, best_time=best_time, zone=DENVER))


async def stop(database: Database, person_id: str, *, stopped: bool) -> None:
    await database.write(partial(people.stop, team_id="T1", person_id=person_id, zone=DENVER, stopped=stopped))


async def test_a_zone_is_the_last_that_slack_told(database: Database) -> None:
    await keep_zones(database, U1=LISBON, U2=LISBON)
    await keep_zones(database, U1=DENVER)
    await keep_zones(database)

    assert await of(database, "U1") == Person("U1", DENVER, None, stopped=False)
    assert await of(database, "U2") == Person("U2", LISBON, None, stopped=False)
    assert await of(database, "U3") is None
    assert await of(database, "U1", team_id="T2") is None


async def test_the_wishes_of_several_are_read_at_once(database: Database) -> None:
    await keep_zones(database, U1=LISBON, U2=DENVER, U3=DENVER)

    found = await database.read(partial(people.among, team_id="T1", person_ids={"U1", "U3", "U9"}))

    assert found == {"U1": await of(database, "U1"), "U3": await of(database, "U3")}
    assert await database.read(partial(people.among, team_id="T2", person_ids={"U1"})) == {}


async def test_wishes_outlast_a_new_zone_and_each_other(database: Database) -> None:
    await keep_zones(database, U1=LISBON)
    await prefer(database, "U1", "night")
    await stop(database, "U1", stopped=True)
    await prefer(database, "U1", "evening")
    await keep_zones(database, U1=DENVER)

    assert await of(database, "U1") == Person("U1", DENVER, "evening", stopped=True)


async def test_a_wish_never_changes_a_zone_that_is_known(database: Database) -> None:
    await keep_zones(database, U1=LISBON)
    await prefer(database, "U1", "night")
    await stop(database, "U1", stopped=True)

    assert await of(database, "U1") == Person("U1", LISBON, "night", stopped=True)


async def test_somebody_unknown_can_have_a_wish(database: Database) -> None:
    await prefer(database, "U1", "morning")
    await stop(database, "U2", stopped=True)
    await stop(database, "U2", stopped=False)

    assert await of(database, "U1") == Person("U1", DENVER, "morning", stopped=False)
    assert await of(database, "U2") == Person("U2", DENVER, None, stopped=False)


async def test_a_time_of_day_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await prefer(database, "U1", "teatime")


async def test_of_a_round_are_those_who_were_asked_in_it(database: Database, open_round: Round) -> None:
    await database.write(
        partial(invitations.ask, round_id=open_round.id, people=[("U1", "C1"), ("U2", "S1"), ("U3", "C1")])
    )
    await keep_zones(database, U1=LISBON, U2=DENVER, U9=DENVER)
    await database.write(partial(people.keep_zones, team_id="T2", zones={"U3": LISBON}))

    assert await database.read(partial(people.of_round, round_id=open_round.id)) == {
        "U1": Person("U1", LISBON, None, stopped=False),
        "U2": Person("U2", DENVER, None, stopped=False),
    }
    assert await database.read(partial(people.of_round, round_id=open_round.id + 1)) == {}


async def test_a_source_brought_those_whom_it_brought(database: Database, open_round: Round) -> None:
    await database.write(
        partial(invitations.ask, round_id=open_round.id, people=[("U3", "C1"), ("U2", "S1"), ("U1", "C1")])
    )
    await database.write(partial(invitations.stand, round_id=open_round.id, person_id="U3", standing=Standing.DECLINED))

    asked = partial(people.asked_by, round_id=open_round.id)

    assert await database.read(partial(asked, brought_by="C1")) == (("U1", "asked"), ("U3", "declined"))
    assert await database.read(partial(asked, brought_by="C7")) == ()
    assert len(await database.read(asked)) == 3


async def test_holding_somebody_is_harmless_where_nobody_was_asked(database: Database, open_round: Round) -> None:
    await database.write(partial(people.hold, round_id=open_round.id, person_id="U1"))


async def test_zones_of_thousands_are_kept_at_once(database: Database) -> None:
    await keep_zones(database, **{f"U{number}": LISBON for number in range(5_000)})

    assert await of(database, "U4999") == Person("U4999", LISBON, None, stopped=False)
