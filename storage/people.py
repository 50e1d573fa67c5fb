"""When somebody may be written to: their zone, the time of day that they chose, and whether they stopped messages.

Identity's side. These are wishes, and they hold from round to round: nothing here tells who began or finished.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage import tables
from storage.inserting import upsert
from storage.invitations import INVITATION

PERSON = tables.table(tables.Person)
OURS = (PERSON.c.team_id, PERSON.c.person_id)


@dataclass(frozen=True)
class Person:
    """`zone` is a name as Slack tells it. `best_time` None: not chosen. `stopped`: no reminders, in no round."""

    person_id: str
    zone: str
    best_time: str | None
    stopped: bool


def keep_zones(connection: Connection, team_id: str, zones: Mapping[str, str]) -> None:
    """These people's zones are now so, by person id; what they wished stays."""
    rows = [
        {"team_id": team_id, "person_id": person_id, "zone": zone, "stopped": False}
        for person_id, zone in sorted(zones.items())
    ]
    if rows:
        connection.execute(upsert(connection, PERSON, OURS, "zone"), rows)


def of(connection: Connection, team_id: str, person_id: str) -> Person | None:
    """What the person wishes; None: we know neither zone nor wish."""
    columns = (PERSON.c.person_id, PERSON.c.zone, PERSON.c.best_time, PERSON.c.stopped)
    row = connection.execute(
        select(*columns).where(PERSON.c.team_id == team_id, PERSON.c.person_id == person_id)
    ).first()
    return Person(*row) if row else None


def among(connection: Connection, team_id: str, person_ids: Collection[str]) -> dict[str, Person]:
    """What these people wish, by person id, as far as we know anything."""
    columns = (PERSON.c.person_id, PERSON.c.zone, PERSON.c.best_time, PERSON.c.stopped)
    query = select(*columns).where(PERSON.c.team_id == team_id, PERSON.c.person_id.in_(person_ids))
    return {row.person_id: Person(*row) for row in connection.execute(query)}


def of_round(connection: Connection, round_id: int) -> dict[str, Person]:
    """What those wish who were asked in this round, by person id, as far as we know anything."""
    asked = select(INVITATION.c.person_id).where(INVITATION.c.round_id == round_id)
    team = select(tables.table(tables.Round).c.team_id).where(tables.table(tables.Round).c.id == round_id)
    columns = (PERSON.c.person_id, PERSON.c.zone, PERSON.c.best_time, PERSON.c.stopped)
    query = select(*columns).where(PERSON.c.team_id == team.scalar_subquery(), PERSON.c.person_id.in_(asked))
    return {row.person_id: Person(*row) for row in connection.execute(query)}


def prefer(connection: Connection, team_id: str, person_id: str, best_time: str, zone: str) -> None:
    """The person chose a time of day. `zone` is kept where we know none of theirs yet."""
    row = {"team_id": team_id, "person_id": person_id, "zone": zone, "best_time": best_time, "stopped": False}
    connection.execute(upsert(connection, PERSON, OURS, "best_time"), [row])


def stop(connection: Connection, team_id: str, person_id: str, zone: str, *, stopped: bool) -> None:
    """The person stopped reminders, or wants them again."""
    row = {"team_id": team_id, "person_id": person_id, "zone": zone, "stopped": stopped}
    connection.execute(upsert(connection, PERSON, OURS, "stopped"), [row])


def asked_by(connection: Connection, round_id: int, brought_by: str | None = None) -> tuple[tuple[str, str], ...]:
    """Whom we asked in this round: pairs (person id, standing); only those whom one source brought, where it is named."""
    query = select(INVITATION.c.person_id, INVITATION.c.standing).where(INVITATION.c.round_id == round_id)
    if brought_by is not None:
        query = query.where(INVITATION.c.brought_by == brought_by)
    found = connection.execute(query.order_by(INVITATION.c.person_id))
    return tuple((person_id, standing) for person_id, standing in found)


def hold(connection: Connection, round_id: int, person_id: str) -> None:
    """Until the transaction ends, nobody else plans a message to this person in this round."""
    theirs = (INVITATION.c.round_id == round_id, INVITATION.c.person_id == person_id)
    connection.execute(select(INVITATION.c.person_id).where(*theirs).with_for_update())
