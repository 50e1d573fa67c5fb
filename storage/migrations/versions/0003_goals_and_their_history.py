"""Goals, the plan that they belong to, and what people said about them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)
STATUSES = "('not_started', 'on_track', 'at_risk', 'blocked', 'done', 'dropped')"


def upgrade() -> None:
    op.create_table(
        "goal_plan",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        points_to("round", "goal_plan", "round_id"),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("started_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goal_plan"),
        sa.UniqueConstraint("round_id", name="uq_goal_plan_round_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_goal_plan_team_id", "goal_plan", ["team_id"])
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer, nullable=False),
        points_to("goal_plan", "goal", "plan_id"),
        sa.Column("horizon", sa.String, nullable=False),
        sa.Column("section", sa.String, nullable=False),
        sa.Column("item", sa.String),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("measure", sa.String),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("set_by", sa.String, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goal"),
        sa.CheckConstraint(
            "horizon IN ('10_days', '1_month', '3_months', '6_months', '1_year')", name=op.f("ck_goal_horizon")
        ),
        sa.CheckConstraint(f"status IN {STATUSES}", name=op.f("ck_goal_status")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 300", name=op.f("ck_goal_words")),
        sa.CheckConstraint("length(measure) BETWEEN 1 AND 150", name=op.f("ck_goal_measure")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_goal_plan_id", "goal", ["plan_id"])
    op.create_table(
        "goal_event",
        sa.Column("id", sa.Integer, nullable=False),
        points_to("goal", "goal_event", "goal_id"),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.Column("was_status", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("was_due_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("was_owner", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("obstacle", sa.String),
        sa.Column("help_from", sa.String),
        sa.Column("note", sa.String),
        sa.Column("for_coordinator", sa.Boolean, nullable=False),
        sa.Column("undone_by", sa.String),
        sa.Column("undone_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_goal_event"),
        sa.CheckConstraint(f"status IN {STATUSES}", name=op.f("ck_goal_event_status")),
        sa.CheckConstraint(f"was_status IN {STATUSES}", name=op.f("ck_goal_event_was_status")),
        sa.CheckConstraint(
            "obstacle IN ('leadership', 'resources', 'bandwidth', 'training', 'owner', 'other')",
            name=op.f("ck_goal_event_obstacle"),
        ),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 300", name=op.f("ck_goal_event_note")),
        sa.CheckConstraint("length(help_from) BETWEEN 1 AND 150", name=op.f("ck_goal_event_help_from")),
        sa.CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name=op.f("ck_goal_event_undone_by_somebody")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_goal_event_goal_id", "goal_event", ["goal_id"])
    op.create_table(
        "goal_story",
        points_to("goal_plan", "goal_story", "plan_id"),
        sa.Column("horizon", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("told_by", sa.String, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "horizon", name="pk_goal_story"),
        sa.CheckConstraint(
            "horizon IN ('10_days', '1_month', '3_months', '6_months', '1_year')", name=op.f("ck_goal_story_horizon")
        ),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2500", name=op.f("ck_goal_story_words")),
    )


def points_to(parent: str, table: str, column: str) -> sa.Column[int]:
    """A column that names a row of `parent`."""
    name = op.f(f"fk_{table}_{column}_{parent}")
    return sa.Column(column, sa.Integer, sa.ForeignKey(f"{parent}.id", name=name), nullable=False)
