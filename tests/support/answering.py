"""What does a process do that answers until it is killed? It says each answer once it is stored."""

import asyncio
import os
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection as PipeConnection

from sqlalchemy import Connection

from instrument.progress import with_mark
from sealed import CIPHER
from storage import responses
from storage.database import Database

AT_ONCE, ITEMS = 8, 2000


def answer_until_killed(url: str, name: str, said: PipeConnection) -> None:
    """Writes a line "<person> <position>" to `said` for each answer that is acknowledged; their names begin with `name`."""
    asyncio.run(_all(url, name, said.fileno()))


async def _all(url: str, name: str, said: int) -> None:
    database = Database(url)
    await database.open()
    await asyncio.gather(*(_respondent(database, f"{name}-{number}", said) for number in range(AT_ONCE)))


async def _respondent(database: Database, person: str, said: int) -> None:
    await database.write(lambda c: responses.begin(c, 1, CIPHER, person, "nursing", "." * ITEMS))
    for position in range(ITEMS):
        await database.write(partial(_answer, person=person, position=position))
        os.write(said, f"{person} {position}\n".encode())


def _answer(connection: Connection, person: str, position: int) -> None:
    found = responses.find(connection, 1, CIPHER, person, for_update=True)
    assert found is not None
    sheet = replace(found.sheet, strip=with_mark(found.sheet.strip, position, "3"))
    responses.save(connection, CIPHER, found, sheet)
