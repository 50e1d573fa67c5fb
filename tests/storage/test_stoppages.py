"""Since when, and why, Slack takes nothing that we post."""

from datetime import UTC, datetime, timedelta
from functools import partial

from storage import stoppages
from storage.database import Database
from storage.stoppages import Stoppage

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=9)


async def begin(database: Database, team_id: str, word: str, now: datetime = NOW) -> bool:
    return await database.write(partial(stoppages.begin, team_id=team_id, word=word, now=now))


async def test_a_stoppage_begins_once_and_keeps_its_beginning_when_the_reason_changes(database: Database) -> None:
    assert await begin(database, "T1", "token_revoked")
    assert not await begin(database, "T1", "invalid_auth", LATER)

    assert await database.read(partial(stoppages.of, team_id="T1")) == Stoppage("invalid_auth", NOW)
    assert await database.read(partial(stoppages.of, team_id="T2")) is None


async def test_it_ends_once(database: Database) -> None:
    await begin(database, "T1", "token_revoked")

    assert await database.write(partial(stoppages.end, team_id="T1")) == Stoppage("token_revoked", NOW)
    assert await database.write(partial(stoppages.end, team_id="T1")) is None


async def test_of_several_workspaces_the_oldest_is_named(database: Database) -> None:
    assert await database.read(stoppages.any_of_them) is None
    await begin(database, "T1", "token_revoked", LATER)
    await begin(database, "T2", "ekm_access_denied")

    assert await database.read(stoppages.any_of_them) == Stoppage("ekm_access_denied", NOW)
