"""Serves the workspace on one port of this machine: the Web API, response URLs, the bot's sockets, and the page."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from sandbox import control, grid, page_api, web_api
from sandbox.acks import PATIENCE
from sandbox.arguments import arguments, json_object
from sandbox.client import Client, Link
from sandbox.clock import Clock
from sandbox.faults import RESPONSE_URL, UPLOAD, Faults
from sandbox.http_link import HttpLink
from sandbox.limits import Limits
from sandbox.manifest import Manifest
from sandbox.people import Cast
from sandbox.refusals import Json, Refused
from sandbox.socket_link import SocketLink
from sandbox.workspace import Workspace

LARGEST = 2**20
CONNECTING = "connections:write"
"""The scope of the app's token, with which it opens a connection (docs.slack.dev, apps.connections.open)."""


@dataclass(frozen=True)
class Tokens:
    """What the bot proves itself with, and what Slack proves itself with."""

    bot: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(12)}")
    app: str = field(default_factory=lambda: f"xapp-{secrets.token_hex(12)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))


class Server:
    """The workspace on a port of 127.0.0.1, between `start` and `stop`."""

    def __init__(
        self,
        cast: Cast,
        manifest: Manifest,
        tokens: Tokens,
        *,
        bot_url: str | None = None,
        clock_file: Path | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Without `bot_url` the bot comes by a socket. `patience`: seconds that it has for an acknowledgement."""
        self.tokens = tokens
        self.workspace = Workspace(cast, manifest, Clock(clock_file))
        self.http = HttpLink(bot_url or "", tokens.signing_secret, patience)
        self.sockets = SocketLink(patience)
        link: Link = self.sockets if bot_url is None else self.http
        self.faults = Faults()
        self.client = Client(self.workspace, link, "", self.faults)
        self.limits = Limits(self.workspace.clock)
        self.address = ""

    async def start(self, port: int = 0) -> None:
        """Serves from now on, at `address` (like http://127.0.0.1:8400). Raises OSError where the port is taken."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{token}", self._response)
        app.router.add_post("/upload/{token}", self._upload)
        app.router.add_get("/socket", self.sockets.serve)
        page_api.add_routes(app, self.workspace, self.client)
        control.add_routes(app, self)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.address = self.client.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.workspace.files.address = f"{self.address}/upload"

    async def stop(self) -> None:
        self.faults.end()
        await self.client.stop()
        await self.sockets.close()
        self.workspace.pulse.end()
        await self._runner.cleanup()

    async def _api(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        with self.workspace.pulse.counting():
            try:
                takes_json = name == web_api.CONNECT or web_api.method(name).takes_json
                asked = await arguments(request, takes_json=takes_json)
                self._check_token(name, request.headers.get("Authorization"), asked.pop("token", ""))
                asked = grid.understood(self.workspace.cast, name, asked)
            except Refused as refused:
                return self._refused(name, refused)
            if seconds := self.limits.wait_for(name, self.workspace.conversation(str(asked.get("channel", "")))):
                answer = self._told(name, {"ok": False, "error": "ratelimited"}, status=429)
                answer.headers["Retry-After"] = str(seconds)
                return answer
            return await self.faults.applied(
                name,
                request,
                lambda: self._answered(name, asked),
                lambda word: self._told(name, {"ok": False, "error": word}),
            )

    def _answered(self, name: str, asked: Json) -> web.Response:
        if name == web_api.CONNECT:
            url = f"{self.address.replace('http', 'ws', 1)}/socket?ticket={self.sockets.ticket()}"
            return self._told(name, {"ok": True, "url": url})
        try:
            return self._told(name, web_api.answer(self.workspace, name, asked))
        except Refused as refused:
            return self._refused(name, refused)

    def _refused(self, name: str, refused: Refused) -> web.Response:
        self.workspace.refuse(name, refused)
        return self._told(name, web_api.refusal(self.workspace, refused))

    def _told(self, name: str, body: Json, status: int = 200) -> web.Response:
        """An answer of Slack's own: with each it says what the token may do (docs.slack.dev, installing with OAuth: scopes)."""
        scopes = {CONNECTING} if name == web_api.CONNECT else self.workspace.scopes
        return web.json_response(body, status=status, headers={"X-OAuth-Scopes": ",".join(sorted(scopes))})

    def _check_token(self, name: str, authorization: str | None, argument: str) -> None:
        """Raises Refused unless the bot proved itself: with the app's token to connect, with its own for all else."""
        token = authorization.removeprefix("Bearer ") if authorization else argument
        right, wrong = self.tokens.bot, self.tokens.app
        if name == web_api.CONNECT:
            right, wrong = wrong, right
        if token != right:
            raise Refused("not_authed" if not token else "not_allowed_token_type" if token == wrong else "invalid_auth")

    async def _response(self, request: web.Request) -> web.Response:
        with self.workspace.pulse.counting():
            try:
                body = await json_object(request)
            except Refused as refused:
                self.workspace.refuse(RESPONSE_URL, refused)
                return web.Response(status=400, text="invalid_payload")
            token = request.match_info["token"]
            return await self.faults.applied(
                RESPONSE_URL, request, lambda: self._responded(token, body), _not_responded
            )

    def _responded(self, token: str, body: Json) -> web.Response:
        try:
            self.workspace.respond(token, body)
        except Refused as refused:
            self.workspace.refuse(RESPONSE_URL, refused)
            status = 404 if refused.error.endswith("_url") else 400
            return web.json_response({"ok": False, "error": refused.error}, status=status)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        """Takes a file's bytes as they are. Nobody proves anything here but by the address itself."""
        with self.workspace.pulse.counting():
            token = request.match_info["token"]
            try:
                content = await _content(request, self.workspace.files.expected(token).length)
            except Refused as refused:
                return self._not_uploaded(refused)
            return await self.faults.applied(UPLOAD, request, lambda: self._uploaded(token, content), _not_taken)

    def _uploaded(self, token: str, content: bytes) -> web.Response:
        try:
            file = self.workspace.files.receive(token, content)
        except Refused as refused:
            return self._not_uploaded(refused)
        return web.Response(text=f"OK - {file.length}")

    def _not_uploaded(self, refused: Refused) -> web.Response:
        self.workspace.refuse(UPLOAD, refused)
        return _not_taken(refused.error)


def _not_responded(word: str) -> web.Response:
    """Slack's refusal at a response_url: 404 where the address is no good any more, 200 for all else."""
    return web.json_response({"ok": False, "error": word}, status=404 if word.endswith("_url") else 200)


def _not_taken(word: str) -> web.Response:
    """The refusal of a file's bytes."""
    return web.Response(status=404 if word.endswith("_url") else 400, text=word)


async def _content(request: web.Request, length: int) -> bytes:
    """The body, at most a byte longer than was announced. Raises Refused for a form."""
    if request.content_type.startswith("multipart/"):
        raise Refused("invalid_post_type", "forms are not modelled here; send the bytes as they are")
    content = bytearray()
    async for part in request.content.iter_any():
        content += part
        if len(content) > length:
            break
    return bytes(content)
