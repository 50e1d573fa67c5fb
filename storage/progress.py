"""The message in which a coordinator sees invitations go out: one an open round, edited until all are out."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from storage import tables
from storage.inserting import insert_unless_there

PROGRESS = tables.table(tables.Progress)


@dataclass(frozen=True)
class Progress:
    """The message, by its channel and Slack's ts, "" until it is posted. `is_done`: it says that all are out."""

    channel_id: str
    ts: str
    began_at: datetime
    edited_at: datetime
    is_done: bool


def of(connection: Connection, round_id: int) -> Progress | None:
    """The round's message; None: there is none yet."""
    columns = [PROGRESS.c[name] for name in Progress.__dataclass_fields__]
    row = connection.execute(select(*columns).where(PROGRESS.c.round_id == round_id)).first()
    return Progress(*row) if row else None


def claim(connection: Connection, round_id: int, now: datetime, lease: timedelta) -> bool:
    """Whether it is ours to post the message: where there is none, or one whose invitations were all out.

    Of several processes one is told so. Who dies before it posts is followed by another, when the lease is over.
    """
    new = Progress("", "", now, now, is_done=False)
    inserted = insert_unless_there(connection, PROGRESS).values(round_id=round_id, **asdict(new))
    if connection.execute(inserted.returning(PROGRESS.c.round_id)).first():
        return True
    left = and_(PROGRESS.c.ts == "", PROGRESS.c.edited_at <= now - lease)
    again = update(PROGRESS).where(PROGRESS.c.round_id == round_id, or_(PROGRESS.c.is_done, left)).values(asdict(new))
    return connection.execute(again).rowcount == 1


def save(connection: Connection, round_id: int, progress: Progress) -> None:
    """This is how the message stands now."""
    forget(connection, round_id)
    connection.execute(insert(PROGRESS).values(round_id=round_id, **asdict(progress)))


def forget(connection: Connection, round_id: int) -> None:
    """The round has closed, and nobody goes on editing."""
    connection.execute(delete(PROGRESS).where(PROGRESS.c.round_id == round_id))
