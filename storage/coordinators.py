"""Whom somebody appointed coordinator in Slack. Who was removed keeps the row: it is the log."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage import tables
from storage.inserting import insert_unless_there

COORDINATOR = tables.table(tables.Coordinator)
STANDS = COORDINATOR.c.removed_at.is_(None)


@dataclass(frozen=True)
class Appointment:
    """Somebody who is coordinator because `appointed_by` made them one."""

    person_id: str
    appointed_by: str
    appointed_at: datetime


COLUMNS = [COORDINATOR.c[column.name] for column in fields(Appointment)]


def appoint(connection: Connection, team_id: str, person_id: str, by: str, now: datetime) -> bool:
    """Whether this made the person coordinator; False: somebody had appointed them already."""
    values = {"team_id": team_id, "person_id": person_id, "appointed_by": by, "appointed_at": now}
    row = insert_unless_there(connection, COORDINATOR).values(**values).returning(COORDINATOR.c.id)
    return connection.execute(row).scalar() is not None


def remove(connection: Connection, team_id: str, person_id: str, by: str, now: datetime) -> bool:
    """Whether this ended an appointment; False: none stood."""
    theirs = (COORDINATOR.c.team_id == team_id, COORDINATOR.c.person_id == person_id, STANDS)
    ended = update(COORDINATOR).where(*theirs).values(removed_by=by, removed_at=now)
    return connection.execute(ended).rowcount > 0


def standing(connection: Connection, team_id: str) -> tuple[Appointment, ...]:
    """Those who are appointed now, the longest first."""
    query = select(*COLUMNS).where(COORDINATOR.c.team_id == team_id, STANDS)
    ordered = query.order_by(COORDINATOR.c.appointed_at, COORDINATOR.c.id)
    return tuple(Appointment(*row) for row in connection.execute(ordered))
