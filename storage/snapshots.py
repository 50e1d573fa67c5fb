"""What came out: one stored snapshot a closed round."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from instrument.snapshot import Snapshot
from storage import tables
from storage.rounds import COLUMNS, ROUND, Round

SNAPSHOT = tables.table(tables.Snapshot)


def save(connection: Connection, round_id: int, snapshot: Snapshot, now: datetime) -> None:
    """Stores the round's only snapshot. Raises IntegrityError where it has one: what was frozen stays so."""
    connection.execute(insert(SNAPSHOT).values(round_id=round_id, taken_at=now, body=snapshot.to_json()))


def of(connection: Connection, round_id: int) -> Snapshot | None:
    """The round's snapshot; None: it is open, or unknown. Raises UnknownFormat."""
    body = connection.execute(select(SNAPSHOT.c.body).where(SNAPSHOT.c.round_id == round_id)).scalar()
    return Snapshot.from_json(body) if body else None


def closed_rounds(connection: Connection) -> tuple[int, ...]:
    """The rounds of all workspaces that have a snapshot, the last one closed last."""
    query = select(ROUND.c.id).join(SNAPSHOT, SNAPSHOT.c.round_id == ROUND.c.id).order_by(ROUND.c.closed_at, ROUND.c.id)
    return tuple(connection.execute(query).scalars())


def latest(connection: Connection, team_id: str) -> tuple[Round, Snapshot] | None:
    """The workspace's last closed round with its snapshot; None: nothing was closed there yet. Raises UnknownFormat."""
    query = (
        select(SNAPSHOT.c.body, *COLUMNS)
        .join(ROUND, ROUND.c.id == SNAPSHOT.c.round_id)
        .where(ROUND.c.team_id == team_id)
        .order_by(ROUND.c.closed_at.desc(), ROUND.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (Round(*row[1:]), Snapshot.from_json(row[0])) if row else None


def before(connection: Connection, round_: Round) -> tuple[tuple[Round, Snapshot], ...]:
    """The workspace's rounds that closed before this one and have results, the latest first. Raises UnknownFormat."""
    query = (
        select(SNAPSHOT.c.body, *COLUMNS)
        .join(ROUND, ROUND.c.id == SNAPSHOT.c.round_id)
        .where(ROUND.c.team_id == round_.team_id, ROUND.c.closed_at.is_not(None), ROUND.c.id < round_.id)
        .order_by(ROUND.c.closed_at.desc(), ROUND.c.id.desc())
    )
    found = [(Round(*row[1:]), Snapshot.from_json(row[0])) for row in connection.execute(query)]
    return tuple((earlier, snapshot) for earlier, snapshot in found if snapshot.finished is not None)


def closed_since(connection: Connection, team_id: str, at: datetime) -> tuple[Round, ...]:
    """The workspace's rounds that closed then or later and have results, the latest first. Raises UnknownFormat."""
    query = (
        select(SNAPSHOT.c.body, *COLUMNS)
        .join(ROUND, ROUND.c.id == SNAPSHOT.c.round_id)
        .where(ROUND.c.team_id == team_id, ROUND.c.closed_at >= at)
        .order_by(ROUND.c.closed_at.desc(), ROUND.c.id.desc())
    )
    found = [(Round(*row[1:]), Snapshot.from_json(row[0])) for row in connection.execute(query)]
    return tuple(closed for closed, snapshot in found if snapshot.finished is not None)
