"""Since when, and why, Slack takes nothing that the bot posts: one row a workspace, as long as it lasts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from storage import tables
from storage.inserting import insert_unless_there

STOPPAGE = tables.table(tables.Stoppage)


@dataclass(frozen=True)
class Stoppage:
    """`word` is Slack's for the reason. `since_at` is UTC."""

    word: str
    since_at: datetime


def begin(connection: Connection, team_id: str, word: str, now: datetime) -> bool:
    """Slack refuses what we post to this workspace. False: it did before; the reason is now this one."""
    new = insert_unless_there(connection, STOPPAGE).values(team_id=team_id, word=word, since_at=now)
    if connection.execute(new.returning(STOPPAGE.c.team_id)).first():
        return True
    connection.execute(update(STOPPAGE).where(STOPPAGE.c.team_id == team_id).values(word=word))
    return False


def of(connection: Connection, team_id: str) -> Stoppage | None:
    """What stops the workspace's messages; None: nothing does."""
    row = connection.execute(select(STOPPAGE.c.word, STOPPAGE.c.since_at).where(STOPPAGE.c.team_id == team_id)).first()
    return Stoppage(*row) if row else None


def any_of_them(connection: Connection) -> Stoppage | None:
    """One of all workspaces, the oldest; None: messages go out everywhere."""
    oldest = select(STOPPAGE.c.word, STOPPAGE.c.since_at).order_by(STOPPAGE.c.since_at).limit(1)
    row = connection.execute(oldest).first()
    return Stoppage(*row) if row else None


def end(connection: Connection, team_id: str) -> Stoppage | None:
    """Slack takes messages again. What it was; None: nothing stopped them."""
    was = of(connection, team_id)
    ended = connection.execute(delete(STOPPAGE).where(STOPPAGE.c.team_id == team_id))
    return was if ended.rowcount else None
