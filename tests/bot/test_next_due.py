"""When the bot next has something to do, as a pure question of what is stored; and the file in which it says so."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.next_due import LONG_AGO, next_due_at
from bot.next_due_file import NextDueFile
from bot.rounds import following, service
from conversation import World, world
from instrument.participation import Exact, picture
from sealed import CIPHER
from storage import participation, postings, progress, rounds, terms
from storage.database import Database
from storage.participation import Drawn
from storage.postings import NewPosting
from storage.progress import Progress
from storage.rounds import Round
from storage.terms import Terms

ZONE = ZoneInfo("America/New_York")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
"""A Monday, 10:00 at the organization; the round of the tests opened at this moment."""
SIX_TOMORROW = datetime(2027, 3, 2, 11, tzinfo=UTC)
NEVER = NOW + 400 * DAY
NUDGE = NewPosting("nudge", "T1", None, "U1", NEVER)


async def due(database: Database, now: datetime = NOW) -> datetime | None:
    return await database.read(partial(next_due_at, now=now, zone=ZONE, off=frozenset()))


async def write(database: Database, *changes: Callable[[Connection], object]) -> None:
    for change in changes:
        await database.write(change)


def draw(round_: Round, at: datetime) -> Callable[[Connection], None]:
    drawn = Drawn(picture(Exact(0, 0, 0, 0), 5, at.date()), at)
    return partial(participation.save, round_id=round_.id, drawn=drawn)


async def at_rest(database: Database, open_round: Round) -> None:
    """An open round at which nothing is to be done today: its audience is asked, and the day's picture drawn."""
    await write(
        database,
        partial(rounds.mark_gathered, round_id=open_round.id, now=NOW),
        draw(open_round, NOW),
    )


async def test_nothing_is_due_where_there_is_nothing(database: Database) -> None:
    assert await due(database) is None


async def test_a_message_is_due_when_it_can_be_claimed(database: Database) -> None:
    await write(database, partial(postings.owe, postings=[NUDGE, replace(NUDGE, due_at=NOW + HOUR)]))
    assert await due(database) == NOW + HOUR

    (claimed,) = await database.write(partial(postings.claim_due, now=NOW + HOUR, lease=HOUR, limit=9))
    await write(database, partial(postings.put_off, posting_id=claimed.id, until=NOW + DAY))
    assert await due(database) == NOW + DAY

    await write(database, partial(postings.mark_posted, posting_id=claimed.id, now=NOW + DAY))
    assert await due(database) == NEVER


async def test_the_picture_of_participation_is_due_at_six_in_the_morning(database: Database, open_round: Round) -> None:
    await at_rest(database, open_round)

    assert await due(database) == SIX_TOMORROW
    assert await due(database, NOW - 5 * HOUR) == SIX_TOMORROW, "it was drawn today, whatever the hour"
    assert await due(database, SIX_TOMORROW + HOUR) == SIX_TOMORROW, "it is still to be drawn"
    await write(database, draw(open_round, SIX_TOMORROW + HOUR))
    assert await due(database, SIX_TOMORROW + HOUR) == SIX_TOMORROW + DAY


async def test_the_first_picture_is_due_the_same_day(database: Database, open_round: Round) -> None:
    await write(database, partial(rounds.mark_gathered, round_id=open_round.id, now=NOW))

    assert await due(database, NOW - 6 * HOUR) == SIX_TOMORROW - DAY


async def test_a_round_closes_on_its_day_or_sooner_where_that_was_pressed(
    database: Database, open_round: Round
) -> None:
    last_morning = open_round.closes_at - HOUR
    await at_rest(database, open_round)
    await write(database, draw(open_round, last_morning))
    assert await due(database, last_morning) == open_round.closes_at

    await write(database, partial(rounds.close_now, round_id=open_round.id, at=NOW + HOUR))
    assert await due(database) == NOW + HOUR


async def test_an_audience_is_asked_when_its_round_starts(database: Database, open_round: Round) -> None:
    await write(database, draw(open_round, NOW))
    assert await due(database, NOW + HOUR) == open_round.opened_at, "it is still to be asked"

    starts_at = NOW + 2 * HOUR
    await write(database, partial(terms.save, round_id=open_round.id, terms=Terms(starts_at=starts_at)))
    assert await due(database) == starts_at


async def test_the_message_on_invitations_is_edited_until_all_are_out(database: Database, open_round: Round) -> None:
    await at_rest(database, open_round)
    shown = Progress("D1", "1.0", NOW, NOW, is_done=False)
    await write(database, partial(progress.save, round_id=open_round.id, progress=shown))
    assert await due(database) == NOW + timedelta(seconds=10)

    await write(database, partial(progress.save, round_id=open_round.id, progress=replace(shown, is_done=True)))
    assert await due(database) == SIX_TOMORROW


async def test_what_a_closing_left_to_scrub_is_due_already(database: Database, open_round: Round) -> None:
    await write(database, partial(rounds.mark_closed, round_id=open_round.id, now=NOW))
    assert await due(database) == LONG_AGO

    await write(database, partial(rounds.mark_scrubbed, key_names=[open_round.key_name]))
    assert await due(database) is None


async def test_results_that_wait_for_a_look_share_themselves(database: Database, open_round: Round) -> None:
    def closed(connection: Connection) -> None:
        terms.save(connection, open_round.id, Terms(after_look=True))
        rounds.mark_closed(connection, open_round.id, NOW)
        rounds.mark_scrubbed(connection, [open_round.key_name])

    await write(database, partial(closed))
    assert await due(database) == service.share_by(NOW, ZONE, frozenset())

    await write(database, partial(terms.mark_shared, round_id=open_round.id, now=NOW))
    assert await due(database) is None


async def test_the_hour_of_the_picture_is_the_one_at_which_it_is_drawn(database: Database, open_round: Round) -> None:
    await at_rest(database, open_round)
    for at in (SIX_TOMORROW - timedelta(seconds=1), SIX_TOMORROW):
        await write(database, partial(following.draw, cipher=CIPHER, round_id=open_round.id, zone=ZONE, now=at))

    stored = await database.read(partial(participation.of, round_id=open_round.id))

    assert stored is not None
    assert stored.drawn_at == SIX_TOMORROW


def test_the_file_says_the_instant_or_nothing(tmp_path: Path) -> None:
    file, said = NextDueFile(tmp_path / "clock"), tmp_path / "clock.next"

    file.write(NOW)
    assert said.read_text() == "2027-03-01T15:00:00+00:00"
    file.write(None)
    assert said.read_text() == ""
    assert list(tmp_path.iterdir()) == [said], "no half-written file stays"
    file.remove()
    file.remove()
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_written_only_where_it_changes(tmp_path: Path) -> None:
    file, said = NextDueFile(tmp_path / "clock"), tmp_path / "clock.next"
    file.write(NOW)
    before = said.stat().st_ino

    file.write(NOW)

    assert said.stat().st_ino == before


async def test_a_bot_whose_clock_can_be_moved_says_beside_it_what_comes_next(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.start_round()
        async with asyncio.timeout(10):
            while not says_what_is_to_come(here):  # noqa: ASYNC110, since nothing tells of a file that changes
                await asyncio.sleep(0.01)
    assert not (tmp_path / "clock.next").exists(), "a bot that has stopped has nothing to do"


def says_what_is_to_come(here: World) -> bool:
    text = here.clock_file.with_name("clock.next").read_text()
    return bool(text) and datetime.fromisoformat(text) > here.bot.context.now()
