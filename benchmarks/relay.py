"""A port of our own before a server, which can fall silent, or be gone for a while."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress

from benchmarks.servers import free_port

CHUNK = 65_536

Connect = Callable[[], Awaitable[tuple[StreamReader, StreamWriter]]]


class Relay:
    """Passes bytes both ways between `port` and the server that `connect` reaches, between `start` and `stop`."""

    def __init__(self, connect: Connect) -> None:
        self.port = free_port()
        self._connect = connect
        self._passes = asyncio.Event()
        self._passes.set()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def stop(self) -> None:
        """Refuses connections from now on, and ends those that are open."""
        if self._server:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def fall_silent(self) -> None:
        """Connections stay open, new ones are taken, and no byte passes until `pass_on`."""
        self._passes.clear()

    def pass_on(self) -> None:
        """What came meanwhile is passed on first, as TCP does where a route comes back."""
        self._passes.set()

    def _accept(self, client: StreamReader, to_client: StreamWriter) -> None:
        connection = asyncio.create_task(self._carry(client, to_client))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _carry(self, client: StreamReader, to_client: StreamWriter) -> None:
        try:
            await self._passes.wait()
            with suppress(OSError):
                server, to_server = await self._connect()
                try:
                    await asyncio.gather(self._pump(client, to_server), self._pump(server, to_client))
                finally:
                    to_server.transport.abort()
        finally:
            to_client.transport.abort()

    async def _pump(self, source: StreamReader, target: StreamWriter) -> None:
        """Until the source ends; then the target ends as well."""
        while chunk := await source.read(CHUNK):
            await self._passes.wait()
            target.write(chunk)
            await target.drain()
        await self._passes.wait()
        target.close()
