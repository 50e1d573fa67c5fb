"""Rounds: which one is open, which is due to close, and what a closing leaves to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum, StrEnum, auto

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, insert, not_, or_, select, update

from storage import tables
from storage.inserting import insert_unless_there
from storage.keys import RoundKey
from storage.prepared import Prepared

ROUND = tables.table(tables.Round)
SOURCE = tables.table(tables.RoundSource)


class SourceKind(StrEnum):
    """What an audience is gathered from."""

    CHANNEL = "channel"
    PERSON = "person"
    GROUP = "group"


class Lock(Enum):
    """How a transaction holds a round. Answers share it, closing has it alone: so no answer misses the snapshot.

    On SQLite every transaction is alone anyway.
    """

    SHARED = auto()
    EXCLUSIVE = auto()


@dataclass(frozen=True)
class Source:
    """Where an audience comes from."""

    kind: SourceKind
    slack_id: str


@dataclass(frozen=True)
class NewRound:
    """What a coordinator starts. `remind_every_days` None: never."""

    team_id: str
    instrument_version: str
    opened_by: str
    results_channel: str
    minimum: int
    remind_every_days: int | None
    closes_at: datetime
    key_name: str
    key_half: bytes = field(repr=False)
    sources: tuple[Source, ...]
    key_check: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Round:
    """A round. Its instants are UTC.

    close_now_at: Close now was pressed, and takes effect then. closed_at: None while it is open. gathered_at: None until
    its audience was asked. key_half: None once it is closed. abandoned_at: its key was lost, so that it has no results.
    """

    id: int
    team_id: str
    instrument_version: str
    opened_by: str
    results_channel: str
    minimum: int
    remind_every_days: int | None
    opened_at: datetime
    closes_at: datetime
    close_now_at: datetime | None
    closed_at: datetime | None
    gathered_at: datetime | None
    key_name: str
    key_half: bytes | None = field(repr=False)
    key_check: str | None = field(default=None, repr=False)
    abandoned_at: datetime | None = None

    @property
    def key(self) -> RoundKey | None:
        """What it keeps of its key; None once it is closed."""
        return None if self.key_half is None else RoundKey(self.key_name, self.key_half, self.key_check)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def closing_at(self) -> datetime:
        """When it closes as things stand: on its day, or sooner where Close now was pressed."""
        return min(self.closes_at, self.close_now_at) if self.close_now_at else self.closes_at


@dataclass(frozen=True)
class Opened:
    """The new round."""

    round: Round


@dataclass(frozen=True)
class AlreadyOpen:
    """The round that is open in this workspace already; one at a time."""

    round: Round


COLUMNS = [ROUND.c[column.name] for column in fields(Round)]
IS_OPEN = ROUND.c.closed_at.is_(None)

BY_ID = select(*COLUMNS).where(ROUND.c.id == bindparam("round_id"))
BY_ID_LOCKED: dict[Lock | None, Prepared] = {
    None: Prepared(BY_ID),
    Lock.SHARED: Prepared(BY_ID.with_for_update(read=True)),
    Lock.EXCLUSIVE: Prepared(BY_ID.with_for_update()),
}


def open_round(connection: Connection, new: NewRound, now: datetime) -> Opened | AlreadyOpen:
    """Opens a round with its audience's sources, unless one is open in the workspace."""
    values = {column.name: getattr(new, column.name) for column in fields(NewRound) if column.name != "sources"}
    opening = insert_unless_there(connection, ROUND).values(**values, opened_at=now, scrub_owed=False)
    round_id = connection.execute(opening.returning(ROUND.c.id)).scalar()
    if round_id is None:
        other = open_in(connection, new.team_id)
        # None: the other one closed in between.
        return AlreadyOpen(other) if other else open_round(connection, new, now)
    sources = [
        {"round_id": round_id, "slack_id": source.slack_id, "kind": source.kind.value, "place": place}
        for place, source in enumerate(dict.fromkeys(new.sources))
    ]
    if sources:
        connection.execute(insert(SOURCE), sources)
    return Opened(Round(**values, id=round_id, opened_at=now, close_now_at=None, closed_at=None, gathered_at=None))


def by_id(connection: Connection, round_id: int, *, lock: Lock | None = None) -> Round | None:
    """The round, held as `lock` says until the transaction ends; None: there is no such round."""
    row = BY_ID_LOCKED[lock].first(connection, round_id=round_id)
    return Round(*row) if row else None


def open_in(connection: Connection, team_id: str) -> Round | None:
    """The workspace's open round; None: nothing is open there."""
    row = connection.execute(select(*COLUMNS).where(ROUND.c.team_id == team_id, IS_OPEN)).first()
    return Round(*row) if row else None


def newest(connection: Connection, team_id: str) -> int | None:
    """The id of the workspace's last round, open or closed; None: there was none."""
    found: int | None = connection.execute(select(func.max(ROUND.c.id)).where(ROUND.c.team_id == team_id)).scalar()
    return found


def all_open(connection: Connection) -> tuple[Round, ...]:
    """The open rounds of all workspaces."""
    return _rounds(connection)


def to_gather(connection: Connection, now: datetime, again_from: datetime) -> tuple[Round, ...]:
    """The open rounds that have started and whose audience was not asked yet.

    Where those who join are asked too, also those whose audience was not asked since `again_from`.
    """
    terms = tables.table(tables.RoundTerms)
    joiners = exists().where(terms.c.round_id == ROUND.c.id, terms.c.joiners_too)
    waits = exists().where(terms.c.round_id == ROUND.c.id, terms.c.starts_at > now)
    again = and_(ROUND.c.gathered_at <= again_from, joiners)
    return _rounds(connection, or_(ROUND.c.gathered_at.is_(None), again), not_(waits))


def due_to_close(connection: Connection, now: datetime) -> tuple[int, ...]:
    """The ids of the open rounds whose closing has come."""
    due = or_(ROUND.c.closes_at <= now, ROUND.c.close_now_at <= now)
    return tuple(connection.execute(select(ROUND.c.id).where(IS_OPEN, due).order_by(ROUND.c.id)).scalars())


def sources_of(connection: Connection, round_id: int) -> tuple[Source, ...]:
    """Where the round's audience comes from, in the form's order."""
    query = select(SOURCE.c.kind, SOURCE.c.slack_id).where(SOURCE.c.round_id == round_id).order_by(SOURCE.c.place)
    return tuple(Source(SourceKind(kind), slack_id) for kind, slack_id in connection.execute(query))


def add_sources(connection: Connection, round_id: int, sources: Sequence[Source]) -> None:
    """More sources for the round's audience, which is gathered again."""
    known = sources_of(connection, round_id)
    rows = [
        {"round_id": round_id, "slack_id": source.slack_id, "kind": source.kind.value, "place": place}
        for place, source in enumerate(dict.fromkeys([*known, *sources]))
    ]
    if len(rows) > len(known):
        connection.execute(insert(SOURCE), rows[len(known) :])
        connection.execute(update(ROUND).where(ROUND.c.id == round_id).values(gathered_at=None))


def move_closing(connection: Connection, round_id: int, closes_at: datetime) -> None:
    """The open round closes then instead; a Close now that was pressed is taken back."""
    moved = {"closes_at": closes_at, "close_now_at": None}
    connection.execute(update(ROUND).where(ROUND.c.id == round_id, IS_OPEN).values(moved))


def mark_gathered(connection: Connection, round_id: int, now: datetime) -> None:
    """The round's audience was asked."""
    connection.execute(update(ROUND).where(ROUND.c.id == round_id).values(gathered_at=now))


def close_now(connection: Connection, round_id: int, at: datetime | None) -> None:
    """The round closes at `at`, if that is sooner than its day; None: on its day after all."""
    connection.execute(update(ROUND).where(ROUND.c.id == round_id, IS_OPEN).values(close_now_at=at))


def mark_closed(connection: Connection, round_id: int, now: datetime) -> None:
    """The round is closed: the database's half of its key is gone, and a scrub is owed. The first closing stands."""
    closed = {"closed_at": now, "key_half": None, "key_check": None, "scrub_owed": True}
    connection.execute(update(ROUND).where(ROUND.c.id == round_id, IS_OPEN).values(closed))


def mark_abandoned(connection: Connection, round_id: int, now: datetime) -> None:
    """The closed round has no results: its key was lost."""
    connection.execute(update(ROUND).where(ROUND.c.id == round_id).values(abandoned_at=now))


def owed_scrub(connection: Connection) -> bool:
    """Whether the files may still hold what a closing deleted."""
    return bool(connection.execute(select(exists().where(ROUND.c.scrub_owed))).scalar())


def secrets_to_destroy(connection: Connection) -> tuple[str, ...]:
    """The names of the secrets that the rounds with an owed scrub had; their files may still be there."""
    return tuple(connection.execute(select(ROUND.c.key_name).where(ROUND.c.scrub_owed).order_by(ROUND.c.id)).scalars())


def mark_scrubbed(connection: Connection, key_names: Sequence[str]) -> None:
    """The scrub of the rounds with these secrets is done; one that closed meanwhile is still owed its own."""
    connection.execute(update(ROUND).where(ROUND.c.key_name.in_(key_names)).values(scrub_owed=False))


def _rounds(connection: Connection, *which: ColumnElement[bool]) -> tuple[Round, ...]:
    query = select(*COLUMNS).where(IS_OPEN, *which).order_by(ROUND.c.id)
    return tuple(Round(*row) for row in connection.execute(query))
