"""Counts the requests that are refused, and says once a minute how many, why, and what to check."""

from enum import StrEnum

MINUTE = 60.0
"""Seconds between two lines."""


class Refusal(StrEnum):
    """Why a request is refused, and what to check; `{drift}` is filled in."""

    NO_SIGNATURE = "had no signature: Slack signs all that it sends, so check whether a proxy drops its headers"
    BAD_TIMESTAMP = "had an unreadable timestamp: check whether a proxy changes headers"
    DATED_PAST = "had a timestamp {drift} s in the past by this machine's clock: check the clock"
    DATED_FUTURE = "had a timestamp {drift} s in the future by this machine's clock: check the clock"
    WRONG_SIGNATURE = "had a wrong signature: check SLACK_SIGNING_SECRET"
    TOO_LARGE = "had a body larger than Slack sends: check what else uses this address"
    UNREADABLE = (
        "had Slack's signature and a body that this bot can't read: compare the app's manifest with manifest.yml"
    )


class RefusedRequests:
    """Nothing of a request is kept but the reason. `now` is monotonic, in seconds."""

    def __init__(self) -> None:
        self._counts: dict[Refusal, int] = {}
        self._drifts: dict[Refusal, float] = {}
        self._said_at: float | None = None

    def add(self, refusal: Refusal, now: float, drift: float = 0.0) -> str | None:
        """Counts a request; the line to log, as `line` has it. `drift`: seconds between its timestamp and our clock."""
        self._counts[refusal] = self._counts.get(refusal, 0) + 1
        # Of several the smallest: a clock that is wrong is wrong by the same for all, and a timestamp that somebody made up
        # may be anything.
        self._drifts[refusal] = min(abs(drift), self._drifts.get(refusal, abs(drift)))
        return self.line(now)

    def line(self, now: float) -> str | None:
        """What was refused since the last line; None where nothing was, or the last line is less than a minute ago."""
        if not self._counts or (self._said_at is not None and now - self._said_at < MINUTE):
            return None
        said = "; ".join(self._sentence(refusal, count) for refusal, count in self._counts.items())
        self._said_at = now
        self._counts.clear()
        self._drifts.clear()
        return said

    def _sentence(self, refusal: Refusal, count: int) -> str:
        requests = "1 request" if count == 1 else f"{count} requests"
        return f"{requests} in the last minute {refusal.format(drift=round(self._drifts[refusal]))}"
