"""How does a payload reach a bot in Socket Mode? As an envelope on one of the sockets that the bot has opened."""

import asyncio
import itertools
import json
import secrets
import time
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.acks import PATIENCE, Ack, Kind, answered, unanswered
from sandbox.people import APP_ID
from sandbox.refusals import Json

MOST = 10
"""Sockets that an app may hold at once (docs.slack.dev, Socket Mode)."""


@dataclass
class SocketLink:
    """Each envelope goes to one of the bot's sockets. Without a socket it waits for one, as long as Slack's patience lasts."""

    patience: float = PATIENCE
    _tickets: set[str] = field(default_factory=set)
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _waiting: dict[str, "asyncio.Future[Json | None]"] = field(default_factory=dict)
    _turns: "itertools.count[int]" = field(default_factory=itertools.count)
    _connected: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def connections(self) -> int:
        """How many sockets the bot holds open."""
        return len(self._sockets)

    def ticket(self) -> str:
        """What a socket's address has to carry, once."""
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        return ticket

    async def deliver(self, kind: Kind, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        """`retry`: the how manieth time it is sent again, and why."""
        began = time.perf_counter()
        envelope_id = secrets.token_hex(8)
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind is not Kind.EVENT
        if kind is Kind.EVENT:
            number, reason = retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason.removeprefix("http_")}
        answer = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self.patience):
                await self._connected.wait()
                await self._sockets[next(self._turns) % len(self._sockets)].send_json(envelope)
                body = await answer
        except TimeoutError:
            return unanswered(payload, time.perf_counter() - began, in_time=False)
        except ConnectionError:
            return unanswered(payload, time.perf_counter() - began, in_time=True)
        finally:
            self._waiting.pop(envelope_id, None)
        text = json.dumps(body) if body else ""
        return answered(payload, time.perf_counter() - began, 200, "application/json", text)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One socket of the bot's, until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=10)
        await socket.prepare(request)
        if len(self._sockets) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append(socket)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._sockets),
                "connection_info": {"app_id": APP_ID},
                "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
            }
        )
        self._connected.set()
        try:
            async for message in socket:
                self._heard(message.json())
        finally:
            self._left(socket)
        return socket

    async def disconnect(self) -> None:
        """Asks the bot to connect anew, as Slack does every few hours. What is under way may still be acknowledged."""
        leaving, under_way = list(self._sockets), list(self._waiting.values())
        for socket in leaving:
            self._left(socket)
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        if under_way:
            await asyncio.wait(under_way, timeout=self.patience)
        for socket in leaving:
            await socket.close()

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    def _heard(self, told: Json) -> None:
        answer = self._waiting.get(told.get("envelope_id", ""))
        if answer and not answer.done():
            answer.set_result(told.get("payload"))

    def _left(self, socket: web.WebSocketResponse) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
        if not self._sockets:
            self._connected.clear()
