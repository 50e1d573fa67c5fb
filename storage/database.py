"""How do we read and write? A plain function of a connection goes in, what it returns comes out, committed.

The functions are the same for both databases. What differs is in `sqlite` (one file, one process, one thread that writes)
and in `postgresql` (a server, any number of processes, a pool of threads).
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.problems import DatabaseProblem, ScrubNotDone
from storage.sqlite import SQLite

if TYPE_CHECKING:
    from storage.postgresql import PostgreSQL

__all__ = ["Database", "DatabaseProblem", "ScrubNotDone", "migrate", "read_once"]

T = TypeVar("T")


class Database:
    """One database, usable between `open` and `close`."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet. Raises DatabaseProblem for an address that is neither SQLite's nor PostgreSQL's."""
        self._store = _store(url)

    async def open(self) -> None:
        """Connects, and migrates a database that is older than the code. Raises DatabaseProblem, and is closed then."""
        try:
            await asyncio.to_thread(self._store.open)
        except BaseException:
            await self.close()
            raise

    async def write(self, transaction: Callable[[Connection], T]) -> T:
        """What `transaction` returns, after its commit.

        What it raises is raised here, and undoes it alone. Cancelling the wait does not undo it.
        """
        return await self._store.write(_bearable(transaction))

    async def read(self, query: Callable[[Connection], T]) -> T:
        """What `query` returns. It cannot write."""
        return await self._store.read(_bearable(query))

    async def scrub(self) -> None:
        """Makes what was deleted or overwritten before this call unreadable in the database's files.

        Raises ScrubNotDone while a transaction that began earlier still reads: owe it, and try again.
        """
        await self._store.scrub()

    async def cut_log(self) -> None:
        """Makes what was deleted before this call unreadable in SQLite's write-ahead log; its pages are overwritten already.

        PostgreSQL keeps no such promise while a round is open: there this does nothing. Raises ScrubNotDone.
        """
        await self._store.cut_log()

    async def close(self) -> None:
        """Finishes what was handed in, and disconnects. Harmless where nothing is open."""
        await asyncio.to_thread(self._store.close)


def migrate(url: str) -> None:
    """Makes the database, or brings it to the version of the code. Raises DatabaseProblem."""
    store = _store(url)
    try:
        store.open()
    finally:
        store.close()


def read_once(url: str, query: Callable[[Connection], T]) -> T:
    """What `query` returns, beside a bot that may run. Nothing is made, migrated or written. Raises DatabaseProblem."""
    return _store(url).read_once(query)


def _bearable(work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    """`work`, but that it raises no StopIteration: a future can't hold one, and whoever waits would wait for ever."""

    def run(connection: Connection) -> T:
        try:
            return work(connection)
        except StopIteration as stop:
            raise RuntimeError("a transaction raised StopIteration") from stop

    return run


def _store(url: str) -> "SQLite | PostgreSQL":
    try:
        address = make_url(url)
    except ArgumentError:
        # The address may hold a password, so it is not repeated.
        raise DatabaseProblem(
            "DATABASE_URL can't be read; write it like sqlite:///hta.db or postgresql://user:password@host/name."
        ) from None
    match address.get_backend_name():
        case "sqlite":
            return SQLite(address)
        case "postgresql" | "postgres":
            # Its driver takes a tenth of a second and 7 MB, which SQLite does not need.
            from storage.postgresql import PostgreSQL

            return PostgreSQL(address)
        case other:
            raise DatabaseProblem(f"DATABASE_URL begins with {other}:, and must begin with sqlite: or postgresql:.")
