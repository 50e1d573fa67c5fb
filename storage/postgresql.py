"""Runs transactions on a PostgreSQL server, which other processes may use as well."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from psycopg.errors import ConnectionTimeout, LockNotAvailable, QueryCanceled
from sqlalchemy import Connection, RootTransaction
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage import versions
from storage.jobs import Job
from storage.problems import DatabaseSilent, ScrubNotDone, unusable
from storage.server_connection import ServerConnection, engine_of
from storage.tables import metadata
from storage.threads import Threads, on_a_daemon

T = TypeVar("T")

THREADS = 8
OPENING_SECONDS = 5.0
SCRUB_SECONDS = 600.0
"""After which the server counts as silent."""
LOCK_SECONDS = 1

NO_LIMITS = (
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
)

OUT_OF_TIME = (ConnectionTimeout, LockNotAvailable, QueryCanceled)
"""What the driver and the server raise whose own patience ended before ours."""

OLDER_TRANSACTIONS = (
    "SELECT count(*) FROM pg_stat_activity AS other, round"
    " WHERE round.scrub_owed AND other.pid <> pg_backend_pid()"
    " AND (other.datname = current_database() OR other.datname IS NULL)"
    " AND age(other.backend_xmin) >= age(round.xmin)"
)
"""Those that may still see rows as they were before a closing. VACUUM FULL copies such rows, and doesn't say so."""


class PostgreSQL:
    """One database of a server, connected between `open` and `close`."""

    def __init__(self, url: URL, unlocking: versions.Unlocking | None = None) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self._unlocking = unlocking
        self._threads = Threads(THREADS, "database", partial(ServerConnection, engine_of(self._url)))

    async def open(self) -> None:
        """Connects and migrates. Raises DatabaseProblem."""
        if not await self._opening(versions.is_latest):
            await self._usable(partial(_write, self._migrate), None)

    def _migrate(self, connection: Connection) -> None:
        connection.exec_driver_sql(NO_LIMITS)
        versions.migrate(connection, unlocking=self._unlocking)

    async def read_once(self, query: Callable[[Connection], T]) -> T:
        """What `query` returns; changes nothing. Raises DatabaseProblem."""
        await self._opening(versions.refuse_another)
        return await self._usable(partial(_read, query), None)

    async def write(self, transaction: Callable[[Connection], T], patience: float) -> T:
        return await self._threads.run(partial(_write, transaction), patience)

    async def read(self, query: Callable[[Connection], T], patience: float) -> T:
        return await self._threads.run(partial(_read, query), patience)

    def touch(self, connection: Connection) -> None:
        """Writes what is there. A disk that is full does not show before a table has to grow."""
        versions.touch(connection)

    async def scrub(self) -> None:
        try:
            await self._threads.run(_scrub, SCRUB_SECONDS)
        except DatabaseSilent as silent:
            raise ScrubNotDone("the server fell silent; the scrub stays owed") from silent

    async def cut_log(self) -> None:
        """Nothing: its log is the server's."""

    async def close(self, seconds: float) -> None:
        await on_a_daemon(partial(self._threads.close, seconds))

    async def _opening(self, query: Callable[[Connection], T]) -> T:
        """Raises DatabaseProblem also where the server is silent."""
        return await self._usable(partial(_read, query), OPENING_SECONDS)

    async def _usable(self, work: Callable[[ServerConnection, Job[T]], T], patience: float | None) -> T:
        """Raises DatabaseProblem for whatever the driver raises."""
        try:
            return await self._threads.run(work, patience)
        except SQLAlchemyError as error:
            raise unusable(self._url, error) from None
        except DatabaseSilent:
            raise unusable(self._url, TimeoutError("the server does not answer")) from None


def _write(transaction: Callable[[Connection], T], server: ServerConnection, job: Job[T]) -> T:
    def work(connection: Connection) -> T:
        result = transaction(connection)
        if not job.may_commit():
            raise DatabaseSilent(may_be_stored=False)
        return result

    return _committed(work, server.begin, job)


def _read(query: Callable[[Connection], T], server: ServerConnection, job: Job[T]) -> T:
    return _committed(query, server.begin_reading, job)


def _committed(work: Callable[[Connection], T], begin: Callable[[], RootTransaction], job: Job[T]) -> T:
    """What `work` returns. A rollback would take no less, and psycopg would forget the statements that it has prepared."""
    try:
        with begin() as transaction:
            return work(transaction.connection)
    except DBAPIError as error:
        if _is_silence(error, job):
            raise DatabaseSilent(may_be_stored=job.is_committing) from error
        raise


def _is_silence(error: DBAPIError, job: Job[Any]) -> bool:
    """Whether time ran out, or nobody knows if the commit has reached the server."""
    return isinstance(error.orig, OUT_OF_TIME) or (job.is_committing and error.connection_invalidated)


def _scrub(server: ServerConnection, _: Job[None]) -> None:
    # VACUUM can't run inside a transaction, and takes as long as it takes. While it waits for a table, every answer waits
    # behind it.
    driver = server.driver
    driver.execute(f"SET statement_timeout = 0; SET lock_timeout = '{LOCK_SECONDS}s'")
    try:
        if driver.execute(OLDER_TRANSACTIONS).fetchone() != (0,):
            raise ScrubNotDone("a transaction from before the closing still runs; the scrub stays owed")
        for table in metadata.sorted_tables:
            driver.execute(f'VACUUM FULL "{table.name}"')
    except LockNotAvailable:
        raise ScrubNotDone("another transaction holds a table; the scrub stays owed") from None
    finally:
        # Its limits are others' than those of the next job.
        server.close()
