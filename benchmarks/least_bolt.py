"""The least Bolt app: it verifies, acknowledges and, where it is given an edit, posts it to the response_url. It stores nothing.

A benchmark runs it as a process: `python least_bolt.py PORT SECRET [EDIT]`, where EDIT is a file with the edit as JSON.
"""

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


class LeastBolt:
    """The ASGI application."""

    def __init__(self, session: aiohttp.ClientSession, secret: str, edit: bytes | None) -> None:
        self._session, self._edit = session, edit
        self._editing: set[asyncio.Task[None]] = set()
        self._app = AsyncApp(
            client=AsyncWebClient(session=session),
            authorize=_authorize,
            signing_secret=secret,
            process_before_response=True,
        )
        self._app.action(re.compile(r"^answer\.v1\.[0-3nd]$"))(self._on_answer)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raw, is_whole = b"", False
        while not is_whole:
            event = await receive()
            raw += event.get("body", b"")
            is_whole = not event.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        answer = await self._app.async_dispatch(AsyncBoltRequest(body=raw.decode(), headers=headers))
        body = (answer.body or "").encode()
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": answer.status, "headers": [length]})
        await send({"type": "http.response.body", "body": body})

    async def _on_answer(self, body: dict[str, Any], ack: AsyncAck) -> None:
        await ack()
        if self._edit is not None:
            task = asyncio.create_task(self._show(body["response_url"], self._edit))
            self._editing.add(task)
            task.add_done_callback(self._editing.discard)

    async def _show(self, response_url: str, edit: bytes) -> None:
        async with self._session.post(response_url, data=edit, headers={"Content-Type": "application/json"}):
            pass


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-1")  # noqa: S106


async def main(port: int, secret: str, edit: bytes | None) -> None:
    async with aiohttp.ClientSession() as session:
        app = LeastBolt(session, secret, edit)
        config = uvicorn.Config(
            app, port=port, http="httptools", loop="asyncio", lifespan="off", log_config=None, access_log=False
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]).read_bytes() if len(sys.argv) > 3 else None))
