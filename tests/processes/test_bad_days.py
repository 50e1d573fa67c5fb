"""A day when something says no, as an operator has it: the process goes on trying, says why, and ends when it is told to."""

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot_process import ALL_STAFF, EVERYONE, Beside, becomes, beside, item_shown, ready
from conversation import STAFF, invitations
from sandbox.faults import RESPONSE_URL, OddAnswer, SlackError
from sandbox.web_api import CONNECT

pytestmark = pytest.mark.slow

POST = "chat.postMessage"
ODD = {
    "a proxy's page": OddAnswer(503, "Service Unavailable"),
    "an empty 502": OddAnswer(502),
    "a 429 in plain text": OddAnswer(429, "slow down", headers={"Retry-After": "1"}),
    "a list": OddAnswer(200, "[]", "application/json"),
    "broken JSON": OddAnswer(200, '{"ok": tr', "application/json"),
}
ENDS_WITHIN = 30.0


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("socket_mode", [True, False], ids=["socket", "HTTP"])
async def test_whatever_answers_in_slacks_place_at_the_start_the_bot_goes_on_trying(
    tmp_path: Path, odd: OddAnswer, socket_mode: bool
) -> None:
    async with beside(tmp_path, starts=False, socket_mode=socket_mode) as here:
        here.sandbox.faults.plan(CONNECT if socket_mode else "auth.test", odd)

        await here.bot.start()

        await becomes(here, "200 ready")
        assert (await here.person(STAFF[0]).command("/hta")).error is None


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Beside]:
    async with beside(tmp_path) as made:
        made.expected |= {"ERROR"}
        yield made


async def test_one_word_after_the_other_for_a_while_and_everyone_is_invited_once(here: Beside) -> None:
    await here.review_round()
    for word in ("token_revoked", "rate_limited", "ekm_access_denied", "a_word_that_nobody_knows"):
        here.sandbox.faults.plan(POST, SlackError(word), seconds=0.5)

    assert (await here.coordinator.submit()).error is None

    await here.sandbox.until(lambda: all(invitations(here.person(one)) for one in EVERYONE), 60)
    await here.sandbox.settled()
    assert [invitations(here.person(one)) for one in EVERYONE] == [1] * len(EVERYONE)


async def test_while_slack_refuses_all_it_is_not_ready_and_says_why(here: Beside) -> None:
    here.sandbox.faults.plan(POST, SlackError("token_revoked"), seconds=60)
    await here.review_round()
    assert (await here.coordinator.submit()).error is None
    await here.sandbox.until(lambda: here.sandbox.faults.applied_so_far)

    await becomes(here, "503 not ready: posting")
    assert here.bot.said.count("Slack refuses all that we post; everything stays owed error=token_revoked") == 1

    here.sandbox.faults.clear()
    await becomes(here, "200 ready")


async def test_a_scope_that_was_not_granted_is_named_with_what_fails(tmp_path: Path) -> None:
    async with beside(tmp_path, starts=False) as here:
        here.expected |= {"ERROR"}
        here.sandbox.workspace.scopes -= {"files:write"}

        await here.bot.start()
        await becomes(here, "200 ready")

        assert "scope=files:write so=pictures and files can't be shared" in here.bot.said


async def test_that_the_app_was_uninstalled_is_known_at_once(here: Beside) -> None:
    await here.sandbox.client.uninstall()

    await becomes(here, "503 not ready: posting")
    assert "error=app_uninstalled" in here.bot.said


async def test_that_the_database_is_locked_or_gone_is_said_and_passes(here: Beside) -> None:
    path = here.bot.folder / "hta.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE").close()
        assert await ready(here) == "503 not ready: database (locked)"
        other.execute("ROLLBACK").close()
    await becomes(here, "200 ready")

    path.rename(path.with_suffix(".away"))
    assert await ready(here) == "503 not ready: database (gone)"
    path.with_suffix(".away").rename(path)
    await becomes(here, "200 ready")


async def test_in_socket_mode_it_is_not_ready_without_its_socket(tmp_path: Path) -> None:
    async with beside(tmp_path, socket_mode=True) as here:
        here.expected |= {"ERROR"}
        await becomes(here, "200 ready")
        here.sandbox.faults.plan(CONNECT, SlackError("internal_error"), seconds=60)

        await here.sandbox.disconnect()

        await becomes(here, "503 not ready: socket")
        here.sandbox.faults.clear()


@pytest.mark.parametrize("header", ["1800", "Fri, 01 Jan 2100 00:00:00 GMT", "1e12", "soon"])
async def test_a_long_retry_after_freezes_nobodys_screen(here: Beside, header: str) -> None:
    await here.start_round()
    nurse = here.person(STAFF[0])
    await here.begin(nurse)
    here.sandbox.faults.plan(RESPONSE_URL, OddAnswer(429, headers={"Retry-After": header}))

    await here.answer(nurse, "0")

    assert item_shown(nurse) == 2, "it is edited by chat.update, or by the next try"


async def test_user_groups_that_come_late_keep_no_form_waiting(here: Beside) -> None:
    here.sandbox.faults.plan("usergroups.list", slow=20, times=9)

    await here.sandbox.reacted(await here.coordinator.command("/hta-round"))

    assert here.coordinator.modal is not None
    assert here.sandbox.refusals == []


async def test_who_gets_no_window_is_told(here: Beside) -> None:
    here.sandbox.faults.plan("views.open", SlackError("expired_trigger_id"))

    said = await here.command(here.coordinator, "/hta-round")

    assert "Slack didn't open the window in time" in said.text


async def test_it_ends_in_time_whatever_hangs(here: Beside) -> None:
    await here.review_round()
    assert (await here.coordinator.submit()).error is None
    await here.sandbox.until(lambda: here.person(STAFF[0]).dm)
    for what in ("*", RESPONSE_URL):
        here.sandbox.faults.plan(what, slow=99, times=999)
    assert (await here.person(STAFF[0]).press("Not now")).error is None
    began = time.monotonic()

    assert await here.bot.stop() == 0

    assert time.monotonic() - began < ENDS_WITHIN
    await here.bot.start()


async def test_everything_goes_by_the_proxy_that_is_set(tmp_path: Path) -> None:
    """Slack's own host is a name that only the proxy knows."""
    async with beside(tmp_path, starts=False) as here, forward_proxy(here) as (proxy, seen):
        settings = dict(here.bot.settings) | {
            "slack_api_url": "http://slack.example.org/api/",
            "http_proxy": proxy,
            "no_proxy": "localhost",
        }
        here.bot.settings = settings
        here.sandbox.client.address = "http://slack.example.org"
        await here.bot.start()

        await here.start_round()
        nurse = here.person(STAFF[0])
        await here.begin(nurse)
        await here.answer(nurse, "01")

        assert item_shown(nurse) == 3
        assert {"/api/auth.test", "/api/chat.postMessage"} <= seen
        assert any(path.startswith("/response/") for path in seen)
        assert here.sandbox.channel(ALL_STAFF) == []


class forward_proxy:
    """A proxy that brings what is asked of slack.example.org to the workspace, and remembers the paths."""

    def __init__(self, here: Beside) -> None:
        self._here, self.seen = here, set[str]()

    async def __aenter__(self) -> tuple[str, set[str]]:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{rest:.*}", self._forward)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._session = aiohttp.ClientSession()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}", self.seen

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def _forward(self, request: web.Request) -> web.Response:
        self.seen.add(request.rel_url.path)
        address = f"{self._here.sandbox.address}{request.rel_url.path_qs}"
        kept = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        asked = self._session.request(request.method, address, data=await request.read(), headers=kept)
        async with asked as answer:
            told = {name: answer.headers[name] for name in ("Content-Type", "X-OAuth-Scopes") if name in answer.headers}
            return web.Response(status=answer.status, body=await answer.read(), headers=told)
