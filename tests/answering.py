"""What does a process do that answers until it is killed? It says each answer once it is stored."""

import asyncio
import os
from functools import partial
from multiprocessing.connection import Connection as PipeConnection

from sqlalchemy import Connection

from instrument.progress import State, with_mark
from storage import responses
from storage.database import Database

AT_ONCE, ITEMS = 8, 2000


def answer_until_killed(url: str, name: str, said: PipeConnection) -> None:
    """Writes a line "<tag> <position>" to `said` for each answer that is acknowledged; tags begin with `name`."""
    asyncio.run(_all(url, name, said.fileno()))


async def _all(url: str, name: str, said: int) -> None:
    database = Database(url)
    await database.open()
    await asyncio.gather(*(_respondent(database, f"{name}-{number}", said) for number in range(AT_ONCE)))


async def _respondent(database: Database, tag: str, said: int) -> None:
    await database.write(lambda c: responses.begin(c, 1, tag, "nursing", "." * ITEMS))
    for position in range(ITEMS):
        await database.write(partial(_answer, tag=tag, position=position))
        os.write(said, f"{tag} {position}\n".encode())


def _answer(connection: Connection, tag: str, position: int) -> None:
    found = responses.find(connection, 1, tag, for_update=True)
    assert found is not None
    responses.save(connection, found.id, State.ANSWERING, with_mark(found.strip, position, "3"))
