"""What stands in for the bot? A small one that hears, acknowledges as it is told, and remembers; and what it can say."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from places import ROOT
from sandbox.driver import Sandbox
from sandbox.manifest import read as read_manifest
from sandbox.people import Cast

Json = dict[str, Any]

MANIFEST = ROOT / "manifest.yml"
COORDINATOR = "U01MARISOL"
NURSE = "U02AMARA"
ALL_STAFF = "C01ALLSTAFF"
PATIENCE = 20.0


async def in_silence(payload: Json) -> Json | None:
    return None


@dataclass
class Counterpart:
    """`reply` is asked for each payload: what it gives is the acknowledgement's body."""

    slack: AsyncWebClient
    reply: Callable[[Json], Awaitable[Json | None]] = in_silence
    status: int = 200
    address: str = ""
    refusals: list[Any] = field(default_factory=list)
    """What Slack would have refused; at the end there may be none."""
    _heard: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)

    async def heard(self) -> Json:
        """The next payload that the workspace sent. Raises TimeoutError where none comes."""
        async with asyncio.timeout(PATIENCE):
            return await self._heard.get()

    @property
    def heard_nothing(self) -> bool:
        return self._heard.empty()

    async def hear(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            payload = await request.json()
        else:
            form = await request.post()
            payload = json.loads(str(form["payload"])) if "payload" in form else dict(form)
        body = await self.reply(payload)
        self._heard.put_nowait(payload)
        return web.json_response(body, status=self.status) if body else web.Response(status=self.status)

    async def post(self, channel: str, *blocks: Json, text: str = "Something to read") -> str:
        """Posts a message; its ts."""
        answer = await self.slack.chat_postMessage(channel=channel, text=text, blocks=list(blocks))
        return str(answer["ts"])

    def page(self, person: str | None = None, place: str = "") -> str:
        """The page's address, as a person and at a place, where they are given."""
        return self.address + (f"/?as={person}" if person else "") + (f"&in={place}" if place else "")


@asynccontextmanager
async def workspace(cast: Cast, folder: Path) -> AsyncIterator[Counterpart]:
    """A workspace on a free port with this bot beside it, and a clock that can be moved."""
    clock_file = folder / "clock"
    clock_file.write_text("0")
    bot = Counterpart(AsyncWebClient())
    app = web.Application()
    app.router.add_post("/slack/events", bot.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    url = f"http://127.0.0.1:{port}/slack/events"
    try:
        async with Sandbox(cast, read_manifest(MANIFEST), bot_url=url, clock_file=clock_file) as sandbox:
            bot.slack = AsyncWebClient(token=sandbox.tokens.bot, base_url=sandbox.api_url)
            bot.address, bot.refusals = sandbox.address, sandbox.refusals
            yield bot
            assert bot.refusals == [], f"Slack would have refused {bot.refusals}"
    finally:
        await runner.cleanup()


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words, "emoji": False}


def section(words: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}} | more


def button(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": "1"} | more


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(label: str) -> Json:
    return {"text": plain(label), "value": label.lower()}


def field_of(label: str, element: Json, **more: Any) -> Json:
    """An input block. Its block_id is its label in lower case."""
    block_id = label.lower()
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element | {"action_id": "x"},
    } | more


def modal(title: str, *blocks: Json, submit: str | None = "Save") -> Json:
    view: Json = {"type": "modal", "title": plain(title), "close": plain("Cancel"), "blocks": list(blocks)}
    return view | ({"submit": plain(submit)} if submit else {})
