"""In which message does a coordinator see invitations go out? One an open round, edited until all are out."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage import tables

PROGRESS = tables.table(tables.Progress)


@dataclass(frozen=True)
class Progress:
    """The message, by its channel and Slack's ts. `is_done`: it says that all are out."""

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


def save(connection: Connection, round_id: int, progress: Progress) -> None:
    """This is how the message stands now."""
    forget(connection, round_id)
    connection.execute(insert(PROGRESS).values(round_id=round_id, **asdict(progress)))


def forget(connection: Connection, round_id: int) -> None:
    """The round has closed, and nobody goes on editing."""
    connection.execute(delete(PROGRESS).where(PROGRESS.c.round_id == round_id))
