"""The answers' side: nothing acknowledged is lost, and nothing tells who it was or when."""

import asyncio
import threading
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from instrument.collation import Answers
from instrument.progress import MARKS, State
from sealed import CIPHER
from storage import responses, rounds
from storage.database import Database
from storage.responses import Response
from storage.rounds import Lock, Round
from storage.sealing import BrokenSeal, RoundCipher, Sheet

BLANK = "." * 62


async def begun(database: Database, round_: Round, person: str = "one", function: str = "nursing") -> Response:
    begin = partial(responses.begin, cipher=CIPHER, person_id=person, function=function, strip=BLANK)
    return await database.write(partial(begin, round_id=round_.id))


async def found(database: Database, round_: Round, person: str = "one", *, for_update: bool = False) -> Response | None:
    find = partial(responses.find, cipher=CIPHER, person_id=person, for_update=for_update)
    return await database.write(partial(find, round_id=round_.id))


async def save(database: Database, response: Response, sheet: Sheet) -> None:
    await database.write(partial(responses.save, cipher=CIPHER, response=response, sheet=sheet))


async def submit(database: Database, round_: Round, person: str, answers: Answers) -> str:
    """The tag of the response."""
    response = await begun(database, round_, person, answers.function)
    await save(database, response, Sheet(State.SUBMITTED, answers.function, answers.strip))
    return response.tag


def answer(connection: Connection, round_id: int, person: str, position: int, mark: str) -> bool:
    """As a click does it; False: the round is closed."""
    round_ = rounds.by_id(connection, round_id, lock=Lock.SHARED)
    if round_ is None or not round_.is_open:
        return False
    response = responses.find(connection, round_id, CIPHER, person, for_update=True)
    assert response is not None
    sheet = response.sheet
    strip = sheet.strip[:position] + mark + sheet.strip[position + 1 :]
    responses.save(connection, CIPHER, response, replace(sheet, strip=strip))
    return True


async def test_a_response_is_found_by_its_person_and_the_key_alone(database: Database, open_round: Round) -> None:
    response = await begun(database, open_round)

    assert await found(database, open_round) == response
    assert await found(database, open_round, "another") is None
    assert response == Response(open_round.id, CIPHER.tag("one"), Sheet(State.ANSWERING, "nursing", BLANK))
    other_key = partial(responses.find, cipher=RoundCipher(b"another"), person_id="one", for_update=False)
    assert await database.read(partial(other_key, round_id=open_round.id)) is None


@pytest.mark.parametrize("for_update", [True, False])
async def test_a_saved_response_reads_the_same_however_it_is_found(
    database: Database, open_round: Round, for_update: bool
) -> None:
    response = await begun(database, open_round)
    await save(database, response, Sheet(State.SUBMITTED, "nursing", MARKS))

    same = await found(database, open_round, for_update=for_update)

    assert same == Response(open_round.id, response.tag, Sheet(State.SUBMITTED, "nursing", MARKS))


async def test_beginning_twice_at_once_gives_the_same_response(database: Database, open_round: Round) -> None:
    first = await asyncio.gather(*(begun(database, open_round) for _ in range(8)))

    assert len(set(first)) == 1


async def test_beginning_again_changes_nothing(database: Database, open_round: Round) -> None:
    first = await begun(database, open_round)
    await save(database, first, Sheet(State.SUBMITTED, "nursing", "3"))

    again = await begun(database, open_round, function="security")

    assert again == Response(open_round.id, first.tag, Sheet(State.SUBMITTED, "nursing", "3"))


async def test_two_answers_at_once_are_both_kept(database: Database, open_round: Round) -> None:
    await begun(database, open_round)

    for position in range(0, 62, 2):
        pair = [partial(answer, round_id=open_round.id, person="one", position=position + n, mark="2") for n in (0, 1)]
        await asyncio.gather(*map(database.write, pair))

    kept = await found(database, open_round)
    assert kept is not None
    assert kept.sheet.strip == "2" * 62


async def test_of_fifty_changes_at_once_to_one_strip_none_is_lost(database: Database, open_round: Round) -> None:
    await begun(database, open_round)

    def grow(connection: Connection) -> None:
        response = responses.find(connection, open_round.id, CIPHER, "one", for_update=True)
        assert response is not None
        responses.save(connection, CIPHER, response, replace(response.sheet, strip=response.sheet.strip + "3"))

    await asyncio.gather(*(database.write(grow) for _ in range(50)))

    grown = await found(database, open_round)
    assert grown is not None
    assert grown.sheet.strip == BLANK + "3" * 50


async def test_a_removed_response_is_gone(database: Database, open_round: Round) -> None:
    response = await begun(database, open_round)
    other = await begun(database, open_round, "other")

    await database.write(partial(responses.remove, response=response))

    assert await found(database, open_round) is None
    assert await found(database, open_round, "other") == other


async def test_only_submitted_responses_count(database: Database, open_round: Round) -> None:
    await begun(database, open_round, "still answering")
    await submit(database, open_round, "done", Answers("security", "0123nd."))

    submitted = partial(responses.submitted, round_id=open_round.id, cipher=CIPHER)
    assert await database.read(submitted) == (Answers("security", "0123nd."),)


async def test_a_response_that_is_damaged_is_left_out_and_named_to_the_operator(
    database: Database, open_round: Round, caplog: pytest.LogCaptureFixture
) -> None:
    await submit(database, open_round, "whole", Answers("security", "01"))
    broken = await submit(database, open_round, "broken", Answers("nursing", "23"))
    whole = await submit(database, open_round, "third", Answers("nursing", "33"))

    def exchange(connection: Connection) -> None:
        """Somebody who can write to the database puts another's value in."""
        sealed = text("SELECT sealed FROM response WHERE tag = :tag")
        value = connection.execute(sealed, {"tag": whole}).scalar_one()
        connection.execute(text("UPDATE response SET sealed = :v WHERE tag = :tag"), {"v": value, "tag": broken})

    await database.write(exchange)

    with pytest.raises(BrokenSeal):
        await found(database, open_round, "broken")
    submitted = await database.read(partial(responses.submitted, round_id=open_round.id, cipher=CIPHER))
    assert sorted(submitted, key=str) == [Answers("nursing", "33"), Answers("security", "01")]
    assert "a response is damaged" in caplog.text


class Meeting:
    """Holds a transaction up, in its own thread, until the test lets it go on."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.may_go_on = threading.Event()

    def wait(self) -> None:
        self.arrived.set()
        assert self.may_go_on.wait(timeout=10)


async def blocked(database: Database, url: str) -> None:
    """Returns when a transaction waits for another's lock. On SQLite what is handed in waits for the writer at once."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10):
        while url.startswith("postgresql"):
            if await database.read(lambda connection: connection.execute(waiting).scalar_one()):
                return


def close(connection: Connection, round_: Round, meeting: Meeting | None = None) -> tuple[Answers, ...]:
    """As a closing does it, but that it reads every response: the strips that it saw."""
    rounds.by_id(connection, round_.id, lock=Lock.EXCLUSIVE)
    if meeting:
        meeting.wait()
    seen = tuple(responses.sheets(connection, round_.id, CIPHER))
    rounds.mark_closed(connection, round_.id, round_.closes_at)
    return tuple(Answers(sheet.function, sheet.strip) for sheet in seen)


async def test_a_closing_waits_for_answers_under_way_and_sees_them(
    database: Database, open_round: Round, database_url: str
) -> None:
    await begun(database, open_round)
    meeting = Meeting()

    def slow_answer(connection: Connection) -> None:
        assert answer(connection, open_round.id, "one", 0, "3")
        meeting.wait()

    answering = asyncio.ensure_future(database.write(slow_answer))
    await asyncio.to_thread(meeting.arrived.wait)
    closing = asyncio.ensure_future(database.write(partial(close, round_=open_round)))
    await blocked(database, database_url)
    meeting.may_go_on.set()

    assert await closing == (Answers("nursing", "3" + BLANK[1:]),)
    await answering


async def test_an_answer_that_waits_for_a_closing_finds_the_round_closed(
    database: Database, open_round: Round, database_url: str
) -> None:
    await begun(database, open_round)
    meeting = Meeting()
    late = partial(answer, round_id=open_round.id, person="one", position=0, mark="3")

    closing = asyncio.ensure_future(database.write(partial(close, round_=open_round, meeting=meeting)))
    await asyncio.to_thread(meeting.arrived.wait)
    answering = asyncio.ensure_future(database.write(late))
    await blocked(database, database_url)
    meeting.may_go_on.set()

    assert await answering is False
    assert await closing == (Answers("nursing", BLANK),)


async def test_answers_do_not_wait_for_one_another(database: Database, open_round: Round, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("one thread writes to SQLite")
    await begun(database, open_round, "slow")
    await begun(database, open_round, "quick")
    meeting = Meeting()

    def slow_answer(connection: Connection) -> None:
        answer(connection, open_round.id, "slow", 0, "3")
        meeting.wait()

    slow = asyncio.ensure_future(database.write(slow_answer))
    await asyncio.to_thread(meeting.arrived.wait)
    quick = await database.write(partial(answer, round_id=open_round.id, person="quick", position=0, mark="3"))
    meeting.may_go_on.set()

    assert quick
    await slow


async def test_settling_keeps_what_was_given_in_no_order_and_under_new_ids(
    database: Database, open_round: Round, database_url: str
) -> None:
    arrived = [Answers("nursing", f"{number:06b}") for number in range(40)]
    old = {await submit(database, open_round, f"tag {answers.strip}", answers) for answers in arrived}
    await begun(database, open_round, "never submitted")

    await database.write(partial(responses.settle, round_id=open_round.id, kept=arrived))

    place = "id" if database_url.startswith("sqlite") else "ctid"
    rows = await database.read(
        lambda connection: connection.execute(text(f"SELECT id, strip FROM settled_response ORDER BY {place}")).all()  # noqa: S608
    )
    strips = [strip for _, strip in rows]
    assert sorted(strips) == sorted(answers.strip for answers in arrived)
    assert strips != sorted(strips)
    assert [strip for _, strip in sorted(map(tuple, rows))] != sorted(strips), "ids tell no order either"
    assert not old & {response_id for response_id, _ in rows}
    assert (
        await database.read(lambda connection: connection.execute(text("SELECT count(*) FROM response")).scalar()) == 0
    )


async def test_settled_rows_have_one_version_together(database: Database, open_round: Round, database_url: str) -> None:
    """PostgreSQL's xmin joined 12 of 12 people to their answers without any key (REVIEW, 3)."""
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no row versions")
    arrived = [Answers("nursing", f"{number:04b}") for number in range(12)]
    for answers in arrived:
        await submit(database, open_round, answers.strip, answers)
    versions = text(
        "SELECT count(DISTINCT xmin::text) FROM response UNION ALL SELECT count(DISTINCT xmin::text) FROM settled_response"
    )

    before = await database.read(lambda connection: connection.execute(versions).scalars().all())
    await database.write(partial(responses.settle, round_id=open_round.id, kept=arrived))
    after = await database.read(lambda connection: connection.execute(versions).scalars().all())

    assert (before, after) == ([12, 0], [0, 1])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=st.lists(st.builds(Answers, st.sampled_from(["nursing", "security"]), st.text("0123nd.", min_size=1))))
async def test_what_was_settled_is_what_was_kept(database: Database, open_round: Round, kept: list[Answers]) -> None:
    def settled_anew(connection: Connection) -> tuple[Answers, ...]:
        connection.execute(text("DELETE FROM settled_response"))
        responses.settle(connection, open_round.id, kept)
        return responses.settled(connection, open_round.id)

    settled = await database.write(settled_anew)

    assert sorted(settled, key=str) == sorted(kept, key=str)


async def test_settling_leaves_other_rounds_alone(database: Database, open_round: Round) -> None:
    response = await begun(database, open_round)

    await database.write(partial(responses.settle, round_id=open_round.id + 1, kept=[]))

    assert await found(database, open_round) == response


async def test_the_begun_and_the_finished_are_counted_by_function(database: Database, open_round: Round) -> None:
    await submit(database, open_round, "1", Answers("nursing", BLANK))
    await begun(database, open_round, "2", "nursing")
    await begun(database, open_round, "3", "security")

    counts = await database.read(partial(responses.by_function, round_id=open_round.id, cipher=CIPHER))

    assert counts == ({"nursing": 2, "security": 1}, {"nursing": 1})
