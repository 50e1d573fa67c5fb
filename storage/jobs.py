"""One piece of work for a database thread, and for how long somebody waits for it."""

import asyncio
import math
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import Any, Generic, TypeVar

from storage.problems import DatabaseSilent

T = TypeVar("T")

PATIENCE = 2.5
"""Seconds that somebody waits who has pressed a button: Slack gives up after three."""
LONG_PATIENCE = 60.0
"""Seconds for work that nobody waits for."""
LOOK_SECONDS = 0.05
"""So late at most we notice that a patience has ended: a timer for each job would take a fifth of a transaction."""


class Stage(Enum):
    """How far a job is. Up to the commit it can be given up so that nothing of it is stored."""

    WAITING = auto()
    RUNNING = auto()
    COMMITTING = auto()
    ENDED = auto()
    GIVEN_UP = auto()


class Job(Generic[T]):
    """Made on the event loop of whoever waits, run by a database thread.

    When its patience ends it is given up, and the future raises DatabaseSilent. A job that is being committed is waited for
    as long again where `commits_late`: nothing can hurry a disk. None is patience without end.
    """

    __slots__ = (
        "_commits_late",
        "_interrupt",
        "_lock",
        "_patience",
        "_stage",
        "_watch",
        "ends_at",
        "error",
        "future",
        "hindrance",
        "loop",
        "result",
        "work",
    )

    def __init__(self, work: Callable[..., T], patience: float | None, *, commits_late: bool = False) -> None:
        self.work = work
        self._watch = _watch_of_this_loop()
        self.loop = self._watch.loop
        self.future: asyncio.Future[T] = self.loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None
        self.hindrance: BaseException | None = None
        """Why it waits still, where the thread knows: a lock, say."""
        self._patience = patience
        self._commits_late = commits_late
        self._lock = threading.Lock()
        self._stage = Stage.WAITING
        self._interrupt: Callable[[], None] | None = None
        self.ends_at = math.inf if patience is None else self.loop.time() + patience
        """When its patience ends, by the loop's clock."""
        self._watch.add(self)

    @property
    def is_waiting(self) -> bool:
        return self._stage is Stage.WAITING

    @property
    def is_committing(self) -> bool:
        return self._stage is Stage.COMMITTING

    @property
    def is_given_up(self) -> bool:
        return self._stage is Stage.GIVEN_UP

    def begin(self, interrupt: Callable[[], None] | None = None) -> bool:
        """Whether it is to run; False: it was given up. Whoever gives it up later calls `interrupt`, until it is over."""
        with self._lock:
            if self._stage is not Stage.WAITING:
                return False
            self._stage, self._interrupt, self.hindrance = Stage.RUNNING, interrupt, None
            return True

    def may_commit(self) -> bool:
        """Asked right before the step that can't be undone. False: it was given up, and is to be undone."""
        with self._lock:
            if self._stage is not Stage.RUNNING:
                return False
            self._stage = Stage.COMMITTING
            return True

    def end(self) -> None:
        """From here on it can't be given up: the thread has put down `result` or `error`."""
        with self._lock:
            self._interrupt = None
            if self._stage is not Stage.GIVEN_UP:
                self._stage = Stage.ENDED

    def give_up(self) -> None:
        """Tells whoever waits; a job that has not begun never runs, one that runs is interrupted. From any thread."""
        with self._lock:
            if self._stage in (Stage.ENDED, Stage.GIVEN_UP):
                return
            stage, self._stage = self._stage, Stage.GIVEN_UP
            if self._interrupt is not None:
                self._interrupt()
        silent = DatabaseSilent(may_be_stored=stage is Stage.COMMITTING)
        silent.__cause__ = self.hindrance
        call(self.loop, self._tell, silent)

    def settle(self) -> None:
        """Tells whoever waits what the thread has put down. On the event loop."""
        self._watch.remove(self)
        if self._stage is Stage.GIVEN_UP or self.future.done():
            # Done: whoever waited was cancelled, and the transaction stands.
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)

    def lose_patience(self) -> None:
        """On the event loop."""
        if self._commits_late and self._patience is not None and self._stage is Stage.COMMITTING:
            self._commits_late = False
            self.ends_at += self._patience
        else:
            self.give_up()

    def _tell(self, silent: DatabaseSilent) -> None:
        self._watch.remove(self)
        if not self.future.done():
            self.future.set_exception(silent)


class _Watch:
    """Looks, while there are any, for the jobs of one event loop whose patience has ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._jobs: set[Job[Any]] = set()
        self._looks = False

    def add(self, job: Job[Any]) -> None:
        self._jobs.add(job)
        if not self._looks:
            self._looks = True
            self.loop.call_later(LOOK_SECONDS, self._look)

    def remove(self, job: Job[Any]) -> None:
        self._jobs.discard(job)

    def _look(self) -> None:
        now = self.loop.time()
        for job in [job for job in self._jobs if job.ends_at <= now]:
            job.lose_patience()
        self._looks = bool(self._jobs)
        if self._looks:
            self.loop.call_later(LOOK_SECONDS, self._look)


_here = threading.local()


def _watch_of_this_loop() -> _Watch:
    loop = asyncio.get_running_loop()
    watch: _Watch | None = getattr(_here, "watch", None)
    if watch is None or watch.loop is not loop:
        watch = _here.watch = _Watch(loop)
    return watch


def call(loop: asyncio.AbstractEventLoop, callback: Callable[..., object], *arguments: Any) -> None:
    """Has the loop call it, from any thread. A loop that is closed has nobody who waits."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(callback, *arguments)


def hand_back(jobs: Sequence[Job[Any]]) -> None:
    """Ends jobs and tells who waits. One call a loop: waking a loop takes longer than a transaction."""
    for job in jobs:
        job.end()
    for loop in {job.loop for job in jobs}:
        call(loop, _settle, [job for job in jobs if job.loop is loop])


def _settle(jobs: list[Job[Any]]) -> None:
    for job in jobs:
        job.settle()
