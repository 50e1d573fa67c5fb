"""Writes to a SQLite file on one thread, which commits the transactions that wait together as one group.

The group's one fsync serves them all. Each has a savepoint of its own, so that one that fails is undone alone. Where the
commit itself fails, all of the group fail, and the next group is tried as if nothing had been.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import OperationalError

from storage.jobs import PATIENCE, Job, hand_back
from storage.problems import GroupLost, is_locked
from storage.threads import GRACE

if TYPE_CHECKING:
    from asyncio import Future

T = TypeVar("T")

LARGEST_GROUP = 256


class _Job(Job[T]):
    """`alone`: outside any transaction."""

    __slots__ = ("alone",)

    def __init__(self, work: Callable[[Connection], T], patience: float | None, *, alone: bool) -> None:
        super().__init__(work, patience, commits_late=True)
        self.alone = alone


class Writer:
    """The thread and what waits for it."""

    def __init__(self, engine: Engine) -> None:
        """`engine` has one connection, for as long as the thread runs. It waits for locks in short turns."""
        self._engine = engine
        self._jobs: deque[_Job[Any]] = deque()
        self._taken: Sequence[_Job[Any]] = ()
        """Those of them that the thread has."""
        self._closing = False
        self._changed = threading.Condition()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def write(self, transaction: Callable[[Connection], T], patience: float = PATIENCE) -> "Future[T]":
        """What `transaction` returns, once it is committed. Raises GroupLost, DatabaseSilent."""
        return self._hand_in(transaction, patience, alone=False)

    def alone(self, work: Callable[[Connection], T]) -> "Future[T]":
        """What `work` returns, however long it takes; no transaction is open."""
        return self._hand_in(work, None, alone=True)

    def close(self, seconds: float) -> bool:
        """Blocks until all that was handed in is done, and gives up what is not by then. False: the thread hangs."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(max(0.0, seconds))
        if self._thread.is_alive():
            with self._changed:
                unfinished = [*self._taken, *self._jobs]
            # The last first, so that the thread does not begin one when another ends.
            for job in reversed(unfinished):
                job.give_up()
            self._thread.join(GRACE)
        return not self._thread.is_alive()

    def _hand_in(self, work: Callable[[Connection], T], patience: float | None, *, alone: bool) -> "Future[T]":
        with self._changed:
            if self._closing:
                raise RuntimeError("the database is closed")
            job = _Job(work, patience, alone=alone)
            # Where the thread hangs on a disk, those who no longer wait must not pile up.
            while self._jobs and self._jobs[0].is_given_up:
                self._jobs.popleft()
            self._jobs.append(job)
            self._changed.notify()
        return job.future

    def _work(self) -> None:
        while taken := self._take():
            for alone, jobs in groupby(taken, key=attrgetter("alone")):
                group = list(jobs)
                try:
                    if alone:
                        _run_alone(self._connected(), group)
                    else:
                        self._run_group(self._connected(), group)
                except BaseException as error:
                    # The file can't be opened, or a transaction can't even be undone.
                    self._disconnect()
                    for job in group:
                        job.error = job.error or error
                hand_back(group)
        self._disconnect()

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _take(self) -> Sequence[_Job[Any]]:
        """The jobs that wait by now, as soon as there are any; empty: none will come any more."""
        with self._changed:
            self._taken = ()
            self._changed.wait_for(lambda: self._jobs or self._closing)
            self._taken = [self._jobs.popleft() for _ in range(min(len(self._jobs), LARGEST_GROUP))]
            return self._taken

    def _run_group(self, connection: Connection, group: Sequence[_Job[Any]]) -> None:
        driver = _driver(connection)
        transaction = None
        try:
            transaction = self._begun(connection, group)
            if transaction is None:
                return
            for job in group:
                if job.begin():
                    _run_in_savepoint(connection, driver, job)
            _commit(transaction, driver, group)
        except BaseException as error:
            if transaction is not None:
                transaction.close()
            if driver.in_transaction:
                # SQLite leaves a transaction open whose COMMIT it refuses, and SQLAlchemy takes it for ended.
                driver.rollback()
            for job in group:
                job.error = job.error or _lost(error)

    def _begun(self, connection: Connection, group: Sequence[_Job[Any]]) -> RootTransaction | None:
        """The group's transaction; None: another program has locked the file for longer than anybody of the group waits."""
        while True:
            try:
                return connection.begin()
            except OperationalError as error:
                if not is_locked(error):
                    raise
                with self._changed:
                    held_up = [*self._taken, *self._jobs]
                for job in held_up:
                    job.hindrance = error
            if not any(job.is_waiting for job in group):
                return None


def _run_in_savepoint(connection: Connection, driver: Any, job: _Job[Any]) -> None:
    # Straight to the driver: a savepoint through SQLAlchemy takes longer than all the rest.
    driver.execute("SAVEPOINT job")
    try:
        job.result = job.work(connection)
        is_kept = job.may_commit()
    except BaseException as error:
        job.error = error
        if not driver.in_transaction:
            # A full disk makes SQLite drop the whole transaction, and the savepoints with it.
            raise
        is_kept = False
    if not is_kept:
        driver.execute("ROLLBACK TO job")
    driver.execute("RELEASE job")


def _commit(transaction: RootTransaction, driver: Any, group: Sequence[_Job[Any]]) -> None:
    """Tries as long as somebody waits: where the disk allows no WAL, another program that reads holds up a commit."""
    commit = transaction.commit
    while True:
        try:
            commit()
            return
        except (OperationalError, sqlite3.OperationalError) as error:
            if not is_locked(error) or all(job.is_given_up for job in group):
                raise
        # It remains open, and COMMIT can be tried again: https://www.sqlite.org/lang_transaction.html. SQLAlchemy takes it
        # for ended.
        transaction.close()
        commit = driver.commit


def _run_alone(connection: Connection, jobs: Sequence[_Job[Any]]) -> None:
    for job in jobs:
        # https://www.sqlite.org/c3ref/interrupt.html: from any thread
        if job.begin(_driver(connection).interrupt):
            try:
                job.result = job.work(connection)
            except BaseException as error:
                job.error = error


def _lost(cause: BaseException) -> GroupLost:
    lost = GroupLost("the database could not commit; nothing was stored")
    lost.__cause__ = cause
    return lost


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
