"""The door of a running bot: its own pages, Slack's signed requests, and nothing else. Nothing that comes in is a 500."""

import json
import time
from collections.abc import AsyncIterator
from urllib.parse import quote_plus, urlencode

import pytest
import pytest_asyncio

from bot_process import Beside, beside, knock
from sandbox.http_link import FORM, signed
from sandbox.people import TEAM_ID
from sandbox.refusals import Json

JSON = "application/json"
NOBODY: Json = {"type": "block_actions", "team": {"id": TEAM_ID}, "user": {"id": "U02AMARA", "team_id": TEAM_ID}}


# One bot for all: none of this changes anything in it.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Beside]:
    async with beside(tmp_path_factory.mktemp("entrance")) as made:
        yield made


def interaction(payload: Json) -> bytes:
    return b"payload=" + quote_plus(json.dumps(payload)).encode()


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
    assert await knock(here, b"x" * 1_000_001) == 413


async def test_signed_bytes_that_are_no_payload_are_refused(here: Beside) -> None:
    for content_type in (FORM, JSON, "text/plain", ""):
        for raw in (b"", b"payload=", b"payload=1", b"payload=%5B%5D", b"payload=%7B", b"payload=%ff", b"\xff\xfe"):
            assert await knock(here, raw, content_type) == 400, raw
    for raw in (b"[]", b"1", b"null", b"{", b"{}", b'{"a": NaN}', b"[" * 100_000):
        assert await knock(here, raw, JSON) == 400, raw


async def test_what_is_not_for_this_bot_changes_nothing_and_is_no_error(here: Beside) -> None:
    here.expected.add("ERROR")  # Bolt says so of a workspace that is not ours
    for payload in (
        {"unknown": 1},
        {"type": "block_actions"},
        NOBODY,
        NOBODY | {"type": "shortcut", "callback_id": "x"},
        NOBODY | {"type": "view_closed", "view": {"callback_id": "change.v1"}},
        NOBODY | {"actions": [{"action_id": "answer.v1.2", "block_id": "x", "type": "button", "value": "1:1:u_01:f"}]},
        {"type": "event_callback", "team_id": "T0ELSEWHERE", "event": {"type": "message"}},
    ):
        assert await knock(here, interaction(payload)) < 500, payload
    for raw in (b"command=%2Fhta", b"ssl_check=1", b"a=b"):
        assert await knock(here, raw) < 500, raw


async def test_a_payload_that_lacks_what_slack_always_sends_is_no_error_of_ours(here: Beside) -> None:
    submitted = NOBODY | {"type": "view_submission"}
    for raw in (
        interaction(NOBODY | {"actions": []}),
        interaction(NOBODY | {"actions": [{"action_id": "answer.v1.2", "type": "button"}], "user": {}}),
        interaction(submitted | {"view": {"callback_id": "change.v1"}}),
        interaction(submitted | {"view": {"id": "V", "callback_id": "change.v1", "private_metadata": ""}}),
        urlencode({"command": "/hta", "team_id": TEAM_ID}).encode(),
    ):
        assert await knock(here, raw) < 500, raw
