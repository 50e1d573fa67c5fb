"""A machine whose clock is wrong: by an hour, by a week, for a while. Nothing stops, and nothing closes before its time.

The process is a real one, and libfaketime lies to it about the time; without that library these tests are skipped, and say so.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot_process import ALL_STAFF, EVERYONE, Beside, beside, item_shown
from conversation import STAFF, invitations
from sandbox.people import hospital

pytestmark = pytest.mark.slow

PLACES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")
LIBRARY = "libfaketimeMT.so.1"
HOUR, WEEK = 3600, 7 * 86_400
LATER = STAFF[-1]
"""Who is in no channel, and is asked by name."""
SOON = 60.0
"""Seconds within which everything goes on."""


@dataclass(frozen=True)
class Lie:
    """By how many seconds the process's clock is ahead."""

    file: Path

    def tell(self, seconds: int) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.replace(self.file)


@pytest.fixture(scope="session")
def library() -> str:
    found = next((path for place in PLACES for path in Path(place).rglob(LIBRARY)), None)
    if found is None:
        reason = f"{LIBRARY} is not installed (Debian's package faketime); install it to run this test"
        if os.environ.get("HTA_REQUIRE_FAKETIME") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return str(found)


@pytest.fixture
def lie(tmp_path: Path) -> Lie:
    told = Lie(tmp_path / "lie")
    told.tell(0)
    return told


@pytest.fixture
async def here(tmp_path: Path, library: str, lie: Lie) -> AsyncIterator[Beside]:
    preload = {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(lie.file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        # Its fix for pthread_cond_timedwait keeps Python's threads from taking turns, most of all on one core.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }
    cast = hospital()
    cast.channels[0].members.remove(LATER)
    async with beside(tmp_path, starts=False, preload=preload, cast=cast) as made:
        made.expected |= {"ERROR"}
        yield made


async def test_an_hour_ahead_at_the_start_and_then_put_right_nothing_waits_for_the_hour(here: Beside, lie: Lie) -> None:
    lie.tell(HOUR)
    await here.bot.start()

    others = [one for one in EVERYONE if one not in (STAFF[0], LATER)]
    await here.start_round(expect=[STAFF[0], *others])
    nurse = here.person(STAFF[0])
    await here.begin(nurse)
    await here.answer(nurse, "01")
    lie.tell(0)
    await here.answer(nurse, "23")
    assert item_shown(nurse) == 5
    status = await here.command(here.coordinator, "/hta-round")
    await here.press(here.coordinator, "Invite more", status)
    assert (await here.coordinator.submit({"People": [LATER]})).error is None
    await here.sandbox.until(lambda: here.person(LATER).dm, SOON)

    assert [invitations(here.person(one)) for one in [LATER, *others]] == [1] * (len(EVERYONE) - 1)
    assert "the machine's clock is wrong; the bot goes by Slack's" in here.bot.said


async def test_a_message_that_a_killed_process_had_claimed_an_hour_ahead_goes_out_at_once(
    here: Beside, lie: Lie
) -> None:
    lie.tell(HOUR)
    await here.bot.start()
    await here.review_round()
    here.sandbox.faults.plan("chat.postMessage", slow=20, times=99)
    assert (await here.coordinator.submit()).error is None
    await here.sandbox.until(lambda: here.sandbox.faults.applied_so_far)
    await here.bot.kill()
    here.sandbox.faults.clear()
    lie.tell(0)

    await here.bot.start()

    await here.sandbox.until(lambda: all(here.person(one).dm for one in EVERYONE if one != LATER), SOON)


async def test_a_week_ahead_for_a_while_closes_nothing_and_nothing_stops(here: Beside, lie: Lie) -> None:
    await here.bot.start()
    await here.start_round(expect=EVERYONE[:-1])
    nurse = here.person(STAFF[0])
    await here.begin(nurse)
    lie.tell(3 * WEEK)

    await here.answer(nurse, "01")
    status = await here.command(here.coordinator, "/hta-round")
    await here.press(here.coordinator, "Nudge this group", status)  # has the bot look at once for what is due
    await here.sandbox.settled()
    lie.tell(0)
    await here.answer(nurse, "23")

    assert item_shown(nurse) == 5
    assert "A self-assessment is open" in (await here.command(here.coordinator, "/hta-round")).text
    assert here.sandbox.channel(ALL_STAFF) == []
    assert "the machine's clock" in here.bot.said
    assert "a self-assessment closed" not in here.bot.said


async def test_with_a_clock_that_is_weeks_ahead_from_the_start_nothing_closes_either(here: Beside, lie: Lie) -> None:
    await here.bot.start()
    await here.start_round(expect=EVERYONE[:-1])
    await here.bot.kill()
    lie.tell(9 * WEEK)

    await here.bot.start()
    await here.sandbox.settled()
    nurse = here.person(STAFF[0])
    await here.begin(nurse)
    await here.answer(nurse, "0")

    assert item_shown(nurse) == 2
    assert "a self-assessment closed" not in here.bot.said


async def test_close_now_closes_with_a_clock_that_is_an_hour_ahead(here: Beside, lie: Lie) -> None:
    lie.tell(HOUR)
    await here.bot.start()
    await here.start_round(expect=EVERYONE[:-1])

    posted = await here.close_now()

    assert "Fewer than 5 people finished" in posted.text
