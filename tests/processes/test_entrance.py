"""The door of a running bot: its own pages, Slack's signed requests, and nothing else. Nothing that comes in is a 500."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import aiohttp
import pytest
import pytest_asyncio

from bot.open_files import raised_limit
from bot.server import LARGEST
from bot_process import LONG, Beside, beside, knock
from forked import Forked
from sandbox.http_link import FORM, signed
from sandbox.people import TEAM_ID
from sandbox.refusals import Json

JSON = "application/json"
NOBODY: Json = {"type": "block_actions", "team": {"id": TEAM_ID}, "user": {"id": "U02AMARA", "team_id": TEAM_ID}}


def interaction(payload: Json) -> bytes:
    return b"payload=" + quote_plus(json.dumps(payload)).encode()


BUTTON: Json = {"action_id": "answer.v1.2", "block_id": "x", "type": "button", "value": "1:1:u_01:f"}
CLICK = interaction(NOBODY | {"actions": [BUTTON]})


# One bot for all: none of this changes anything in it.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Beside]:
    async with beside(tmp_path_factory.mktemp("entrance")) as made:
        yield made


async def test_there_are_two_pages_and_no_other(here: Beside) -> None:
    paths = ("/healthz", "/readyz", "/", "/metrics", "/slack/events", "/slack/install", "/healthz/", "/../keys", "/%00")

    assert [await here.bot.page(path) for path in paths] == [200, 200, *[404] * 7]


async def test_only_what_slack_signed_in_the_last_five_minutes_comes_in(here: Beside) -> None:
    raw = json.dumps({"type": "url_verification", "challenge": "x"}).encode()
    secret, now = here.sandbox.tokens.signing_secret, int(time.time())

    async def status(**headers: str) -> int:
        return await knock(here, raw, JSON, **headers)

    assert await status() == 200
    assert await status(**signed("another secret", raw)) == 401
    assert await status(**signed(secret, b"another body")) == 401
    assert await status(**signed(secret, raw, str(now - 301))) == 401
    assert await status(**signed(secret, raw, str(now + 330))) == 401  # a busy machine may take seconds to here
    for stamp in ("", "yesterday", "-1", "1e9", "9" * 400, "١٢٣"):
        assert await status(**signed(secret, raw, stamp)) == 401
    assert await status(X_Slack_Signature="") == 401


async def test_a_body_larger_than_slack_sends_is_not_read(here: Beside) -> None:
    assert await knock(here, b"x" * (LARGEST + 1)) == 413
    assert await knock(here, b"x" * 1_000_001) == 413


async def test_signed_bytes_that_are_no_payload_are_refused(here: Beside) -> None:
    for content_type in (FORM, JSON, "text/plain", ""):
        for raw in (b"", b"payload=", b"payload=1", b"payload=%5B%5D", b"payload=%7B", b"payload=%ff", b"\xff\xfe"):
            assert await knock(here, raw, content_type) == 400, raw
    for raw in (b"[]", b"1", b"null", b"{", b"{}", b'{"a": NaN}', b"[" * 100_000):
        assert await knock(here, raw, JSON) == 400, raw


async def test_what_is_not_for_this_bot_changes_nothing_and_is_no_error(here: Beside) -> None:
    for payload in (
        {"unknown": 1},
        {"type": "block_actions"},
        NOBODY,
        NOBODY | {"type": "shortcut", "callback_id": "x"},
        NOBODY | {"type": "view_closed", "view": {"callback_id": "change.v1"}},
        {"type": "event_callback", "team_id": TEAM_ID, "event": []},
    ):
        assert await knock(here, interaction(payload)) == 400, payload
    for raw in (b"command=%2Fhta", b"a=b"):
        assert await knock(here, raw) == 400, raw
    for raw in (CLICK, b"ssl_check=1"):
        assert await knock(here, raw) == 200, raw


async def test_a_payload_that_lacks_what_slack_always_sends_is_refused(here: Beside) -> None:
    submitted = NOBODY | {"type": "view_submission"}
    for raw in (
        interaction(NOBODY | {"actions": []}),
        interaction(NOBODY | {"actions": [{"action_id": "answer.v1.2", "type": "button"}], "user": {}}),
        interaction(submitted | {"view": {"callback_id": "change.v1"}}),
        interaction(submitted | {"view": {"id": "V", "callback_id": "change.v1", "private_metadata": ""}}),
        urlencode({"command": "/hta", "team_id": TEAM_ID}).encode(),
    ):
        assert await knock(here, raw) == 400, raw


async def test_another_workspace_gets_nothing(here: Beside) -> None:
    elsewhere = {"type": "event_callback", "team_id": "T0ELSEWHERE", "event": {"type": "message"}}

    assert await knock(here, json.dumps(elsewhere).encode(), JSON) == 200


async def status(here: Beside, sent: bytes) -> int:
    """What the bot answers to these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", here.bot.port)
    writer.write(sent)
    async with asyncio.timeout(LONG):
        answer = await reader.readline()
    writer.transport.abort()
    return int(answer.split()[1])


async def test_whatever_asks_for_another_protocol_is_refused(here: Beside) -> None:
    upgrade = b"Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

    assert await status(here, b"GET /slack/events HTTP/1.1\r\n" + upgrade + key) == 404
    for odd in (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x00\xf4\x01", b"CONNECT x:443 HTTP/1.1\r\n\r\n"):
        assert await status(here, odd) in (400, 404), odd


async def test_head_is_answered_without_a_body(here: Beside) -> None:
    for path in ("healthz", "readyz"):
        async with aiohttp.ClientSession() as session:
            async with session.head(f"http://127.0.0.1:{here.bot.port}/{path}") as answer:
                assert answer.status == 200
            # Had there been a body, it would stand before this answer.
            async with session.get(f"http://127.0.0.1:{here.bot.port}/healthz") as next_answer:
                assert await next_answer.text() == "up"


async def test_idle_connections_beyond_what_may_be_open_keep_nobody_out(tmp_path: Path) -> None:
    assert raised_limit() > 1_200, "this test needs more files than the bot may have"
    async with beside(tmp_path, open_files=1_024) as here, lines(here, 1_100) as idle:
        async with asyncio.timeout(LONG):
            answers = [await knock(here, CLICK), await here.bot.page("/healthz"), await knock(here, CLICK)]
            # The first have given way to those that came later.
            assert await idle[0][0].read() == b""
        waiting = sum(not reader.at_eof() for reader, _ in idle)

        assert answers == [200, 200, 200]
        assert 700 < waiting <= 800
        assert len(here.bot.said) < 20_000
        assert "descriptors" not in here.bot.said


async def test_where_no_file_may_be_opened_any_more_one_line_says_so_and_it_ends_with_the_cause(tmp_path: Path) -> None:
    async with beside(tmp_path, open_files=64, hta_clock_file="") as here:
        here.expected.add("ERROR")
        ending = asyncio.create_task(here.bot.ended())
        async with asyncio.timeout(LONG), lines(here, 80):
            while "out of file descriptors" not in here.bot.said:
                await asyncio.wait([ending], timeout=0.01)
        answer = await knock(here, CLICK)
        ending.cancel()

        assert answer == 200
        assert here.bot.said.count("out of file descriptors") == 1


async def test_unfinished_bodies_that_nobody_signed_take_little_memory(tmp_path: Path) -> None:
    async with beside(tmp_path) as here, lines(here, 400) as half:
        claimed = signed("another secret", b"") | {"Content-Length": "200001", "Content-Type": FORM, "Host": "x"}
        head = "".join(f"{name}: {value}\r\n" for name, value in claimed.items())
        for _, writer in half:
            writer.transport.set_write_buffer_limits(0)
            writer.write(f"POST /slack/events HTTP/1.1\r\n{head}\r\n".encode() + b"x" * 200_000)
        async with asyncio.timeout(LONG):
            # Until all is sent, or refused.
            await asyncio.gather(*(writer.drain() for _, writer in half), return_exceptions=True)
            answers = [await knock(here, CLICK), await here.bot.page("/healthz")]
        process = here.bot._process
        assert isinstance(process, Forked)

        assert answers == [200, 200]
        assert process.peak_megabytes < 130


@asynccontextmanager
async def lines(here: Beside, count: int) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    """So many connections to the bot."""
    made = [await asyncio.open_connection("127.0.0.1", here.bot.port) for _ in range(count)]
    try:
        yield made
    finally:
        for _, writer in made:
            writer.transport.abort()
