"""What a coordinator chose for a round, beside its day and its channel."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage import tables
from storage.inserting import insert_unless_there

TERMS = tables.table(tables.RoundTerms)
MOST_REMINDERS = 3
"""So many reminders come by themselves in a round; the invitation promises it."""


@dataclass(frozen=True)
class Terms:
    """Instants are UTC.

    announcement: a web address. contacts: whom to turn to for help here, in the coordinator's words. starts_at: nobody is
    asked before. shared_at: when the results went to everyone; with `after_look` not before a coordinator let them, or
    days later.
    """

    guests_too: bool = False
    joiners_too: bool = False
    after_look: bool = False
    target_percent: int | None = None
    staff_count: int | None = None
    announcement: str | None = None
    contacts: str | None = None
    starts_at: datetime | None = None
    shared_at: datetime | None = None


COLUMNS = [TERMS.c[column.name] for column in fields(Terms)]


def save(connection: Connection, round_id: int, terms: Terms) -> None:
    """The terms of a new round."""
    connection.execute(insert(TERMS).values(round_id=round_id, **asdict(terms)))


def of(connection: Connection, round_id: int) -> Terms:
    """The round's terms; of a round that began before there were any, those that it had without choosing."""
    row = connection.execute(select(*COLUMNS).where(TERMS.c.round_id == round_id)).first()
    return Terms(*row) if row else Terms()


def mark_shared(connection: Connection, round_id: int, now: datetime) -> None:
    """The results went out to everyone."""
    defaults = {"guests_too": False, "joiners_too": False, "after_look": False}
    connection.execute(insert_unless_there(connection, TERMS).values(round_id=round_id, **defaults))
    connection.execute(update(TERMS).where(TERMS.c.round_id == round_id).values(shared_at=now))


def not_shared(connection: Connection) -> tuple[tuple[int, datetime], ...]:
    """The closed rounds whose results wait for a coordinator, each with the instant of its closing."""
    closed = tables.table(tables.Round)
    query = (
        select(closed.c.id, closed.c.closed_at)
        .join(TERMS, TERMS.c.round_id == closed.c.id)
        .where(TERMS.c.after_look, TERMS.c.shared_at.is_(None))
        .where(closed.c.closed_at.is_not(None), closed.c.abandoned_at.is_(None))
        .order_by(closed.c.id)
    )
    return tuple((round_id, closed_at) for round_id, closed_at in connection.execute(query))
