"""The time in the workspace: the machine's clock, and the seconds by which somebody has moved it."""

import asyncio
import time
from contextlib import suppress
from datetime import datetime
from math import inf
from pathlib import Path


class Clock:
    """A clock that can be moved forward.

    `file` holds the seconds for a bot that reads them there, and is read here too. Such a bot may write beside it when it
    next has something to do, in `<file>.next`: an instant on the moved clock as ISO text, or nothing where nothing is due.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._offset_seconds = 0.0
        self._moved = asyncio.Event()

    @property
    def offset_seconds(self) -> float:
        """By how much this clock is ahead of the machine's."""
        if self.file is not None and self.file.exists():
            self._offset_seconds = float(self.file.read_text().strip() or 0)
        return self._offset_seconds

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time() + self.offset_seconds

    def next_due_at(self) -> float | None:
        """When the bot next has something to do, in seconds since 1970, UTC; infinite: never. None: it does not say.

        What has passed is not done yet.
        """
        if self.file is None:
            return None
        try:
            text = self.file.with_name(f"{self.file.name}.next").read_text().strip()
            return datetime.fromisoformat(text).timestamp() if text else inf
        except (OSError, ValueError):
            return None

    def advance(self, seconds: float) -> None:
        """Moves the clock; who sleeps until then wakes up."""
        self._offset_seconds = self.offset_seconds + seconds
        if self.file is not None:
            # A reader must never see an empty file: to it, time would run backwards for a moment.
            fresh = self.file.with_name(f"{self.file.name}.new")
            fresh.write_text(f"{self._offset_seconds:.10g}")
            fresh.replace(self.file)
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep_until(self, at: float) -> None:
        """Returns once it is `at`; at once where that has passed."""
        while (left := at - self.now()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)
