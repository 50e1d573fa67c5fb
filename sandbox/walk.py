"""Walks the clock forward from one moment at which the bot has something to do to the next, so that nothing comes late."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from math import ceil, inf

from sandbox.clock import Clock
from sandbox.pulse import Pulse

SHORTEST, LONGEST = 5 * 60, 24 * 3600
"""Seconds that a step may take: what is due a moment later needs no step of its own, and each day is seen."""
PAST_DUE = 1
"""Seconds by which a step goes past what is due, so that it is."""
QUIET = 0.03
"""Seconds without a call after which a bot that has done what was due counts as idle."""
QUIET_UNTOLD = 0.2
"""The same for a bot that does not say what is due: it needs a moment to see that the clock has moved."""
PATIENCE = 5.0
"""Seconds without a sign of life after which what is due counts as stuck, and is waited for no more."""
LOOK_AGAIN = 0.005
"""Seconds between two looks at what the bot says."""


class Walk:
    """One walk at a time over `clock`. `pulse` tells what is under way between workspace and bot."""

    def __init__(self, clock: Clock, pulse: Pulse, patience: float = PATIENCE) -> None:
        self._clock, self._pulse, self._patience = clock, pulse, patience
        self._stuck: float | None = None
        self.is_under_way = False

    async def forward(self, seconds: int, goes_on: Callable[[], Awaitable[bool]]) -> None:
        """Moves the clock by so many seconds in all. After each step `goes_on` is asked; False ends the walk there.

        Nothing else may walk meanwhile: look at `is_under_way` first.
        """
        self.is_under_way = True
        try:
            await self._caught_up()
            target = self._clock.offset_seconds + seconds
            # In whole seconds: the file keeps ten digits, and less than a second would be lost in it for ever.
            while (left := round(target - self._clock.offset_seconds)) > 0:
                self._clock.advance(min(left, self._step()))
                await self._caught_up()
                if not await goes_on():
                    return
        finally:
            self.is_under_way = False

    def _step(self) -> int:
        due_at = self._clock.next_due_at()
        if due_at in (None, inf, self._stuck):
            return LONGEST
        return min(LONGEST, max(SHORTEST, ceil(due_at - self._clock.now()) + PAST_DUE))

    async def _caught_up(self) -> None:
        """Waits until the bot has done what is due, by its own word and by what it calls."""
        says_what_is_due = self._clock.next_due_at() is not None
        await self._pulse.settled(QUIET if says_what_is_due else QUIET_UNTOLD)
        while self._is_behind():
            await self._until_not_behind()
            await self._pulse.settled(QUIET)

    async def _until_not_behind(self) -> None:
        """Gives up where the bot has not stirred for so long, and remembers on what."""
        stirred_at, seen = time.monotonic(), None
        while self._is_behind():
            now = (self._clock.next_due_at(), self._pulse.begun)
            if now != seen:
                stirred_at, seen = time.monotonic(), now
            elif time.monotonic() - stirred_at > self._patience:
                self._stuck = self._clock.next_due_at()
                return
            await asyncio.sleep(LOOK_AGAIN)

    def _is_behind(self) -> bool:
        due_at = self._clock.next_due_at()
        return due_at is not None and due_at <= self._clock.now() and due_at != self._stuck
