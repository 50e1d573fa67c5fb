"""Lets another process make things go wrong, and see what went wrong: tests and benchmarks ask here."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox import fault_requests
from sandbox.acks import Ack
from sandbox.arguments import json_object, needed
from sandbox.client import Done
from sandbox.faults import counted
from sandbox.local import local
from sandbox.people import Cast, grid, hospital
from sandbox.refusals import Json, Refused
from sandbox.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.server import Server


def add_routes(app: web.Application, server: "Server") -> None:
    """Adds /control/... to `app`, for programs on this machine."""
    control = Control(server)
    posts: dict[str, Callable[[Json], Awaitable[Json]]] = {
        "faults": control.plan_faults,
        "limits": control.switch_limits,
        "scopes": control.grant_scopes,
        "disconnect": control.disconnect,
        "grid": control.switch_grid,
        "event": control.cause_event,
    }
    for name, act in posts.items():
        app.router.add_post(f"/control/{name}", local(_answering(act)))
    app.router.add_get("/control/seen", local(control.seen))


class Control:
    """What another process may ask for. Each takes the JSON that was posted, and raises Refused where it makes no sense."""

    def __init__(self, server: "Server") -> None:
        self._server = server

    async def plan_faults(self, asked: Json) -> Json:
        """{"method": ..., "fault" | "error" | "status": ..., "times" | "seconds": ...}, as docs/sandbox.md lists them."""
        fault_requests.plan(self._server.faults, asked)
        return {}

    async def switch_limits(self, asked: Json) -> Json:
        """{"on": true}"""
        self._server.limits.are_on = _flag(asked, "on")
        return {}

    async def grant_scopes(self, asked: Json) -> Json:
        """{"scopes": [...]}: all that the bot has from now on."""
        scopes = asked.get("scopes")
        if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
            raise Refused("invalid_arguments", "scopes is a list of words")
        self._server.workspace.scopes = frozenset(scopes)
        return {}

    async def disconnect(self, asked: Json) -> Json:
        """Asks the bot's sockets to connect anew."""
        await self._server.sockets.disconnect()
        return {}

    async def switch_grid(self, asked: Json) -> Json:
        """{"on": true, "org_install": false}"""
        on, is_org_install = _flag(asked, "on"), _flag({"org_install": False} | asked, "org_install")
        _switch_cast(self._server.workspace, grid(is_org_install=is_org_install) if on else hospital())
        return {}

    async def cause_event(self, asked: Json) -> Json:
        """{"type": "tokens_revoked" | "app_uninstalled"}; whether it was sent, and what went wrong."""
        causes: dict[str, Callable[[], Awaitable[Done]]] = {
            "tokens_revoked": self._server.client.revoke_tokens,
            "app_uninstalled": self._server.client.uninstall,
        }
        if (kind := needed(asked, "type")) not in causes:
            raise Refused("invalid_arguments", f"type is {' or '.join(causes)}")
        done = await causes[kind]()
        return {"sent": done.ack is not None, "error": done.error}

    async def seen(self, request: web.Request) -> web.Response:
        """What was refused, how the bot acknowledged, how often it was told to wait, and which faults it met."""
        server = self._server
        told: Json = {
            "refusals": [refusal._asdict() for refusal in server.workspace.refusals],
            "acks": [_without_body(ack) for ack in server.client.acks],
            "told_to_wait": server.limits.refused,
            "faults": counted(server.faults),
        }
        return web.json_response(told)


def _answering(act: Callable[[Json], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answered(request: web.Request) -> web.Response:
        return web.json_response({"ok": True} | await act(await json_object(request)))

    return answered


def _flag(asked: Json, name: str) -> bool:
    """Raises Refused."""
    flag = asked.get(name)
    if not isinstance(flag, bool):
        raise Refused("invalid_arguments", f"{name} is true or false")
    return flag


def _switch_cast(workspace: Workspace, cast: Cast) -> None:
    """Other people, other places. Raises Refused where anybody has seen anything of the bot yet."""
    if any(workspace.messages.values()) or workspace.homes or any(workspace.modals.values()):
        raise Refused("invalid_arguments", "the people can be changed only before anything was posted or opened")
    workspace.cast = cast
    workspace.people = {person.id: person for person in (*cast.people, workspace.bot)}
    workspace.channels = {channel.id: channel for channel in cast.channels}
    workspace.groups = {group.id: group for group in cast.groups}
    workspace.messages |= {channel_id: [] for channel_id in workspace.channels}
    workspace.touch()


def _without_body(ack: Ack) -> Json:
    return {name: value for name, value in asdict(ack).items() if name != "body"}
