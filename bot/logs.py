"""What may stand in a log: what happened, with ids of rounds. Never a value, a body, a name, an answer.

Slack's own loggers write bodies and action ids at lower levels, so they are held at ERROR, and a traceback is written
without the message of its exception, since that may quote a value. Libraries quote it in their own messages, too, behind a
colon or on a line of its own, so these are cut there.
"""

import logging
import re
import sys
import traceback
from types import TracebackType

QUIET = (
    "slack",
    "slack_bolt",
    "slack_sdk",
    "aiohttp",
    "alembic",
    "apscheduler",
    "sqlalchemy",
    "websockets",
    "uvicorn",
    "asyncio",
)
QUOTES = re.compile(r": |\n")
STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {"message", "asctime", "taskName"}


class Careful(logging.Formatter):
    """One line a record: time, level, where, what, and the few extra values that the call named."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        extra = {name: value for name, value in record.__dict__.items() if name not in STANDARD}
        if record.name.partition(".")[0] in QUIET:
            record.message = QUOTES.split(record.message, maxsplit=1)[0]
        return super().formatMessage(record) + "".join(f" {name}={value}" for name, value in extra.items())

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Where it happened and what kind of exception; not what it said."""
        kind, _, trace = ei
        if kind is None:
            return ""
        return "".join(traceback.format_tb(trace)) + kind.__qualname__


def is_trouble(record: logging.LogRecord) -> bool:
    """Not where a socket was closed as agreed, which the SDK calls an error."""
    return "ConnectionClosedOK" not in record.getMessage()


def set_up() -> None:
    """Logs go to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(is_trouble)
    handler.setFormatter(Careful())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
