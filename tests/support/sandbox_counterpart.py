"""A bot that says what a test tells it to, and remembers what it heard: the other side, for the tests of the sandbox."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from places import DATA
from sandbox import manifest
from sandbox.driver import Sandbox
from sandbox.manifest import Manifest
from sandbox.people import hospital
from sandbox.refusals import Json

NURSE, OTHER, COORDINATOR, STRANGER, GUEST = "U02AMARA", "U03BEN", "U01MARISOL", "U22PAT", "U20NOOR"
ALL_STAFF, RESULTS, EMERGENCY, LEADERS, ARCHIVED = "C01ALLSTAFF", "C03RESULTS", "C02EMERGENCY", "C04LEADERS", "C05OLD"

Says = Callable[[Json], Awaitable[web.Response]]


def echo_manifest() -> Manifest:
    return manifest.read(DATA / "sandbox_manifest.yml")


def button(label: str, **more: Any) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": label.lower()} | more


def message(*labels: str, text: str = "Press one") -> Json:
    """What chat.postMessage gets: a text, and a button for each label."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    actions = (
        [{"type": "actions", "block_id": "row", "elements": [button(label) for label in labels]}] if labels else []
    )
    return {"text": text, "blocks": [section, *actions]}


def field_of(label: str, element: Json, **more: Any) -> Json:
    """An input block."""
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": {"type": "plain_text", "text": label},
        "element": element,
    } | more


def modal(*blocks: Json, **more: Any) -> Json:
    words = {"type": "plain_text", "text": "Form"}
    return {"type": "modal", "title": words, "submit": words, "blocks": list(blocks)} | more


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "typed"} | more


def options(*labels: str) -> list[Json]:
    return [{"text": {"type": "plain_text", "text": label}, "value": label.lower()} for label in labels]


@dataclass(frozen=True)
class Heard:
    headers: dict[str, str]
    raw: bytes
    payload: Json


async def all_is_well(payload: Json) -> web.Response:
    return web.Response()


@dataclass
class Counterpart:
    """`says` answers what it hears; `heard` has it all."""

    sandbox: Sandbox
    client: AsyncWebClient
    says: Says = all_is_well
    heard: list[Heard] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.heard.append(Heard(dict(request.headers), raw, _decoded(request.content_type, raw)))
        return await self.says(self.heard[-1].payload)

    async def respond(self, **body: Any) -> tuple[int, str]:
        """Posts to the response_url of what it heard last; the status, and what stands in the answer."""
        url = self.heard[-1].payload["response_url"]
        assert self.client.session is not None
        async with self.client.session.post(url, json=body) as answer:
            return answer.status, await answer.text()

    async def open_modal(self, view: Json, person_id: str = NURSE) -> None:
        """Has somebody type /echo, and opens `view` for it."""
        await self.sandbox.person(person_id).command("/echo")
        await self.client.views_open(trigger_id=self.heard[-1].payload["trigger_id"], view=view)


@asynccontextmanager
async def counterpart(allowed: Manifest | None = None, **how: Any) -> AsyncIterator[Counterpart]:
    """A hospital's workspace and a bot beside it that listens over HTTP."""
    import aiohttp

    app = web.Application()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    async with (
        Sandbox(hospital(), allowed or echo_manifest(), bot_url="", **how) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        client = AsyncWebClient(sandbox.tokens.bot, base_url=sandbox.api_url, session=session, retry_handlers=[])
        bot = Counterpart(sandbox, client)
        app.router.add_post("/slack/events", bot.hear)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sandbox.server.http.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        try:
            yield bot
        finally:
            await runner.cleanup()


def _decoded(content_type: str, raw: bytes) -> Json:
    if content_type == "application/json":
        payload: Json = json.loads(raw)
        return payload
    form = {name: values[0] for name, values in parse_qs(raw.decode(), keep_blank_values=True).items()}
    return json.loads(form["payload"]) if "payload" in form else form
