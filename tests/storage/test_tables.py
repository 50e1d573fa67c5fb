"""What can't be stored, whoever tries."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import tables
from storage.database import Database
from storage.invitations import Standing
from storage.rounds import Round, SourceKind

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
CLOSED = {"closed_at": NOW, "key_half": None}

ROUND = {
    "team_id": "T2",
    "instrument_version": "2021-09",
    "opened_by": "U1",
    "results_channel": "C9",
    "minimum": 5,
    "remind_every_days": 3,
    "opened_at": NOW,
    "closes_at": NOW + timedelta(days=28),
    "key_name": "name",
    "key_half": b"half",
    "scrub_owed": False,
}
SOURCE = {"slack_id": "C2", "kind": "channel", "place": 0}
INVITATION = {"person_id": "U1", "standing": "asked", "brought_by": "C1"}
RESPONSE = {"tag": "b", "sealed": b"what only the key opens"}
SETTLED = {"id": "a", "function": "nursing", "strip": "." * 62}
SNAPSHOT = {"taken_at": NOW, "body": "{}"}
POSTING = {"kind": "nudge", "team_id": "T1", "target": "U1", "due_at": NOW, "attempts": 0, "note": ""}

FINE: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
    (tables.Round, ROUND, {}),
    (tables.Round, ROUND, {"minimum": 20, "remind_every_days": None}),
    (tables.Round, ROUND, CLOSED | {"scrub_owed": True}),
    *((tables.RoundSource, SOURCE, {"kind": kind.value}) for kind in SourceKind),
    *((tables.Invitation, INVITATION, {"standing": standing.value}) for standing in Standing),
    (tables.Response, RESPONSE, {}),
    (tables.SettledResponse, SETTLED, {}),
    (tables.Snapshot, SNAPSHOT, {}),
    (tables.Posting, POSTING, {}),
    (tables.Posting, POSTING, {"round_id": None}),
]
REFUSED: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
    (tables.Round, ROUND, {"minimum": 4}),
    (tables.Round, ROUND, {"minimum": 21}),
    (tables.Round, ROUND, {"remind_every_days": 0}),
    (tables.Round, ROUND, {"closes_at": NOW}),
    (tables.Round, ROUND, {"closed_at": NOW}),
    (tables.Round, ROUND, {"key_half": None}),
    (tables.Round, ROUND, {"scrub_owed": True}),
    (tables.Round, ROUND, {"team_id": "T1"}),
    (tables.RoundSource, SOURCE, {"kind": "planet"}),
    (tables.Invitation, INVITATION, {"standing": "finished"}),
    (tables.Invitation, INVITATION, {"round_id": 99}),
    (tables.Response, RESPONSE, {"sealed": b""}),
    (tables.Response, RESPONSE, {"sealed": None}),
    (tables.SettledResponse, SETTLED, {"strip": ""}),
    (tables.SettledResponse, SETTLED, {"strip": "0 1"}),
    (tables.Snapshot, SNAPSHOT, {"body": ""}),
    (tables.Posting, POSTING, {"attempts": -1}),
    (tables.Posting, POSTING, {"posted_at": NOW, "failure": "channel_not_found"}),
]


def store(connection: Connection, model: Any, values: dict[str, Any]) -> int:
    """How many rows the table has then."""
    table = tables.table(model)
    connection.execute(insert(table).values(values))
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def in_round(round_id: int, model: Any, values: dict[str, Any]) -> dict[str, Any]:
    return values if model is tables.Round else {"round_id": round_id} | values


@pytest.mark.parametrize(("model", "row", "change"), FINE)
async def test_what_is_right_is_stored(
    database: Database, open_round: Round, model: Any, row: dict[str, Any], change: dict[str, Any]
) -> None:
    values = in_round(open_round.id, model, row | change)

    rows = await database.write(lambda connection: store(connection, model, values))

    brought_by_open_round = 1 if model in (tables.Round, tables.RoundSource) else 0
    assert rows == brought_by_open_round + 1


@pytest.mark.parametrize(("model", "row", "change"), REFUSED)
async def test_what_is_wrong_is_refused(
    database: Database, open_round: Round, model: Any, row: dict[str, Any], change: dict[str, Any]
) -> None:
    values = in_round(open_round.id, model, row | change)

    with pytest.raises(IntegrityError):
        await database.write(lambda connection: store(connection, model, values))


@pytest.mark.parametrize(
    ("model", "row", "same"),
    [
        (tables.Response, RESPONSE, {"sealed": b"another"}),
        (tables.Posting, POSTING, {"note": "another"}),
        (tables.Posting, POSTING | {"round_id": None}, {"note": "another"}),
        (tables.Snapshot, SNAPSHOT, {"body": "another"}),
        (tables.Invitation, INVITATION, {"brought_by": "another"}),
    ],
)
async def test_there_is_only_one_of_a_kind(
    database: Database, open_round: Round, model: Any, row: dict[str, Any], same: dict[str, Any]
) -> None:
    values = in_round(open_round.id, model, row)
    await database.write(lambda connection: store(connection, model, values))

    with pytest.raises(IntegrityError):
        await database.write(lambda connection: store(connection, model, values | same))


async def test_a_time_without_a_zone_is_refused(database: Database, open_round: Round) -> None:
    naive = in_round(open_round.id, tables.Snapshot, SNAPSHOT | {"taken_at": NOW.replace(tzinfo=None)})

    with pytest.raises(Exception, match="timezone information"):
        await database.write(lambda connection: store(connection, tables.Snapshot, naive))


@pytest.mark.parametrize("table", ["response", "settled_response"])
async def test_on_sqlite_answers_have_no_rowid(
    database: Database, database_url: str, open_round: Round, table: str
) -> None:
    if database_url.startswith("postgresql"):
        pytest.skip("PostgreSQL has no rowid")
    rowid = "SELECT rowid FROM {}"
    await database.read(lambda connection: connection.execute(text(rowid.format("invitation"))).close())

    with pytest.raises(OperationalError, match="no such column: rowid"):
        await database.read(lambda connection: connection.execute(text(rowid.format(table))).close())


def test_the_answers_side_has_no_column_for_a_time_a_person_or_an_order() -> None:
    columns = {model: set(tables.table(model).c.keys()) for model in (tables.Response, tables.SettledResponse)}

    assert columns[tables.Response] == {"round_id", "tag", "sealed"}
    assert columns[tables.SettledResponse] == {"id", "round_id", "function", "strip"}


def test_identitys_side_has_no_column_for_a_start_a_finish_or_a_function() -> None:
    assert set(tables.table(tables.Invitation).c.keys()) == {"round_id", "person_id", "standing", "brought_by"}
