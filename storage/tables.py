"""Tables, their rows, and which rows cannot coexist.

Identity's side (invitations, postings) knows people and no answers. The answers' side (responses) knows answers, and
neither people nor times nor an order. What joins the two is a key that dies with the round (METHODS, section 5; REVIEW, 3).
A `table=True` class validates nothing, so what must hold is a constraint.
"""

from datetime import date, datetime
from enum import StrEnum
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


class AtClosing(StrEnum):
    """What a round's closing does with its rows of a table. A test closes a round and looks (REVIEW, 3).

    APART: the rows are of no round.
    """

    DELETED = "deleted"
    REDUCED = "reduced"
    MADE = "made"
    KEPT = "kept"
    APART = "apart"


def at_closing(what: AtClosing) -> dict[str, Any]:
    """What stands last in a table's arguments: what closing does with it."""
    return {"info": {"at_closing": what}}


# SQLite's rowid tells in which order rows came. Without it they lie in the order of their key, which is random.
NO_ORDER = {"sqlite_with_rowid": False}

# An id that was deleted is not given again: whoever still holds it would mean another row.
NEVER_AGAIN = {"sqlite_autoincrement": True}

# Of the rows that an index has; `for_postgresql` says the same to PostgreSQL.
OPEN = text("closed_at IS NULL")
OWED = text("posted_at IS NULL AND failure IS NULL")
STANDING = text("removed_at IS NULL")
OF_NO_ROUND = text("round_id IS NULL")
GOAL_STATUSES = "('not_started', 'on_track', 'at_risk', 'blocked', 'done', 'dropped')"
MARKS_ONLY = "length(strip) > 0 AND trim(strip, '0123nd.') = ''"


class Round(SQLModel, table=True):
    """One administration of the instrument. `key_half` goes at closing, and a scrub is owed until it is gone for good.

    key_check tells the right key from a wrong one. abandoned_at: its key was lost, and it closed without results.
    """

    __tablename__ = "round"
    __table_args__ = (
        Index("one_open_round_a_team", "team_id", unique=True, sqlite_where=OPEN),
        CheckConstraint("minimum BETWEEN 5 AND 20", name="minimum"),
        CheckConstraint("remind_every_days > 0", name="remind_every_days"),
        CheckConstraint("closes_at > opened_at", name="closes_after_it_opens"),
        CheckConstraint("(closed_at IS NULL) = (key_half IS NOT NULL)", name="key_lives_while_open"),
        CheckConstraint("closed_at IS NULL OR key_check IS NULL", name="key_check_lives_while_open"),
        CheckConstraint("abandoned_at IS NULL OR closed_at IS NOT NULL", name="abandoned_is_closed"),
        CheckConstraint("closed_at IS NOT NULL OR NOT scrub_owed", name="scrub_after_closing"),
        NEVER_AGAIN | at_closing(AtClosing.REDUCED),
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
    key_check: str | None = None
    scrub_owed: bool = False
    abandoned_at: datetime | None = None


class RoundTerms(SQLModel, table=True):
    """What a coordinator chose for a round beside its day and its channel. No press reads it, so it is no part of `round`.

    shared_at: when the results went out to everyone; with `after_look` not before a coordinator let them.
    """

    __tablename__ = "round_terms"
    __table_args__ = (
        CheckConstraint("target_percent BETWEEN 1 AND 100", name="target_percent"),
        CheckConstraint("staff_count > 0", name="staff_count"),
        at_closing(AtClosing.KEPT),
    )

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    guests_too: bool = False
    joiners_too: bool = False
    after_look: bool = False
    target_percent: int | None = None
    staff_count: int | None = None
    announcement: str | None = None
    contacts: str | None = None
    starts_at: datetime | None = None
    shared_at: datetime | None = None


class RoundSource(SQLModel, table=True):
    """Where a round's audience comes from; `place` keeps the order in which the form named them."""

    __tablename__ = "round_source"
    __table_args__ = (
        CheckConstraint("kind IN ('channel', 'person', 'group')", name="kind"),
        at_closing(AtClosing.KEPT),
    )

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    slack_id: str = Field(primary_key=True)
    kind: str
    place: int


class Invitation(SQLModel, table=True):
    """Whom we asked. Never a start, a finish or a function."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("standing IN ('asked', 'declined', 'withdrawn')", name="standing"),
        at_closing(AtClosing.REDUCED),
    )

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    person_id: str = Field(primary_key=True)
    standing: str
    brought_by: str


class Person(SQLModel, table=True):
    """When may we write to somebody whom we ask? `best_time` is a time of day that they chose; `stopped`: never again."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("best_time IN ('morning', 'afternoon', 'evening', 'night')", name="best_time"),
        at_closing(AtClosing.APART),
    )

    team_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    zone: str
    best_time: str | None = None
    stopped: bool = False


class Response(SQLModel, table=True):
    """One respondent's pass while the round is open; `tag` is HMAC(round key, person).

    sealed: state, kind of work and marks, which only the round's key opens (storage/sealing.py).
    """

    __tablename__ = "response"
    __table_args__ = (CheckConstraint("length(sealed) > 0", name="sealed"), NO_ORDER | at_closing(AtClosing.DELETED))

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    tag: str = Field(primary_key=True)
    sealed: bytes


class SettledResponse(SQLModel, table=True):
    """What is kept of a submitted response after closing: no tag, no state, another id, small functions merged."""

    __tablename__ = "settled_response"
    __table_args__ = (CheckConstraint(MARKS_ONLY, name="strip"), NO_ORDER | at_closing(AtClosing.MADE))

    id: str = Field(primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    function: str
    strip: str


class Snapshot(SQLModel, table=True):
    """The frozen collation of a closed round, as JSON; what must be hidden is gone from it."""

    __tablename__ = "snapshot"
    __table_args__ = (CheckConstraint("length(body) > 0", name="body"), at_closing(AtClosing.MADE))

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    taken_at: datetime
    body: str


class Participation(SQLModel, table=True):
    """The picture of participation that was last shown in an open round, as JSON. It goes at closing."""

    __tablename__ = "participation"
    __table_args__ = (CheckConstraint("length(body) > 0", name="body"), at_closing(AtClosing.DELETED))

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    drawn_at: datetime
    body: str


class Progress(SQLModel, table=True):
    """The one message in which a coordinator sees invitations go out; it is edited until all are out."""

    __tablename__ = "progress"
    __table_args__ = at_closing(AtClosing.DELETED)

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    channel_id: str
    ts: str
    began_at: datetime
    edited_at: datetime
    is_done: bool = False


class Look(SQLModel, table=True):
    """Somebody opened a round's results."""

    __tablename__ = "look"
    __table_args__ = (NEVER_AGAIN | at_closing(AtClosing.KEPT),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    person_id: str
    looked_at: datetime


class Coordinator(SQLModel, table=True):
    """Somebody who was appointed coordinator in Slack, and by whom. Who was removed keeps the row, as a record."""

    __tablename__ = "coordinator"
    __table_args__ = (
        Index(
            "one_appointment_a_person",
            *("team_id", "person_id"),
            unique=True,
            sqlite_where=STANDING,
        ),
        CheckConstraint("(removed_by IS NULL) = (removed_at IS NULL)", name="removed_by_somebody"),
        NEVER_AGAIN | at_closing(AtClosing.APART),
    )

    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    person_id: str
    appointed_by: str
    appointed_at: datetime
    removed_by: str | None = None
    removed_at: datetime | None = None


class Posting(SQLModel, table=True):
    """A message that we owe somebody. `note` is a word of the bot's, never an answer or a score.

    claimed_until: a process is about to post it. waits_until: it was put off.
    """

    __tablename__ = "posting"
    __table_args__ = (
        UniqueConstraint("kind", "round_id", "target", "due_at"),
        # To a UNIQUE constraint one NULL is not another.
        Index(
            "one_posting_of_no_round",
            *("kind", "team_id", "target", "due_at"),
            unique=True,
            sqlite_where=OF_NO_ROUND,
        ),
        Index("owed_by_due_date", "due_at", sqlite_where=OWED),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("posted_at IS NULL OR failure IS NULL", name="posted_or_failed"),
        NEVER_AGAIN | at_closing(AtClosing.DELETED),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    team_id: str
    round_id: int | None = Field(default=None, foreign_key="round.id")
    target: str
    due_at: datetime
    claimed_until: datetime | None = None
    waits_until: datetime | None = None
    attempts: int = 0
    posted_at: datetime | None = None
    failure: str | None = None
    note: str = ""


class Stoppage(SQLModel, table=True):
    """Slack takes nothing that we post, for the reason of `word`, since an instant. The row goes when it is over."""

    __tablename__ = "stoppage"
    __table_args__ = at_closing(AtClosing.APART)

    team_id: str = Field(primary_key=True)
    word: str
    since_at: datetime


class PersonAlias(SQLModel, table=True):
    """Another id by which Slack knows a person, on Enterprise Grid: U... and W... ids are the same one's."""

    __tablename__ = "person_alias"
    __table_args__ = at_closing(AtClosing.APART)

    team_id: str = Field(primary_key=True)
    alias_id: str = Field(primary_key=True)
    person_id: str


class GoalPlan(SQLModel, table=True):
    """The goals that follow from a round: all their dates count from `starts_on`. Check-ins go to `channel_id`."""

    __tablename__ = "goal_plan"
    __table_args__ = (UniqueConstraint("round_id"), NEVER_AGAIN | at_closing(AtClosing.KEPT))

    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(index=True)
    round_id: int = Field(foreign_key="round.id")
    starts_on: date
    channel_id: str
    started_by: str


class Goal(SQLModel, table=True):
    """What a coordinator plans: about a section or one item. No patient and no answer is in it."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint(
            "horizon IN ('10_days', '1_month', '3_months', '6_months', '1_year')",
            name="horizon",
        ),
        CheckConstraint(f"status IN {GOAL_STATUSES}", name="status"),
        CheckConstraint("length(words) BETWEEN 1 AND 300", name="words"),
        CheckConstraint("length(measure) BETWEEN 1 AND 150", name="measure"),
        NEVER_AGAIN | at_closing(AtClosing.KEPT),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="goal_plan.id", index=True)
    horizon: str
    section: str
    item: str | None = None
    words: str
    measure: str | None = None
    owner: str
    due_on: date
    status: str
    set_by: str
    set_at: datetime


class GoalEvent(SQLModel, table=True):
    """Somebody said how a goal goes, or changed it: what was before, and what is since.

    for_coordinator: what is in the way is not shown in the channel.
    """

    __tablename__ = "goal_event"
    __table_args__ = (
        CheckConstraint(f"status IN {GOAL_STATUSES}", name="status"),
        CheckConstraint(f"was_status IN {GOAL_STATUSES}", name="was_status"),
        CheckConstraint(
            "obstacle IN ('leadership', 'resources', 'bandwidth', 'training', 'owner', 'other')", name="obstacle"
        ),
        CheckConstraint("length(note) BETWEEN 1 AND 300", name="note"),
        CheckConstraint("length(help_from) BETWEEN 1 AND 150", name="help_from"),
        CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name="undone_by_somebody"),
        NEVER_AGAIN | at_closing(AtClosing.KEPT),
    )

    id: int | None = Field(default=None, primary_key=True)
    goal_id: int = Field(foreign_key="goal.id", index=True)
    person_id: str
    happened_at: datetime
    was_status: str
    status: str
    was_due_on: date
    due_on: date
    was_owner: str
    owner: str
    obstacle: str | None = None
    help_from: str | None = None
    note: str | None = None
    for_coordinator: bool = False
    undone_by: str | None = None
    undone_at: datetime | None = None


class GoalStory(SQLModel, table=True):
    """What a coordinator told at one of a plan's dates: you said, we did. Once for each date."""

    __tablename__ = "goal_story"
    __table_args__ = (
        CheckConstraint("horizon IN ('10_days', '1_month', '3_months', '6_months', '1_year')", name="horizon"),
        CheckConstraint("length(words) BETWEEN 1 AND 2500", name="words"),
        at_closing(AtClosing.KEPT),
    )

    plan_id: int = Field(foreign_key="goal_plan.id", primary_key=True)
    horizon: str = Field(primary_key=True)
    words: str
    told_by: str
    told_at: datetime


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model; SQLModel's types don't tell of it."""
    described: Any = model
    core: Table = described.__table__
    return core


def for_postgresql() -> MetaData:
    """The tables, with what PostgreSQL has to be told of indexes of some rows only.

    Said beside the tables, it would load PostgreSQL's dialect at every start, and only migrations need it.
    """
    for one in metadata.tables.values():
        for index in one.indexes:
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    return metadata
