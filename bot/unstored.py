"""Stores what came of messages, and keeps in memory what the database does not take yet.

A message that was posted, and could not be marked as posted, is known here, and this process does not post it again. Nothing
is given up while the database can't be written to. A write that fails although others are stored has a bug: it must keep
nobody waiting.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot.context import Context
from storage import postings
from storage.postings import Posting
from storage.problems import cause_of, is_outside, reason_of

log = logging.getLogger(__name__)

MOST_TRIES = 10
"""How often a write is tried that fails although the database can be written to."""
STUCK = timedelta(minutes=30)
"""When a mark is tried again that has a bug."""

Write = Callable[[Connection], object]


@dataclass
class _Waiting:
    """A write that is to be stored. `posting`: what it marks as done; None: it marks nothing as done."""

    write: Write
    posting: Posting | None = None
    tries: int = 0


class Unstored:
    """Writes that the database did not take, and the marks of messages that are done and not marked."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: list[_Waiting] = []
        self._marks: dict[Posting, Write] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits for the database. Until then no message should set out: a crash would repeat it."""
        return not self._waiting

    def mark_of(self, posting: Posting) -> Write | None:
        """The mark that is still to be stored, where the message is done; None: as far as we know, it is not."""
        return self._marks.get(_whatever_its_tries(posting))

    async def mark(self, posting: Posting, write: Write) -> None:
        """The message is done. `write` marks it so: now, or when the database can be written to again."""
        self._marks[_whatever_its_tries(posting)] = write
        await self._store(_Waiting(write, posting))

    async def store(self, write: Write) -> None:
        """Stores this now, or when the database can be written to again. Raises nothing."""
        await self._store(_Waiting(write))

    async def try_again(self) -> bool:
        """Tries once to store what waits; whether nothing waits any more."""
        if self._waiting and await self._context.database.is_writable() is None:
            waiting, self._waiting = self._waiting, []
            for one in waiting:
                await self._store(one)
            if self.is_empty:
                log.info("what came of the last messages is stored")
        return self.is_empty

    async def _store(self, one: _Waiting) -> None:
        try:
            await self._context.unhurried.write(one.write)
        except Exception as error:
            await self._failed(one, error)
        else:
            if one.posting:
                self._marks.pop(_whatever_its_tries(one.posting), None)

    async def _failed(self, one: _Waiting, error: Exception) -> None:
        one.tries += 1
        if is_outside(error) and one.tries < MOST_TRIES:
            extra = {"reason": reason_of(error), "error": cause_of(error)}
            log.warning("what came of a message waits for the database", extra=extra)
            self._waiting.append(one)
            return
        log.exception("what came of a message could not be stored")
        if one.posting:
            until = self._context.now() + STUCK
            await self.store(partial(postings.put_off, posting_id=one.posting.id, until=until))


def _whatever_its_tries(posting: Posting) -> Posting:
    """The same for each claim of a posting. Its id alone won't do: SQLite gives those of deleted rows again."""
    return replace(posting, attempts=0)
