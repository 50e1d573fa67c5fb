"""What bad days need: a key that can be told from a wrong one, rounds that are given up, and why nothing is posted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)
IS_OPEN = sa.text("closed_at IS NULL")
IS_OWED = sa.text("posted_at IS NULL AND failure IS NULL")
OF_NO_ROUND = sa.text("round_id IS NULL")
ABOUT_THE_TARGET = (
    "'user_disabled', 'user_not_found', 'user_not_visible', 'users_not_found', 'cannot_dm_bot', 'channel_not_found', "
    "'is_archived', 'not_in_channel', 'account_inactive'"
)


def upgrade() -> None:
    with changed("round", round_before()) as round_:
        round_.add_column(sa.Column("key_check", sa.String))
        round_.add_column(sa.Column("abandoned_at", INSTANT))
        round_.create_check_constraint(
            op.f("ck_round_key_check_lives_while_open"), "closed_at IS NULL OR key_check IS NULL"
        )
        round_.create_check_constraint(
            op.f("ck_round_abandoned_is_closed"), "abandoned_at IS NULL OR closed_at IS NOT NULL"
        )
    with changed("posting", posting_before()) as posting:
        posting.add_column(sa.Column("waits_until", INSTANT))
    # A message that was put off was claimed for that long. Invitations were given up for reasons that pass.
    op.execute("UPDATE posting SET waits_until = claimed_until, claimed_until = NULL WHERE posted_at IS NULL")
    op.execute(
        "UPDATE posting SET failure = NULL, attempts = 0, waits_until = NULL"  # noqa: S608
        f" WHERE kind = 'invitation' AND failure NOT IN ({ABOUT_THE_TARGET})"
        " AND round_id IN (SELECT id FROM round WHERE closed_at IS NULL)"
    )
    op.create_table(
        "stoppage",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("word", sa.String, nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_stoppage"),
    )
    op.create_table(
        "person_alias",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("alias_id", sa.String, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "alias_id", name="pk_person_alias"),
    )


@contextmanager
def changed(name: str, before: sa.Table) -> Iterator[BatchOperations]:
    """The table can be changed inside. SQLite makes a new one, which has to know which ids were given before."""
    given = _last_id(name)
    recreate: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    kept = {"sqlite_autoincrement": True}
    with op.batch_alter_table(name, recreate=recreate, copy_from=before, table_kwargs=kept) as batch:
        yield batch
    if given is not None:
        op.get_bind().execute(
            sa.text("UPDATE sqlite_sequence SET seq = max(seq, :given) WHERE name = :name"),
            {"given": given, "name": name},
        )


def _last_id(name: str) -> int | None:
    if op.get_bind().dialect.name != "sqlite":
        return None
    found = op.get_bind().execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name})
    given: int | None = found.scalar()
    return given


def round_before() -> sa.Table:
    return sa.Table(
        "round",
        sa.MetaData(),
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("instrument_version", sa.String, nullable=False),
        sa.Column("opened_by", sa.String, nullable=False),
        sa.Column("results_channel", sa.String, nullable=False),
        sa.Column("minimum", sa.Integer, nullable=False),
        sa.Column("remind_every_days", sa.Integer),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("close_now_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("gathered_at", INSTANT),
        sa.Column("key_name", sa.String, nullable=False),
        sa.Column("key_half", sa.LargeBinary),
        sa.Column("scrub_owed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
        sa.CheckConstraint("minimum BETWEEN 5 AND 20", name=op.f("ck_round_minimum")),
        sa.CheckConstraint("remind_every_days > 0", name=op.f("ck_round_remind_every_days")),
        sa.CheckConstraint("closes_at > opened_at", name=op.f("ck_round_closes_after_it_opens")),
        sa.CheckConstraint("(closed_at IS NULL) = (key_half IS NOT NULL)", name=op.f("ck_round_key_lives_while_open")),
        sa.CheckConstraint("closed_at IS NOT NULL OR NOT scrub_owed", name=op.f("ck_round_scrub_after_closing")),
        sa.Index("one_open_round_a_team", "team_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )


def posting_before() -> sa.Table:
    return sa.Table(
        "posting",
        sa.MetaData(),
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=True),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("claimed_until", INSTANT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("posted_at", INSTANT),
        sa.Column("failure", sa.String),
        sa.Column("note", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_posting_round_id_round")),
        sa.UniqueConstraint("kind", "round_id", "target", "due_at", name="uq_posting_kind"),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_posting_attempts")),
        sa.CheckConstraint("posted_at IS NULL OR failure IS NULL", name=op.f("ck_posting_posted_or_failed")),
        sa.Index(
            "one_posting_of_no_round",
            *("kind", "team_id", "target", "due_at"),
            unique=True,
            sqlite_where=OF_NO_ROUND,
            postgresql_where=OF_NO_ROUND,
        ),
        sa.Index("owed_by_due_date", "due_at", sqlite_where=IS_OWED, postgresql_where=IS_OWED),
    )
