"""How does a payload reach a bot that listens over HTTP? As a POST that Slack has signed."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from sandbox.acks import PATIENCE, Ack, Kind, answered, unanswered
from sandbox.refusals import Json

FORM = "application/x-www-form-urlencoded"


def encoded(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """A payload as it travels: its bytes and their content type."""
    match kind:
        case Kind.COMMAND:
            return urlencode(payload).encode(), FORM
        case Kind.INTERACTION:
            return urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode(), FORM
        case Kind.EVENT:
            return json.dumps(payload, ensure_ascii=False).encode(), "application/json"


def signed(secret: str, raw: bytes, stamp: str | None = None) -> dict[str, str]:
    """The headers with which Slack vouches for `raw`, at `stamp` (seconds since 1970; now)."""
    stamp = str(int(time.time())) if stamp is None else stamp
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@dataclass
class HttpLink:
    """Signed POSTs to the bot's Request URL. `url` may be set later: the bot often starts after the workspace."""

    url: str
    secret: str
    patience: float = PATIENCE
    _sessions: list[aiohttp.ClientSession] = field(default_factory=list)

    async def deliver(self, kind: Kind, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        """`retry`: the how manieth time it is sent again, and why."""
        raw, content_type = encoded(kind, payload)
        headers = {"Content-Type": content_type} | signed(self.secret, raw)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        return await self.post(payload, raw, headers)

    async def post(self, payload: Json, raw: bytes, headers: dict[str, str]) -> Ack:
        """Any bytes with any headers. `payload` is what they stand for."""
        began = time.perf_counter()
        try:
            async with self._session().post(self.url, data=raw, headers=headers, allow_redirects=False) as answer:
                text = await answer.text()
                seconds = time.perf_counter() - began
                return answered(payload, seconds, answer.status, answer.content_type, text)
        except TimeoutError:
            return unanswered(payload, time.perf_counter() - began, in_time=False)
        except (aiohttp.ClientError, UnicodeDecodeError):
            return unanswered(payload, time.perf_counter() - began, in_time=True)

    async def close(self) -> None:
        for session in self._sessions:
            await session.close()
        self._sessions.clear()

    def _session(self) -> aiohttp.ClientSession:
        if not self._sessions:
            self._sessions.append(
                aiohttp.ClientSession(
                    headers={"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"},
                    timeout=aiohttp.ClientTimeout(total=self.patience),
                    connector=aiohttp.TCPConnector(limit=0),
                )
            )
        return self._sessions[0]
