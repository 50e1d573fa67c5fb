"""What came of a call to Slack? A value for each thing that can happen, also where Slack said an error."""

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from websockets.exceptions import WebSocketException

PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
UNREACHABLE = (aiohttp.ClientError, OSError, TimeoutError, SlackRequestError, WebSocketException)
"""What a call raises that did not reach Slack, or whose answer did not reach us."""


@dataclass(frozen=True)
class Posted:
    channel_id: str
    ts: str


@dataclass(frozen=True)
class Uploaded:
    """Slack has the file and shows it where it belongs, as soon as it has looked at it."""

    file_id: str


@dataclass(frozen=True)
class NotNow:
    """Slack asks us to wait, or can't be reached: try again after so many seconds. `by_limit`: we were too fast (429)."""

    seconds: float
    by_limit: bool = False


@dataclass(frozen=True)
class Refused:
    """Slack won't, and asking again is no use. `error` is Slack's word, like `user_disabled`."""

    error: str


Outcome = Posted | NotNow | Refused
UploadOutcome = Uploaded | NotNow | Refused

NO_ANSWER = NotNow(30)
"""Slack can't be reached, or has trouble of its own, and nobody says for how long."""


def outcome_of(error: SlackApiError) -> NotNow | Refused:
    """What to do about what Slack said."""
    # What a proxy says is no JSON, and then the response is a bare string or dictionary.
    said = getattr(error.response, "data", None)
    word = str(said.get("error", "")) if isinstance(said, dict) else ""
    status = getattr(error.response, "status_code", 0)
    if status == 429 or word == "ratelimited":
        return NotNow(retry_after(error), by_limit=True)
    if status >= 500 or word in PASSING or not word:
        return NO_ANSWER
    return Refused(word)


def retry_after(error: SlackApiError) -> float:
    """Seconds until Slack takes it again, as it says."""
    headers = getattr(error.response, "headers", None) or {}
    return float(headers.get("Retry-After") or headers.get("retry-after") or 1)
