"""Who writes to a SQLite file? One thread, which commits the transactions that wait together as one group.

The group's one fsync serves them all. Each has a savepoint of its own, so that one that fails is undone alone. Where the
commit itself fails, all of the group fail, and the next group is tried as if nothing had been.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")

LARGEST_GROUP = 256


class GroupLost(Exception):
    """The group's commit failed, on a full disk say (the cause tells), and nothing of this transaction is stored."""


@dataclass(slots=True)
class _Job:
    """Work, who waits for it, and what came of it. `alone`: outside any transaction, on the driver's own connection."""

    work: Callable[[Any], Any]
    alone: bool
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Writer:
    """The thread and what waits for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: list[_Job] = []
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def write(self, transaction: Callable[[Connection], T]) -> asyncio.Future[T]:
        """What `transaction` returns, once it is committed."""
        return self._hand_in(transaction, alone=False)

    def alone(self, work: Callable[[Any], T]) -> asyncio.Future[T]:
        """What `work` returns; it gets the driver's connection, and no transaction is open."""
        return self._hand_in(work, alone=True)

    def close(self) -> None:
        """Blocks until all that was handed in is done."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _hand_in(self, work: Callable[[Any], T], *, alone: bool) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        job = _Job(work, alone, loop, loop.create_future())
        with self._changed:
            if self._closing:
                raise RuntimeError("the database is closed")
            self._jobs.append(job)
            self._changed.notify()
        return job.future

    def _work(self) -> None:
        with self._engine.connect() as connection:
            while waiting := self._waiting():
                for alone, jobs in groupby(waiting, key=attrgetter("alone")):
                    group = list(jobs)
                    if alone:
                        _run_alone(connection, group)
                    else:
                        _run_group(connection, group)
                    _hand_back(group)

    def _waiting(self) -> list[_Job]:
        """The jobs that wait by now, as soon as there are any; empty: none will come any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closing)
            waiting = self._jobs[:LARGEST_GROUP]
            del self._jobs[:LARGEST_GROUP]
            return waiting


def _run_group(connection: Connection, group: list[_Job]) -> None:
    driver = _driver(connection)
    try:
        with connection.begin():
            for job in group:
                _run_in_savepoint(connection, driver, job)
    except BaseException as error:
        if driver.in_transaction:
            # SQLite leaves a transaction open whose COMMIT it refuses, and SQLAlchemy takes it for ended.
            driver.rollback()
        for job in group:
            job.error = job.error or _lost(error)


def _run_in_savepoint(connection: Connection, driver: Any, job: _Job) -> None:
    # Straight to the driver: a savepoint through SQLAlchemy takes longer than all the rest.
    driver.execute("SAVEPOINT job")
    try:
        job.result = job.work(connection)
    except BaseException as error:
        job.error = error
        if not driver.in_transaction:
            # A full disk makes SQLite drop the whole transaction, and the savepoints with it.
            raise
        driver.execute("ROLLBACK TO job")
    driver.execute("RELEASE job")


def _run_alone(connection: Connection, jobs: Iterable[_Job]) -> None:
    for job in jobs:
        try:
            job.result = job.work(_driver(connection))
        except BaseException as error:
            job.error = error


def _lost(cause: BaseException) -> GroupLost:
    lost = GroupLost("the database could not commit; nothing was stored")
    lost.__cause__ = cause
    return lost


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _hand_back(group: list[_Job]) -> None:
    """One call a loop and group: waking a loop takes longer than a transaction."""
    for loop in {job.loop for job in group}:
        # A loop that is closed has nobody who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, [job for job in group if job.loop is loop])


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.future.done():
            # Whoever waited was cancelled; the transaction stands.
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
