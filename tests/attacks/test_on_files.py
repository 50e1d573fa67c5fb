"""Somebody who holds every byte of the database's files, its logs and statistics included, looks for answers in them.

Checkpoints come at any moment, statistics are gathered, and the attacker knows in which order people pressed Start.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import Connection, make_url, text

from bot.rounds import service
from instrument.progress import State
from sealed import CIPHER
from storage import invitations, responses, rounds
from storage.database import Database, ScrubNotDone
from storage.responses import Response
from storage.rounds import Round
from storage.sealing import Sheet

PEOPLE, UNFINISHED, WITHDRAWN = 200, 3, 2
A_CLICK = 31
"""So many answers at once: what is searched for are bytes, not clicks."""
COMMON, RARE = "a-common-kind-of-work", "a-rare-kind-of-work"
SHORTEST = 16
"""So many marks in a row tell one strip of ours from another, and from chance."""
MARKS = re.compile(rb"[0123nd]{%d,}" % SHORTEST)
CHANCE = 5.5 / (PEOPLE - UNFINISHED - WITHDRAWN - 1) ** 0.5
"""Five and a half standard errors of a rank correlation of unrelated orders: once in ten million runs."""
STATISTICS = text("SELECT * FROM pg_stats WHERE schemaname = 'public'")


def strips(seed: int) -> dict[str, str]:
    """A strip for each person, in the order in which they press Start."""
    return {f"P{number:02}": "".join(Random(f"{seed}:{number}").choices("0123nd", k=62)) for number in range(PEOPLE)}  # noqa: S311


async def answered(database: Database, round_: Round, told: dict[str, str], seed: int) -> None:
    """Everybody starts, one after the other, and answers in any order; a few never submit, a few withdraw."""
    chance = Random(seed)  # noqa: S311
    asked = [(person, "C1") for person in told]
    await database.write(partial(invitations.ask, round_id=round_.id, people=asked))
    for person in told:
        function = RARE if person in ("P03", "P17") else COMMON
        begin = partial(responses.begin, cipher=CIPHER, person_id=person, function=function, strip="." * 62)
        await database.write(partial(begin, round_id=round_.id))
    clicks = [(person, position) for person in told for position in range(0, 62, A_CLICK)]
    chance.shuffle(clicks)
    for number, (person, position) in enumerate(clicks):
        await database.write(partial(some_answers, round_id=round_.id, person=person, at=position, strip=told[person]))
        if number % 97 == 50:
            await gathered(database)
    finished = [*told][UNFINISHED:]
    chance.shuffle(finished)
    for person in finished:
        await database.write(
            partial(settle_one, round_id=round_.id, person=person, withdraws=person in withdrawn(told))
        )


def withdrawn(told: dict[str, str]) -> list[str]:
    return [*told][-WITHDRAWN:]


def of(connection: Connection, round_id: int, person: str) -> Response:
    found = responses.find(connection, round_id, CIPHER, person, for_update=True)
    assert found is not None
    return found


def some_answers(connection: Connection, round_id: int, person: str, at: int, strip: str) -> None:
    response = of(connection, round_id, person)
    kept = response.sheet.strip
    answered = kept[:at] + strip[at : at + A_CLICK] + kept[at + A_CLICK :]
    responses.save(connection, CIPHER, response, replace(response.sheet, strip=answered))


def settle_one(connection: Connection, round_id: int, person: str, *, withdraws: bool) -> None:
    response = of(connection, round_id, person)
    if withdraws:
        responses.remove(connection, response)
    else:
        responses.save(connection, CIPHER, response, replace(response.sheet, state=State.SUBMITTED))


async def gathered(database: Database) -> None:
    """A checkpoint and statistics, at a moment that nobody chose."""

    def now(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("CHECKPOINT")).close()
        connection.execute(text("ANALYZE")).close()

    await database.write(now)


async def every_byte(database: Database, url: str) -> bytes:
    """Of the files as they lie: tables, indexes, logs; and on PostgreSQL what its statistics say."""
    if url.startswith("sqlite"):
        return read([Path(f"{make_url(url).database}{suffix}") for suffix in ("", "-wal", "-shm")])
    await gathered(database)
    where = text("SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()")
    folder, oid = await database.read(lambda connection: connection.execute(where).one())
    statistics = await database.read(lambda connection: [str(row) for row in connection.execute(STATISTICS)])
    return files_of(Path(folder), str(oid)) + "\n".join(statistics).encode()


def files_of(server: Path, database: str) -> bytes:
    return read(sorted((server / "base" / database).iterdir()) + sorted((server / "pg_wal").glob("0*")))


def read(paths: Sequence[Path]) -> bytes:
    return b"".join(path.read_bytes() for path in paths if path.is_file())


def marks_in(raw: bytes) -> bytes:
    """All that could be answers, in the order in which it stands there."""
    return b"\n".join(MARKS.findall(raw))


def found(marks: bytes, told: dict[str, str]) -> set[str]:
    """Those of whose answers sixteen in a row stand anywhere."""
    return {
        person
        for person, strip in told.items()
        if any(strip[start : start + SHORTEST].encode() in marks for start in range(62 - SHORTEST + 1))
    }


async def closed(database: Database, round_: Round) -> None:
    await database.write(partial(service.close, cipher=CIPHER, round_id=round_.id, now=round_.closes_at))
    async with asyncio.timeout(20):
        while True:
            with suppress(ScrubNotDone):
                await database.scrub()
                break
    await database.write(partial(rounds.mark_scrubbed, key_names=[round_.key_name]))


async def test_while_a_round_is_open_no_file_holds_an_answer_nor_a_kind_of_work(
    database: Database, open_round: Round, database_url: str
) -> None:
    told = strips(1)
    await answered(database, open_round, told, 1)

    raw = await every_byte(database, database_url)

    assert found(marks_in(raw), told) == set()
    assert [word for word in (COMMON, RARE, "submitted") if word.encode() in raw] == []
    assert CIPHER.tag("P00").encode() in raw, "the search finds what there is"


async def test_after_closing_the_logs_hold_what_is_kept_in_an_order_that_says_nothing(
    database: Database, open_round: Round, database_url: str
) -> None:
    told = strips(2)
    await answered(database, open_round, told, 2)
    await closed(database, open_round)

    raw = await every_byte(database, database_url)

    kept, marks = [*told][UNFINISHED:-WITHDRAWN], marks_in(raw)
    assert found(marks, told) == set(kept), "nobody's who never submitted or who withdrew"
    assert RARE.encode() not in raw, "two people are merged with others"
    for order in (marks.find, marks.rfind):
        stored = sorted(kept, key=lambda one: order(told[one].encode()))
        assert abs(rank_correlation(kept, stored)) < CHANCE


async def test_the_same_search_finds_answers_that_are_not_sealed(
    database: Database, open_round: Round, database_url: str
) -> None:
    told = strips(3)

    def as_they_came(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE as_they_came (function TEXT, strip TEXT)"))
        rows = [{"function": RARE, "strip": strip} for strip in told.values()]
        connection.execute(text("INSERT INTO as_they_came VALUES (:function, :strip)"), rows)

    await database.write(as_they_came)

    try:
        raw = await every_byte(database, database_url)
    finally:
        await database.write(lambda connection: connection.execute(text("DROP TABLE as_they_came")).close())

    marks = marks_in(raw)
    assert found(marks, told) == set(told)
    assert RARE.encode() in raw
    assert abs(rank_correlation([*told], sorted(told, key=lambda one: marks.find(told[one].encode())))) > CHANCE


def rank_correlation(order: Sequence[str], stored: Sequence[str]) -> float:
    """Spearman's, between two orders of the same things."""
    place = {one: number for number, one in enumerate(stored)}
    count = len(order)
    apart = sum((number - place[one]) ** 2 for number, one in enumerate(order))
    return 1 - 6 * apart / (count * (count**2 - 1))


async def test_the_key_opens_them(database: Database, open_round: Round) -> None:
    """Else a search that finds nothing would say nothing."""
    told = strips(4)
    await answered(database, open_round, told, 4)

    read = await database.read(lambda connection: [*responses.sheets(connection, open_round.id, CIPHER)])

    answers = sorted(sheet.strip for sheet in read)
    assert answers == sorted(strip for person, strip in told.items() if person not in withdrawn(told))
    assert Sheet(State.SUBMITTED, RARE, told["P03"]) in read
