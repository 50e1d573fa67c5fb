"""Deletes the answer sheets of closed rounds in which fewer than ten people, or the smallest group if larger, finished."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TOO_FEW = sa.text(
    "SELECT round.id FROM round JOIN settled_response ON settled_response.round_id = round.id"
    " GROUP BY round.id, round.minimum"
    " HAVING count(*) < CASE WHEN round.minimum > 10 THEN round.minimum ELSE 10 END"
)
FORGET = sa.text("DELETE FROM settled_response WHERE round_id = :round_id")
# What was deleted lies in free pages and dead rows until then.
OWE_SCRUB = sa.text("UPDATE round SET scrub_owed = :owed WHERE id = :round_id")


def upgrade() -> None:
    connection = op.get_bind()
    for round_id in connection.execute(TOO_FEW).scalars().all():
        connection.execute(FORGET, {"round_id": round_id})
        connection.execute(OWE_SCRUB, {"round_id": round_id, "owed": True})
