"""Runs jobs on a few daemon threads, each of which has a connection of its own."""

import asyncio
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from storage.jobs import Job, call, hand_back

T = TypeVar("T")

GRACE = 0.5
"""Seconds that a thread gets to end once its work was given up."""


class ThreadConnection(Protocol):
    """A connection that one thread uses, and that others may interrupt."""

    def interrupt(self) -> None:
        """Makes what runs on it fail within moments, and is harmless where nothing does. From any thread."""

    def is_worn(self, since: float) -> bool:
        """Whether to make another before the next job: it broke, or was last used before `since` (monotonic)."""

    def close(self) -> None:
        """Harmless where it is closed."""


C = TypeVar("C", bound=ThreadConnection)


class Threads(Generic[C]):
    """At most `count` threads. A thread that hangs for ever keeps no process from ending."""

    def __init__(self, count: int, name: str, connect: Callable[[], C]) -> None:
        """`connect` makes a connection; it is to wait for nothing, and to connect in the first job."""
        self._count = count
        self._name = name
        self._connect = connect
        self._lock = threading.Lock()
        self._is_closed = False
        self._threads: list[threading.Thread] = []
        self._unfinished: set[Job[Any]] = set()
        self._idle = threading.Semaphore(0)
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._interrupted_at = 0.0

    async def run(self, work: Callable[[C, Job[T]], T], patience: float | None) -> T:
        """What `work` returns. Cancelling the wait does not undo it. Raises DatabaseSilent."""
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the database is closed")
            job: Job[T] = Job(work, patience)
            self._unfinished.add(job)
            self._jobs.put(job)
            if not self._idle.acquire(blocking=False) and len(self._threads) < self._count:
                name = f"{self._name}-{len(self._threads)}"
                self._threads.append(threading.Thread(target=self._work, name=name, daemon=True))
                self._threads[-1].start()
        return await job.future

    def close(self, seconds: float) -> None:
        """Finishes what was handed in; what is not done by then is given up. Blocks no longer than that and a little."""
        ends_at = time.monotonic() + seconds
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                for _ in self._threads:
                    self._jobs.put(None)
        if not self._joined(ends_at):
            with self._lock:
                unfinished = list(self._unfinished)
            for job in unfinished:
                job.give_up()
            self._joined(time.monotonic() + GRACE)

    def _joined(self, ends_at: float) -> bool:
        for thread in self._threads:
            thread.join(max(0.0, ends_at - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        connection = self._connect()
        while (job := self._next()) is not None:
            if connection.is_worn(self._interrupted_at):
                connection.close()
                connection = self._connect()
            self._run(job, connection)
            del job  # what it returned may be large, and the next may be long in coming
        connection.close()

    def _next(self) -> Job[Any] | None:
        try:
            return self._jobs.get_nowait()
        except Empty:
            self._idle.release()
            return self._jobs.get()

    def _run(self, job: Job[Any], connection: C) -> None:
        def interrupt() -> None:
            # The other threads' connections may be as dead: none is used again that was not used since.
            self._interrupted_at = time.monotonic()
            connection.interrupt()

        if job.begin(interrupt):
            try:
                job.result = job.work(connection, job)
            except BaseException as error:
                job.error = error
            hand_back([job])
        with self._lock:
            self._unfinished.remove(job)


async def on_a_daemon(work: Callable[[], T]) -> T:
    """What `work` returns, run on a daemon thread of its own. One that hangs for ever keeps no process from ending."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def run() -> None:
        try:
            call(loop, settle, work(), None)
        except BaseException as error:
            call(loop, settle, None, error)

    threading.Thread(target=run, name="background", daemon=True).start()
    return await future
