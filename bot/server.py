"""What comes in over HTTP: Slack's signed requests, and whether we are up.

The signature is checked here, on the raw bytes, and the body is decoded here, in C: this is the only entrance, so Bolt is
handed a body that it need not verify again (half of its time goes into decoding the form otherwise). What can be refused by
its header is refused before its body is read.
"""

import asyncio
import hmac
import logging
import time
from binascii import a2b_qp
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import orjson
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.refused_requests import MINUTE, Refusal, RefusedRequests
from bot.shapes import is_whole

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Headers = dict[bytes, bytes]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, bytes, bytes]
"""Status, content type, body."""

LARGEST = 256 * 1024
"""Bytes of a body. A press, which carries the message that it was made in, has some thousands."""
SMALL = 1024
"""Bytes of a body that is looked at without a signature: it may be Slack's check of the certificate."""
STALE = 60 * 5
STAMP, SIGNATURE = b"x-slack-request-timestamp", b"x-slack-signature"
AS_QUOTED_PRINTABLE = bytes.maketrans(b"+%", b" =")
PLAIN = b"text/plain; charset=utf-8"
FINE: Answer = (200, PLAIN, b"")
STATUS = {Refusal.TOO_LARGE: (413, b"too large"), Refusal.UNREADABLE: (400, b"unreadable body")}
"""What a refused request is answered with; 401 unless it is listed."""
STUMBLES = (AttributeError, IndexError, KeyError, RecursionError, TypeError)


class Front:
    """The ASGI application. Without `signing_secret` (Socket Mode) it serves the small pages only.

    not_ready: the names of why the bot can't do its work right now; none where it can.
    now: seconds since 1970, as Slack counts them, for the age of a request.
    """

    def __init__(
        self,
        app: AsyncApp,
        signing_secret: str | None,
        not_ready: Callable[[], Awaitable[Sequence[str]]],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._not_ready, self._now = app, not_ready, now
        self._secret = signing_secret.encode() if signing_secret else None
        self._refused = RefusedRequests()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # Closed before it is accepted: answered with 403 (ASGI's specification of WebSockets).
            await send({"type": "websocket.close"})
        if scope["type"] != "http":
            return
        answer = await self._answer(scope, receive)
        if answer is None:
            return
        status, content_type, body = answer
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", content_type), (b"content-length", str(len(body)).encode())],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer | None:
        """None: they hung up before all was read."""
        match scope["method"], scope["path"]:
            case "POST", "/slack/events" if self._secret is not None:
                return await self._from_slack(scope, receive, self._secret)
            case "GET", "/slack/events" if self._secret is not None and _checks_certificate(scope["query_string"]):
                return FINE
            case "GET" | "HEAD", "/healthz":
                return 200, PLAIN, b"up"
            case "GET" | "HEAD", "/readyz":
                reasons = ", ".join(await self._not_ready())
                return (503, PLAIN, f"not ready: {reasons}".encode()) if reasons else (200, PLAIN, b"ready")
            case _:
                return 404, PLAIN, b"not found"

    async def _from_slack(self, scope: Scope, receive: Receive, secret: bytes) -> Answer | None:
        headers, now = dict(scope["headers"]), self._now()
        drift = _drift(headers, now)
        if refusal := _refusal(headers, drift):
            if refusal is Refusal.NO_SIGNATURE and _length(headers, SMALL + 1) <= SMALL:
                return await self._unsigned(scope["query_string"], receive)
            return self._refuse(refusal, drift or 0.0)
        raw = await _whole_body(receive)
        if raw is None:
            return None
        if len(raw) > LARGEST:
            return self._refuse(Refusal.TOO_LARGE)
        if not _is_by_slack(secret, headers, raw):
            return self._refuse(Refusal.WRONG_SIGNATURE)
        body = decoded(headers.get(b"content-type", b""), raw)
        if body is not None and body.get("ssl_check") == "1":
            return FINE
        request = None if body is None else _bolt_request(body)
        if request is None:
            return self._refuse(Refusal.UNREADABLE)
        answer = await self._app.async_dispatch(request)
        content_type = (answer.headers.get("content-type") or [""])[0].encode() or PLAIN
        return answer.status, content_type, (answer.body or "").encode()

    async def _unsigned(self, query: bytes, receive: Receive) -> Answer | None:
        """Slack checks the certificate of a Request URL with a form that need not be signed, and asks for a 200."""
        raw = await _whole_body(receive)
        if raw is None:
            return None
        return FINE if _checks_certificate(query) or _checks_certificate(raw) else self._refuse(Refusal.NO_SIGNATURE)

    def _refuse(self, refusal: Refusal, drift: float = 0.0) -> Answer:
        self._log(self._refused.add(refusal, asyncio.get_running_loop().time(), drift))
        status, body = STATUS.get(refusal, (401, b"invalid signature"))
        return status, PLAIN, body

    def _log(self, line: str | None) -> None:
        """Logs what was refused, and in a minute what was refused by then, so that the last is not left out."""
        if line is not None:
            log.warning(line)
            # A second later, since a timer may be early by a little.
            asyncio.get_running_loop().call_later(MINUTE + 1, self._log_the_rest)

    def _log_the_rest(self) -> None:
        self._log(self._refused.line(asyncio.get_running_loop().time()))


def is_signed(secret: bytes, headers: Headers, raw: bytes, now: float) -> bool:
    """Whether Slack signed these bytes, in the last five minutes (docs.slack.dev, verifying requests from Slack)."""
    drift = _drift(headers, now)
    return drift is not None and abs(drift) <= STALE and _is_by_slack(secret, headers, raw)


def _is_by_slack(secret: bytes, headers: Headers, raw: bytes) -> bool:
    """Whether Slack signed these bytes at the time that the header says."""
    digest = hmac.digest(secret, b"v0:" + headers[STAMP] + b":" + raw, "sha256")
    return hmac.compare_digest(b"v0=" + digest.hex().encode(), headers.get(SIGNATURE, b""))


def _refusal(headers: Headers, drift: float | None) -> Refusal | None:
    """Why a request is refused by its header alone; None: its body decides."""
    if not headers.get(SIGNATURE) or STAMP not in headers:
        return Refusal.NO_SIGNATURE
    if drift is None:
        return Refusal.BAD_TIMESTAMP
    if abs(drift) > STALE:
        return Refusal.DATED_PAST if drift > 0 else Refusal.DATED_FUTURE
    return Refusal.TOO_LARGE if _length(headers, 0) > LARGEST else None


def _drift(headers: Headers, now: float) -> float | None:
    """By how many seconds the request's timestamp lies in the past; None where it is no timestamp."""
    stamp = headers.get(STAMP, b"")
    return now - int(stamp) if stamp.isdigit() and len(stamp) <= 12 else None


def _length(headers: Headers, unsaid: int) -> int:
    """The bytes that a body is said to have; `unsaid` where it comes in chunks."""
    length = headers.get(b"content-length", b"")
    return int(length) if length.isdigit() else unsaid


def _checks_certificate(form: bytes) -> bool:
    """Whether Slack only looks whether the certificate is valid (docs.slack.dev, slash commands: ssl_check)."""
    return b"ssl_check=1" in form.split(b"&")


def _bolt_request(body: dict[str, Any]) -> AsyncBoltRequest | None:
    """What Bolt makes of a body; None where it lacks what Slack always sends, or Bolt stumbles over it."""
    if not is_whole(body):
        return None
    try:
        # It looks for who and where as deep as a message may be nested in a message.
        return AsyncBoltRequest(mode="socket_mode", body=body)
    except STUMBLES:
        return None


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
    return a2b_qp(value.replace(b"=", b"=3D").translate(AS_QUOTED_PRINTABLE))


async def _whole_body(receive: Receive) -> bytes | None:
    """The request's body, as far as it is looked at: no more than one byte over LARGEST is sure. None: they hung up."""
    chunks, size = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        chunk = event.get("body", b"")
        size += len(chunk)
        chunks.append(chunk)
        if size > LARGEST or not event.get("more_body"):
            return b"".join(chunks)
