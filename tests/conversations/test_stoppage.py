"""A day when Slack refuses whatever is posted: nothing is lost, it is said, and afterwards everything goes its way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.postings import Kind
from conversation import COORDINATOR, STAFF, World, invitations, world
from sandbox.faults import SlackError
from storage import postings
from storage.postings import Sent

EVERYONE = [COORDINATOR, *STAFF]
POST = "chat.postMessage"
A_MINUTE = 61.0


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def invited(here: World) -> list[int]:
    return [invitations(here.person(one)) for one in EVERYONE]


async def everyone_is_invited(here: World) -> None:
    while not all(invited(here)):
        await here.sandbox.settled()
        here.move_clock(A_MINUTE)
    await here.sandbox.settled()


async def sent(here: World, *kinds: Kind) -> tuple[Sent, ...]:
    found: tuple[Sent, ...] = await here.bot.context.database.read(lambda c: postings.of_round(c, 1, kinds))
    return found


@pytest.mark.parametrize(
    "word", ["token_revoked", "invalid_auth", "missing_scope", "account_inactive", "ekm_access_denied"]
)
async def test_a_word_about_us_stops_the_invitations_and_loses_none(here: World, word: str) -> None:
    here.sandbox.faults.plan(POST, SlackError(word), times=40)
    await here.start_round(expect=[])

    await everyone_is_invited(here)

    assert invited(here) == [1] * len(EVERYONE)
    assert {one.failure for one in await sent(here, Kind.INVITATION)} == {None}


@pytest.mark.parametrize("word", ["rate_limited", "message_limit_exceeded", "fatal_error", "a_word_that_nobody_knows"])
async def test_neither_does_a_word_that_passes_nor_one_that_nobody_knows(here: World, word: str) -> None:
    here.sandbox.faults.plan(POST, SlackError(word), times=40)
    await here.start_round(expect=[])

    await everyone_is_invited(here)

    assert invited(here) == [1] * len(EVERYONE)


async def test_reminders_follow_for_everyone_who_was_invited_late(here: World) -> None:
    here.sandbox.faults.plan(POST, SlackError("token_revoked"), times=10)
    await here.start_round(expect=[])

    await everyone_is_invited(here)

    owed = [one.target for one in await sent(here, Kind.REMINDER) if one.is_owed]
    assert sorted(owed) == sorted(EVERYONE)


async def test_coordinators_see_that_posting_has_stopped_and_since_when_and_hear_when_it_goes_on(here: World) -> None:
    here.sandbox.faults.plan(POST, SlackError("token_revoked"), seconds=60)
    await here.start_round(expect=[])
    await here.sandbox.until(lambda: here.sandbox.faults.applied_so_far)
    await here.sandbox.settled()

    status = await here.command(here.coordinator, "/hta-round")
    await here.coordinator.open_home()
    await here.sandbox.until(lambda: here.coordinator.home)

    assert "HTA Bot can't post right now" in status.text
    assert "(token_revoked)" in status.text
    assert "HTA Bot can't post right now" in str(here.coordinator.home)
    here.sandbox.faults.clear()
    await everyone_is_invited(here)
    assert any("HTA Bot can post again" in one.text for one in here.coordinator.dm)
    assert "can't post" not in (await here.command(here.coordinator, "/hta-round")).text


async def test_nobody_but_coordinators_reads_of_it(here: World) -> None:
    here.sandbox.faults.plan(POST, SlackError("token_revoked"), seconds=60)
    await here.start_round(expect=[])
    await here.sandbox.until(lambda: here.sandbox.faults.applied_so_far)
    nurse = here.person(STAFF[0])

    await nurse.open_home()
    await here.sandbox.until(lambda: nurse.home)

    assert "token_revoked" not in str(nurse.home)


async def test_who_could_not_be_reached_is_invited_by_try_again(here: World) -> None:
    # One of them may be the coordinator's message on progress.
    here.sandbox.faults.plan(POST, SlackError("user_disabled"), times=3)
    await here.start_round(expect=[])
    await here.sandbox.until(lambda: sum(invited(here)) >= len(EVERYONE) - 3)
    await here.sandbox.settled()
    status = await here.command(here.coordinator, "/hta-round")
    assert f"{len(EVERYONE) - sum(invited(here))} people could not be reached" in status.text

    await here.press(here.coordinator, "Try again", status)

    await here.sandbox.until(lambda: invited(here) == [1] * len(EVERYONE))
    assert "could not be reached" not in (await here.command(here.coordinator, "/hta-round")).text


async def test_a_table_that_slack_does_not_take_comes_as_lines(here: World) -> None:
    await here.start_round()
    for one in STAFF[:6]:
        await here.finish(here.person(one), "33")
    here.sandbox.faults.plan(POST, SlackError("invalid_blocks"))

    results = await here.close_now()

    assert not any(block["type"] == "table" for block in results.blocks)
    assert "*2 Risk*: Score" in str(results.blocks)
