"""How does another process make things go wrong, and see what went wrong? Tests and benchmarks ask here."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.acks import Ack
from sandbox.arguments import json_object, needed
from sandbox.faults import RESPONSE_URL, UPLOAD, Fault
from sandbox.local import local
from sandbox.refusals import Json, Refused
from sandbox.web_api import CONNECT, METHODS

if TYPE_CHECKING:
    from sandbox.server import Server

MOST = 10_000
"""Faults that can be planned at once."""


def add_routes(app: web.Application, server: "Server") -> None:
    """Adds /control/... to `app`, for programs on this machine."""

    async def plan_faults(request: web.Request) -> web.Response:
        """{"method": ..., "fault": "dropped" | "lost" | an HTTP status, "times": 1}"""
        asked = await json_object(request)
        method, times = needed(asked, "method"), asked.get("times", 1)
        if method not in (*METHODS, CONNECT, RESPONSE_URL, UPLOAD):
            raise Refused("invalid_arguments", f"method is one of the Web API's, {RESPONSE_URL} or {UPLOAD}")
        if type(times) is not int or not 1 <= times <= MOST:
            raise Refused("invalid_arguments", f"times is a number from 1 to {MOST:,}")
        server.faults.plan(method, _fault(asked.get("fault")), times)
        return web.json_response({"ok": True})

    async def switch_limits(request: web.Request) -> web.Response:
        """{"on": true}"""
        on = (await json_object(request)).get("on")
        if not isinstance(on, bool):
            raise Refused("invalid_arguments", "on is true or false")
        server.limits.are_on = on
        return web.json_response({"ok": True})

    async def grant_scopes(request: web.Request) -> web.Response:
        """{"scopes": [...]}: all that the bot has from now on."""
        scopes = (await json_object(request)).get("scopes")
        if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
            raise Refused("invalid_arguments", "scopes is a list of words")
        server.workspace.scopes = frozenset(scopes)
        return web.json_response({"ok": True})

    async def disconnect(request: web.Request) -> web.Response:
        """Asks the bot's sockets to connect anew."""
        await server.sockets.disconnect()
        return web.json_response({"ok": True})

    async def seen(request: web.Request) -> web.Response:
        """What was refused, how the bot acknowledged, and how often it was told to wait."""
        told: Json = {
            "refusals": [refusal._asdict() for refusal in server.workspace.refusals],
            "acks": [_without_body(ack) for ack in server.client.acks],
            "told_to_wait": server.limits.refused,
        }
        return web.json_response(told)

    posts: dict[str, Callable[[web.Request], Awaitable[web.Response]]] = {
        "faults": plan_faults,
        "limits": switch_limits,
        "scopes": grant_scopes,
        "disconnect": disconnect,
    }
    for name, handler in posts.items():
        app.router.add_post(f"/control/{name}", local(handler))
    app.router.add_get("/control/seen", local(seen))


def _fault(asked: object) -> Fault | int:
    """Raises Refused."""
    if type(asked) is int and 400 <= asked <= 599:
        return asked
    if not isinstance(asked, str) or asked not in list(Fault):
        raise Refused("invalid_arguments", f"fault is {', '.join(Fault)} or an HTTP status from 400 to 599")
    return Fault(asked)


def _without_body(ack: Ack) -> Json:
    return {name: value for name, value in asdict(ack).items() if name != "body"}
