"""What time is it? The one clock, read at the edges only."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOOK_AGAIN = 0.005
"""Seconds between two looks at a clock that somebody moves."""


@dataclass(frozen=True)
class Clock:
    """The machine's clock, moved by the seconds that `offset_file` holds, where there is one.

    The file is read again at each use, so that a year can be tried in a minute. In production there is none.
    """

    offset_file: Path | None = None

    def now(self) -> datetime:
        """The present instant, UTC and aware."""
        return datetime.now(UTC) + self._offset()

    @property
    def can_be_moved(self) -> bool:
        return self.offset_file is not None

    async def until(self, at: datetime) -> None:
        """Returns once this clock shows `at`, however it was moved meanwhile."""
        while True:
            left = (at - self.now()).total_seconds()
            if left <= 0:
                return
            await asyncio.sleep(left if self.offset_file is None else min(left, LOOK_AGAIN))

    async def sleep(self, seconds: float) -> None:
        """Returns once so many seconds of this clock have passed."""
        await self.until(self.now() + timedelta(seconds=seconds))

    def _offset(self) -> timedelta:
        if self.offset_file is None:
            return timedelta()
        try:
            return timedelta(seconds=float(self.offset_file.read_text().strip() or 0))
        except (FileNotFoundError, ValueError):
            return timedelta()
