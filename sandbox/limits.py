"""How often may a method be called? Slack's limits, kept with 429 and Retry-After where they are switched on."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil

from sandbox.clock import Clock

MINUTE = 60.0
A_MINUTE = {
    "chat.update": 50,
    "chat.delete": 50,
    "conversations.open": 50,
    "conversations.info": 50,
    "conversations.join": 50,
    "team.info": 50,
    "chat.postEphemeral": 100,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
    "users.info": 100,
    "conversations.members": 100,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
    "users.list": 20,
    "usergroups.list": 20,
    "usergroups.users.list": 20,
    "conversations.list": 20,
}
"""Calls a minute for each method, in one workspace (docs.slack.dev, rate limits)."""
POSTS_A_MINUTE = 400
"""Of chat.postMessage in a workspace; Slack says "several hundred"."""
POSTS_IN_A_BURST, BURST = 4, 4.0
"""Of chat.postMessage in one channel, in so many seconds; Slack says one a second, with short bursts."""


@dataclass
class Limits:
    """`are_on`: whether they are kept. `refused` counts the 429s."""

    clock: Clock
    are_on: bool = False
    refused: int = 0
    _calls: dict[str, deque[float]] = field(default_factory=dict)

    def wait_for(self, method: str, channel: str) -> int:
        """Seconds to wait before this call; 0: it may go through, and counts."""
        if not self.are_on:
            return 0
        now = self.clock.now()
        buckets = list(_buckets(method, channel))
        waits = [self._wait(name, most, window, now) for name, most, window in buckets]
        if wait := max(waits, default=0.0):
            self.refused += 1
            return ceil(wait)
        for name, _, _ in buckets:
            self._calls[name].append(now)
        return 0

    def _wait(self, name: str, most: int, window: float, now: float) -> float:
        calls = self._calls.setdefault(name, deque())
        while calls and calls[0] <= now - window:
            calls.popleft()
        return calls[0] + window - now if len(calls) >= most else 0.0


def _buckets(method: str, channel: str) -> Iterator[tuple[str, int, float]]:
    """What a call counts for: a name, how many there may be, in how many seconds."""
    if method == "chat.postMessage":
        yield method, POSTS_A_MINUTE, MINUTE
        yield f"{method} in {channel}", POSTS_IN_A_BURST, BURST
    elif method in A_MINUTE:
        yield method, A_MINUTE[method], MINUTE
