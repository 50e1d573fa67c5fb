"""What may stand in a log: what happened, with ids of rounds. Never a value, a body, a name, an answer.

Slack's own loggers write bodies and action ids at lower levels, so they are held at ERROR, and a traceback is written
without the message of its exception, since that may quote a value: it ends with the kinds of exceptions that led to it, and
their codes. Libraries quote it in their own messages, too, behind a colon or on a line of its own, so these are cut there.
"""

import logging
import re
import sys
import traceback
from dataclasses import dataclass
from math import inf
from types import TracebackType
from typing import TextIO

from storage.problems import cause_of

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
MINUTE = 60.0
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
        kind, exception, trace = ei
        if kind is None:
            return ""
        return "".join(traceback.format_tb(trace)) + (cause_of(exception) if exception else kind.__qualname__)


class Counting(logging.StreamHandler[TextIO]):
    """Writes a traceback once, and then, once a minute, how often the same happened again.

    A full disk fails each press in the same way, and a log of a thousand tracebacks hides what else there is, and fills it.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._again: dict[Place, Repeats] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self._say_counts(record.created - MINUTE)
        place = _place(record)
        repeats = self._again.get(place) if place else None
        if repeats is not None:
            repeats.count += 1
            return
        if place:
            self._again[place] = Repeats(record, record.created)
        super().emit(record)

    def close(self) -> None:
        """Nothing that was counted is left out."""
        self._say_counts(inf)
        super().close()

    def _say_counts(self, until: float) -> None:
        """Says what was counted since before `until`. What did not happen again in that minute is new when it does."""
        for place, repeats in list(self._again.items()):
            if repeats.since > until:
                continue
            if repeats.count:
                super().emit(repeats.line())
                self._again[place] = Repeats(repeats.first, repeats.since + MINUTE if until < inf else inf)
            else:
                del self._again[place]


@dataclass
class Repeats:
    """What was written with its traceback, and how often it happened again since an instant (seconds since 1970)."""

    first: logging.LogRecord
    since: float
    count: int = 0

    def line(self) -> logging.LogRecord:
        first = self.first
        return logging.LogRecord(
            first.name,
            first.levelno,
            first.pathname,
            first.lineno,
            f"{first.getMessage()}, {self.count:,} more times",
            None,
            None,
        )


Place = tuple[str, str, str, str, int]


def _place(record: logging.LogRecord) -> Place | None:
    """Where a record's exception comes from, and of what kind it is; None: it has none."""
    if not record.exc_info or record.exc_info[1] is None:
        return None
    _, error, trace = record.exc_info
    last = traceback.extract_tb(trace)[-1] if trace else None
    where = (last.filename, last.lineno or 0) if last else ("", 0)
    return record.name, str(record.msg), cause_of(error), *where


def is_trouble(record: logging.LogRecord) -> bool:
    """Not where a socket was closed as agreed, which the SDK calls an error."""
    return "ConnectionClosedOK" not in record.getMessage()


def set_up() -> None:
    """Logs go to standard error."""
    handler = Counting(sys.stderr)
    handler.addFilter(is_trouble)
    handler.setFormatter(Careful())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
