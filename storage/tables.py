"""What is a row, and which rows cannot coexist?

Identity's side (invitations, postings) knows people and no answers. The answers' side (responses) knows answers, and
neither people nor times nor an order. What joins the two is a key that dies with the round (METHODS, section 5; REVIEW, 3).
A `table=True` class validates nothing, so what must hold is a constraint.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

metadata: MetaData = SQLModel.metadata
# Before the first model: a constraint without a name can't be dropped by a migration.
metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite's rowid tells in which order rows came. Without it they lie in the order of their key, which is random.
NO_ORDER = {"sqlite_with_rowid": False}

# An id that was deleted is not given again: whoever still holds it would mean another row.
NEVER_AGAIN = {"sqlite_autoincrement": True}

OPEN = text("closed_at IS NULL")
OWED = text("posted_at IS NULL AND failure IS NULL")
OF_NO_ROUND = text("round_id IS NULL")
MARKS_ONLY = "length(strip) > 0 AND trim(strip, '0123nd.') = ''"


class Round(SQLModel, table=True):
    """One administration of the instrument. `key_half` goes at closing, and a scrub is owed until it is gone for good."""

    __tablename__ = "round"
    __table_args__ = (
        Index("one_open_round_a_team", "team_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        CheckConstraint("minimum BETWEEN 5 AND 20", name="minimum"),
        CheckConstraint("remind_every_days > 0", name="remind_every_days"),
        CheckConstraint("closes_at > opened_at", name="closes_after_it_opens"),
        CheckConstraint("(closed_at IS NULL) = (key_half IS NOT NULL)", name="key_lives_while_open"),
        CheckConstraint("closed_at IS NOT NULL OR NOT scrub_owed", name="scrub_after_closing"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    instrument_version: str
    opened_by: str
    results_channel: str
    minimum: int
    remind_every_days: int | None = None
    opened_at: datetime
    closes_at: datetime
    close_now_at: datetime | None = None
    closed_at: datetime | None = None
    gathered_at: datetime | None = None
    key_name: str
    key_half: bytes | None = None
    scrub_owed: bool = False


class RoundSource(SQLModel, table=True):
    """Where a round's audience comes from; `place` keeps the order in which the form named them."""

    __tablename__ = "round_source"
    __table_args__ = (CheckConstraint("kind IN ('channel', 'person', 'group')", name="kind"),)

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    slack_id: str = Field(primary_key=True)
    kind: str
    place: int


class Invitation(SQLModel, table=True):
    """Whom we asked. Never a start, a finish or a function."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("standing IN ('asked', 'declined', 'withdrawn')", name="standing"),)

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    person_id: str = Field(primary_key=True)
    standing: str
    brought_by: str


class Response(SQLModel, table=True):
    """One respondent's pass while the round is open; `tag` is HMAC(round key, person)."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("round_id", "tag"),
        CheckConstraint("state IN ('answering', 'submitted')", name="state"),
        CheckConstraint(MARKS_ONLY, name="strip"),
        NO_ORDER,
    )

    id: str = Field(primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    tag: str
    function: str
    state: str
    strip: str


class SettledResponse(SQLModel, table=True):
    """What is kept of a submitted response after closing: no tag, no state, another id, small functions merged."""

    __tablename__ = "settled_response"
    __table_args__ = (CheckConstraint(MARKS_ONLY, name="strip"), NO_ORDER)

    id: str = Field(primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    function: str
    strip: str


class Snapshot(SQLModel, table=True):
    """The frozen collation of a closed round, as JSON; what must be hidden is gone from it."""

    __tablename__ = "snapshot"
    __table_args__ = (CheckConstraint("length(body) > 0", name="body"),)

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    taken_at: datetime
    body: str


class Posting(SQLModel, table=True):
    """A message that we owe somebody. `note` is a word of the bot's, never an answer or a score."""

    __tablename__ = "posting"
    __table_args__ = (
        UniqueConstraint("kind", "round_id", "target", "due_at"),
        # To a UNIQUE constraint one NULL is not another.
        Index(
            "one_posting_of_no_round",
            *("kind", "team_id", "target", "due_at"),
            unique=True,
            sqlite_where=OF_NO_ROUND,
            postgresql_where=OF_NO_ROUND,
        ),
        Index("owed_by_due_date", "due_at", sqlite_where=OWED, postgresql_where=OWED),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("posted_at IS NULL OR failure IS NULL", name="posted_or_failed"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    team_id: str
    round_id: int | None = Field(default=None, foreign_key="round.id")
    target: str
    due_at: datetime
    claimed_until: datetime | None = None
    attempts: int = 0
    posted_at: datetime | None = None
    failure: str | None = None
    note: str = ""


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model; SQLModel's types don't tell of it."""
    described: Any = model
    core: Table = described.__table__
    return core
