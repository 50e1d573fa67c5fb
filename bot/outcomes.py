"""What came of a call to Slack: a value for each thing that can happen, also where something before Slack answered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from websockets.exceptions import WebSocketException

from bot.refusals import LIMITS, About, about

UNREACHABLE = (aiohttp.ClientError, OSError, TimeoutError, SlackClientError, WebSocketException)
"""What a call raises that did not reach Slack, or whose answer did not reach us."""
SENSELESS = (AttributeError, KeyError, TypeError, ValueError)
"""What slack_sdk raises over an answer that is none of Slack's: a list, or a proxy's page."""
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 3600.0
"""Seconds. What asks for more is no answer of Slack's; asking again after an hour harms nobody."""


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
    """Slack won't. `error` is Slack's word, like `user_disabled`; `about` says whether asking again can be of use."""

    error: str
    about: About = About.TARGET


Outcome = Posted | NotNow | Refused
UploadOutcome = Uploaded | NotNow | Refused

NO_ANSWER = NotNow(30)
"""Slack can't be reached, or has trouble of its own, and nobody says for how long."""


class CallFailed(Exception):
    """A call without which its caller can't go on; `outcome` says why."""

    def __init__(self, outcome: NotNow | Refused) -> None:
        super().__init__(word_of(outcome))
        self.outcome = outcome


def word_of(outcome: NotNow | Refused) -> str:
    """The reason in a word, for logs."""
    match outcome:
        case Refused(error):
            return error
        case NotNow(by_limit=True):
            return "ratelimited"
        case NotNow():
            return "no_answer"


def outcome_of(error: Exception, method: str) -> NotNow | Refused:
    """What to do about what a call raised. Raises it again where it has nothing to do with Slack."""
    if not isinstance(error, SlackApiError):
        if isinstance(error, (*UNREACHABLE, *SENSELESS)):
            return NO_ANSWER
        raise error
    # What a proxy says is no JSON, and then the response is a bare string or dictionary.
    said = getattr(error.response, "data", None)
    word = str(said.get("error", "")) if isinstance(said, dict) else ""
    status = getattr(error.response, "status_code", 0)
    if status == 429 or word in LIMITS:
        return NotNow(retry_after(getattr(error.response, "headers", None)), by_limit=True)
    if status >= 500 or not word:
        return NO_ANSWER
    whose = about(word, method)
    return NO_ANSWER if whose is About.MOMENT else Refused(word, whose)


def retry_after(headers: object) -> float:
    """Seconds until Slack takes it again, as the header Retry-After says: a number, or a date (RFC 9110, 10.2.3)."""
    told = headers.get("Retry-After") or headers.get("retry-after") if hasattr(headers, "get") else None
    try:
        seconds = float(told or SHORTEST_WAIT)
    except (TypeError, ValueError):
        seconds = _until(str(told))
    # Comparisons with nan are false, and so it becomes the shortest.
    return min(LONGEST_WAIT, seconds) if seconds > SHORTEST_WAIT else SHORTEST_WAIT


def _until(date: str) -> float:
    try:
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return SHORTEST_WAIT
