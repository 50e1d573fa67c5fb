"""Who plays Slack where only speed counts? Bare protocols, so that what is measured is the server and not its counterpart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import orjson
from httptools import HttpRequestParser, HttpResponseParser

from sandbox.people import BOT_APP_ID, BOT_ID, TEAM_ID


def _answer(content_type: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


US = {"ok": True, "team_id": TEAM_ID, "user_id": BOT_ID, "bot_id": BOT_APP_ID, "user": "hta_bot"}
TOLD = _answer("application/json", orjson.dumps(US | {"channel": "D1", "ts": "1.1"}))
"""What every method answers: enough for auth.test and chat.postMessage."""
TAKEN = _answer("text/plain", b"ok")


class Slack:
    """The Web API and the response URLs. `edits` counts what came to the latter."""

    def __init__(self) -> None:
        self.address = ""
        self.edits = 0
        self._edited = asyncio.Event()

    async def until_edits(self, many: int) -> None:
        """Waits until so many edits have come. Raises TimeoutError."""
        async with asyncio.timeout(20):
            while self.edits < many:
                self._edited.clear()
                await self._edited.wait()

    def count_edit(self) -> None:
        self.edits += 1
        self._edited.set()


@asynccontextmanager
async def slack() -> AsyncIterator[Slack]:
    """Slack, on a free port of this machine."""
    ours = Slack()
    server = await asyncio.get_running_loop().create_server(lambda: _Called(ours), "127.0.0.1", 0)
    ours.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield ours
        server.close()


class _Called(asyncio.Protocol):
    """A connection from a bot to Slack."""

    def __init__(self, ours: Slack) -> None:
        self._ours = ours
        self._parser = HttpRequestParser(self)
        self._url = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._url = b""

    def on_url(self, part: bytes) -> None:
        self._url += part

    def on_message_complete(self) -> None:
        is_edit = self._url.startswith(b"/response/")
        self._transport.write(TAKEN if is_edit else TOLD)
        if is_edit:
            self._ours.count_edit()


class Line(asyncio.Protocol):
    """A connection from Slack to a bot, for one press at a time."""

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    async def send(self, request: bytes) -> int:
        """The status of the answer. Raises ConnectionError."""
        self._status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._status

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._status.set_result(self._parser.get_status_code())

    def connection_lost(self, error: Exception | None) -> None:
        if not self._status.done():
            self._status.set_exception(error or ConnectionResetError("the server hung up"))


async def line(port: int) -> Line:
    """A line to the bot that hears at `port`."""
    _, protocol = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
    return protocol
