"""Who may look at results, what is noted of it, what they are compared with, and how often they are posted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.payloads import Who
from bot.postings import Kind
from bot.results import service
from bot.results.closed import Closed
from bot.results.export.service import exported
from bot.results.service import Compared, Going, NothingBefore, NotTheirs, Reader
from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.growth import Grown, Word
from instrument.snapshot import Snapshot
from storage import looks, postings, rounds, terms
from storage.database import Database
from storage.rounds import Round
from storage.terms import Terms
from stored_rounds import close, next_round

NOW = datetime(2027, 4, 1, 13, tzinfo=UTC)
RESULTS = "C9"
COORDINATOR = Reader(Who("T1", "U1", "T1"), True, "C1")
IN_CHANNEL = Reader(Who("T1", "U5", "T1"), False, RESULTS)


def snapshot(marks: str, people: int = 16) -> Snapshot:
    return collate(builtin(), [Answers("nursing", marks * 31)] * people, asked=40, minimum=5)


async def look(database: Database, reader: Reader, round_id: int) -> Closed | NotTheirs | None:
    return await database.write(partial(service.look, reader=reader, round_id=round_id, now=NOW))


async def compare(database: Database, reader: Reader, round_id: int, before_id: int | None = None) -> object:
    return await database.write(
        partial(service.compare, reader=reader, round_id=round_id, now=NOW, before_id=before_id)
    )


async def hold_back(database: Database, round_: Round) -> None:
    await database.write(partial(terms.save, round_id=round_.id, terms=Terms(after_look=True, staff_count=300)))


async def test_coordinators_and_whoever_is_in_the_results_channel_may_look(
    database: Database, open_round: Round
) -> None:
    await close(database, open_round, snapshot("12"), days=28)
    elsewhere, stranger = replace(IN_CHANNEL, channel_id="C1"), replace(IN_CHANNEL, who=Who("T1", "U9", "T9"))
    of_another_workspace = replace(COORDINATOR, who=Who("T2", "U1", "T2"))

    for reader in (COORDINATOR, IN_CHANNEL):
        found = await look(database, reader, open_round.id)
        assert isinstance(found, Closed)
        assert found.snapshot == snapshot("12")
    for reader in (elsewhere, stranger, replace(IN_CHANNEL, channel_id=None)):
        assert await look(database, reader, open_round.id) == NotTheirs()
        assert await compare(database, reader, open_round.id) == NotTheirs()
    assert await look(database, of_another_workspace, open_round.id) is None
    assert await look(database, COORDINATOR, 999) is None
    assert await look(database, IN_CHANNEL, 999) == NotTheirs()
    noted = await database.read(partial(looks.of, round_id=open_round.id))
    assert [one.person_id for one in noted] == ["U1"], "who reads in the channel is written nowhere"


async def test_nobody_looks_in_the_channel_while_coordinators_look_first(database: Database, open_round: Round) -> None:
    await hold_back(database, open_round)
    await close(database, open_round, snapshot("12"), days=28)

    assert await look(database, IN_CHANNEL, open_round.id) == NotTheirs()
    found = await look(database, COORDINATOR, open_round.id)

    assert isinstance(found, Closed)
    assert (found.held_back, found.work_here) == (True, 300)


async def test_results_stand_beside_the_round_before_or_the_one_that_was_chosen(
    database: Database, open_round: Round
) -> None:
    await close(database, open_round, snapshot("11"), days=1)
    assert await compare(database, COORDINATOR, open_round.id) == NothingBefore(elsewhere=False)
    second = await next_round(database, open_round, "T1")
    await close(database, second, snapshot("22"), days=3)
    nobody = await next_round(database, open_round, "T1")
    await close(database, nobody, Snapshot("2021-09", 5, 40, None), days=4)
    third = await next_round(database, open_round, "T1")
    await close(database, third, snapshot("12"), days=5)

    beside_last = await compare(database, COORDINATOR, third.id)
    beside_first = await compare(database, COORDINATOR, third.id, open_round.id)

    assert isinstance(beside_last, Compared)
    assert beside_last.before.round.id == second.id
    assert [one.id for one in beside_last.others] == [second.id, open_round.id]
    assert [one.word for one in beside_last.growth if isinstance(one, Grown)] == [Word.LOWER] * 7
    assert isinstance(beside_first, Compared)
    assert [one.word for one in beside_first.growth if isinstance(one, Grown)] == [Word.HIGHER] * 7
    assert await database.read(partial(looks.of, round_id=second.id)), "a look at the earlier one, too"


async def test_whoever_takes_files_along_has_looked_at_the_round_before_as_well(
    database: Database, open_round: Round
) -> None:
    """The page for leaders sets its scores beside those of now."""
    await close(database, open_round, snapshot("11"), days=1)
    second = await next_round(database, open_round, "T1")
    await close(database, second, snapshot("22"), days=3)
    export = partial(exported, who=COORDINATOR.who, round_id=second.id, zone=ZoneInfo("America/New_York"), now=NOW)

    found = await database.write(export)

    assert found is not None
    assert found.earlier is not None
    for round_ in (open_round, second):
        assert [one.person_id for one in await database.read(partial(looks.of, round_id=round_.id))] == ["U1"]


async def test_in_a_channel_earlier_results_are_compared_that_were_there_as_well(
    database: Database, open_round: Round
) -> None:
    await hold_back(database, open_round)
    await close(database, open_round, snapshot("11"), days=1)
    second = await next_round(database, open_round, "T1")
    await close(database, second, snapshot("12"), days=3)

    assert await compare(database, IN_CHANNEL, second.id) == NothingBefore(elsewhere=True)
    await database.write(partial(terms.mark_shared, round_id=open_round.id, now=NOW))
    assert isinstance(await compare(database, IN_CHANNEL, second.id), Compared)
    elsewhere = rounds.ROUND.update().values(results_channel="C4").where(rounds.ROUND.c.id == open_round.id)
    await database.write(lambda connection: connection.execute(elsewhere).close())
    assert await compare(database, IN_CHANNEL, second.id) == NothingBefore(elsewhere=True)
    assert isinstance(await compare(database, COORDINATOR, second.id), Compared)


async def owed(database: Database, round_: Round) -> list[tuple[str, str]]:
    sent = await database.read(partial(postings.of_round, round_id=round_.id, kinds=list(Kind)))
    return [(one.kind, one.note) for one in sent]


async def test_results_are_posted_once_however_often_the_button_is_pressed(
    database: Database, open_round: Round
) -> None:
    await close(database, open_round, snapshot("12"), days=28)

    async def post(minutes: float) -> Going | None:
        now = NOW + timedelta(minutes=minutes)
        return await database.write(partial(service.post, who=COORDINATOR.who, round_id=open_round.id, now=now))

    async def sent() -> None:
        for posting in await database.write(
            lambda connection: postings.claim_due(connection, NOW + timedelta(days=1), timedelta(minutes=2), 9)
        ):
            await database.write(partial(postings.mark_posted, posting_id=posting.id, now=NOW))

    already, before = [], []
    for minutes in (0, 0.1, 4):
        going = await post(minutes)
        already.append(going and going.already)
        before.append(going and going.before)
        await sent()
    again, waiting = await post(6), await post(12)

    assert already == [False, True, True]
    assert before == [None, NOW, NOW], "when they went there is said"
    found = await look(database, COORDINATOR, open_round.id)
    assert isinstance(found, Closed)
    assert found.posted_at == NOW
    assert again is not None
    assert again.already is False
    assert waiting is not None
    assert waiting.already, "what is still owed is not owed twice"
    assert await owed(database, open_round) == [(Kind.RESULTS, "U1")] * 2


async def test_posting_what_nobody_else_has_yet_shares_it_with_everyone(database: Database, open_round: Round) -> None:
    await hold_back(database, open_round)
    await close(database, open_round, snapshot("12"), days=28)

    going = await database.write(partial(service.post, who=COORDINATOR.who, round_id=open_round.id, now=NOW))

    assert going is not None
    agreed = await database.read(partial(terms.of, round_id=open_round.id))
    assert agreed.shared_at == NOW
    assert await owed(database, open_round) == [(Kind.RESULTS, "")]


async def test_there_is_nothing_to_post_of_too_few_people_or_of_another_workspace(
    database: Database, open_round: Round
) -> None:
    async def post(who: Who) -> Going | None:
        return await database.write(partial(service.post, who=who, round_id=open_round.id, now=NOW))

    assert await post(COORDINATOR.who) is None
    await close(database, open_round, Snapshot("2021-09", 5, 40, None), days=28)

    assert await post(COORDINATOR.who) is None
    assert await post(Who("T2", "U1", "T2")) is None
    assert await owed(database, open_round) == []
