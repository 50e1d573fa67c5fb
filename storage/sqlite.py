"""Runs transactions on a SQLite file: one process has it, one thread of it writes, readers cannot.

One connection writes and checkpoints: SQLite up to 3.51.2 can corrupt a WAL when two do so at the same instant. The lock
file beside the database keeps a second process away, since SQLite itself would let it write.
"""

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from storage import versions
from storage.problems import DatabaseProblem, DatabaseSilent, ScrubNotDone, unusable
from storage.readers import Readers
from storage.threads import on_a_daemon
from storage.writer import Writer

T = TypeVar("T")

BUSY_SECONDS = 0.1
"""How long SQLite waits for another program's lock before the writer looks whether somebody still waits."""
CHECKPOINT_SECONDS = 1.0
"""How long a checkpoint waits for readers before it gives up, and answers wait for the checkpoint."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL lost acknowledged answers in most simulated power cuts
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",  # what is undone, and VACUUM's copy, are never in a file that we don't scrub
)


class SQLite:
    """One file, ours between `open` and `close`."""

    def __init__(self, url: URL, unlocking: versions.Unlocking | None = None) -> None:
        if not url.database or url.database == ":memory:" or url.query:
            raise DatabaseProblem(
                "DATABASE_URL must name a file, like sqlite:///hta.db, and nothing else: in memory, answers would be lost."
            )
        self._path = Path(url.database).absolute()
        self._url = url.set(drivername="sqlite+pysqlite", database=str(self._path))
        self._unlocking = unlocking
        self._lock: int | None = None
        self._file: tuple[int, int] | None = None
        """The device and inode of the file that is open."""
        self._engine = writing_engine(self._url)
        self._readers = Readers(self._path)
        self._writer: Writer | None = None

    async def open(self) -> None:
        """Takes the lock, migrates, starts the writer. Raises DatabaseProblem."""
        await on_a_daemon(self._take_lock)
        self._writer = Writer(self._engine)
        try:
            await self._writer.alone(self._bring_up_to_date)
        except (SQLAlchemyError, OSError) as error:
            raise unusable(self._url, error) from None

    async def read_once(self, query: Callable[[Connection], T]) -> T:
        """What `query` returns of a file that a process may have open; makes and changes nothing. Raises DatabaseProblem."""

        def work(connection: Connection) -> T:
            versions.refuse_another(connection)
            return query(connection)

        if not self._path.is_file():
            raise DatabaseProblem(
                f"There is no database {self._path}. Go to the folder where the bot runs, or set DATABASE_URL."
            )
        try:
            return await self._readers.read(work, None)
        except (SQLAlchemyError, OSError) as error:
            raise unusable(self._url, error) from None

    async def write(self, transaction: Callable[[Connection], T], patience: float) -> T:
        return await self._opened_writer.write(transaction, patience)

    async def read(self, query: Callable[[Connection], T], patience: float) -> T:
        return await self._readers.read(query, patience)

    def touch(self, connection: Connection) -> None:
        """Writes what is there. Raises FileNotFoundError where the file at the path is not the one that is open."""
        if self._file != _identity(self._path):
            raise FileNotFoundError(errno.ENOENT, "the database's file was moved or replaced")
        versions.touch(connection)

    async def scrub(self) -> None:
        await self._alone(_scrub)

    async def cut_log(self) -> None:
        await self._alone(_cut_log)

    async def close(self, seconds: float) -> None:
        await on_a_daemon(partial(self._close, seconds))

    def _close(self, seconds: float) -> None:
        """Readers go first: the last connection to close checkpoints, and that must be the writer."""
        ends_at = time.monotonic() + seconds
        self._readers.close(seconds)
        if self._writer is not None and not self._writer.close(ends_at - time.monotonic()):
            # It hangs, and may write yet: the lock stays until the process ends.
            return
        self._engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _take_lock(self) -> None:
        self._lock = _locked(self._path)

    def _bring_up_to_date(self, connection: Connection) -> None:
        with _waiting_for_locks(connection):
            with connection.begin():
                is_latest = versions.is_latest(connection)
            if not is_latest:
                versions.upgrade_on(connection, unlocking=self._unlocking)
                with suppress(ScrubNotDone):  # somebody reads just then: it goes with the next closing
                    _cut_log(connection)
        self._file = _identity(self._path)

    async def _alone(self, work: Callable[[Connection], None]) -> None:
        try:
            await self._opened_writer.alone(work)
        except DatabaseSilent:
            raise ScrubNotDone("the bot ended first; the scrub stays owed") from None

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


def _locked(path: Path) -> int:
    """Makes the file where there is none, and holds the lock file beside it: until it is closed, or we die."""
    try:
        # Others on this machine have no business in it; SQLite gives -wal and -shm the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DatabaseProblem(
            f"The database {path} can't be opened: {error.strerror}. Make its folder, fix its permissions, or change "
            "DATABASE_URL."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise DatabaseProblem(
            f"Another process has the database {path} open, and a SQLite file serves one: stop that one, or use PostgreSQL."
        ) from None
    return lock


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


@contextmanager
def _waiting_for_locks(connection: Connection) -> Iterator[Any]:
    """The driver's connection, which waits for locks as long as a checkpoint may."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={CHECKPOINT_SECONDS * 1000:.0f}").close()
    try:
        yield driver
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}").close()


def _scrub(connection: Connection) -> None:
    """VACUUM rewrites the file without what was deleted; the -wal holds it until it is cut to nothing."""
    with _waiting_for_locks(connection) as driver:
        driver.execute("VACUUM").close()
    _cut_log(connection)


def _cut_log(connection: Connection) -> None:
    with _waiting_for_locks(connection) as driver:
        busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise ScrubNotDone("somebody still reads the SQLite file; the scrub stays owed")
