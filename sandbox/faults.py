"""Plans what goes wrong with the bot's next calls and acknowledgements, and counts what did."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum

from aiohttp import web

from sandbox.acks import Ack
from sandbox.refusals import Json

RESPONSE_URL = "response_url"
"""The name by which what is posted to a response_url can be told to fail."""
UPLOAD = "upload"
"""The name by which the sending of a file's bytes can be told to fail."""
ACKNOWLEDGEMENT = "acknowledgement"
"""The name by which what the bot acknowledges can be told to come late, or never."""
EVERY_METHOD = "*"
"""The name by which every method of the Web API can be told to fail."""
GLANCE = 0.25
"""Seconds between two looks at whether anybody still waits for a late answer.

aiohttp says so only by cancelling handlers, which would cut short what people do on the page, too.
"""


class Fault(StrEnum):
    """The connection breaks. DROPPED: before the call takes effect. LOST: after it; the bot sees no answer."""

    DROPPED = "dropped"
    LOST = "lost"


@dataclass(frozen=True)
class SlackError:
    """Slack refuses with this word, and the call takes no effect. status: HTTP's; None is the one of a refusal there."""

    word: str
    status: int | None = None


@dataclass(frozen=True)
class OddAnswer:
    """Something else answers in Slack's place, like a proxy, and the call takes no effect."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


Instead = Fault | SlackError | OddAnswer


@dataclass(frozen=True)
class Planned:
    """What happens to one call. instead: of its answer; None where it is answered as ever. slow: seconds the answer is late."""

    instead: Instead | None = None
    slow: float = 0.0

    @property
    def name(self) -> str:
        """What is counted: "dropped", "lost", Slack's word or HTTP's status, after "slow" where it was."""
        match self.instead:
            case None:
                names = []
            case Fault() as fault:
                names = [str(fault)]
            case SlackError(word, status):
                names = [str(status or word)]
            case OddAnswer(status=status):
                names = [str(status)]
        return " ".join([*(["slow"] if self.slow else []), *names])


@dataclass
class _Plan:
    """What happens to so many calls (`left`), or to all until an instant of the monotonic clock (`until`)."""

    planned: Planned
    left: int | None
    until: float | None

    def is_over(self, now: float) -> bool:
        return self.left == 0 or (self.until is not None and now >= self.until)


@dataclass
class Faults:
    """What is planned, by method: the first first. `applied_so_far` counts by the method that was called, and by name."""

    clock: Callable[[], float] = time.monotonic
    applied_so_far: Counter[tuple[str, str]] = field(default_factory=Counter)
    _plans: dict[str, deque[_Plan]] = field(default_factory=dict)
    _is_over: asyncio.Event = field(default_factory=asyncio.Event)

    def plan(
        self,
        method: str,
        fault: Instead | int | None = None,
        times: int | None = None,
        *,
        seconds: float | None = None,
        slow: float = 0.0,
    ) -> None:
        """The next `times` calls of `method` (or all for `seconds` from now on; or the next one) meet `fault`.

        An int is an HTTP status with which Slack refuses. slow: seconds by which the answer comes late, whatever it is.
        """
        instead = _refused_with(fault) if isinstance(fault, int) else fault
        until = None if seconds is None else self.clock() + seconds
        left = (1 if times is None else times) if until is None else None
        self._plans.setdefault(method, deque()).append(_Plan(Planned(instead, slow), left, until))

    def clear(self) -> None:
        """Forgets all that is planned."""
        self._plans.clear()

    def end(self) -> None:
        """What would come late comes now: the workspace ends."""
        self._is_over.set()

    async def applied(
        self,
        method: str,
        request: web.Request,
        call: Callable[[], web.Response],
        refusal: Callable[[str], web.Response],
    ) -> web.Response:
        """The call's answer, or what was planned in its place. `refusal` draws Slack's refusal of it with a word."""
        planned = self._next(method)
        if planned is None:
            return call()
        answer = _answer(planned.instead, call, refusal)
        await self._late(planned.slow, request)
        if isinstance(planned.instead, Fault) and request.transport:
            request.transport.abort()
        return answer

    async def acknowledged(self, ack: Ack, patience: float) -> Ack:
        """An acknowledgement as it reaches Slack, which waits for `patience` seconds."""
        if ack.fault is not None or (planned := self._next(ACKNOWLEDGEMENT)) is None:
            return ack
        left = patience - ack.seconds
        await self._late(min(planned.slow, left))
        if planned.slow > left:
            return replace(ack, fault="operation_timeout", is_planned=True)
        if planned.instead is Fault.LOST:
            return replace(ack, fault="dispatch_failed", is_planned=True)
        return ack

    def _next(self, method: str) -> Planned | None:
        """What happens to the call that has come."""
        is_a_method = method not in (RESPONSE_URL, UPLOAD, ACKNOWLEDGEMENT)
        for name in (method, EVERY_METHOD) if is_a_method else (method,):
            plans = self._plans.get(name, deque())
            while plans and plans[0].is_over(self.clock()):
                plans.popleft()
            if plans:
                plan = plans[0]
                plan.left = None if plan.left is None else plan.left - 1
                self.applied_so_far[method, plan.planned.name] += 1
                return plan.planned
        return None

    async def _late(self, seconds: float, request: web.Request | None = None) -> None:
        """Waits, at most until the workspace ends or nobody is there any more who waits for the answer."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._is_over.is_set():
            if request is not None and request.transport is None:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), min(left, GLANCE))


def counted(faults: Faults) -> list[Json]:
    """How often each fault met which method."""
    return [
        {"method": method, "fault": fault, "times": times}
        for (method, fault), times in sorted(faults.applied_so_far.items())
    ]


def _refused_with(status: int) -> SlackError:
    return SlackError("ratelimited" if status == 429 else "internal_error", status)


def _answer(
    instead: Instead | None, call: Callable[[], web.Response], refusal: Callable[[str], web.Response]
) -> web.Response:
    """The answer, after the call took effect where it does. A broken connection carries none."""
    match instead:
        case None:
            return call()
        case Fault.LOST:
            call()
            return web.Response()
        case Fault.DROPPED:
            return web.Response()
        case SlackError(word, status):
            refused = refusal(word)
            if status is not None:
                refused.set_status(status)
            if status == 429:
                refused.headers["Retry-After"] = "1"
            return refused
        case OddAnswer(status, body, content_type, headers):
            # Half a surrogate pair goes out as bytes that are no UTF-8: that, too, is an odd answer.
            content = body.encode(errors="surrogatepass")
            return web.Response(status=status, body=content, headers={"Content-Type": content_type, **headers})
