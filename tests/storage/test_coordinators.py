"""Appointments and looks: what is kept, and in which order it is told."""

from datetime import UTC, datetime, timedelta
from functools import partial

from storage import coordinators, looks
from storage.coordinators import Appointment
from storage.database import Database
from storage.looks import Look
from storage.rounds import Round
from storage.tables import Coordinator, table

NOW = datetime(2027, 4, 1, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


async def appoint(database: Database, person_id: str, at: datetime = NOW, team_id: str = "T1") -> bool:
    return await database.write(
        partial(coordinators.appoint, team_id=team_id, person_id=person_id, by="UADMIN", now=at)
    )


async def test_the_appointed_stand_in_the_order_of_their_appointment(database: Database) -> None:
    await appoint(database, "UB")
    await appoint(database, "UA", LATER)
    await appoint(database, "UC", team_id="T2")

    standing = await database.read(partial(coordinators.standing, team_id="T1"))

    assert standing == (Appointment("UB", "UADMIN", NOW), Appointment("UA", "UADMIN", LATER))


async def test_a_second_appointment_changes_nothing(database: Database) -> None:
    first, second = await appoint(database, "UA"), await appoint(database, "UA", LATER)

    assert (first, second) == (True, False)
    assert await database.read(partial(coordinators.standing, team_id="T1")) == (Appointment("UA", "UADMIN", NOW),)


async def test_who_was_removed_is_no_coordinator_but_stays_on_record_and_can_be_appointed_again(
    database: Database,
) -> None:
    remove = partial(coordinators.remove, team_id="T1", person_id="UA", by="UB", now=LATER)
    await appoint(database, "UA")
    removed, again = await database.write(remove), await database.write(remove)
    nobody = await database.read(partial(coordinators.standing, team_id="T1"))
    back = await appoint(database, "UA", LATER)

    log = await database.read(lambda connection: connection.execute(table(Coordinator).select()).all())

    assert (removed, again, nobody, back) == (True, False, (), True)
    assert [(row.removed_by, row.removed_at) for row in log] == [("UB", LATER), (None, None)]


async def test_looks_are_told_the_latest_first_and_one_for_each_person_and_hour(
    database: Database, open_round: Round
) -> None:
    for person_id, minutes in (("UA", 0), ("UA", 59), ("UB", 59), ("UA", 60)):
        at = NOW + timedelta(minutes=minutes)
        await database.write(partial(looks.note, round_id=open_round.id, person_id=person_id, now=at))

    assert await database.read(partial(looks.of, round_id=open_round.id)) == (
        Look("UA", NOW + timedelta(minutes=60)),
        Look("UB", NOW + timedelta(minutes=59)),
        Look("UA", NOW),
    )
