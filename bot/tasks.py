"""What still goes on after the acknowledgement: tracked, in order for each person, and waited for at the end."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """Bolt neither tracks nor drains what a listener starts, so we do."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._dispensable: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}

    def start(
        self, work: Coroutine[Any, Any, object], *, after: str | None = None, is_dispensable: bool = False
    ) -> asyncio.Task[None]:
        """Runs `work` in the background; the task ends when it has, and fails never.

        Works with the same `after` (a person) run one after the other, so that a message ends up showing what came last.
        What is dispensable may take minutes: nobody waits for it, and `stop` cuts it off.
        """
        before = self._last.get(after) if after else None
        task = asyncio.create_task(self._run(work, before))
        group = self._dispensable if is_dispensable else self._running
        group.add(task)
        task.add_done_callback(group.discard)
        if after:
            self._last[after] = task
            task.add_done_callback(lambda done: self._last.pop(after) if self._last.get(after) is done else None)
        return task

    async def stop(self, seconds: float) -> None:
        """Cuts off what is dispensable, and waits for the rest as `drain` does."""
        await asyncio.sleep(0)  # one that never began would leave its work unawaited
        for task in self._dispensable:
            task.cancel()
        await asyncio.gather(*self._dispensable, return_exceptions=True)
        await self.drain(seconds)

    async def drain(self, seconds: float) -> None:
        """Waits for what is under way, at most `seconds`; the rest is cancelled."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*late, return_exceptions=True)

    @staticmethod
    async def _run(work: Coroutine[Any, Any, object], before: asyncio.Task[None] | None) -> None:
        if before is not None:
            try:
                await asyncio.wait([before])
            except asyncio.CancelledError:
                work.close()
                raise
        try:
            await work
        except Exception:
            log.exception("something after an acknowledgement failed")
