"""What is let in over HTTP: Slack's own bytes, fresh, and nothing that makes no sense."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.refused_requests import MINUTE
from bot.server import LARGEST, Front, decoded, is_signed

SECRET = b"a secret"
NOW = 1_790_000_000
FORM = b"application/x-www-form-urlencoded"


def signed(raw: bytes, stamp: bytes = str(NOW).encode(), secret: bytes = SECRET) -> dict[bytes, bytes]:
    digest = hmac.new(secret, b"v0:" + stamp + b":" + raw, hashlib.sha256).hexdigest()
    return {b"x-slack-request-timestamp": stamp, b"x-slack-signature": f"v0={digest}".encode()}


def test_what_slack_signed_is_let_in() -> None:
    assert is_signed(SECRET, signed(b"body"), b"body", NOW)


@pytest.mark.parametrize(
    ("fault", "headers"),
    [
        ("no headers", {}),
        ("another secret", signed(b"body", secret=b"another")),
        ("another body", signed(b"other")),
        ("five minutes and a second old", signed(b"body", str(NOW - 301).encode())),
        ("from the future", signed(b"body", str(NOW + 301).encode())),
        ("a timestamp that is no number", signed(b"body", b"yesterday")),
        ("a negative timestamp", signed(b"body", b"-5")),
        ("an endless timestamp", signed(b"body", b"9" * 400)),
        ("an empty signature", signed(b"body") | {b"x-slack-signature": b""}),
        ("a signature that is not ASCII", signed(b"body") | {b"x-slack-signature": b"v0=\xff"}),
    ],
)
def test_everything_else_stays_out(fault: str, headers: dict[bytes, bytes]) -> None:
    assert not is_signed(SECRET, headers, b"body", NOW), fault


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]))


# Slack's numbers are small; beyond 64 bits orjson would make them floating.
numbers = st.integers(-(2**63), 2**63 - 1)


@given(st.dictionaries(words, words | numbers | st.booleans() | st.none() | st.lists(words), min_size=1))
def test_a_click_is_decoded_as_urllib_would(payload: dict[str, object]) -> None:
    raw = ("payload=" + quote_plus(json.dumps(payload))).encode()

    assert decoded(FORM, raw) == payload


@given(st.dictionaries(words.filter(lambda word: word not in ("", "payload")), words, min_size=1))
def test_a_command_is_decoded_as_urllib_would(fields: dict[str, str]) -> None:
    assert decoded(FORM, urlencode(fields).encode()) == fields


@given(st.binary(max_size=200), st.sampled_from([FORM, b"application/json", b"", b"text/plain"]))
def test_nonsense_is_none_and_never_an_error(raw: bytes, content_type: bytes) -> None:
    body = decoded(content_type, raw)

    assert body is None or isinstance(body, dict)


@pytest.mark.parametrize("raw", [b"payload=%7B", b"payload=1", b"payload=%5B%5D", b"payload=", b"payload=%ff%fe"])
def test_a_payload_that_is_no_object_is_none(raw: bytes) -> None:
    assert decoded(FORM, raw) is None


@dataclass
class Answered:
    """What a request was answered with: status 0 where it was not. `reads`: how often its body was asked for."""

    status: int = 0
    body: bytes = b""
    reads: int = 0
    sent: list[MutableMapping[str, Any]] = field(default_factory=list)


async def authorize() -> AuthorizeResult:
    raise AssertionError("nothing here is for a workspace")


def front(*reasons: str) -> Front:
    async def not_ready() -> tuple[str, ...]:
        return reasons

    app = AsyncApp(authorize=authorize, request_verification_enabled=False, ssl_check_enabled=False)
    return Front(app, SECRET.decode(), not_ready, lambda: NOW)


async def asked(
    method: str,
    path: str,
    *chunks: bytes,
    headers: dict[bytes, bytes] | None = None,
    to: Front | None = None,
    hangs_up: bool = False,
) -> Answered:
    """What the entrance makes of a request whose body comes in chunks; `hangs_up`: before the last one."""
    made = Answered()
    coming = list(chunks) or [b""]

    async def receive() -> MutableMapping[str, Any]:
        made.reads += 1
        if hangs_up and len(coming) == 1:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": coming.pop(0), "more_body": bool(coming)}

    async def send(message: MutableMapping[str, Any]) -> None:
        made.sent.append(message)

    path, _, query = path.partition("?")
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
    await (to or front())(scope | {"headers": list((headers or {}).items())}, receive, send)
    if made.sent:
        made.status, made.body = made.sent[0]["status"], made.sent[1]["body"]
    return made


def sized(length: int) -> dict[bytes, bytes]:
    return {b"content-length": str(length).encode()}


HANDSHAKE = b'{"type": "url_verification", "challenge": "x"}'
AS_JSON = {b"content-type": b"application/json"}
FRESH = signed(b"")
STALE_STAMP = FRESH | {b"x-slack-request-timestamp": str(NOW - 372).encode()}


async def test_what_slack_signed_is_answered() -> None:
    answered = await asked("POST", "/slack/events", HANDSHAKE[:9], HANDSHAKE[9:], headers=signed(HANDSHAKE) | AS_JSON)

    assert (answered.status, json.loads(answered.body)) == (200, {"challenge": "x"})


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (401, {}),
        (401, sized(1_025)),
        (401, FRESH | {b"x-slack-signature": b""}),
        (401, {b"x-slack-signature": b"v0=x"}),
        (401, FRESH | {b"x-slack-request-timestamp": b"yesterday"}),
        (401, STALE_STAMP),
        (401, FRESH | {b"x-slack-request-timestamp": str(NOW + 301).encode()}),
        (413, FRESH | sized(LARGEST + 1)),
        (413, FRESH | sized(10**18)),
    ],
)
async def test_what_its_header_refuses_is_not_read(status: int, headers: dict[bytes, bytes]) -> None:
    answered = await asked("POST", "/slack/events", b"x", headers=headers)

    assert (answered.status, answered.reads) == (status, 0)


async def test_a_body_in_chunks_is_read_as_far_as_slack_sends() -> None:
    part = b"x" * (LARGEST // 4)

    answered = await asked("POST", "/slack/events", *[part] * 8, headers=signed(part * 8))
    largest = await asked("POST", "/slack/events", *[part] * 4, headers=signed(part * 4))

    assert (answered.status, answered.reads) == (413, 5)
    assert (largest.status, largest.body) == (400, b"unreadable body")


async def test_nobody_is_answered_who_has_hung_up() -> None:
    for headers in (signed(HANDSHAKE), sized(11)):
        answered = await asked("POST", "/slack/events", b"ssl_check=1", b"", headers=headers, hangs_up=True)

        assert answered.sent == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_two_pages_are_for_head_as_well(method: str) -> None:
    ready, not_ready = front(), front("database", "slack")

    assert (await asked(method, "/healthz", to=not_ready)).status == 200
    assert (await asked(method, "/readyz", to=ready)).status == 200
    answered = await asked(method, "/readyz", to=not_ready)
    assert (answered.status, answered.body) == (503, b"not ready: database, slack")


async def test_slacks_check_of_the_certificate_is_answered_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    form = b"ssl_check=1&token=x"
    answers = [
        await asked("GET", "/slack/events?ssl_check=1&token=x"),
        await asked("POST", "/slack/events?token=x&ssl_check=1", headers=sized(0)),
        await asked("POST", "/slack/events", form, headers=sized(len(form))),
        await asked("POST", "/slack/events", form, headers=signed(form) | sized(len(form))),
    ]

    assert [answered.status for answered in answers] == [200] * 4
    assert caplog.records == []


@pytest.mark.parametrize("form", [b"ssl_check=0", b"ssl_check=11", b"x=ssl_check=1", b"command=%2Fhta", b""])
async def test_a_form_that_only_looks_like_it_is_refused(form: bytes) -> None:
    assert (await asked("POST", "/slack/events", form, headers=sized(len(form)))).status == 401
    assert (await asked("GET", f"/slack/events?{form.decode()}")).status == 404


async def test_refusals_are_logged_with_what_to_check_and_nothing_of_the_request(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for headers, words in (
        (signed(b"secret words", secret=b"another"), "a wrong signature: check SLACK_SIGNING_SECRET"),
        (STALE_STAMP, "a timestamp 372 s in the past by this machine's clock: check the clock"),
        (sized(12), "no signature"),
        (FRESH | sized(LARGEST + 1), "a body larger than Slack sends"),
        (signed(b"secret words"), "a body that this bot can't read"),
    ):
        caplog.clear()
        to = front()
        for _ in range(9):
            await asked("POST", "/slack/events", b"secret words", headers=headers, to=to)

        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert words in caplog.text
        assert "secret words" not in caplog.text


class Leaping(asyncio.SelectorEventLoop):
    """A loop whose time somebody else moves on."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


def test_the_last_refusals_are_logged_although_no_other_comes(caplog: pytest.LogCaptureFixture) -> None:
    loop = Leaping()

    async def refused_and_a_minute_later() -> None:
        to, is_over = front(), asyncio.Event()
        for _ in range(9):
            await asked("POST", "/slack/events", headers={}, to=to)
        loop.call_later(MINUTE + 2, is_over.set)
        loop.ahead = MINUTE + 3
        await is_over.wait()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(refused_and_a_minute_later())

    assert [record.message[:10] for record in caplog.records] == ["1 request ", "8 requests"]


async def test_a_web_socket_is_refused() -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    await front()({"type": "websocket", "path": "/"}, receive, send)

    assert sent == [{"type": "websocket.close"}]
