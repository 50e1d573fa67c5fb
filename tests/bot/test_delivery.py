"""What is owed goes out whatever Slack does, and keeps nothing else waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, make_url

from bot.blocks import Message, paragraph
from bot.clock import Clock
from bot.config import Settings
from bot.context import Context
from bot.delivery import LEASE, STUCK, UNFIT, UNREACHED, UNREAD, Delivery, Letter
from bot.insiders import Insiders
from bot.rounds.audience import Audience, Directory
from bot.slack import Slack
from bot.tasks import Tasks
from bot.unstored import MOST_TRIES
from conversation import COORDINATOR, STAFF, World, invitations, world
from places import ROOT
from sandbox.driver import Actor, Sandbox
from sandbox.faults import Fault, SlackError
from sandbox.manifest import read as read_manifest
from sandbox.people import crowd, hospital
from silent_proxy import silent_proxy
from storage import postings
from storage.database import Database, DatabaseSilent
from storage.keys import Keyring
from storage.postings import NewPosting, Posting
from storage.rounds import Source, SourceKind

EVERYONE = [COORDINATOR, *STAFF]
OVER_A_MINUTE = 61.0
AN_HOUR_OF_TRIES = 130
"""Each minute the message and the coordinator's on progress are tried."""
LOST = 3
"""More than one, since the coordinator's message on progress may lose an answer, too."""
OUTAGE = 5
"""How often Slack can't be reached."""
A_MOMENT = 1.0
COMMITTED = b"C\0\0\0\x0bCOMMIT\0"
"""What a PostgreSQL server says after a commit: https://www.postgresql.org/docs/current/protocol-message-formats.html."""
SHORT = 0.05
ENDLESS = "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number) SELECT count(*) FROM number"
"""A query that a database does not answer."""
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
    began = here.bot.context.now()
    await here.start_round(expect=[])

    await everyone_is_asked_as_minutes_pass(here)

    assert here.bot.context.now() - began > timedelta(hours=1)
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
        directory = Directory(here.bot.context.slack, here.bot.context.insiders)
        everyone = (Source(SourceKind.CHANNEL, cast.channels[0].id),)

        reading = asyncio.create_task(directory.audience(everyone, here.bot.context.now()))
        while not reading.done():
            here.sandbox.clock.advance(A_MOMENT)
            here.move_clock(A_MOMENT)
            await asyncio.wait([reading], timeout=0.01)

        found = await reading
        assert isinstance(found, Audience)
        assert len(found.people) == len(cast.people) - 1
        assert here.sandbox.limits.refused == 0


@dataclass
class Desk:
    """What a delivery needs and no more: a database, a workspace, and a clock that is moved."""

    context: Context
    sandbox: Sandbox
    clock_file: Path

    def move_clock(self, by: timedelta) -> None:
        self.clock_file.write_text(str(float(self.clock_file.read_text()) + by.total_seconds()))

    async def owe(self, *people: str) -> None:
        """A letter to each, due in this order."""
        due_at = self.context.now() - timedelta(minutes=1)
        owed = [NewPosting("letter", "T1", None, one, due_at + timedelta(seconds=n)) for n, one in enumerate(people)]
        await self.context.database.write(lambda connection: postings.owe(connection, owed))

    def came(self, *people: str) -> list[int]:
        """How many letters each has."""
        return [len(self.sandbox.person(one).dm) for one in people]


@asynccontextmanager
async def desk_with(tmp_path: Path, database_url: str) -> AsyncIterator[Desk]:
    clock_file = tmp_path / "clock"
    clock_file.write_text("0")
    clock, database = Clock(clock_file), Database(database_url)
    async with Sandbox(hospital(), read_manifest(ROOT / "manifest.yml")) as sandbox, aiohttp.ClientSession() as session:
        settings = Settings(
            _env_file=None, slack_bot_token=SecretStr(sandbox.tokens.bot), slack_app_token=SecretStr("x")
        )  # type: ignore[call-arg]
        slack = Slack(sandbox.tokens.bot, sandbox.api_url, session, clock)
        context = Context(
            settings, clock, database, Keyring(tmp_path / "keys"), slack, Tasks(), Insiders(slack, database)
        )
        await database.open()
        yield Desk(context, sandbox, clock_file)
        await database.close()


@pytest.fixture
async def desk(tmp_path: Path, new_sqlite_url: str) -> AsyncIterator[Desk]:
    async with desk_with(tmp_path, new_sqlite_url) as made:
        yield made


async def a_letter(context: Context, posting: Posting) -> Message:
    return paragraph("Here it is.")


async def test_what_took_too_long_to_write_is_left_to_whoever_has_it_by_then(desk: Desk) -> None:
    async def written(context: Context, posting: Posting) -> Message:
        desk.move_clock(LEASE)
        (of_another,) = await context.database.write(
            partial(postings.claim_due, now=context.now(), lease=LEASE, limit=1)
        )
        assert of_another.id == posting.id
        return paragraph("Here it is.")

    await desk.owe(COORDINATOR)

    sent = await Delivery(desk.context, {"letter": Letter(written)}).deliver_due()

    assert sent == 0
    assert desk.came(COORDINATOR) == [0], "the other process posts it"


async def test_what_could_not_be_marked_as_posted_is_marked_as_soon_as_it_can_and_not_posted_again(
    tmp_path: Path, new_postgresql_url: str
) -> None:
    people = (COORDINATOR, STAFF[0], STAFF[1])
    async with silent_proxy(new_postgresql_url) as (proxy, url), desk_with(tmp_path, url) as desk:

        async def written(context: Context, posting: Posting) -> Message:
            if posting.target == COORDINATOR:
                await proxy.stop()
            return paragraph("Here it is.")

        delivery = Delivery(desk.context, {"letter": Letter(written)})
        await desk.owe(*people)

        assert [await delivery.deliver_due(), await delivery.deliver_due()] == [1, 0]
        assert desk.came(*people) == [1, 0, 0], "no other sets out that might come twice"
        assert not delivery.has_stored_all
        await proxy.listen(make_url(url).port or 0)
        assert await delivery.deliver_due() == 2, "the others don't wait until the lease is over"
        desk.move_clock(2 * LEASE)
        assert await delivery.deliver_due() == 0

        assert desk.came(*people) == [1, 1, 1]


async def test_what_was_claimed_without_our_knowing_is_due_again_at_once(
    tmp_path: Path, new_postgresql_url: str
) -> None:
    async with silent_proxy(new_postgresql_url) as (proxy, url), desk_with(tmp_path, url) as desk:
        delivery = Delivery(desk.context, {"letter": Letter(a_letter)})
        await desk.owe(COORDINATOR)

        proxy.silent_at(COMMITTED)
        delivering = asyncio.ensure_future(delivery.deliver_due())
        await proxy.is_silent()
        await proxy.stop()
        with pytest.raises(DatabaseSilent):
            await delivering
        await proxy.listen(make_url(url).port or 0)

        assert await delivery.deliver_due() == 1


async def test_a_mark_with_a_bug_keeps_nobody_waiting_and_repeats_no_message(desk: Desk) -> None:
    marked = list[str]()

    def mark(connection: Connection, context: Context, posting: Posting, now: datetime) -> None:
        if posting.target == COORDINATOR and not marked:
            marked.append("not yet")
            raise LookupError("a bug")
        marked.append(posting.target)
        postings.mark_posted(connection, posting.id, now)

    delivery = Delivery(desk.context, {"letter": Letter(a_letter, mark=mark)})
    await desk.owe(COORDINATOR, STAFF[0])

    assert await delivery.deliver_due() == 2
    for _ in range(2):
        desk.move_clock(STUCK)
        assert await delivery.deliver_due() == 0

    assert desk.came(COORDINATOR, STAFF[0]) == [1, 1]
    assert marked == ["not yet", STAFF[0], COORDINATOR]


async def test_a_database_that_takes_all_but_one_mark_keeps_nobody_waiting_either(desk: Desk) -> None:
    def mark(connection: Connection, context: Context, posting: Posting, now: datetime) -> None:
        if posting.target == COORDINATOR:
            connection.exec_driver_sql("SELECT no_such_function()").close()
        postings.mark_posted(connection, posting.id, now)

    delivery = Delivery(desk.context, {"letter": Letter(a_letter, mark=mark)})
    await desk.owe(COORDINATOR, STAFF[0])

    sent = [await delivery.deliver_due() for _ in range(MOST_TRIES + 1)]

    assert sum(sent) == 2
    desk.move_clock(STUCK)
    assert await delivery.deliver_due() == 0
    assert desk.came(COORDINATOR, STAFF[0]) == [1, 1]


async def test_what_cant_be_written_while_the_database_is_silent_is_tried_again_in_seconds(desk: Desk) -> None:
    tries = list[str]()

    async def first_in_vain(context: Context, posting: Posting) -> Message:
        tries.append(posting.target)
        if len(tries) == 1:
            await context.database.read(lambda connection: connection.exec_driver_sql(ENDLESS).close(), patience=SHORT)
        return paragraph("Here it is.")

    delivery = Delivery(desk.context, {"letter": Letter(first_in_vain)})
    await desk.owe(COORDINATOR, STAFF[0])

    assert await delivery.deliver_due() == 1
    desk.move_clock(UNREAD)
    assert await delivery.deliver_due() == 1

    assert tries == [COORDINATOR, STAFF[0], COORDINATOR]


async def test_what_slack_refuses_for_what_is_in_it_waits_longer_each_time(desk: Desk) -> None:
    delivery = Delivery(desk.context, {"letter": Letter(a_letter)})
    await desk.owe(COORDINATOR)
    desk.sandbox.faults.plan("chat.postMessage", SlackError("msg_too_long"), times=3)

    waits = list[timedelta]()
    for _ in range(3):
        await delivery.deliver_due()
        due_again = await desk.context.database.read(postings.next_due_at)
        assert due_again is not None
        waits.append(due_again - desk.context.now())
        desk.move_clock(waits[-1])

    assert [round(one / UNFIT) for one in waits] == [1, 4, 16]


async def test_an_outage_does_not_make_a_message_wait_longer_that_slack_then_refuses_once(desk: Desk) -> None:
    delivery = Delivery(desk.context, {"letter": Letter(a_letter)})
    await desk.owe(COORDINATOR)
    desk.sandbox.faults.plan("chat.postMessage", 500, times=OUTAGE)
    desk.sandbox.faults.plan("chat.postMessage", SlackError("a_word_that_nobody_knows"))

    for _ in range(OUTAGE + 1):
        assert await delivery.deliver_due() == 0
        desk.move_clock(UNREACHED)

    assert await delivery.deliver_due() == 1


async def test_what_cant_be_written_for_a_bug_waits_for_longer_and_stops_nobody(desk: Desk) -> None:
    async def none_for_coordinators(context: Context, posting: Posting) -> Message:
        return paragraph({STAFF[0]: "Here it is."}[posting.target])

    delivery = Delivery(desk.context, {"letter": Letter(none_for_coordinators)})
    await desk.owe(COORDINATOR, STAFF[0])

    assert await delivery.deliver_due() == 1

    (waiting,) = await desk.context.database.read(partial(postings.owed_of_no_round, team_id="T1", kinds=["letter"]))
    due_again = await desk.context.database.read(postings.next_due_at)
    assert waiting.target == COORDINATOR
    assert due_again is not None
    assert due_again > desk.context.now() + UNREAD * 12
