"""What comes in over HTTP: Slack's signed requests, and whether we are up.

The signature is checked here, on the raw bytes, and the body is decoded here, in C: this is the only entrance, so Bolt is
handed a body that it need not verify again (half of its time goes into decoding the form otherwise).
"""

import hashlib
import hmac
import time
from binascii import a2b_qp
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.payloads import is_whole

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, bytes, bytes]
"""Status, content type, body."""

EVENTS = "/slack/events"
LARGEST = 1_000_000
STALE = 60 * 5
PLAIN = b"text/plain; charset=utf-8"
JSON = b"application/json; charset=utf-8"


class Front:
    """The ASGI application. Without `signing_secret` (Socket Mode) it serves the small pages only."""

    def __init__(self, app: AsyncApp, signing_secret: str | None, is_ready: Callable[[], Awaitable[bool]]) -> None:
        self._app, self._is_ready = app, is_ready
        self._secret = signing_secret.encode() if signing_secret else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, content_type, body = await self._answer(scope, receive)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", content_type), (b"content-length", str(len(body)).encode())],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        match scope["method"], scope["path"]:
            case "POST", "/slack/events" if self._secret is not None:
                return await self._from_slack(dict(scope["headers"]), receive, self._secret)
            case "GET", "/healthz":
                return 200, PLAIN, b"up"
            case "GET", "/readyz":
                return (200, PLAIN, b"ready") if await self._is_ready() else (503, PLAIN, b"not ready")
            case _:
                return 404, PLAIN, b"not found"

    async def _from_slack(self, headers: dict[bytes, bytes], receive: Receive, secret: bytes) -> Answer:
        raw = await _whole_body(receive)
        if raw is None:
            return 413, PLAIN, b"too large"
        if not is_signed(secret, headers, raw, time.time()):
            return 401, PLAIN, b"invalid signature"
        body = decoded(headers.get(b"content-type", b""), raw)
        if body is None or not is_whole(body):
            return 400, PLAIN, b"unreadable body"
        answer = await self._app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        content_type = (answer.headers.get("content-type") or [""])[0].encode() or PLAIN
        return answer.status, content_type, (answer.body or "").encode()


def is_signed(secret: bytes, headers: dict[bytes, bytes], raw: bytes, now: float) -> bool:
    """Whether Slack signed these bytes, in the last five minutes (docs.slack.dev, verifying requests from Slack)."""
    stamp = headers.get(b"x-slack-request-timestamp", b"")
    if not stamp.isdigit() or len(stamp) > 12 or abs(now - int(stamp)) > STALE:
        return False
    digest = hmac.new(secret, b"v0:" + stamp + b":" + raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(b"v0=" + digest.encode(), headers.get(b"x-slack-signature", b""))


def decoded(content_type: bytes, raw: bytes) -> dict[str, Any] | None:
    """The body of a request as Bolt knows it; None where it is neither JSON nor a form that makes sense."""
    try:
        if content_type.startswith(b"application/json"):
            body = orjson.loads(raw)
        elif raw.startswith(b"payload=") and b"&" not in raw:
            body = orjson.loads(_percent_decoded(raw[8:]))
        else:
            body = dict(parse_qsl(raw.decode(), keep_blank_values=True))
            if "payload" in body:
                body = orjson.loads(body["payload"])
    except ValueError:
        return None
    return body if isinstance(body, dict) and body else None


def _percent_decoded(value: bytes) -> bytes:
    """urllib's unquote_plus takes 88 µs for a click; quoted-printable is the same scheme with = for %, and is in C."""
    return a2b_qp(value.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"="))


async def _whole_body(receive: Receive) -> bytes | None:
    """The request's body, or None where it is larger than anything that Slack sends."""
    chunks, size = [], 0
    while True:
        event = await receive()
        chunk = event.get("body", b"")
        size += len(chunk)
        if size > LARGEST:
            return None
        chunks.append(chunk)
        if not event.get("more_body"):
            return b"".join(chunks)
