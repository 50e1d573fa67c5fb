"""Raises how many files the process may have open, and says once a minute where even that is too few."""

import asyncio
import errno
import logging
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

log = logging.getLogger(__name__)

ENOUGH = 65_536
"""Open files that the process asks for at most: each connection is one."""
MINUTE = 60.0
"""Seconds between two lines."""


def raised_limit() -> int:
    """How many files may be open from now on: raised as far as is allowed, where it is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return ENOUGH
    allowed = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft < allowed:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class AcceptErrors:
    """The event loop's exception handler: connections that can't be taken for want of a file descriptor are counted.

    asyncio tells of each one with a traceback, a hundred times a second. All else goes to the loop's own handler.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._count = 0
        self._said_at: float | None = None

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not (isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE)):
            loop.default_exception_handler(context)
            return
        self._count += 1
        now = self._now()
        if self._said_at is None or now - self._said_at >= MINUTE:
            log.error(
                "out of file descriptors, so no connection can be taken: raise the limit of open files (ulimit -n)",
                extra={"times": self._count},
            )
            self._count, self._said_at = 0, now
