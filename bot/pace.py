"""How fast may we post? As fast as Slack lets us, found out by asking a little more until it refuses.

Slack publishes "several hundred a minute" for chat.postMessage in a workspace, and no number. So the rate grows by a
little with each message that went out, and falls where one is refused. Near the rate of the last refusal it grows ten
times as slowly: that keeps refusals far below one call in a hundred. Nothing here sleeps or reads a clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BURST = 20
"""Messages that may go out at once after a rest."""
SLOWEST, FASTEST = 20.0, 1200.0
"""Messages a minute."""
GROWTH, NEAR_GROWTH = 0.1, 0.01
"""By how much the rate a minute grows with each message, and near the rate that was refused last."""
NEAR = 0.95
FALL, SHARP_FALL = 0.9, 0.5
"""What is left of the rate after a refusal, and after one that came soon upon another."""
SOON = 50
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Pace:
    """A token bucket whose rate adapts. `per_minute` is the rate as it stands."""

    per_minute: float = 300.0
    _full_at: datetime = LONG_AGO
    _not_before: datetime = LONG_AGO
    _refused_rate: float = FASTEST / NEAR
    _since_refusal: int = SOON

    def next_at(self, now: datetime) -> datetime:
        """When the next message may go; `now` where it may go at once."""
        return max(now, self._not_before, self._full_at - BURST * self._gap)

    def went(self, now: datetime) -> None:
        """A message went out."""
        self._since_refusal += 1
        near = self.per_minute >= NEAR * self._refused_rate
        self.per_minute = min(FASTEST, self.per_minute + (NEAR_GROWTH if near else GROWTH))
        self._full_at = max(self._full_at, now) + self._gap

    def refused(self, now: datetime, seconds: float) -> None:
        """Slack said 429, and to wait so many seconds. There is no burst after them."""
        is_soon = self._since_refusal < SOON
        self._since_refusal = 0
        self._refused_rate = self.per_minute
        self.per_minute = max(SLOWEST, self.per_minute * (SHARP_FALL if is_soon else FALL))
        self.pause(now, seconds)
        self._full_at = self._not_before + BURST * self._gap

    def pause(self, now: datetime, seconds: float) -> None:
        """Nothing goes for so many seconds; the rate stands."""
        self._not_before = max(self._not_before, now + timedelta(seconds=seconds))

    @property
    def _gap(self) -> timedelta:
        return timedelta(minutes=1) / self.per_minute
