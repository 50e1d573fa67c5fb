"""What the first version remembers: rounds, whom they ask, what is answered, what came out, and what is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
MARKS_ONLY = "length(strip) > 0 AND trim(strip, '0123nd.') = ''"


def upgrade() -> None:
    op.create_table(
        "round",
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
        sqlite_autoincrement=True,
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "one_open_round_a_team", "round", ["team_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )

    op.create_table(
        "round_source",
        of_a_round("round_source"),
        sa.Column("slack_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("round_id", "slack_id", name="pk_round_source"),
        sa.CheckConstraint("kind IN ('channel', 'person', 'group')", name=op.f("ck_round_source_kind")),
    )
    op.create_table(
        "invitation",
        of_a_round("invitation"),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("standing", sa.String, nullable=False),
        sa.Column("brought_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("round_id", "person_id", name="pk_invitation"),
        sa.CheckConstraint("standing IN ('asked', 'declined', 'withdrawn')", name=op.f("ck_invitation_standing")),
    )

    op.create_table(
        "response",
        sa.Column("id", sa.String, nullable=False),
        of_a_round("response"),
        sa.Column("tag", sa.String, nullable=False),
        sa.Column("function", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("strip", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_response"),
        sa.UniqueConstraint("round_id", "tag", name="uq_response_round_id"),
        sa.CheckConstraint("state IN ('answering', 'submitted')", name=op.f("ck_response_state")),
        sa.CheckConstraint(MARKS_ONLY, name=op.f("ck_response_strip")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "settled_response",
        sa.Column("id", sa.String, nullable=False),
        of_a_round("settled_response"),
        sa.Column("function", sa.String, nullable=False),
        sa.Column("strip", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_settled_response"),
        sa.CheckConstraint(MARKS_ONLY, name=op.f("ck_settled_response_strip")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_settled_response_round_id", "settled_response", ["round_id"])
    op.create_table(
        "snapshot",
        of_a_round("snapshot"),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("round_id", name="pk_snapshot"),
        sa.CheckConstraint("length(body) > 0", name=op.f("ck_snapshot_body")),
    )

    op.create_table(
        "posting",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        of_a_round("posting", nullable=True),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("claimed_until", INSTANT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("posted_at", INSTANT),
        sa.Column("failure", sa.String),
        sa.Column("note", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
        sa.UniqueConstraint("kind", "round_id", "target", "due_at", name="uq_posting_kind"),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_posting_attempts")),
        sa.CheckConstraint("posted_at IS NULL OR failure IS NULL", name=op.f("ck_posting_posted_or_failed")),
        sqlite_autoincrement=True,
    )
    of_no_round = sa.text("round_id IS NULL")
    op.create_index(
        "one_posting_of_no_round",
        "posting",
        ["kind", "team_id", "target", "due_at"],
        unique=True,
        sqlite_where=of_no_round,
        postgresql_where=of_no_round,
    )
    is_owed = sa.text("posted_at IS NULL AND failure IS NULL")
    op.create_index("owed_by_due_date", "posting", ["due_at"], sqlite_where=is_owed, postgresql_where=is_owed)


def of_a_round(table: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        "round_id", sa.Integer, sa.ForeignKey("round.id", name=op.f(f"fk_{table}_round_id_round")), nullable=nullable
    )
