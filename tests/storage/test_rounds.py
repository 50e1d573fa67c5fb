"""One open round a workspace, and what its closing leaves to do."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, text

from storage import rounds, terms
from storage.database import Database
from storage.rounds import AlreadyOpen, Lock, NewRound, Opened, Round, Source, SourceKind
from storage.terms import Terms

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)
NEW = NewRound(
    team_id="T1",
    instrument_version="2021-09",
    opened_by="U1",
    results_channel="C9",
    minimum=7,
    remind_every_days=3,
    closes_at=NOW + 14 * DAY,
    key_name="name",
    key_half=b"the database's half of the key..",
    sources=(Source(SourceKind.PERSON, "U7"), Source(SourceKind.CHANNEL, "C1"), Source(SourceKind.GROUP, "S1")),
)


async def opened(database: Database, new: NewRound = NEW) -> Round:
    match await database.write(partial(rounds.open_round, new=new, now=NOW)):
        case Opened(round_):
            return round_
        case AlreadyOpen():
            raise AssertionError("another round is open")


async def test_an_opened_round_is_read_as_it_was_written(database: Database) -> None:
    round_ = await opened(database)

    assert round_ == Round(
        id=round_.id,
        team_id="T1",
        instrument_version="2021-09",
        opened_by="U1",
        results_channel="C9",
        minimum=7,
        remind_every_days=3,
        opened_at=NOW,
        closes_at=NOW + 14 * DAY,
        close_now_at=None,
        closed_at=None,
        gathered_at=None,
        key_name="name",
        key_half=NEW.key_half,
    )
    assert await database.read(partial(rounds.by_id, round_id=round_.id)) == round_
    assert await database.read(partial(rounds.open_in, team_id="T1")) == round_
    assert await database.read(rounds.all_open) == (round_,)
    assert await database.read(partial(rounds.sources_of, round_id=round_.id)) == NEW.sources


@pytest.mark.parametrize("lock", [None, *Lock])
async def test_a_round_is_the_same_under_every_lock(database: Database, open_round: Round, lock: Lock | None) -> None:
    found = await database.write(partial(rounds.by_id, round_id=open_round.id, lock=lock))

    assert found == open_round
    assert found.opened_at.tzinfo is UTC


async def test_what_does_not_exist_is_none(database: Database) -> None:
    assert await database.read(partial(rounds.by_id, round_id=99)) is None
    assert await database.read(partial(rounds.open_in, team_id="T1")) is None
    assert await database.read(rounds.all_open) == ()


async def test_a_second_round_is_refused_and_told_the_first(database: Database) -> None:
    first = await opened(database)

    second = await database.write(partial(rounds.open_round, new=NEW, now=NOW))

    assert second == AlreadyOpen(first)


async def test_of_rounds_opened_at_once_one_wins_and_the_others_are_told_which(database: Database) -> None:
    outcomes = await asyncio.gather(
        *(database.write(partial(rounds.open_round, new=replace(NEW, opened_by=f"U{n}"), now=NOW)) for n in range(8))
    )

    (winner,) = [outcome.round for outcome in outcomes if isinstance(outcome, Opened)]
    assert [outcome.round for outcome in outcomes if isinstance(outcome, AlreadyOpen)] == [winner] * 7
    assert await database.read(rounds.all_open) == (winner,)


async def test_each_workspace_has_its_own(database: Database) -> None:
    first, other = await opened(database), await opened(database, replace(NEW, team_id="T2"))

    assert await database.read(partial(rounds.open_in, team_id="T2")) == other
    assert await database.read(rounds.all_open) == (first, other)


async def test_a_source_named_twice_counts_once(database: Database) -> None:
    round_ = await opened(database, replace(NEW, sources=NEW.sources * 2))

    assert await database.read(partial(rounds.sources_of, round_id=round_.id)) == NEW.sources


async def test_a_round_without_sources_has_none(database: Database) -> None:
    round_ = await opened(database, replace(NEW, sources=()))

    assert await database.read(partial(rounds.sources_of, round_id=round_.id)) == ()


@pytest.mark.parametrize(
    ("close_now_at", "due"),
    [
        (None, NOW + 14 * DAY),
        (NOW + 2 * DAY, NOW + 2 * DAY),
        (NOW + 30 * DAY, NOW + 14 * DAY),
    ],
)
async def test_a_round_is_due_to_close_on_its_day_or_sooner(
    database: Database, close_now_at: datetime | None, due: datetime
) -> None:
    round_ = await opened(database)
    await database.write(partial(rounds.close_now, round_id=round_.id, at=close_now_at))

    before = await database.read(partial(rounds.due_to_close, now=due - timedelta(microseconds=1)))
    at = await database.read(partial(rounds.due_to_close, now=due))
    changed = await database.read(partial(rounds.by_id, round_id=round_.id))

    assert (before, at) == ((), (round_.id,))
    assert changed is not None
    assert changed.closing_at == due


async def test_close_now_can_be_cancelled(database: Database) -> None:
    round_ = await opened(database)
    await database.write(partial(rounds.close_now, round_id=round_.id, at=NOW + DAY))

    await database.write(partial(rounds.close_now, round_id=round_.id, at=None))

    assert await database.read(partial(rounds.by_id, round_id=round_.id)) == round_


async def to_gather(database: Database, again_from: datetime = NOW, now: datetime = NOW) -> tuple[Round, ...]:
    return await database.read(partial(rounds.to_gather, now=now, again_from=again_from))


async def test_an_audience_is_gathered_once(database: Database) -> None:
    round_ = await opened(database)
    assert await to_gather(database) == (round_,)

    await database.write(partial(rounds.mark_gathered, round_id=round_.id, now=NOW))

    assert await to_gather(database, NOW + 99 * DAY) == ()
    assert await database.read(partial(rounds.by_id, round_id=round_.id)) == replace(round_, gathered_at=NOW)


async def test_where_those_who_join_are_asked_too_the_audience_is_gathered_again(database: Database) -> None:
    round_ = await opened(database)
    await database.write(partial(terms.save, round_id=round_.id, terms=Terms(joiners_too=True)))
    await database.write(partial(rounds.mark_gathered, round_id=round_.id, now=NOW))

    assert await to_gather(database, NOW - DAY) == ()
    assert [one.id for one in await to_gather(database, NOW)] == [round_.id]


async def test_a_round_that_starts_later_gathers_nobody_before(database: Database) -> None:
    round_ = await opened(database)
    await database.write(partial(terms.save, round_id=round_.id, terms=Terms(starts_at=NOW + DAY)))

    assert await to_gather(database, now=NOW) == ()
    assert await to_gather(database, now=NOW + DAY) == (round_,)


async def test_more_sources_stand_after_the_first_and_are_gathered(database: Database) -> None:
    round_ = await opened(database)
    before = await database.read(partial(rounds.sources_of, round_id=round_.id))
    await database.write(partial(rounds.mark_gathered, round_id=round_.id, now=NOW))
    more = Source(SourceKind.GROUP, "S9")

    await database.write(partial(rounds.add_sources, round_id=round_.id, sources=[*before, more, more]))

    assert await database.read(partial(rounds.sources_of, round_id=round_.id)) == (*before, more)
    assert [one.id for one in await to_gather(database)] == [round_.id]


async def test_sources_that_are_known_already_change_nothing(database: Database) -> None:
    round_ = await opened(database)
    before = await database.read(partial(rounds.sources_of, round_id=round_.id))
    await database.write(partial(rounds.mark_gathered, round_id=round_.id, now=NOW))

    await database.write(partial(rounds.add_sources, round_id=round_.id, sources=before))

    assert await to_gather(database) == ()


async def test_a_moved_closing_takes_back_close_now(database: Database) -> None:
    round_ = await opened(database)
    await database.write(partial(rounds.close_now, round_id=round_.id, at=NOW + DAY))

    await database.write(partial(rounds.move_closing, round_id=round_.id, closes_at=NOW + 3 * DAY))

    moved = await database.read(partial(rounds.by_id, round_id=round_.id))
    assert moved is not None
    assert moved.closing_at == NOW + 3 * DAY


async def test_a_closed_round_has_no_key_is_not_due_and_lets_the_next_open(database: Database) -> None:
    round_ = await opened(database)

    await database.write(partial(rounds.mark_closed, round_id=round_.id, now=NOW + DAY))

    closed = await database.read(partial(rounds.by_id, round_id=round_.id))
    assert closed == replace(round_, closed_at=NOW + DAY, key_half=None)
    assert closed is not None
    assert not closed.is_open
    assert await database.read(rounds.all_open) == ()
    assert await to_gather(database) == ()
    assert await database.read(partial(rounds.due_to_close, now=NOW + 99 * DAY)) == ()
    assert (await opened(database)).id != round_.id


async def test_a_closing_stands_whatever_is_said_later(database: Database) -> None:
    round_ = await opened(database)
    await database.write(partial(rounds.mark_closed, round_id=round_.id, now=NOW + DAY))
    closed = await database.read(partial(rounds.by_id, round_id=round_.id))

    await database.write(partial(rounds.mark_closed, round_id=round_.id, now=NOW + 2 * DAY))
    await database.write(partial(rounds.close_now, round_id=round_.id, at=NOW))

    assert await database.read(partial(rounds.by_id, round_id=round_.id)) == closed


async def test_closing_owes_a_scrub_until_it_is_done(database: Database) -> None:
    round_ = await opened(database)
    assert not await database.read(rounds.owed_scrub)

    await database.write(partial(rounds.mark_closed, round_id=round_.id, now=NOW))
    owed = await database.read(rounds.owed_scrub)
    names = await database.read(rounds.secrets_to_destroy)
    await database.write(partial(rounds.mark_scrubbed, key_names=names))

    assert owed
    assert names == ("name",)
    assert not await database.read(rounds.owed_scrub)
    assert await database.read(rounds.secrets_to_destroy) == ()


async def test_a_round_that_closes_during_a_scrub_is_owed_its_own(database: Database) -> None:
    first, other = await opened(database), await opened(database, replace(NEW, team_id="T2", key_name="other"))
    await database.write(partial(rounds.mark_closed, round_id=first.id, now=NOW))
    names = await database.read(rounds.secrets_to_destroy)

    await database.write(partial(rounds.mark_closed, round_id=other.id, now=NOW))
    await database.write(partial(rounds.mark_scrubbed, key_names=names))

    assert await database.read(rounds.owed_scrub)
    assert await database.read(rounds.secrets_to_destroy) == ("other",)


async def test_an_id_is_never_given_again(database: Database) -> None:
    def forgotten(connection: Connection) -> None:
        connection.execute(text("DELETE FROM round_source"))
        connection.execute(text("DELETE FROM round"))

    first = await opened(database)
    await database.write(forgotten)

    assert (await opened(database)).id > first.id


def test_nothing_shows_the_key_by_accident() -> None:
    assert "half of the key" not in repr(NEW)
