"""What a second press about a round does: nothing, and it is known to be the second."""

from datetime import datetime, timedelta
from functools import partial

from bot.postings import Kind
from bot.rounds import service
from bot.rounds.audience import Audience
from bot.rounds.service import Closing, MoreAsked, Shared
from instrument.collation import Answers, collate
from instrument.definition import builtin
from storage import postings, rounds, terms
from storage.database import Database
from storage.rounds import Round, Source, SourceKind
from storage.terms import Terms
from stored_rounds import close

MORE = (Source(SourceKind.CHANNEL, "C2"),)
FOUND = Audience((("U1", "C2"), ("U2", "C2")), {})
AT_FIRST = Audience((("U1", "C1"),), {})
MINUTE = timedelta(minutes=1)


async def close_soon(database: Database, round_: Round, at: datetime) -> Closing | None:
    delay = timedelta(hours=1)
    press = partial(service.close_soon, team_id="T1", round_id=round_.id, delay=delay, now=at)
    return await database.write(press)


async def invite_more(database: Database, round_: Round, at: datetime) -> MoreAsked | None:
    ask = partial(service.invite_more, team_id="T1", round_id=round_.id, sources=MORE, found=FOUND, now=at)
    return await database.write(ask)


async def invited(database: Database, round_: Round) -> list[str]:
    sent = await database.read(partial(postings.of_round, round_id=round_.id, kinds=[Kind.INVITATION]))
    return sorted(one.target for one in sent)


async def gathered_at(database: Database, round_: Round) -> datetime | None:
    found = await database.read(partial(rounds.by_id, round_id=round_.id))
    return found.gathered_at if found else None


async def test_a_second_close_now_leaves_the_hour_of_the_first(database: Database, open_round: Round) -> None:
    at = open_round.opened_at + timedelta(days=1)

    first, second = [await close_soon(database, open_round, when) for when in (at, at + 30 * MINUTE)]

    assert first is not None
    assert second is not None
    assert (first.again, second.again) == (False, True)
    assert first.round.closing_at == second.round.closing_at == at + timedelta(hours=1)


async def test_results_are_shared_once_and_the_second_time_says_when(database: Database, open_round: Round) -> None:
    await database.write(partial(terms.save, round_id=open_round.id, terms=Terms(after_look=True)))
    answers = [Answers("nursing", "12" * 31)] * 16
    await close(database, open_round, collate(builtin(), answers, asked=20, minimum=5), days=28)
    at = open_round.opened_at + timedelta(days=29)

    first, second = [
        await database.write(partial(service.share, round_id=open_round.id, now=when)) for when in (at, at + MINUTE)
    ]

    assert isinstance(first, Shared)
    assert isinstance(second, Shared)
    assert (first.before, second.before) == (None, at)
    owed = await database.read(partial(postings.of_round, round_id=open_round.id, kinds=[Kind.RESULTS]))
    assert len(owed) == 1


async def test_invite_more_asks_at_once_whoever_was_not_asked_and_counts_them(
    database: Database, open_round: Round
) -> None:
    at = open_round.opened_at + timedelta(days=1)
    await database.write(partial(service.ask, round_id=open_round.id, audience=AT_FIRST, now=open_round.opened_at))

    asked = [await invite_more(database, open_round, when) for when in (at, at + MINUTE)]

    assert asked == [MoreAsked(1), MoreAsked(0)]
    assert await invited(database, open_round) == ["U1", "U2"]


async def test_invite_more_does_not_take_the_place_of_listing_those_of_the_form(
    database: Database, open_round: Round
) -> None:
    """Their channel could not be read so far: a tick goes on trying."""
    asked = await invite_more(database, open_round, open_round.opened_at + MINUTE)

    assert asked == MoreAsked(2)
    assert await gathered_at(database, open_round) is None


async def test_invite_more_asks_nobody_before_the_start_and_nobody_after_closing(
    database: Database, open_round: Round
) -> None:
    starts_at = open_round.opened_at + timedelta(days=3)
    await database.write(partial(terms.save, round_id=open_round.id, terms=Terms(starts_at=starts_at)))

    before = await invite_more(database, open_round, starts_at - MINUTE)
    then = await invited(database, open_round)
    after = await invite_more(database, open_round, starts_at + MINUTE)
    await database.write(partial(rounds.mark_closed, round_id=open_round.id, now=starts_at + 2 * MINUTE))
    closed = await invite_more(database, open_round, starts_at + 3 * MINUTE)

    assert (before, then) == (MoreAsked(0, later=True), [])
    assert after == MoreAsked(2)
    assert closed is None
    sources = await database.read(partial(rounds.sources_of, round_id=open_round.id))
    assert [one.slack_id for one in sources] == ["C1", "C2"]
