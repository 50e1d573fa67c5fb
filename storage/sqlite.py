"""How do we use a SQLite file? One process has it, one thread of it writes, readers cannot.

One connection writes and checkpoints: SQLite up to 3.51.2 can corrupt a WAL when two do so at the same instant. The lock
file beside the database keeps a second process away, since SQLite itself would let it write.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from storage import versions
from storage.problems import DatabaseProblem, ScrubNotDone, unusable
from storage.writer import Writer

T = TypeVar("T")

READERS = 8

BUSY_SECONDS = 1.0
"""How long the writer waits for readers before it gives up a checkpoint, and answers wait for the writer."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL lost acknowledged answers in most simulated power cuts
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",  # what is undone, and VACUUM's copy, never lie in a file that we don't scrub
)


class SQLite:
    """One file, ours between `open` and `close`."""

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:" or url.query:
            raise DatabaseProblem(
                "DATABASE_URL must name a file, like sqlite:///hta.db, and nothing else: in memory, answers would be lost."
            )
        self._path = Path(url.database).absolute()
        self._url = url.set(drivername="sqlite+pysqlite", database=str(self._path))
        self._lock: int | None = None
        self._engine = writing_engine(self._url)
        self._reading_engine = _reading_engine(self._path)
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._writer: Writer | None = None

    def open(self) -> None:
        """Takes the lock, migrates, starts the writer. Raises DatabaseProblem."""
        self._lock = _locked(self._path)
        try:
            versions.bring_up_to_date(self._engine)
        except (SQLAlchemyError, OSError) as error:
            raise unusable(self._url, error) from None
        self._writer = Writer(self._engine)

    def read_once(self, query: Callable[[Connection], T]) -> T:
        """What `query` returns of a file that a process may have open; makes and changes nothing. Raises DatabaseProblem."""
        if not self._path.is_file():
            raise DatabaseProblem(
                f"There is no database {self._path}. Go to the folder where the bot runs, or set DATABASE_URL."
            )
        try:
            with self._reading_engine.begin() as connection:
                versions.refuse_another(connection)
                return query(connection)
        except (SQLAlchemyError, OSError) as error:
            raise unusable(self._url, error) from None
        finally:
            self.close()

    async def write(self, transaction: Callable[[Connection], T]) -> T:
        return await self._opened_writer.write(transaction)

    async def read(self, query: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, query)

    async def scrub(self) -> None:
        await self._opened_writer.alone(_scrub)

    async def cut_log(self) -> None:
        await self._opened_writer.alone(_cut_log)

    def close(self) -> None:
        """Readers go first: the last connection to close checkpoints, and that must be the writer."""
        self._threads.shutdown()
        self._reading_engine.dispose()
        if self._writer is not None:
            self._writer.close()
        self._engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _read(self, query: Callable[[Connection], T]) -> T:
        with self._reading_engine.begin() as connection:
            return query(connection)

    @property
    def _opened_writer(self) -> Writer:
        if self._writer is None:
            raise RuntimeError("the database is not open")
        return self._writer


def writing_engine(url: URL) -> Engine:
    """An engine of exactly one connection, whose transactions take the write lock as they begin."""
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _: Any) -> None:
        # Python's driver would begin transactions of its own, later and without the lock.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _reading_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=BUSY_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA query_only=ON").close()
        return connection

    engine = create_engine(
        "sqlite+pysqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _locked(path: Path) -> int:
    """Makes the file where there is none, and holds the lock file beside it: until it is closed, or we die."""
    try:
        # Others on this machine have no business in it; SQLite gives -wal and -shm the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DatabaseProblem(
            f"The database {path} can't be opened: {error.strerror}. Make its folder, mend the rights, or change DATABASE_URL."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise DatabaseProblem(
            f"Another process has the database {path} open, and a SQLite file serves one: stop that one, or use PostgreSQL."
        ) from None
    return lock


def _scrub(connection: sqlite3.Connection) -> None:
    """VACUUM rewrites the file without what was deleted; the -wal holds it until it is cut to nothing."""
    connection.execute("VACUUM").close()
    _cut_log(connection)


def _cut_log(connection: sqlite3.Connection) -> None:
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise ScrubNotDone("somebody still reads the SQLite file; the scrub stays owed")
