"""The messages that the bot owes, to whom, and when: rows that are claimed with a lease, posted, and marked after.

Any number of processes may claim at once. Who dies with a claim loses nothing: it is due again when the lease is over. A
lease that is longer than any that is given was written by a clock that was wrong, and holds nobody off.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, or_, select, update

from storage import tables
from storage.inserting import insert_unless_there

POSTING = tables.table(tables.Posting)


@dataclass(frozen=True)
class NewPosting:
    """`target` is a person's or a channel's Slack id. `note` is a word of the bot's, never an answer or a score."""

    kind: str
    team_id: str
    round_id: int | None
    target: str
    due_at: datetime
    note: str = ""


@dataclass(frozen=True)
class Posting:
    """A message that is owed. `attempts` counts how often Slack refused it for what is in it."""

    id: int
    kind: str
    team_id: str
    round_id: int | None
    target: str
    due_at: datetime
    attempts: int
    note: str


@dataclass(frozen=True)
class Failure:
    """Somebody whom a message cannot reach; `reason` is Slack's word for why."""

    target: str
    reason: str


@dataclass(frozen=True)
class Tally:
    """Of `all` postings so many were posted and so many failed; `lately` were posted since an instant."""

    all: int
    posted: int
    failed: int
    lately: int

    @property
    def owed(self) -> int:
        return self.all - self.posted - self.failed


COLUMNS = [POSTING.c[column.name] for column in fields(Posting)]
IS_OWED = (POSTING.c.posted_at.is_(None), POSTING.c.failure.is_(None))


def owe(connection: Connection, postings: Iterable[NewPosting]) -> None:
    """Owes these; one of the same kind, round, target and due date is owed once, however often this is said."""
    # vars, not asdict: that copies deeply, and took half of the time in which thousands are owed.
    rows = [vars(posting) | {"attempts": 0} for posting in postings]
    if rows:
        connection.execute(insert_unless_there(connection, POSTING), rows)


def claim_due(
    connection: Connection, now: datetime, lease: timedelta, limit: int, patient: Collection[str] = ()
) -> tuple[Posting, ...]:
    """The oldest that are due and nobody's, at most `limit`. They are ours for the length of `lease`.

    Those of the kinds in `patient` come after all others.
    """
    claim = POSTING.c.claimed_until
    free = or_(claim.is_(None), claim <= now, claim > now + lease)
    ready = or_(POSTING.c.waits_until.is_(None), POSTING.c.waits_until <= now)
    query = (
        select(*COLUMNS)
        .where(*IS_OWED, POSTING.c.due_at <= now, free, ready)
        .order_by(POSTING.c.kind.in_(patient), POSTING.c.due_at, POSTING.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = tuple(Posting(*row) for row in connection.execute(query))
    if claimed:
        ours = POSTING.c.id.in_([posting.id for posting in claimed])
        connection.execute(update(POSTING).where(ours).values(claimed_until=now + lease))
    return claimed


def mark_posted(connection: Connection, posting_id: int, now: datetime) -> None:
    """It was posted. Harmless where its round has closed meanwhile, and forgot it."""
    connection.execute(update(POSTING).where(POSTING.c.id == posting_id).values(posted_at=now))


def release(connection: Connection, posting_ids: Collection[int], claimed_until: datetime) -> None:
    """Those that are still ours until then are nobody's again, and due as before.

    What somebody else has claimed since, because our lease was over, stays theirs: they may be posting it.
    """
    ours = (POSTING.c.id.in_(posting_ids), POSTING.c.claimed_until == claimed_until)
    connection.execute(update(POSTING).where(*ours).values(claimed_until=None))


def release_claim(connection: Connection, claimed_until: datetime) -> None:
    """Releases what was claimed until then, by a claim whose rows nobody got to know."""
    connection.execute(update(POSTING).where(POSTING.c.claimed_until == claimed_until).values(claimed_until=None))


def put_off(connection: Connection, posting_id: int, until: datetime, *, is_unfit: bool = False) -> None:
    """It is still owed, and nobody's before `until`. `is_unfit`: Slack refused it for what is in it."""
    later = {"claimed_until": None, "waits_until": until, "attempts": POSTING.c.attempts + int(is_unfit)}
    connection.execute(update(POSTING).where(POSTING.c.id == posting_id).values(later))


def wait_no_longer(connection: Connection, round_id: int, until: datetime) -> None:
    """The round's messages that were put off, to `until` at the latest, are due as before."""
    waiting = (POSTING.c.round_id == round_id, *IS_OWED, POSTING.c.waits_until <= until)
    connection.execute(update(POSTING).where(*waiting).values(waits_until=None))


def mark_failed(connection: Connection, posting_id: int, reason: str) -> None:
    """It is given up, for Slack's `reason`."""
    connection.execute(update(POSTING).where(POSTING.c.id == posting_id).values(failure=reason))


def start_afresh(connection: Connection, *, is_alone: bool) -> None:
    """A process has started: what was put off may be tried at once, by whatever clock it was put off.

    Where no other process shares the database (`is_alone`), what a dead one had claimed is nobody's.
    """
    free: dict[str, None] = {"waits_until": None} | ({"claimed_until": None} if is_alone else {})
    held = or_(*(POSTING.c[name].is_not(None) for name in free))
    connection.execute(update(POSTING).where(*IS_OWED, held).values(free))


def try_again(connection: Connection, round_id: int, kind: str) -> int:
    """The round's messages of this kind that were given up are owed again; how many."""
    given_up = (POSTING.c.round_id == round_id, POSTING.c.kind == kind, POSTING.c.failure.is_not(None))
    afresh = {"failure": None, "attempts": 0, "claimed_until": None, "waits_until": None}
    return connection.execute(update(POSTING).where(*given_up).values(afresh)).rowcount


def waiting_since(connection: Connection, now: datetime) -> datetime | None:
    """When the oldest message was due that is still owed; None: nothing is late."""
    oldest = select(func.min(POSTING.c.due_at)).where(*IS_OWED, POSTING.c.due_at <= now)
    since: datetime | None = connection.execute(oldest).scalar()
    return since


def next_due_at(connection: Connection) -> datetime | None:
    """When something can next be claimed; None: nothing is owed."""
    claimable_at: Any = POSTING.c.due_at
    for hold in (POSTING.c.claimed_until, POSTING.c.waits_until):
        claimable_at = case((hold > claimable_at, hold), else_=claimable_at)
    next_at: datetime | None = connection.execute(select(func.min(claimable_at)).where(*IS_OWED)).scalar()
    return next_at


def forget_round(connection: Connection, round_id: int) -> None:
    """Deletes what was owed or posted for the round: after closing, who was written to when is nobody's business."""
    connection.execute(delete(POSTING).where(POSTING.c.round_id == round_id))


def tally(connection: Connection, round_id: int, kind: str, since: datetime) -> Tally:
    """How far the round's postings of one kind are."""
    of_kind = (POSTING.c.round_id == round_id, POSTING.c.kind == kind)
    query = select(
        func.count(),
        func.count(POSTING.c.posted_at),
        func.count(POSTING.c.failure),
        func.count(case((POSTING.c.posted_at > since, 1))),
    ).where(*of_kind)
    return Tally(*connection.execute(query).one())


def failures(connection: Connection, round_id: int) -> tuple[Failure, ...]:
    """Whom the round's messages cannot reach."""
    query = select(POSTING.c.target, POSTING.c.failure).where(
        POSTING.c.round_id == round_id, POSTING.c.failure.is_not(None)
    )
    return tuple(Failure(target, reason) for target, reason in connection.execute(query.order_by(POSTING.c.id)))


@dataclass(frozen=True)
class Sent:
    """A message of a round to somebody, owed or done. `failure` is Slack's word, where it could not be sent."""

    id: int
    kind: str
    target: str
    due_at: datetime
    note: str
    posted_at: datetime | None
    failure: str | None

    @property
    def is_owed(self) -> bool:
        return self.posted_at is None and self.failure is None


def of_round(
    connection: Connection, round_id: int, kinds: Iterable[str], target: str | None = None
) -> tuple[Sent, ...]:
    """The round's messages of these kinds, to everyone or to `target`, in the order in which they were due."""
    query = select(*(POSTING.c[column.name] for column in fields(Sent))).where(
        POSTING.c.round_id == round_id, POSTING.c.kind.in_([*kinds])
    )
    if target is not None:
        query = query.where(POSTING.c.target == target)
    return tuple(Sent(*row) for row in connection.execute(query.order_by(POSTING.c.due_at, POSTING.c.id)))


def owed_of_no_round(connection: Connection, team_id: str, kinds: Iterable[str]) -> tuple[Posting, ...]:
    """The workspace's messages of these kinds that belong to no round and are still owed."""
    ours = (POSTING.c.team_id == team_id, POSTING.c.round_id.is_(None), POSTING.c.kind.in_([*kinds]))
    query = select(*COLUMNS).where(*ours, *IS_OWED).order_by(POSTING.c.due_at, POSTING.c.id)
    return tuple(Posting(*row) for row in connection.execute(query))


def take_back(connection: Connection, posting_ids: Iterable[int]) -> None:
    """These are not owed any more. One that was sent meanwhile stays."""
    ids = [{"taken_back": posting_id} for posting_id in posting_ids]
    if ids:
        connection.execute(delete(POSTING).where(POSTING.c.id == bindparam("taken_back"), *IS_OWED), ids)


def leave_no_trace(connection: Connection, posting_id: int) -> bool:
    """It is done, and its row no longer tells what came of it: sent at once or late, refused, or not wanted.

    False: there is no such row any more.
    """
    held = {"claimed_until": None, "waits_until": None, "attempts": 0}
    same = held | {"posted_at": POSTING.c.due_at, "failure": None}
    done = connection.execute(update(POSTING).where(POSTING.c.id == posting_id).values(same).returning(POSTING.c.id))
    return done.first() is not None
