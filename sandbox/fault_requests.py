"""Reads the faults that another process plans, from the JSON that it posts."""

import re
from typing import Any

from sandbox.arguments import needed
from sandbox.faults import (
    ACKNOWLEDGEMENT,
    EVERY_METHOD,
    RESPONSE_URL,
    UPLOAD,
    Fault,
    Faults,
    Instead,
    OddAnswer,
    SlackError,
)
from sandbox.refusals import Json, Refused
from sandbox.web_api import CONNECT, METHODS

MOST_CALLS = 10_000
"""Calls for which a fault can be planned at once."""
LONGEST = 86_400.0
"""Seconds for which a fault can be planned, or by which an answer can be late."""
ODD = frozenset({"status", "body"})
"""Either says that something else answers; the rest of that answer is told by MORE."""
MORE = frozenset({"content_type", "headers"})
KNOWN = ODD | MORE | {"method", "fault", "error", "slow", "times", "seconds", "clear"}
PLACES = frozenset({*METHODS, CONNECT, RESPONSE_URL, UPLOAD, ACKNOWLEDGEMENT, EVERY_METHOD})
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token (RFC 9110, 5.6.2)."""
OURS = frozenset({"content-length", "transfer-encoding"})
"""Headers by which a client finds the end of the answer: they say what is so."""


def plan(faults: Faults, asked: Json) -> None:
    """Plans what is asked for, or with "clear" forgets all that was. Raises Refused."""
    if unknown := set(asked) - KNOWN:
        raise _wrong(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(sorted(KNOWN))}")
    if "clear" in asked:
        if asked != {"clear": True}:
            raise _wrong("clear is true, and stands alone")
        faults.clear()
        return
    method = needed(asked, "method")
    if method not in PLACES:
        raise _wrong(
            f"method is one of the Web API's, {EVERY_METHOD} for all of them, {RESPONSE_URL}, {UPLOAD} or {ACKNOWLEDGEMENT}"
        )
    instead, slow = _instead(asked), _seconds(asked, "slow") or 0.0
    if instead is None and not slow:
        raise _wrong("say what goes wrong: fault, error, status, body or slow")
    if method == ACKNOWLEDGEMENT and instead not in (None, Fault.LOST):
        raise _wrong(f"an acknowledgement can be slow or {Fault.LOST}")
    faults.plan(method, instead, _times(asked), seconds=_seconds(asked, "seconds"), slow=slow)


def _instead(asked: Json) -> Instead | int | None:
    """What comes in place of Slack's answer. Raises Refused."""
    is_odd = not ODD.isdisjoint(asked)
    if [is_odd, "fault" in asked, "error" in asked].count(True) > 1:
        raise _wrong("fault, error, and status with body exclude each other")
    if not is_odd and not MORE.isdisjoint(asked):
        raise _wrong("content_type and headers go with status or body")
    if "fault" in asked:
        return _fault(asked["fault"])
    if "error" in asked:
        return SlackError(needed(asked, "error"))
    return _odd_answer(asked) if is_odd else None


def _fault(asked: object) -> Fault | int:
    """Raises Refused."""
    if type(asked) is int and 400 <= asked <= 599:
        return asked
    if not isinstance(asked, str) or asked not in list(Fault):
        raise _wrong(f"fault is {', '.join(Fault)} or an HTTP status from 400 to 599")
    return Fault(asked)


def _odd_answer(asked: Json) -> OddAnswer:
    """Raises Refused."""
    status, body, headers = asked.get("status", 200), asked.get("body", ""), asked.get("headers", {})
    content_type = asked.get("content_type", OddAnswer.content_type)
    if type(status) is not int or not 200 <= status <= 599:
        raise _wrong("status is an HTTP status from 200 to 599")
    if not isinstance(body, str):
        raise _wrong("body is a text; JSON, too, is written as one")
    if not isinstance(headers, dict) or not all(map(_is_header, headers, headers.values())):
        raise _wrong("headers is an object of names and texts, without those that tell the length")
    if not _is_header("Content-Type", content_type):
        raise _wrong("content_type is a text of one line")
    return OddAnswer(status, body, content_type, headers)


def _is_header(name: str, text: Any) -> bool:
    is_text = isinstance(text, str) and text.isascii() and text.isprintable()
    return is_text and HEADER_NAME.fullmatch(name) is not None and name.lower() not in OURS


def _times(asked: Json) -> int | None:
    """Raises Refused."""
    times = asked.get("times")
    if times is not None and "seconds" in asked:
        raise _wrong("times and seconds exclude each other")
    if times is not None and (type(times) is not int or not 1 <= times <= MOST_CALLS):
        raise _wrong(f"times is a number from 1 to {MOST_CALLS:,}")
    return times


def _seconds(asked: Json, name: str) -> float | None:
    """Raises Refused."""
    if name not in asked:
        return None
    seconds = asked[name]
    if type(seconds) not in (int, float) or not 0 < seconds <= LONGEST:
        raise _wrong(f"{name} is a number of seconds, up to {LONGEST:,.0f}")
    return float(seconds)


def _wrong(sentence: str) -> Refused:
    return Refused("invalid_arguments", sentence)
