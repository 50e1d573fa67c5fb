"""How fast Slack's methods may be called: a token bucket for each.

For most, Slack publishes how many calls a minute it takes. For chat.postMessage it says "several hundred", and no number:
that rate is found out by asking a little more until it refuses. It grows by a little with each message that went out, and
falls where one is refused. Near the rate of the last refusal it grows ten times as slowly: that keeps refusals far below
one call in a hundred. Nothing here sleeps or reads a clock: instants are seconds that pass evenly (Clock.monotonic), so that
a machine's clock that is set back keeps nothing waiting.
"""

from dataclasses import dataclass, field
from math import inf

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
POSTING = "chat.postMessage"
A_MINUTE = {
    "chat.update": 50,
    "conversations.members": 100,
    "users.info": 100,
    "users.list": 20,
    "usergroups.users.list": 20,
    "views.publish": 100,
}
"""Calls that Slack takes in a workspace (docs.slack.dev, rate limits)."""
OTHERS = 20
BURST_SHARE = 5
"""A fifth of the calls of a minute may go at once; the others come evenly, so that no minute sees too many."""
SPARE_SHARE = 10


@dataclass
class Pace:
    """A token bucket whose rate adapts. `per_minute` is the rate as it stands, never more than `fastest`."""

    per_minute: float = 300.0
    fastest: float = FASTEST
    burst: int = BURST
    _full_at: float = -inf
    _not_before: float = -inf
    _refused_rate: float = FASTEST / NEAR
    _since_refusal: int = SOON

    def next_at(self, now: float) -> float:
        """When the next message may go; `now` where it may go at once."""
        return max(now, self._not_before, self._full_at - self.burst * self._gap)

    def went(self, now: float) -> None:
        """A message went out."""
        self._since_refusal += 1
        near = self.per_minute >= NEAR * self._refused_rate
        self.per_minute = min(self.fastest, self.per_minute + (NEAR_GROWTH if near else GROWTH))
        self._full_at = max(self._full_at, now) + self._gap

    def refused(self, now: float, seconds: float) -> None:
        """Slack said 429, and to wait so many seconds. There is no burst after them."""
        is_soon = self._since_refusal < SOON
        self._since_refusal = 0
        self._refused_rate = self.per_minute
        self.per_minute = max(SLOWEST, self.per_minute * (SHARP_FALL if is_soon else FALL))
        self.pause(now, seconds)
        self._full_at = self._not_before + self.burst * self._gap

    def pause(self, now: float, seconds: float) -> None:
        """Nothing goes for so many seconds; the rate stands."""
        self._not_before = max(self._not_before, now + seconds)

    @property
    def _gap(self) -> float:
        return 60 / self.per_minute


@dataclass
class Paces:
    """The buckets of all methods that we call in the background."""

    _known: dict[str, Pace] = field(default_factory=dict)

    def of(self, method: str) -> Pace:
        if method not in self._known:
            self._known[method] = Pace() if method == POSTING else steady(A_MINUTE.get(method, OTHERS))
        return self._known[method]


def steady(limit: int) -> Pace:
    """A bucket that lets fewer than `limit` calls go in any minute: one that is slow to arrive crowds the next."""
    burst = limit // BURST_SHARE
    rate = limit - burst - limit // SPARE_SHARE
    return Pace(per_minute=rate, fastest=rate, burst=burst)
