"""The one clock, read at the edges only: the machine's, held against how time passes and against what Slack says.

A machine's clock can be wrong: one that was asleep, or was set by hand, is an hour or a week off. What time has passed is
known better than what time it is, so a clock that leaps is not followed until Slack, whose every answer says the time,
agrees with it; and one that Slack says is wrong is not followed at all.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.005
"""Seconds between two looks at a clock that somebody moves."""
TOLERANCE = timedelta(minutes=2)
"""By so much a clock may differ from Slack's: an answer is on its way for up to half a minute, and clocks drift."""
LEAP = 60.0
"""Seconds by which a clock leaps that may not be right any more."""
SAME_WORD = 5.0
"""Seconds by which two answers of Slack's may differ that say the same."""
UNHEARD = 600.0
"""Seconds without a word from Slack after which a clock that leapt, and then went on evenly, is followed after all."""


class Clock:
    """The time, moved by the seconds that `offset_file` holds, where there is one.

    The file is read again at each use, so that a year can be tried in a minute. In production there is none.
    needs_word: it may be wrong, and Slack should be asked.
    """

    def __init__(
        self,
        offset_file: Path | None = None,
        *,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._offset_file, self._wall, self._monotonic = offset_file, wall, monotonic
        self._anchor = (wall(), monotonic())
        self._leapt_at: float | None = None
        self._leapt_to = 0.0
        self._is_wrong = False
        self._doubt: float | None = None
        self.needs_word = False

    def now(self) -> datetime:
        """The present instant, UTC and aware."""
        return datetime.fromtimestamp(self.unmoved() + self._offset(), UTC)

    def monotonic(self) -> float:
        """Seconds that pass evenly, whatever the machine's clock does; somebody who moves the clock moves them, too."""
        return self._monotonic() + self._offset()

    def unmoved(self) -> float:
        """Seconds since 1970 as Slack counts them: nobody's offset is in it."""
        wall, passed = self._wall(), self._monotonic()
        expected = self._expected(passed)
        if abs(wall - expected) < LEAP:
            if self._is_wrong or self._leapt_at is not None:
                self._follow(wall, passed)
            self._anchor = (wall, passed)
            return wall
        return self._after_a_leap(wall, passed, expected)

    def heard(self, told: datetime) -> None:
        """Slack said this time, just now."""
        said, wall, passed = told.timestamp(), self._wall(), self._monotonic()
        if abs(wall - said) <= TOLERANCE.total_seconds():
            self._follow(wall, passed)
        elif abs(self._expected(passed) - said) <= TOLERANCE.total_seconds():
            self._go_by_slack(self._expected(passed), passed, wall)
        else:
            # One answer may have lain somewhere on its way; two that agree have not.
            ahead = said - passed
            if self._doubt is not None and abs(ahead - self._doubt) <= SAME_WORD:
                self._go_by_slack(said, passed, wall)
            else:
                self._doubt, self.needs_word = ahead, True

    def moved(self, unmoved: datetime) -> datetime:
        """An instant that Slack told, as this clock shows it."""
        return unmoved + timedelta(seconds=self._offset())

    @property
    def can_be_moved(self) -> bool:
        return self._offset_file is not None

    async def until(self, at: float) -> None:
        """Returns once `monotonic` is at `at`, however the clock was moved meanwhile."""
        while (left := at - self.monotonic()) > 0:  # noqa: ASYNC110, since nothing tells of a file that changes
            await asyncio.sleep(left if self._offset_file is None else min(left, LOOK_AGAIN))

    async def sleep(self, seconds: float) -> None:
        """Returns once so many seconds have passed."""
        await self.until(self.monotonic() + seconds)

    def _expected(self, passed: float) -> float:
        """What the clock should show, by the time that has passed since it was last right."""
        at, then = self._anchor
        return at + passed - then

    def _follow(self, wall: float, passed: float) -> None:
        if self._is_wrong or self._leapt_at is not None:
            log.warning("the machine's clock is right")
        self._anchor, self._leapt_at, self._is_wrong = (wall, passed), None, False
        self._doubt, self.needs_word = None, False

    def _go_by_slack(self, at: float, passed: float, wall: float) -> None:
        if not self._is_wrong:
            log.error(
                "the machine's clock is wrong; the bot goes by Slack's", extra={"ahead_seconds": round(wall - at)}
            )
        self._anchor, self._is_wrong = (at, passed), True
        self._leapt_at, self._leapt_to = passed, wall - passed
        self._doubt, self.needs_word = None, False

    def _after_a_leap(self, wall: float, passed: float, expected: float) -> float:
        """The time that passed evenly, until somebody says that the clock is right."""
        leapt_to = wall - passed
        if self._leapt_at is None or abs(leapt_to - self._leapt_to) > LEAP:
            log.warning("the machine's clock leapt", extra={"by_seconds": round(wall - expected)})
            self._leapt_at, self._leapt_to, self.needs_word = passed, leapt_to, True
        elif not self._is_wrong and passed - self._leapt_at > UNHEARD:
            self._follow(wall, passed)
            return wall
        return expected

    def _offset(self) -> float:
        if self._offset_file is None:
            return 0.0
        try:
            return float(self._offset_file.read_text().strip() or 0)
        except (OSError, ValueError):
            return 0.0
