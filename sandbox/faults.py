"""What goes wrong on purpose? The next calls of a method can be told to fail."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web


class Fault(StrEnum):
    """DROPPED: the connection breaks before the call takes effect. LOST: after it; the bot sees no answer."""

    DROPPED = "dropped"
    LOST = "lost"


RESPONSE_URL = "response_url"
"""The name by which what is posted to a response_url can be told to fail."""
UPLOAD = "upload"
"""The name by which the sending of a file's bytes can be told to fail."""


@dataclass
class Faults:
    """What is planned for the next calls, by method."""

    _planned: dict[str, deque[Fault | int]] = field(default_factory=dict)

    def plan(self, method: str, fault: Fault | int, times: int = 1) -> None:
        """The next `times` calls of `method` fail: with a Fault, or with an HTTP status."""
        self._planned.setdefault(method, deque()).extend([fault] * times)

    def applied(self, method: str, request: web.Request, call: Callable[[], web.Response]) -> web.Response:
        """The call's answer, or what was planned in its place."""
        planned = self._planned.get(method)
        match planned.popleft() if planned else None:
            case None:
                return call()
            case Fault() as fault:
                if fault is Fault.LOST:
                    call()
                if request.transport:
                    request.transport.abort()
                return web.Response()
            case status:
                error, headers = ("ratelimited", {"Retry-After": "1"}) if status == 429 else ("internal_error", {})
                return web.json_response({"ok": False, "error": error}, status=status, headers=headers)
