"""A day on which the key of an open self-assessment is not there: the rest goes on, and a command gives it up."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot_process import EVERYONE, Beside, beside, ended
from conversation import STAFF, invitations

pytestmark = pytest.mark.slow

KEYS = "keys"
SOON = 60.0
"""Seconds in which everybody is invited: much less than a message waits that is put off."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Beside]:
    async with beside(tmp_path, hta_key_dir=tmp_path / KEYS) as made:
        made.expected |= {"ERROR"}
        await made.start_round()
        for one in STAFF[:2]:
            await made.begin(made.person(one))
            await made.answer(made.person(one), "3")
        yield made


def the_key(here: Beside) -> Path:
    (path,) = (here.bot.folder / KEYS).iterdir()
    return path


async def restarted(here: Beside) -> None:
    await here.bot.kill()
    await here.bot.start()


@pytest.mark.parametrize("left", [None, b"", b"thirty-two bytes, of another key"], ids=["gone", "empty", "another"])
async def test_the_rest_of_the_bot_runs_and_nobody_is_taken_for_a_stranger(here: Beside, left: bytes | None) -> None:
    key, right = the_key(here), the_key(here).read_bytes()
    key.unlink()
    if left is not None:
        key.write_bytes(left)
    await restarted(here)
    nurse = here.person(STAFF[0])

    assert await here.bot.page("/healthz") == 200
    assert await here.bot.page("/readyz") == 503
    assert "hta-bot abandon" in here.bot.said
    await here.press(nurse, "Always")
    assert "HTA Bot can't find your answers right now" in nurse.dm[-1].text
    assert [invitations(here.person(one)) for one in EVERYONE[3:]] == [1] * len(EVERYONE[3:]), "nobody is asked again"
    status = await here.command(here.coordinator, "/hta-round")
    assert "a key on HTA Bot's server is lost" in status.text
    assert "Goals follow from results" in (await here.command(here.coordinator, "/hta-goals")).text

    key.write_bytes(right)
    await here.press(nurse, "Always", nurse.dm[-2])
    assert "Item 3 of 62" in nurse.dm[-2].text, "with the key everything is as it was"
    await here.bot.until("/readyz", 200)


async def test_invitations_wait_for_the_key_and_go_out_as_soon_as_it_is_back(tmp_path: Path) -> None:
    keys, away = tmp_path / KEYS, tmp_path / "away"
    async with beside(tmp_path, hta_key_dir=keys) as here:
        here.expected |= {"ERROR"}
        await here.review_round()
        here.sandbox.faults.plan("chat.postMessage", slow=20, times=99)
        assert (await here.coordinator.submit()).error is None
        await here.sandbox.until(lambda: here.sandbox.faults.applied_so_far)
        await here.bot.kill()
        here.sandbox.faults.clear()
        keys.rename(away)
        await here.bot.start()
        await here.sandbox.until(lambda: put_off(here))

        away.rename(keys)

        await here.sandbox.until(lambda: all(invitations(here.person(one)) for one in EVERYONE), SOON)
        assert "what waited for a key goes on" in here.bot.said


def put_off(here: Beside) -> bool:
    """Whether nobody's invitation is owed but those that wait."""
    with closing(sqlite3.connect(here.bot.folder / "hta.db")) as database:
        owed = "SELECT count(waits_until), count(*) FROM posting WHERE kind = 'invitation' AND posted_at IS NULL"
        waiting, all_owed = database.execute(owed).fetchone()
    return bool(waiting == all_owed > 0)


async def test_it_does_not_close_while_its_key_is_lost(here: Beside) -> None:
    the_key(here).unlink()
    await restarted(here)

    await here.press_close_now()
    await here.sandbox.settled()
    await here.bot.until("/readyz", 503)

    assert "can't close: its key is lost" in here.bot.said
    assert here.sandbox.channel("C03RESULTS") == []


async def test_an_operator_gives_it_up_and_everyone_is_told(here: Beside) -> None:
    the_key(here).unlink()
    await here.bot.stop()

    done = await ended(here.bot.folder, "abandon --round 1", here.bot.settings)
    assert (done.status, done.err) == (0, "")
    assert "closed without results" in done.out
    await here.bot.start()

    await here.sandbox.until(
        lambda: all("was closed without results" in here.person(one).dm[-1].text for one in EVERYONE)
    )
    status = await here.bot.page("/readyz")
    assert status == 200
    await here.review_round()


async def test_one_whose_key_is_there_is_not_given_up_nor_one_that_is_none(here: Beside) -> None:
    await here.bot.stop()

    right, none = [await ended(here.bot.folder, f"abandon --round {number}", here.bot.settings) for number in (1, 2)]

    assert (right.status, right.out) == (2, "")
    assert "is there and right" in right.err
    assert "No self-assessment with the number 2 is open. Open ones: 1." in none.err
    await here.bot.start()


async def test_while_the_bot_runs_the_command_says_to_stop_it_first(here: Beside) -> None:
    done = await ended(here.bot.folder, "abandon --round 1", here.bot.settings)

    assert done.status == 2
    assert "stop that one" in done.err
