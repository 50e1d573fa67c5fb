"""What rounds for thousands need: terms, wishes, participation, progress, and who looks at results."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "round_terms",
        of_a_round("round_terms"),
        sa.Column("guests_too", sa.Boolean, nullable=False),
        sa.Column("joiners_too", sa.Boolean, nullable=False),
        sa.Column("after_look", sa.Boolean, nullable=False),
        sa.Column("target_percent", sa.Integer),
        sa.Column("staff_count", sa.Integer),
        sa.Column("announcement", sa.String),
        sa.Column("contacts", sa.String),
        sa.Column("starts_at", INSTANT),
        sa.Column("shared_at", INSTANT),
        sa.PrimaryKeyConstraint("round_id", name="pk_round_terms"),
        sa.CheckConstraint("target_percent BETWEEN 1 AND 100", name=op.f("ck_round_terms_target_percent")),
        sa.CheckConstraint("staff_count > 0", name=op.f("ck_round_terms_staff_count")),
    )
    op.create_table(
        "person",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("best_time", sa.String),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person_id", name="pk_person"),
        sa.CheckConstraint(
            "best_time IN ('morning', 'afternoon', 'evening', 'night')", name=op.f("ck_person_best_time")
        ),
    )
    op.create_table(
        "participation",
        of_a_round("participation"),
        sa.Column("drawn_at", INSTANT, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("round_id", name="pk_participation"),
        sa.CheckConstraint("length(body) > 0", name=op.f("ck_participation_body")),
    )
    op.create_table(
        "progress",
        of_a_round("progress"),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("ts", sa.String, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("round_id", name="pk_progress"),
    )
    op.create_table(
        "look",
        sa.Column("id", sa.Integer, nullable=False),
        of_a_round("look"),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("looked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_look"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_look_round_id", "look", ["round_id"])
    op.create_table(
        "coordinator",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("appointed_by", sa.String, nullable=False),
        sa.Column("appointed_at", INSTANT, nullable=False),
        sa.Column("removed_by", sa.String),
        sa.Column("removed_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_coordinator"),
        sa.CheckConstraint(
            "(removed_by IS NULL) = (removed_at IS NULL)", name=op.f("ck_coordinator_removed_by_somebody")
        ),
        sqlite_autoincrement=True,
    )
    standing = sa.text("removed_at IS NULL")
    op.create_index(
        "one_appointment_a_person",
        "coordinator",
        ["team_id", "person_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def of_a_round(table: str) -> sa.Column[int]:
    """The column round_id."""
    name = op.f(f"fk_{table}_round_id_round")
    return sa.Column("round_id", sa.Integer, sa.ForeignKey("round.id", name=name), nullable=False)
