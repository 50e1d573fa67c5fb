"""What has the bot done that Slack would refuse?"""

from typing import Any, NamedTuple

Json = dict[str, Any]


class Refusal(NamedTuple):
    """`method` is the Web API's, "response_url", or the kind of payload that was acknowledged badly; `error` is Slack's word."""

    method: str
    error: str
    details: tuple[str, ...] = ()


class Refused(Exception):
    """Slack's answer `ok: false`: its word, and what exactly it minded. `more` goes into the answer as it is."""

    def __init__(self, error: str, *details: str, **more: str) -> None:
        super().__init__(error)
        self.error, self.details, self.more = error, details, more
