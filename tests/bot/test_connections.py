"""A connection that brings no whole request is closed, and never keeps out one that does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from bot.connections import Connections, bounded, most_connections

SOON = 0.1
"""Seconds that connections have here, in place of ten."""
LONG = 10.0
"""Seconds after which a test counts as hanging."""
LARGE = 20_000_000
"""Bytes that no buffer between two processes holds."""
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"


@pytest.mark.parametrize(("open_files", "most"), [(256, 64), (288, 64), (1_024, 800), (1_224, 1_000), (65_536, 1_000)])
def test_most_open_files_are_left_to_all_else(open_files: int, most: int) -> None:
    assert most_connections(open_files) == most


def test_each_is_overdue_once_after_ten_seconds() -> None:
    connections = Connections[str]()
    connections.opened("first", 100.0)
    connections.opened("second", 103.0)

    assert connections.next_overdue_at == 110.0
    assert connections.overdue(109.9) == []
    assert connections.overdue(110.0) == ["first"]
    assert connections.overdue(120.0) == ["second"]
    assert connections.next_overdue_at is None


def test_a_body_has_its_own_ten_seconds() -> None:
    connections = Connections[str]()
    connections.opened("body", 100.0)
    connections.opened("header", 101.0)

    connections.waits("body", 109.0)

    assert connections.overdue(111.0) == ["header"]
    assert connections.overdue(119.0) == ["body"]


def test_what_is_answered_idle_or_closed_is_never_overdue() -> None:
    connections = Connections[str]()
    for connection in ("answered", "whole", "idle", "closed"):
        connections.opened(connection, 100.0)

    connections.answers("answered")
    connections.completed("whole")
    connections.rests("idle")
    connections.closed("closed")

    assert connections.overdue(1_000.0) == []


def test_where_one_more_comes_the_one_that_waited_longest_goes() -> None:
    connections = Connections[str](most=3)
    for second, connection in enumerate(("first", "second", "third")):
        assert connections.opened(connection, second) is None
    connections.waits("first", 5.0)

    assert connections.opened("fourth", 6.0) == "second"
    assert connections.opened("fifth", 7.0) == "third"
    assert connections.opened("sixth", 8.0) == "first"


def test_an_idle_one_goes_where_none_waits_and_a_new_one_where_all_are_answered() -> None:
    connections = Connections[str](most=2)
    connections.opened("answered", 0.0)
    connections.answers("answered")
    connections.opened("idle", 1.0)
    connections.rests("idle")

    assert connections.opened("third", 2.0) == "idle"
    connections.answers("third")
    assert connections.opened("fourth", 3.0) == "fourth"
    assert connections.opened("fifth", 4.0) == "fifth", "the fourth is forgotten"


def test_one_that_waits_goes_before_an_idle_one() -> None:
    connections = Connections[str](most=2)
    connections.opened("idle", 0.0)
    connections.rests("idle")
    connections.opened("waiting", 1.0)

    assert connections.opened("third", 2.0) == "waiting"


def test_one_that_left_makes_room() -> None:
    connections = Connections[str](most=1)
    connections.opened("first", 0.0)
    connections.closed("first")
    connections.closed("first")

    assert connections.opened("second", 1.0) is None


def test_beyond_the_budget_the_oldest_unfinished_request_goes() -> None:
    connections = Connections[str](budget=100)
    for connection in ("first", "second", "third"):
        connections.opened(connection, 0.0)

    assert connections.received("second", 60) is None
    assert connections.received("first", 40) is None
    assert connections.received("third", 1) == "second"
    assert connections.received("third", 59) is None
    assert connections.received("third", 1) == "first"


def test_bytes_of_what_is_whole_or_gone_count_no_more() -> None:
    connections = Connections[str](budget=100)
    for connection in ("whole", "gone", "new"):
        connections.opened(connection, 0.0)
    connections.received("whole", 50)
    connections.received("gone", 50)

    connections.completed("whole")
    connections.closed("gone")

    assert connections.bytes_of("whole") == 0
    assert connections.received("new", 100) is None
    assert connections.received("new", 1) == "new"


def test_what_happens_to_one_that_was_given_up_changes_nothing() -> None:
    connections = Connections[str](most=1, budget=100)
    connections.opened("gone", 0.0)
    connections.opened("here", 1.0)

    connections.waits("gone", 2.0)
    connections.rests("gone")

    assert connections.received("gone", 1_000) is None
    assert connections.opened("next", 2.0) == "here"
    assert connections.overdue(1_000.0) == ["next"]


@dataclass
class Served:
    """A server whose pages say hello once the body is there.

    `/held` answers when it is `released`; `/refused` at once; `/large` and `/two_parts` with more than buffers hold.
    """

    port: int
    released: asyncio.Event = field(default_factory=asyncio.Event)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    is_sent: asyncio.Event = field(default_factory=asyncio.Event)
    """Part of an answer is on its way."""
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    """The application has returned."""

    async def connect(self, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        return reader, writer

    async def said(self, sent: bytes) -> bytes:
        """All that the server says to this, until it closes."""
        reader, writer = await self.connect(sent)
        async with asyncio.timeout(LONG):
            said = await read_to_the_end(reader)
        await closed(writer)
        return said


async def read_to_the_end(reader: asyncio.StreamReader) -> bytes:
    """An abort is an end, too."""
    said = b""
    try:
        while chunk := await reader.read(65_536):
            said += chunk
    except ConnectionResetError:
        return said
    return said


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        await writer.wait_closed()
    except (ConnectionResetError, BrokenPipeError):
        return


async def has_come(receive: Receive) -> bool:
    """Whether the whole body has come; not where they hung up before."""
    while (event := await receive())["type"] != "http.disconnect":
        if not event["more_body"]:
            return True
    return False


@asynccontextmanager
async def served(keep_alive: float = 5, **limits: Any) -> AsyncIterator[Served]:
    made = Served(0)

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] == "/refused" or await has_come(receive):
            await answered(scope["path"], send)
        made.is_over.set()

    async def answered(path: str, send: Send) -> None:
        if path == "/held":
            made.is_asked.set()
            await made.released.wait()
        body = bytes(LARGE) if path in ("/large", "/two_parts") else b"hello"
        parts = [body, body] if path == "/two_parts" else [body]
        length = (b"content-length", str(sum(map(len, parts))).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        for number, part in enumerate(parts, 1):
            await send({"type": "http.response.body", "body": part, "more_body": number < len(parts)})
            made.is_sent.set()

    config = uvicorn.Config(application, lifespan="off", log_config=None, ws="none", timeout_keep_alive=keep_alive)  # type: ignore[arg-type]
    config.load()
    state = ServerState()
    protocol = partial(bounded(Connections(**limits)), config=config, server_state=state, app_state={})
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        await server.wait_closed()


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHo", HEAD, HEAD + b"half"])
async def test_what_is_not_whole_in_time_is_answered_with_408_and_closed(sent: bytes) -> None:
    async with served(patience=SOON) as here:
        said = await here.said(sent)

    assert said == b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


async def test_whoever_sends_a_byte_now_and_then_has_no_longer() -> None:
    async with served(patience=SOON) as here:
        reader, writer = await here.connect(HEAD)
        ending = asyncio.create_task(read_to_the_end(reader))
        async with asyncio.timeout(LONG):
            for _ in range(99):
                writer.write(b"x")
                done, _ = await asyncio.wait([ending], timeout=SOON / 20)
                if done:
                    break
        said = await ending
        await closed(writer)

    assert said.startswith(b"HTTP/1.1 408 ")


async def test_whoever_waits_for_the_body_is_told_that_nobody_is_there_any_more() -> None:
    async with served(patience=SOON) as here:
        await here.said(HEAD)

        async with asyncio.timeout(LONG):
            await here.is_over.wait()


async def test_an_idle_connection_keeps_uvicorns_time_and_is_of_use() -> None:
    async with served(patience=SOON) as here:
        reader, writer = await here.connect(GET)
        first = await reader.readuntil(b"hello")
        # Somebody else's time is over meanwhile.
        assert b" 408 " in await here.said(b"")
        writer.write(GET)
        second = await reader.readuntil(b"hello")
        assert b" 408 " in await here.said(b"")
        writer.write(HEAD)
        last = await read_to_the_end(reader)
        await closed(writer)

    assert first == second
    assert last.startswith(b"HTTP/1.1 408 ")


async def test_a_request_that_is_being_answered_has_all_the_time_it_takes() -> None:
    async with served(patience=SOON, most=2) as here:
        reader, writer = await here.connect(GET.replace(b"/ ", b"/held "))
        async with asyncio.timeout(LONG):
            await here.is_asked.wait()
        for _ in range(3):
            await here.said(b"")
        here.released.set()
        said = await reader.readuntil(b"hello")
        await closed(writer)

    assert said.startswith(b"HTTP/1.1 200 ")


async def test_a_body_that_was_refused_by_its_header_may_not_go_on_for_ever() -> None:
    async with served(patience=SOON) as here:
        reader, writer = await here.connect(HEAD.replace(b"/ ", b"/refused "))
        await reader.readuntil(b"hello")
        writer.write(b"more of it")
        async with asyncio.timeout(LONG):
            left = await read_to_the_end(reader)
        await closed(writer)

    assert left == b""


async def test_empty_lines_keep_no_connection_open() -> None:
    async with served(patience=SOON, keep_alive=3_600) as here:
        reader, writer = await here.connect(GET)
        await reader.readuntil(b"hello")
        ending = asyncio.create_task(read_to_the_end(reader))
        async with asyncio.timeout(LONG):
            while not ending.done():
                writer.write(b"\r\n")
                await asyncio.wait([ending], timeout=SOON / 10)
        await closed(writer)

    assert await ending == b"", "nothing was asked that could be answered"


async def test_a_whole_request_gets_in_where_all_places_are_taken() -> None:
    async with served(most=5) as here:
        waiting = [await here.connect(b"GET") for _ in range(20)]
        said = await here.said(LAST)
        for _, writer in waiting:
            await closed(writer)

    assert said.endswith(b"hello")


async def test_those_that_left_take_no_place() -> None:
    async with served(most=3) as here:
        for _ in range(3):
            reader, writer = await here.connect(GET)
            await reader.readuntil(b"hello")
            await closed(writer)
        reader, writer = await here.connect(HEAD)
        await here.said(LAST)
        writer.write(b"x" * 100)
        async with asyncio.timeout(LONG):
            said = await reader.readuntil(b"hello")
        await closed(writer)

    assert said.startswith(b"HTTP/1.1 200 ")


async def test_bodies_beyond_the_budget_end_the_oldest() -> None:
    async with served(budget=1_000) as here:
        head = HEAD.replace(b"100", b"10000")
        first, first_writer = await here.connect(head + b"x" * 600)
        assert await here.said(LAST)
        _, second_writer = await here.connect(head + b"x" * 600)
        async with asyncio.timeout(LONG):
            said = await read_to_the_end(first)
        for writer in (first_writer, second_writer):
            await closed(writer)

    assert said == b""


@pytest.mark.parametrize(
    "header", [b"X: " + b"x" * 20_000, b"x:\r\n" * 102, b"X: y\r\n" * 50 + b"X: " + b"x" * 16_384, b"x:\r\n" * 9_000]
)
async def test_a_header_without_end_is_refused(header: bytes) -> None:
    async with served() as here:
        said = await here.said(b"GET / HTTP/1.1\r\n" + header)

    assert said.startswith(b"HTTP/1.1 431 ")


async def test_whoever_reads_no_answer_is_let_go() -> None:
    async with served(patience=SOON) as here:
        _, writer = await here.connect()
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(GET.replace(b"/ ", b"/two_parts "))
        async with asyncio.timeout(LONG):
            await here.is_sent.wait()
            writer.write(GET)
            await here.is_over.wait()
        writer.transport.abort()


@pytest.mark.parametrize("request_", [GET, LAST])
async def test_what_nobody_reads_keeps_no_connection_open(request_: bytes) -> None:
    async with served(patience=SOON, keep_alive=SOON / 2) as here:
        reader, writer = await here.connect()
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(request_.replace(b"/ ", b"/large "))
        async with asyncio.timeout(LONG):
            await here.is_over.wait()
        # By the time that somebody else's is over, who came later, it is over for this one.
        await here.said(b"")
        writer.transport.resume_reading()  # type: ignore[attr-defined]
        async with asyncio.timeout(LONG):
            said = await read_to_the_end(reader)
        await closed(writer)

    assert len(said) < LARGE
