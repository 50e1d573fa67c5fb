"""Lists what a person or a channel got lately, or is about to get, of the messages that belong to no round."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from storage.postings import IS_OWED, POSTING


@dataclass(frozen=True)
class AtPlace:
    """A message to a place; is_posted: it went out; otherwise it is still owed."""

    id: int
    kind: str
    is_posted: bool


def messages(
    connection: Connection, team_id: str, target: str, kinds: Collection[str], since: datetime, until: datetime
) -> tuple[AtPlace, ...]:
    """Those to `target` that went out from `since` on, and those that are owed and may go out before `until`."""
    row = POSTING.c
    to_target = (row.kind.in_([*kinds]), row.team_id == team_id, row.target == target, row.round_id.is_(None))
    may_go = and_(*IS_OWED, row.due_at < until, or_(row.waits_until.is_(None), row.waits_until < until))
    query = select(row.id, row.kind, row.posted_at.is_not(None)).where(*to_target, or_(row.posted_at >= since, may_go))
    found = connection.execute(query.order_by(row.due_at, row.id))
    return tuple(AtPlace(id, kind, bool(is_posted)) for id, kind, is_posted in found)
