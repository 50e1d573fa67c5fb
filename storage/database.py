"""Reads and writes: a plain function of a connection goes in, what it returns comes out, committed.

The functions are the same for both databases. What differs is in `sqlite` (one file, one process, one thread that writes)
and in `postgresql` (a server, any number of processes, a few threads). Nobody waits for either longer than they say.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.jobs import LONG_PATIENCE, PATIENCE
from storage.keys import Keyring
from storage.problems import DatabaseProblem, DatabaseSilent, ScrubNotDone, reason_of
from storage.sqlite import SQLite
from storage.versions import Unlocking

if TYPE_CHECKING:
    from storage.postgresql import PostgreSQL

__all__ = [
    "LONG_PATIENCE",
    "PATIENCE",
    "Database",
    "DatabaseProblem",
    "DatabaseSilent",
    "ScrubNotDone",
    "Unhurried",
    "migrate",
    "read_once",
]

T = TypeVar("T")

CLOSING_SECONDS = 5.0


class Database:
    """One database, usable between `open` and `close`."""

    def __init__(self, url: str, keyring: Keyring | None = None, *, given_up: Collection[int] = ()) -> None:
        """Opens nothing yet. Raises DatabaseProblem for an address that is neither SQLite's nor PostgreSQL's.

        A migration may need the keys of rounds that are open, but for those that are `given_up`.
        """
        self._store = _store(url, Unlocking(keyring, frozenset(given_up)) if keyring else None)
        self.unhurried = Unhurried(self)

    async def open(self) -> None:
        """Connects, and migrates a database that is older than the code. Raises DatabaseProblem, and is closed then.

        A server that says nothing is given up after five seconds; a migration takes as long as it takes, or until cancelled.
        """
        try:
            await self._store.open()
        except BaseException:
            await self.close(seconds=0)
            raise

    async def write(self, transaction: Callable[[Connection], T], *, patience: float = PATIENCE) -> T:
        """What `transaction` returns, after its commit.

        What it raises is raised here, and undoes it alone. Cancelling the wait does not undo it. Raises DatabaseSilent after
        `patience` seconds; after twice as many where SQLite is at the commit by then.
        """
        return await self._store.write(_bearable(transaction), patience)

    async def read(self, query: Callable[[Connection], T], *, patience: float = PATIENCE) -> T:
        """What `query` returns. It cannot write, and may run twice. Raises DatabaseSilent after `patience` seconds."""
        return await self._store.read(_bearable(query), patience)

    async def is_writable(self, patience: float = 1.0) -> str | None:
        """None after something was written and committed; otherwise why not, in one of the words of `storage.problems`."""
        try:
            await self.write(self._store.touch, patience=patience)
        except Exception as error:
            return reason_of(error)
        return None

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

    async def close(self, seconds: float = CLOSING_SECONDS) -> None:
        """Finishes what was handed in, and disconnects. Harmless where nothing is open.

        What is not done after so many seconds is given up. A thread that hangs even then, on a disk say, is left behind, and
        does not keep the process from ending.
        """
        await self._store.close(seconds)


class Unhurried:
    """A database's reads and writes for work that nobody waits for: given up after a minute, not after a press's time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, transaction: Callable[[Connection], T]) -> T:
        """As Database.write."""
        return await self._database.write(transaction, patience=LONG_PATIENCE)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """As Database.read."""
        return await self._database.read(query, patience=LONG_PATIENCE)


def migrate(url: str, keyring: Keyring | None = None) -> None:
    """Makes the database, or brings it to the version of the code. Raises DatabaseProblem."""

    async def open_and_close() -> None:
        database = Database(url, keyring)
        await database.open()
        await database.close()

    _run(open_and_close())


def read_once(url: str, query: Callable[[Connection], T]) -> T:
    """What `query` returns, next to a bot that may run. Nothing is made, migrated or written. Raises DatabaseProblem."""

    async def read_and_close() -> T:
        store = _store(url)
        try:
            return await store.read_once(_bearable(query))
        finally:
            await store.close(CLOSING_SECONDS)

    return _run(read_and_close())


def _run(work: Coroutine[Any, Any, T]) -> T:
    """What it returns, on an event loop and a thread of its own: the caller's may have a loop that runs.

    The thread is a daemon, so that Control-C ends the program whatever the database does.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(asyncio.run(work))
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, name="loop", daemon=True).start()
    return outcome.result()


def _bearable(work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    """`work`, but that it raises no StopIteration: a future can't hold one, and whoever waits would wait for ever."""

    def run(connection: Connection) -> T:
        try:
            return work(connection)
        except StopIteration as stop:
            raise RuntimeError("a transaction raised StopIteration") from stop

    return run


def _store(url: str, unlocking: Unlocking | None = None) -> "SQLite | PostgreSQL":
    try:
        address = make_url(url)
    except ArgumentError:
        # The address may hold a password, so it is not repeated.
        raise DatabaseProblem(
            "DATABASE_URL can't be read; write it like sqlite:///hta.db or postgresql://user:password@host/name."
        ) from None
    match address.get_backend_name():
        case "sqlite":
            return SQLite(address, unlocking)
        case "postgresql" | "postgres":
            # Its driver takes a tenth of a second and 7 MB, which SQLite does not need.
            from storage.postgresql import PostgreSQL

            return PostgreSQL(address, unlocking)
        case other:
            raise DatabaseProblem(f"DATABASE_URL begins with {other}:, and must begin with sqlite: or postgresql:.")
