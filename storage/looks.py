"""Who opened a round's results, and when. Every respondent can read it."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, insert, select

from storage import tables

LOOK = tables.table(tables.Look)
TERMS = tables.table(tables.RoundTerms)

ONE_LOOK = timedelta(hours=1)
"""Results and then By function are one look; row upon row of the same minutes would hide the others in the list."""


@dataclass(frozen=True)
class Look:
    person_id: str
    looked_at: datetime


COLUMNS = [LOOK.c[column.name] for column in fields(Look)]


def note(connection: Connection, round_id: int, person_id: str, now: datetime) -> None:
    """The person is about to see the round's results. Within an hour of their last look, it is still that one."""
    theirs = (LOOK.c.round_id == round_id, LOOK.c.person_id == person_id, LOOK.c.looked_at > now - ONE_LOOK)
    if not connection.execute(select(exists().where(*theirs))).scalar():
        connection.execute(insert(LOOK).values(round_id=round_id, person_id=person_id, looked_at=now))


def of(connection: Connection, round_id: int) -> tuple[Look, ...]:
    """The looks at the round's results, the latest first."""
    query = select(*COLUMNS).where(LOOK.c.round_id == round_id).order_by(LOOK.c.looked_at.desc(), LOOK.c.id.desc())
    return tuple(Look(*row) for row in connection.execute(query))


def held_back(connection: Connection, round_id: int) -> bool:
    """Whether a closed round's results are the coordinators' alone: they look first, and have not shared them yet."""
    held = (TERMS.c.round_id == round_id, TERMS.c.after_look, TERMS.c.shared_at.is_(None))
    return bool(connection.execute(select(exists().where(*held))).scalar())
