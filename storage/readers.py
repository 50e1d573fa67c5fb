"""Reads a SQLite file, on threads whose connections cannot write."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import OperationalError

from storage.jobs import Job
from storage.problems import is_locked
from storage.threads import Threads

T = TypeVar("T")

READERS = 8

BUSY_SECONDS = 0.1
"""How long SQLite waits for a lock before we look whether somebody still waits for us."""


class Readers:
    """The threads, which connect when there is something to read."""

    def __init__(self, path: Path) -> None:
        self._threads = Threads(READERS, "reader", partial(ReadingConnection, _engine(path)))

    async def read(self, query: Callable[[Connection], T], patience: float | None) -> T:
        """What `query` returns. It runs again where another program had the file locked. Raises DatabaseSilent."""

        def work(reading: ReadingConnection, job: Job[T]) -> T:
            return reading.read(query, job)

        return await self._threads.run(work, patience)

    def close(self, seconds: float) -> None:
        """Finishes what was handed in, as Threads do."""
        self._threads.close(seconds)


class ReadingConnection:
    """A thread's connection to the file, which any other thread can interrupt."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def read(self, query: Callable[[Connection], T], job: Job[T]) -> T:
        while True:
            try:
                with self._connected().begin() as begun:
                    return query(begun.connection)
            except OperationalError as error:
                if job.is_given_up or not is_locked(error):
                    raise
                job.hindrance = error

    def interrupt(self) -> None:
        if self._connection is not None:
            driver: Any = self._connection.connection.driver_connection
            driver.interrupt()  # https://www.sqlite.org/c3ref/interrupt.html: from any thread

    def is_worn(self, since: float) -> bool:
        """Never: a file can't lose a connection."""
        return False

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection


def _engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=BUSY_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA query_only=ON").close()
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
