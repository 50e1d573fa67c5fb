"""Bounds what connections to the HTTP server may cost: their number, the time a request takes to come, and its bytes.

Slack sends a whole request at once. Whoever connects and then sends nothing, or half a request, or a byte now and then, has
ten seconds, and is the first to go where there are too many.
"""

import asyncio
from collections.abc import Callable, Hashable
from enum import Enum, auto
from functools import partial
from typing import Any, Generic, TypeVar

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

PATIENCE = 10.0
"""Seconds that a request's header may take, from the connection or its first byte on; and then its body."""
MOST, LEAST = 1_000, 64
"""Connections at once: at most, and at least where few files may be open."""
OTHER_FILES = 224
"""Open files that are left to all else: the database, calls to Slack, the log, and the up to 128 connections that asyncio
accepts before it tells of the first."""
BUDGET = 8_000_000
"""Bytes of requests that are not whole yet, over all connections. Nobody has signed them."""
LARGEST_HEADER = 16_384
"""Bytes of a header that is not whole yet. Slack's have some hundreds."""
MOST_HEADER_LINES = 100
"""Lines of a header that is not whole yet: a short line takes twenty times its bytes."""

C = TypeVar("C", bound=Hashable)


def most_connections(open_files: int) -> int:
    """How many connections there may be where so many files may be open."""
    return max(LEAST, min(MOST, open_files - OTHER_FILES))


class Connections(Generic[C]):
    """What is known of all connections: which wait for a request to come, since when, and how many bytes came of it.

    `now` is monotonic, in seconds. A connection that is returned is to be aborted by the caller, and is forgotten here.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE, budget: int = BUDGET) -> None:
        self._most, self._patience, self._budget = most, patience, budget
        self._open: set[C] = set()
        # Dictionaries keep the order of insertion, so that the oldest comes first.
        self._waiting: dict[C, float] = {}
        self._idle: dict[C, None] = {}
        self._bytes: dict[C, int] = {}
        self._total_bytes = 0

    def opened(self, connection: C, now: float) -> C | None:
        """There is a new connection, which waits for its first request.

        Returns the one to abort where there are too many: the one that has waited longest for a request to be whole, else an
        idle one. Where all the others have a request that is being answered, it is the new one.
        """
        is_full = len(self._open) >= self._most
        evicted = next(iter(self._waiting), next(iter(self._idle), connection)) if is_full else None
        self._open.add(connection)
        self._waiting[connection] = now
        return None if evicted is None else self._forgotten(evicted)

    def closed(self, connection: C) -> None:
        """It is gone. Harmless where it is forgotten already."""
        self._forgotten(connection)

    def waits(self, connection: C, now: float) -> None:
        """From now on it waits for a header or a body to be whole, or for the client to read an answer."""
        if connection in self._open:
            self._idle.pop(connection, None)
            self._waiting.pop(connection, None)
            self._waiting[connection] = now

    def answers(self, connection: C) -> None:
        """A request of it is whole and is being answered: it is not to be aborted. More of another may have come."""
        self._waiting.pop(connection, None)
        self._idle.pop(connection, None)

    def rests(self, connection: C) -> None:
        """Its request is answered, and it may be closed at any time: uvicorn does when no other comes."""
        if connection in self._open:
            self._waiting.pop(connection, None)
            self._idle[connection] = None

    def received(self, connection: C, count: int) -> C | None:
        """So many bytes came of a request that is not whole.

        Returns the one to abort where they are too many over all: the one whose unfinished request is the oldest.
        """
        if connection not in self._open:
            return None
        self._bytes[connection] = self._bytes.get(connection, 0) + count
        self._total_bytes += count
        return self._forgotten(next(iter(self._bytes))) if self._total_bytes > self._budget else None

    def completed(self, connection: C) -> None:
        """All that came of it is whole, and is being answered: its bytes count no more, since the signature is looked at."""
        self._waiting.pop(connection, None)
        self._idle.pop(connection, None)
        self._total_bytes -= self._bytes.pop(connection, 0)

    def bytes_of(self, connection: C) -> int:
        """How many bytes came of the request that is not whole."""
        return self._bytes.get(connection, 0)

    def overdue(self, now: float) -> list[C]:
        """Those that have waited for too long, the oldest first; each is told of once."""
        late: list[C] = []
        for connection, since in self._waiting.items():
            if since + self._patience > now:
                break
            late.append(connection)
        for connection in late:
            del self._waiting[connection]
        return late

    @property
    def next_overdue_at(self) -> float | None:
        """When one will have waited for too long; None: none waits."""
        since = next(iter(self._waiting.values()), None)
        return None if since is None else since + self._patience

    def _forgotten(self, connection: C) -> C:
        self._open.discard(connection)
        self.completed(connection)
        return connection


class Phase(Enum):
    """What is still to come of the request that was begun last."""

    HEADER = auto()
    """The rest of its header, or all of a first one."""
    BODY = auto()
    NOTHING = auto()


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's connection, held to what `Connections` allows."""

    def __init__(
        self,
        connections: "Connections[BoundedProtocol]",
        watch: "Watch",
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._connections, self._watch = connections, watch
        self._waits_in: Phase | None = Phase.HEADER

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        evicted = self._connections.opened(self, self.loop.time())
        self._watch.start(self.loop)
        if evicted is not None:
            evicted.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.closed(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle = self.cycle
        # The usual case first, and without a call too many: a press is a request that comes whole.
        if (
            cycle is not None
            and cycle.scope is self.scope
            and not (cycle.more_body or cycle.response_complete or self.flow.write_paused)
        ):
            self._connections.completed(self)
            self._waits_in = None
            return
        if not self.transport.is_closing():
            self._bound(len(data))
        self._settle()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._settle()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._settle()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._settle()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._abort_unread()

    def time_out(self) -> None:
        """It has waited for too long. A request that was begun, or never came, is answered (RFC 9110, 15.5.9)."""
        if self._phase is Phase.NOTHING:
            self.transport.abort()
        else:
            self._refuse(408)

    def abort(self) -> None:
        """Closes at once, and lets go of what came: asyncio tells of the end only after all others have been read from."""
        if self.cycle is not None:
            self.cycle.body.clear()
        self.transport.abort()

    @property
    def _phase(self) -> Phase:
        # uvicorn has a new scope from a request's first byte on, and a cycle with that scope once its header is whole.
        cycle = self.cycle
        if cycle is None or cycle.scope is not self.scope:
            return Phase.HEADER
        return Phase.BODY if cycle.more_body else Phase.NOTHING

    def _bound(self, count: int) -> None:
        """So many bytes came, and the request may not be whole."""
        phase = self._phase
        if phase is Phase.NOTHING or (phase is Phase.BODY and self.cycle.response_complete):
            return  # Where it was refused by its header, uvicorn throws the body away.
        if (over_budget := self._connections.received(self, count)) is not None:
            over_budget.abort()
        elif phase is Phase.HEADER and (
            self._connections.bytes_of(self) > LARGEST_HEADER or len(self.headers or ()) > MOST_HEADER_LINES
        ):
            self._refuse(431)

    def _settle(self) -> None:
        """Tells what this connection does now. Where uvicorn has no timer for it, ours runs, unless it is being answered."""
        if self.timeout_keep_alive_task is not None:
            self._connections.rests(self)
            self._waits_in = None
        elif self._is_answering():
            self._connections.answers(self)
            self._waits_in = None
        elif self._waits_in is not (phase := self._phase):
            self._connections.waits(self, self.loop.time())
            self._watch.start(self.loop)
            self._waits_in = phase

    def _is_answering(self) -> bool:
        """Whether a whole request is being answered, and the client reads what was answered before."""
        if self.flow.write_paused:
            return False
        is_unanswered = self.cycle is not None and not self.cycle.response_complete
        return (is_unanswered and self._phase is not Phase.BODY) or bool(self.pipeline)

    def _refuse(self, status: int) -> None:
        """Answers a request that is not whole, and closes; whoever waits for the rest of it is told that they hung up."""
        if self._phase is Phase.BODY and self.cycle.response_started:
            self.transport.abort()
            return
        self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()
        self._abort_unread()

    def _abort_unread(self) -> None:
        """A transport closes once all is sent, and that is never where the client reads nothing."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()


class Watch:
    """Closes the connections that have waited for too long, by one timer for all."""

    def __init__(self, connections: Connections[BoundedProtocol]) -> None:
        self._connections = connections
        self._is_started = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Runs as long as any connection waits."""
        at = self._connections.next_overdue_at
        if at is not None and not self._is_started:
            self._is_started = True
            loop.call_at(at, self._close_overdue, loop)

    def _close_overdue(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_started = False
        for connection in self._connections.overdue(loop.time()):
            connection.time_out()
        self.start(loop)


def bounded(connections: Connections[BoundedProtocol]) -> Callable[..., BoundedProtocol]:
    """What uvicorn makes its connections with (Config's `http`)."""
    return partial(BoundedProtocol, connections, Watch(connections))
