"""What is owed goes out whatever Slack does, and keeps nothing else waiting."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.blocks import Message, paragraph
from bot.clock import Clock
from bot.config import Settings
from bot.delivery import LEASE, Delivery, Letter
from bot.insiders import Insiders
from bot.kit import Kit
from bot.rounds.audience import Audience, Directory
from bot.slack import Slack
from bot.tasks import Tasks
from conversation import COORDINATOR, ROOT, STAFF, World, invitations, world
from sandbox.driver import Actor, Sandbox
from sandbox.faults import Fault
from sandbox.manifest import read as read_manifest
from sandbox.people import crowd, hospital
from storage import postings
from storage.database import Database
from storage.keys import Keyring
from storage.postings import NewPosting, Posting
from storage.rounds import Source, SourceKind

EVERYONE = [COORDINATOR, *STAFF]
OVER_A_MINUTE = 61.0
AN_HOUR_OF_TRIES = 130
"""Each minute the message and the coordinator's on progress are tried."""
LOST = 3
"""More than one, since the coordinator's message on progress may lose an answer, too."""
A_MOMENT = 1.0
A_YEAR = 365 * 86_400.0


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def invited(here: World) -> list[int]:
    return [invitations(here.person(one)) for one in EVERYONE]


async def everyone_is_asked_as_minutes_pass(here: World) -> None:
    while not all(invited(here)):
        await here.sandbox.settled()
        here.move_clock(OVER_A_MINUTE)
    await here.sandbox.settled()


async def test_while_slack_is_down_for_an_hour_nothing_is_lost_and_then_everyone_is_asked_once(here: World) -> None:
    here.sandbox.faults.plan("chat.postMessage", 500, times=AN_HOUR_OF_TRIES)
    began = here.bot.kit.now()
    await here.start_round(expect=[])

    await everyone_is_asked_as_minutes_pass(here)

    assert here.bot.kit.now() - began > timedelta(hours=1)
    assert invited(here) == [1] * len(EVERYONE)


async def test_a_lost_answer_repeats_that_one_message_at_most(here: World) -> None:
    here.sandbox.faults.plan("chat.postMessage", Fault.LOST, times=LOST)
    await here.start_round(expect=[])
    await here.sandbox.until(lambda: all(invited(here)))

    here.move_clock(OVER_A_MINUTE)
    await here.sandbox.until(lambda: sum(invited(here)) > len(EVERYONE))
    await here.sandbox.settled()

    assert all(invited(here))
    assert sum(invited(here)) <= len(EVERYONE) + LOST


async def test_a_closing_does_not_wait_for_the_invitations_under_way(tmp_path: Path) -> None:
    cast = crowd(100)
    cast.channels[0].members.append(COORDINATOR)
    async with world(tmp_path, cast=cast) as here:
        people: list[Actor] = [here.person(f"U{number:07d}") for number in range(1, 101)]
        await here.start_round(expect=[people[0].id])

        here.move_clock(A_YEAR)
        await here.sandbox.until(lambda: bool(here.sandbox.channel("C03RESULTS")))

        assert not all(person.dm for person in people)


async def test_a_roster_of_thousands_is_read_without_one_call_too_many(tmp_path: Path) -> None:
    cast = crowd(5_000)
    async with world(tmp_path, cast=cast) as here:
        here.sandbox.limits.are_on = True
        directory = Directory(here.bot.kit.slack, here.bot.kit.insiders)
        everyone = (Source(SourceKind.CHANNEL, cast.channels[0].id),)

        reading = asyncio.create_task(directory.audience(everyone, here.bot.kit.now()))
        while not reading.done():
            here.sandbox.clock.advance(A_MOMENT)
            here.move_clock(A_MOMENT)
            await asyncio.wait([reading], timeout=0.01)

        found = await reading
        assert isinstance(found, Audience)
        assert len(found.people) == len(cast.people) - 1
        assert here.sandbox.limits.refused == 0


async def test_what_took_too_long_to_write_is_left_to_whoever_has_it_by_then(
    tmp_path: Path, new_sqlite_url: str
) -> None:
    clock_file = tmp_path / "clock"
    clock_file.write_text("0")
    clock, database = Clock(clock_file), Database(new_sqlite_url)

    async def written(kit: Kit, posting: Posting) -> Message:
        clock_file.write_text(str(LEASE.total_seconds()))
        (of_another,) = await kit.database.write(partial(postings.claim_due, now=kit.now(), lease=LEASE, limit=1))
        assert of_another.id == posting.id
        return paragraph("Here it is.")

    async with Sandbox(hospital(), read_manifest(ROOT / "manifest.yml")) as sandbox, aiohttp.ClientSession() as session:
        settings = Settings(
            _env_file=None, slack_bot_token=SecretStr(sandbox.tokens.bot), slack_app_token=SecretStr("x")
        )  # type: ignore[call-arg]
        slack = Slack(sandbox.tokens.bot, sandbox.api_url, session, clock)
        kit = Kit(settings, clock, database, Keyring(tmp_path / "keys"), slack, Tasks(), Insiders(slack, database))
        await database.open()
        owed = NewPosting("letter", "T1", None, COORDINATOR, clock.now())
        await database.write(lambda connection: postings.owe(connection, [owed]))

        sent = await Delivery(kit, {"letter": Letter(written)}).deliver_due()
        await database.close()

        assert sent == 0
        assert sandbox.person(COORDINATOR).dm == [], "the other process posts it"
