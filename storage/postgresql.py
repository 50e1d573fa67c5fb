"""How do we use a PostgreSQL server? Plain functions run on a pool of threads, with psycopg; other processes may do the same."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from storage import versions
from storage.problems import ScrubNotDone, unusable
from storage.tables import metadata

T = TypeVar("T")

THREADS = 8
CONNECT_SECONDS = 5
LOCK_SECONDS = 1

OLDER_TRANSACTIONS = text(
    "SELECT count(*) FROM pg_stat_activity AS other, round"
    " WHERE round.scrub_owed AND other.pid <> pg_backend_pid()"
    " AND (other.datname = current_database() OR other.datname IS NULL)"
    " AND age(other.backend_xmin) >= age(round.xmin)"
)
"""Those that may still see rows as they were before a closing. VACUUM FULL copies such rows, and doesn't say so."""


class PostgreSQL:
    """One database of a server, connected between `open` and `close`."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self._engine = _engine(self._url)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="database")

    def open(self) -> None:
        """Connects and migrates. Raises DatabaseProblem."""
        try:
            versions.bring_up_to_date(self._engine)
        except SQLAlchemyError as error:
            raise unusable(self._url, error) from None

    def read_once(self, query: Callable[[Connection], T]) -> T:
        """What `query` returns; changes nothing. Raises DatabaseProblem."""
        try:
            with self._engine.connect().execution_options(postgresql_readonly=True) as connection:
                versions.refuse_another(connection)
                return query(connection)
        except SQLAlchemyError as error:
            raise unusable(self._url, error) from None
        finally:
            self.close()

    async def write(self, transaction: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._write, transaction)

    async def read(self, query: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, query)

    async def scrub(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self._scrub)

    def close(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()

    async def cut_log(self) -> None:
        """Nothing: its log is the server's."""

    def _write(self, transaction: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return transaction(connection)

    def _read(self, query: Callable[[Connection], T]) -> T:
        with self._engine.connect().execution_options(postgresql_readonly=True) as connection:
            return query(connection)

    def _scrub(self) -> None:
        # VACUUM can't run inside a transaction.
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if connection.execute(OLDER_TRANSACTIONS).scalar_one():
                raise ScrubNotDone("a transaction from before the closing still runs; the scrub stays owed")
            # While VACUUM FULL waits for a table, every answer waits behind it.
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            try:
                for table in metadata.sorted_tables:
                    connection.exec_driver_sql(f'VACUUM FULL "{table.name}"')
            except OperationalError as error:
                if isinstance(error.orig, LockNotAvailable):
                    raise ScrubNotDone("another transaction holds a table; the scrub stays owed") from None
                raise
            finally:
                connection.exec_driver_sql("RESET lock_timeout")


def _engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=THREADS,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> None:
        """PostgreSQL's DETAIL quotes the row that it refuses, answers included; no log may have it (REVIEW, 9)."""
        original = context.original_exception
        told = getattr(getattr(original, "diag", None), "message_primary", None)
        if told is None:
            return
        original.args = (told,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (f"({type(original).__name__}) {told}",)

    return engine
