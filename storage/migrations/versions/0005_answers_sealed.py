"""Seals the answers of open self-assessments: what the database alone holds of them is a tag and a value that it can't open."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from instrument.progress import State
from storage.keys import Keyring, LostKey, RoundKey
from storage.problems import DatabaseProblem
from storage.sealing import RoundCipher, Sheet
from storage.versions import Unlocking

revision = "0005"
down_revision = "0004"

OPEN_ROUNDS = sa.text("SELECT id, key_name, key_half, key_check FROM round WHERE closed_at IS NULL ORDER BY id")
UNSEALED = sa.text("SELECT tag, function, state, strip FROM response WHERE round_id = :round_id")
KEEP_CHECK = sa.text("UPDATE round SET key_check = :check WHERE id = :round_id")
NO_KEY = ""
"""The check value of no key: what is given up stays given up."""
ASKED = sa.text("SELECT person_id FROM invitation WHERE round_id = :round_id")


def upgrade() -> None:
    sealed = [row for round_id, key in _open_rounds() for row in _sealed(round_id, key)]
    op.drop_table("response")
    response = op.create_table(
        "response",
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("tag", sa.String, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("round_id", "tag", name="pk_response"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_response_round_id_round")),
        sa.CheckConstraint("length(sealed) > 0", name=op.f("ck_response_sealed")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # Statistics would outlive the rows, in pg_statistic.
        op.execute("ALTER TABLE response ALTER COLUMN tag SET STATISTICS 0, ALTER COLUMN sealed SET STATISTICS 0")
    if sealed:
        op.bulk_insert(response, sealed)


def _open_rounds() -> Iterator[tuple[int, RoundKey]]:
    for round_id, name, half, check in op.get_bind().execute(OPEN_ROUNDS).all():
        yield round_id, RoundKey(name, half, check)


def _sealed(round_id: int, key: RoundKey) -> Iterator[dict[str, Any]]:
    """The round's responses, sealed. Its key gets a check value, where it has none. Raises DatabaseProblem."""
    unlocking: Unlocking | None = context.config.attributes.get("unlocking")
    cipher = _cipher(round_id, key, unlocking.keyring) if unlocking else None
    if cipher is None:
        if unlocking and round_id in unlocking.given_up:
            _keep_check(round_id, NO_KEY)
            return
        raise DatabaseProblem(
            f"The key of self-assessment {round_id}, which is open, is lost, and this version seals its answers. Put HTA_KEY_DIR "
            f"back as it was, or give the self-assessment up: hta-bot abandon --round {round_id}. Nothing was changed."
        )
    for tag, function, state, strip in op.get_bind().execute(UNSEALED, {"round_id": round_id}):
        sheet = Sheet(State(state), function, strip)
        yield {"round_id": round_id, "tag": tag, "sealed": cipher.seal(sheet, round_id, tag)}


def _cipher(round_id: int, key: RoundKey, keyring: Keyring) -> RoundCipher | None:
    """None where the key is not there, is known to be another, or finds none of the responses that there are."""
    connection, of_round = op.get_bind(), {"round_id": round_id}
    try:
        cipher, check = keyring.cipher(key), keyring.check(key)
    except LostKey:
        return None
    if key.check is None:
        tags = {tag for tag, *_ in connection.execute(UNSEALED, of_round)}
        if tags and tags.isdisjoint(cipher.tag(one) for one in connection.execute(ASKED, of_round).scalars()):
            return None
        _keep_check(round_id, check)
    return cipher


def _keep_check(round_id: int, check: str) -> None:
    op.get_bind().execute(KEEP_CHECK, {"check": check, "round_id": round_id})
