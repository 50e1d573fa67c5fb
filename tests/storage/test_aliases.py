"""By which other ids Slack knows people."""

from functools import partial

from storage import aliases
from storage.database import Database


async def test_the_last_word_on_an_id_counts_and_workspaces_are_apart(database: Database) -> None:
    await database.write(partial(aliases.keep, team_id="T1", ids={"W1": "U1", "W2": "U2"}))
    await database.write(partial(aliases.keep, team_id="T1", ids={"W2": "U9"}))
    await database.write(partial(aliases.keep, team_id="T1", ids={}))

    assert await database.read(partial(aliases.of, team_id="T1")) == {"W1": "U1", "W2": "U9"}
    assert await database.read(partial(aliases.of, team_id="T2")) == {}
