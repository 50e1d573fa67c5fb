"""The picture of participation that was shown last: one an open round; it goes at closing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from instrument.participation import Picture
from storage import tables

PARTICIPATION = tables.table(tables.Participation)


@dataclass(frozen=True)
class Drawn:
    """A picture, and when it was drawn."""

    picture: Picture
    drawn_at: datetime


def of(connection: Connection, round_id: int) -> Drawn | None:
    """The round's picture; None: none was drawn yet."""
    query = select(PARTICIPATION.c.body, PARTICIPATION.c.drawn_at).where(PARTICIPATION.c.round_id == round_id)
    row = connection.execute(query).first()
    return Drawn(Picture.from_json(row.body), row.drawn_at) if row else None


def save(connection: Connection, round_id: int, drawn: Drawn) -> None:
    """This one takes the place of the one before."""
    forget(connection, round_id)
    values = {"round_id": round_id, "drawn_at": drawn.drawn_at, "body": drawn.picture.to_json()}
    connection.execute(insert(PARTICIPATION).values(values))


def forget(connection: Connection, round_id: int) -> None:
    """Deletes the round's picture."""
    connection.execute(delete(PARTICIPATION).where(PARTICIPATION.c.round_id == round_id))
