"""The database's server says nothing for a while: whoever presses is told in time, nothing is lost, and it goes on by itself."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.delivery import LEASE
from bot_process import EVERYONE, Beside, becomes, beside, item_shown, ready
from conversation import STAFF, invitations
from silent_proxy import SilentProxy, silent_proxy

pytestmark = pytest.mark.slow

IN_TIME = 5.0
ENDS_WITHIN = 30.0


@pytest.fixture
async def proxy(new_postgresql_url: str) -> AsyncIterator[tuple[SilentProxy, str]]:
    async with silent_proxy(new_postgresql_url) as made:
        yield made


@pytest.fixture
async def here(tmp_path: Path, proxy: tuple[SilentProxy, str]) -> AsyncIterator[Beside]:
    async with beside(tmp_path, database_url=proxy[1], hta_key_dir=tmp_path / "keys") as made:
        made.expected |= {"ERROR", "dispatch_failed"}
        yield made


async def test_a_press_is_told_in_time_and_afterwards_it_counts(
    here: Beside, proxy: tuple[SilentProxy, str], new_postgresql_url: str
) -> None:
    silence, _ = proxy
    await here.start_round(STAFF[:1])
    nurse = here.person(STAFF[0])
    await here.begin(nurse)

    item = nurse.dm[-1]

    silence.silent()
    began = time.monotonic()
    await nurse.press("Often")
    await here.sandbox.until(lambda: "Nothing was saved. Please press again." in nurse.dm[-1].text)
    assert time.monotonic() - began < IN_TIME
    assert await ready(here) == "503 not ready: database (silent)"

    silence.pass_on()
    await becomes(here, "200 ready")
    await nurse.press("Often", item)
    await here.sandbox.until(lambda: any(item_shown(nurse, one) == 2 for one in nurse.dm))
    with psycopg.connect(new_postgresql_url) as connection:
        assert connection.execute("SELECT count(*) FROM response").fetchone() == (1,)


async def test_everyone_is_invited_once_though_nobody_knows_what_was_stored(
    here: Beside, proxy: tuple[SilentProxy, str]
) -> None:
    silence, _ = proxy
    await here.review_round()
    silence.silent_at(b"SET posted_at=")
    assert (await here.coordinator.submit()).error is None
    await silence.is_silent()
    assert await ready(here) == "503 not ready: database (silent)"

    silence.pass_on()

    await here.sandbox.until(lambda: all(invitations(here.person(one)) for one in EVERYONE), 60)
    await here.sandbox.settled()
    assert [invitations(here.person(one)) for one in EVERYONE] == [1] * len(EVERYONE)


async def test_where_the_server_goes_away_after_a_message_it_is_not_repeated_and_the_others_follow_soon(
    here: Beside, proxy: tuple[SilentProxy, str]
) -> None:
    silence, address = proxy
    await here.review_round()
    silence.silent_at(b"SET posted_at=")
    assert (await here.coordinator.submit()).error is None
    await silence.is_silent()

    await silence.stop()
    assert await ready(here) == "503 not ready: database (unreachable)"
    await silence.listen(make_url(address).port or 0)

    await here.sandbox.until(lambda: all(invitations(here.person(one)) for one in EVERYONE), LEASE.total_seconds() / 2)
    await here.sandbox.settled()
    assert [invitations(here.person(one)) for one in EVERYONE] == [1] * len(EVERYONE)


async def test_it_ends_when_it_is_told_to_though_the_database_hangs(
    here: Beside, proxy: tuple[SilentProxy, str]
) -> None:
    silence, _ = proxy
    await here.start_round(STAFF[:1])
    silence.silent()
    await here.person(STAFF[0]).command("/hta")

    began = time.monotonic()
    assert await here.bot.stop() is not None
    assert time.monotonic() - began < ENDS_WITHIN
