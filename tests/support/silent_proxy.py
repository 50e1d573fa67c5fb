"""A TCP proxy before a PostgreSQL server that can fall silent: connections stay open and no byte passes."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator

from sqlalchemy import make_url

CHUNK = 65536


class SilentProxy:
    """Passes bytes until told `silent`. What came meanwhile is passed on after `pass_on`, as TCP does."""

    def __init__(self, upstream: str) -> None:
        """`upstream` is the path of the server's own socket."""
        self._upstream = upstream
        self._passes = asyncio.Event()
        self._passes.set()
        self._is_silent = asyncio.Event()
        self._last_words: bytes | None = None
        self._server: asyncio.Server | None = None
        self._connections = set[asyncio.Task[None]]()

    async def listen(self, port: int = 0) -> int:
        """The port, which is free where none is named."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        number: int = self._server.sockets[0].getsockname()[1]
        return number

    def silent(self) -> None:
        self._passes.clear()
        self._is_silent.set()

    def silent_at(self, words: bytes) -> None:
        """Silent from the moment that the client sends these."""
        self._last_words = words

    def forget(self) -> None:
        """The connections that are open stay silent for ever, as behind a router that has forgotten them."""
        self._passes.clear()
        self._passes = asyncio.Event()
        self._passes.set()

    async def is_silent(self) -> None:
        """As soon as it is."""
        await self._is_silent.wait()

    def pass_on(self) -> None:
        self._last_words = None
        self._is_silent.clear()
        self._passes.set()

    async def is_idle(self) -> None:
        """As soon as nothing is connected."""
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def stop(self) -> None:
        """Refuses connections, and ends those that are open."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self.pass_on()

    async def _serve(self, client: StreamReader, to_client: StreamWriter) -> None:
        connection = asyncio.ensure_future(self._carry(client, to_client))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _carry(self, client: StreamReader, to_client: StreamWriter) -> None:
        passes = self._passes
        with contextlib.closing(to_client.transport):
            await passes.wait()
            server, to_server = await asyncio.open_unix_connection(self._upstream)
            with contextlib.closing(to_server.transport):
                await asyncio.gather(
                    self._pump(client, to_server, passes),
                    self._pump(server, to_client, passes),
                )

    async def _pump(self, source: StreamReader, target: StreamWriter, passes: asyncio.Event) -> None:
        """Until the source ends; then the target is ended as well."""
        with contextlib.suppress(ConnectionError):
            while chunk := await source.read(CHUNK):
                if self._last_words is not None and self._last_words in chunk:
                    self.silent()
                await passes.wait()
                target.write(chunk)
                await target.drain()
            await passes.wait()
        target.close()


@contextlib.asynccontextmanager
async def silent_proxy(url: str) -> AsyncIterator[tuple[SilentProxy, str]]:
    """The proxy, and the address of the database by way of it. `url` names a server by the folder of its socket."""
    address = make_url(url)
    folder = address.host or address.query["host"]
    proxy = SilentProxy(f"{folder}/.s.PGSQL.{address.port or 5432}")
    port = await proxy.listen()
    try:
        yield proxy, address.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
    finally:
        await proxy.stop()
