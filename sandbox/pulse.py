"""How does one wait for the workspace? Every change is a beat, and what is under way is counted. Nobody polls."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial


class Pulse:
    """`version` counts the beats; `under_way` the payloads and calls that have begun and not ended; `begun` all there were."""

    def __init__(self) -> None:
        self.version = 0
        self.under_way = 0
        self.begun = 0
        self._is_over = False
        self._waiting: set[asyncio.Event] = set()

    def beat(self) -> None:
        """Something that can be seen has changed."""
        self.version += 1
        self._wake()

    @contextmanager
    def counting(self) -> Iterator[None]:
        """What happens inside is under way."""
        self.under_way += 1
        self.begun += 1
        self._wake()
        try:
            yield
        finally:
            self.under_way -= 1
            self._wake()

    async def until(self, condition: Callable[[], object], seconds: float) -> bool:
        """Waits for `condition`, asked again at each beat; False where it did not come true within `seconds`."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while not (condition() or self._is_over):
                        woken.clear()
                        await woken.wait()
            return bool(condition())
        finally:
            self._waiting.discard(woken)

    def end(self) -> None:
        """Nothing will change any more: whoever waits need not wait any longer."""
        self._is_over = True
        self._wake()

    async def settled(self, quiet: float) -> None:
        """Returns when nothing is under way, and nothing has begun for `quiet` seconds."""
        begun = -1
        while begun != self.begun:
            await self.until(self._is_idle, 60)
            begun = self.begun
            await self.until(partial(self._has_begun_since, begun), quiet)

    def _is_idle(self) -> bool:
        return self.under_way == 0

    def _has_begun_since(self, begun: int) -> bool:
        return self.begun > begun

    def _wake(self) -> None:
        for woken in self._waiting:
            woken.set()
