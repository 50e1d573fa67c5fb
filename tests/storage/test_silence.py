"""A database that does not answer, or that another program has locked, keeps nobody waiting for longer than they say."""

import asyncio
import contextlib
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
from sqlalchemy import Connection, make_url

from silent_proxy import SilentProxy, silent_proxy
from storage import coordinators
from storage.database import Database, DatabaseProblem, DatabaseSilent, ScrubNotDone
from storage.jobs import Job
from storage.postgresql import THREADS
from storage.problems import cause_of
from storage.readers import Readers
from storage.sqlite import writing_engine
from storage.writer import Writer

T = TypeVar("T")

SHORT, LONG = 0.2, 30.0
"""Seconds of patience: of those who are to lose it, and of those who are not."""
OF_A_LOCK = 0.5
"""Seconds of patience that are enough to learn of a lock."""
MOMENT = 2.0
"""Seconds within which whoever has lost patience knows."""
AT_ONCE = 64
NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


def add(connection: Connection, name: str) -> None:
    coordinators.appoint(connection, "T1", name, "U1", NOW)


def adding(name: str) -> Callable[[Connection], None]:
    return partial(add, name=name)


def names(connection: Connection) -> list[str]:
    return sorted(one.person_id for one in coordinators.standing(connection, "T1"))


async def silence(work: Awaitable[object], seconds: float = SHORT) -> DatabaseSilent:
    """What the work raises, soon after so many seconds."""
    async with asyncio.timeout(seconds + MOMENT):
        with pytest.raises(DatabaseSilent) as caught:
            await work
    return caught.value


async def soon(work: Awaitable[T], seconds: float = 10) -> T:
    async with asyncio.timeout(seconds):
        return await work


def threads_of(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith(name)]


@pytest.fixture
async def proxy(new_postgresql_url: str) -> AsyncIterator[tuple[SilentProxy, str]]:
    async with silent_proxy(new_postgresql_url) as made:
        yield made


@pytest.fixture
async def behind(proxy: tuple[SilentProxy, str]) -> AsyncIterator[tuple[SilentProxy, Database]]:
    """A proxy, and the open database behind it."""
    silent, url = proxy
    database = Database(url)
    await database.open()
    yield silent, database
    silent.pass_on()
    await database.close()


async def on_all_threads(database: Database, query: Callable[[Connection], T]) -> list[T]:
    """What the query returns on each of a server's threads."""
    together = threading.Barrier(THREADS)

    def work(connection: Connection) -> T:
        together.wait()
        return query(connection)

    return await soon(asyncio.gather(*(database.read(work, patience=LONG) for _ in range(THREADS))))


@pytest.fixture
async def server(new_postgresql_url: str) -> AsyncIterator[Database]:
    opened = Database(new_postgresql_url)
    await opened.open()
    yield opened
    await opened.close()


async def test_many_at_once_are_told_in_time_that_a_server_is_silent_and_afterwards_all_goes_on(
    behind: tuple[SilentProxy, Database],
) -> None:
    proxy, database = behind
    await asyncio.gather(*(database.write(adding(f"before-{number}")) for number in range(THREADS)))

    proxy.silent()
    writes = [asyncio.ensure_future(database.write(adding(f"in-{n}"), patience=SHORT)) for n in range(AT_ONCE // 2)]
    reads = [asyncio.ensure_future(database.read(names, patience=SHORT)) for _ in range(AT_ONCE // 2)]
    told = await asyncio.gather(*map(silence, [*writes, *reads]))
    proxy.pass_on()
    await soon(database.write(adding("after")))

    assert [one.may_be_stored for one in told] == [False] * AT_ONCE
    assert await database.read(names) == sorted(["after", *(f"before-{number}" for number in range(THREADS))])


async def test_where_the_server_falls_silent_at_the_commit_nobody_can_tell_whether_it_is_stored(
    behind: tuple[SilentProxy, Database],
) -> None:
    proxy, database = behind

    proxy.silent_at(b"COMMIT")
    told = await silence(database.write(adding("perhaps"), patience=SHORT))
    proxy.pass_on()

    assert told.may_be_stored
    assert await soon(stored(database)) == ["perhaps"], "the network delivered it after all"


async def stored(database: Database) -> list[str]:
    """The names, as soon as there are any."""
    while True:
        if found := await database.read(names):
            return found


async def test_where_the_server_goes_away_at_the_commit_nobody_can_tell_either(
    behind: tuple[SilentProxy, Database],
) -> None:
    proxy, database = behind

    proxy.silent_at(b"COMMIT")
    write = asyncio.ensure_future(database.write(adding("perhaps"), patience=LONG))
    await soon(proxy.is_silent())
    await proxy.stop()

    assert (await silence(write)).may_be_stored


async def test_a_thread_that_a_silent_server_held_is_free_again(behind: tuple[SilentProxy, Database]) -> None:
    """All of them, more than once: none waits for bytes of a connection that was given up."""
    proxy, database = behind
    for _ in range(2):
        await asyncio.gather(*(database.write(adding("the same")) for _ in range(THREADS)))
        proxy.silent_at(b"BEGIN")
        await asyncio.gather(*(silence(database.read(names, patience=SHORT)) for _ in range(THREADS)))
        proxy.pass_on()

    assert await soon(database.read(names, patience=LONG)) == ["the same"]


async def test_where_the_network_has_forgotten_all_connections_only_the_first_to_use_one_is_kept_waiting(
    behind: tuple[SilentProxy, Database],
) -> None:
    proxy, database = behind
    await on_all_threads(database, names)

    proxy.forget()
    await silence(database.write(adding("first"), patience=SHORT))

    assert await on_all_threads(database, names) == [[]] * THREADS


async def test_a_thread_that_was_given_up_while_it_connected_does_not_wait_for_the_server_afterwards(
    behind: tuple[SilentProxy, Database],
) -> None:
    proxy, database = behind

    proxy.silent()
    await asyncio.gather(*(silence(database.read(names, patience=SHORT)) for _ in range(THREADS)))
    proxy.pass_on()
    proxy.silent_at(b"SET statement_timeout")
    await soon(database.close(seconds=0.2))

    assert not threads_of("database")


async def test_a_connection_that_the_server_ended_is_made_anew_and_nobody_notices(server: Database) -> None:
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    await on_all_threads(server, names)

    await server.write(lambda connection: connection.exec_driver_sql(kill).close())

    assert await on_all_threads(server, names) == [[]] * THREADS


async def test_a_connection_that_breaks_in_a_transaction_is_not_used_again(server: Database) -> None:
    def breaks(connection: Connection) -> None:
        add(connection, "undone")
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())").close()

    outcomes = await asyncio.gather(*(server.write(breaks) for _ in range(THREADS)), return_exceptions=True)

    assert {cause_of(one) for one in outcomes if isinstance(one, BaseException)} == {
        "OperationalError: AdminShutdown 57P01"
    }
    assert await on_all_threads(server, names) == [[]] * THREADS


def open_descriptors() -> int:
    return len(list(Path("/dev/fd").iterdir()))


async def test_each_socket_is_given_back(proxy: tuple[SilentProxy, str]) -> None:
    silent, url = proxy
    for number in range(2):
        database = Database(url)
        await database.open()
        await on_all_threads(database, names)
        silent.silent_at(b"BEGIN")
        await silence(database.read(names, patience=SHORT))
        silent.pass_on()
        await database.close()
        await soon(silent.is_idle())
        if number == 0:
            before = open_descriptors()

    assert open_descriptors() == before


async def test_a_job_whose_patience_ends_before_it_begins_never_runs(database: Database) -> None:
    ran, free = list[str](), threading.Event()

    held_up = [asyncio.ensure_future(database.write(lambda _: free.wait(), patience=LONG)) for _ in range(THREADS)]
    late = asyncio.ensure_future(database.write(lambda _: ran.append("late"), patience=SHORT))
    told = await silence(late)
    free.set()
    await asyncio.gather(*held_up)
    await database.close()

    assert not told.may_be_stored
    assert ran == []


async def test_what_runs_when_patience_ends_is_undone(database: Database) -> None:
    free = threading.Event()

    def slow(connection: Connection) -> None:
        add(connection, "undone")
        free.wait()

    told = await silence(database.write(slow, patience=SHORT))
    free.set()
    await soon(database.write(adding("next"), patience=LONG))

    assert not told.may_be_stored
    assert await database.read(names) == ["next"]


ENDLESS = {
    "sqlite": "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number) SELECT count(*) FROM number",
    "postgresql": "SELECT pg_sleep(1000)",
}


async def test_a_query_without_end_is_interrupted_and_its_thread_is_free(database: Database) -> None:
    def query(connection: Connection) -> None:
        connection.exec_driver_sql(ENDLESS[connection.dialect.name]).close()

    await silence(database.read(query, patience=SHORT))
    await soon(database.close(seconds=LONG))

    assert not threads_of("database")
    assert not threads_of("reader")


async def test_who_is_told_that_patience_ended_is_told_nothing_else_though_the_thread_is_done() -> None:
    job: Job[str] = Job(lambda: "done", None)
    job.begin()
    job.result = "done"

    job.give_up()
    job.end()
    job.settle()

    assert not (await silence(job.future)).may_be_stored


async def test_a_commit_to_a_disk_is_waited_for_as_long_again() -> None:
    stored: Job[str] = Job(lambda: "done", LONG, commits_late=True)
    given_up: Job[str] = Job(lambda: "done", LONG, commits_late=True)
    for job in (stored, given_up):
        job.begin()
        job.may_commit()
        job.lose_patience()

    stored.result = "done"
    stored.end()
    stored.settle()
    given_up.lose_patience()

    assert await stored.future == "done"
    assert (await silence(given_up.future)).may_be_stored


async def test_a_row_that_another_transaction_holds_is_not_waited_for_longer(
    server: Database, new_postgresql_url: str
) -> None:
    await server.write(adding("held"))
    with psycopg.connect(new_postgresql_url) as holding:
        holding.execute("UPDATE coordinator SET appointed_by = 'U2'")

        told = await silence(
            server.write(lambda connection: coordinators.remove(connection, "T1", "held", "U1", NOW), patience=SHORT)
        )

    assert not told.may_be_stored
    assert await server.read(names) == ["held"]


async def test_a_server_whose_own_patience_ends_counts_as_silent(server: Database) -> None:
    def slow(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 10").close()
        connection.exec_driver_sql("SELECT pg_sleep(60)").close()

    with pytest.raises(DatabaseSilent) as caught:
        await server.write(slow)

    assert not caught.value.may_be_stored
    assert cause_of(caught.value) == "DatabaseSilent: OperationalError: QueryCanceled 57014"


async def test_the_server_itself_ends_what_was_given_up_also_after_a_scrub(server: Database) -> None:
    limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

    def shown(connection: Connection) -> list[str]:
        return [str(connection.exec_driver_sql(f"SHOW {limit}").scalar()) for limit in limits]

    before = await server.read(shown)
    await server.scrub()

    assert [before, *await on_all_threads(server, shown)] == [["30s", "10s", "1min"]] * (1 + THREADS)


async def test_opening_at_a_silent_server_ends_with_a_problem_that_is_named(proxy: tuple[SilentProxy, str]) -> None:
    silent, url = proxy
    silent.silent()

    with pytest.raises(DatabaseProblem, match="the server does not answer"):
        await soon(Database(url).open(), 6)

    assert not threads_of("database")


async def test_opening_can_be_cancelled_whatever_it_waits_for(proxy: tuple[SilentProxy, str]) -> None:
    silent, url = proxy
    silent.silent_at(b"alembic_version")

    opening = asyncio.ensure_future(Database(url).open())
    await soon(silent.is_silent())
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(opening)

    assert not threads_of("database")


async def test_closing_at_a_silent_server_is_bounded_and_whoever_waits_is_told(
    behind: tuple[SilentProxy, Database],
) -> None:
    proxy, database = behind
    proxy.silent_at(b"BEGIN")

    write = asyncio.ensure_future(database.write(adding("never"), patience=LONG))
    await soon(proxy.is_silent())
    await soon(database.close(seconds=0.2))

    assert not (await silence(write)).may_be_stored
    assert not threads_of("database")


STUCK = """
import asyncio, sys, threading
from storage.database import Database

async def main():
    database = Database(sys.argv[1])
    await database.open()
    both_begun = threading.Barrier(3)

    def stuck(_):
        both_begun.wait()
        threading.Event().wait()

    waiting = asyncio.gather(*(do(stuck, patience=60) for do in (database.write, database.read)), return_exceptions=True)
    await asyncio.to_thread(both_begun.wait)
    await database.close(seconds=0)
    print(*(type(outcome).__name__ for outcome in await waiting))

asyncio.run(main())
"""


def test_threads_that_hang_for_ever_do_not_keep_the_process_from_ending(new_sqlite_url: str) -> None:
    """As those do that wait for a disk."""
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", STUCK, new_sqlite_url], capture_output=True, text=True, timeout=20, check=True
    )

    assert ran.stdout == "DatabaseSilent DatabaseSilent\n"


@contextlib.contextmanager
def locked(url: str) -> Iterator[sqlite3.Connection]:
    """Another program's connection, which holds the lock of who writes until it rolls back."""
    with contextlib.closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other


@pytest.fixture
async def file(new_sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database(new_sqlite_url)
    await opened.open()
    yield opened
    await opened.close()


async def test_while_a_file_is_locked_those_without_patience_are_told_and_the_others_are_stored_later(
    file: Database, new_sqlite_url: str
) -> None:
    with locked(new_sqlite_url) as other:
        patient = asyncio.ensure_future(file.write(adding("patient"), patience=LONG))
        hasty = [asyncio.ensure_future(file.write(adding(f"hasty-{n}"), patience=OF_A_LOCK)) for n in range(AT_ONCE)]
        told = await asyncio.gather(*map(silence, hasty))
        still_waits = not patient.done()
        other.execute("ROLLBACK")
        await soon(patient)

    assert still_waits
    assert {(one.may_be_stored, cause_of(one)) for one in told} == {
        (False, "DatabaseSilent: OperationalError SQLITE_BUSY")
    }
    assert await file.read(names) == ["patient"]


async def test_closing_while_a_file_is_locked_is_bounded_and_nothing_is_stored(
    file: Database, new_sqlite_url: str
) -> None:
    with locked(new_sqlite_url) as other:
        write = asyncio.ensure_future(file.write(adding("never"), patience=LONG))
        await file.read(lambda _: "by now it is handed in")
        await soon(file.close(seconds=0.2))
        told = await silence(write)
        other.execute("ROLLBACK")
        stored = other.execute("SELECT count(*) FROM coordinator").fetchone()

    assert not threads_of("writer")
    assert not told.may_be_stored
    assert stored == (0,)


async def test_a_file_whose_writer_hangs_stays_locked_for_others_until_the_process_ends(
    file: Database, new_sqlite_url: str
) -> None:
    begun, free = threading.Event(), threading.Event()

    def hang(_: Connection) -> None:
        begun.set()
        free.wait()

    write = asyncio.ensure_future(file.write(hang, patience=LONG))
    await asyncio.to_thread(begun.wait)
    await file.close(seconds=0)
    with pytest.raises(DatabaseProblem, match="Another process"):
        await Database(new_sqlite_url).open()
    free.set()

    assert not (await silence(write)).may_be_stored


async def test_a_scrub_that_was_under_way_when_the_bot_ends_stays_owed(file: Database) -> None:
    free = threading.Event()

    held_up = asyncio.ensure_future(file.write(lambda _: free.wait(), patience=LONG))
    scrub = asyncio.ensure_future(file.scrub())
    await file.read(lambda _: "by now they are handed in")
    closing = asyncio.ensure_future(file.close(seconds=0))
    with pytest.raises(ScrubNotDone):
        await soon(scrub)
    free.set()

    await soon(asyncio.gather(held_up, closing, return_exceptions=True))


@pytest.fixture
def without_log(tmp_path: Path) -> Path:
    """A file with a word in it, and without a write-ahead log, as on disks that allow none."""
    path = tmp_path / "words.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("CREATE TABLE word (word TEXT)")
        made.execute("INSERT INTO word VALUES ('first')")
    return path


def all_words(connection: Connection) -> list[str]:
    return list(connection.exec_driver_sql("SELECT word FROM word").scalars())


async def test_a_read_waits_for_a_lock_while_it_has_patience(without_log: Path) -> None:
    readers = Readers(without_log)
    with locked(f"sqlite:///{without_log}") as other:
        patient = asyncio.ensure_future(readers.read(all_words, LONG))
        told = await silence(readers.read(all_words, OF_A_LOCK))
        other.execute("ROLLBACK")
        read = await soon(patient)
    readers.close(10)

    assert cause_of(told) == "DatabaseSilent: OperationalError SQLITE_BUSY"
    assert read == ["first"]


async def test_a_commit_that_a_reader_holds_up_is_tried_again_while_somebody_has_patience(without_log: Path) -> None:
    def without_a_log(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA journal_mode=DELETE").close()

    def write(word: str) -> Callable[[Connection], None]:
        return lambda connection: connection.exec_driver_sql("INSERT INTO word VALUES (?)", (word,)).close()

    engine = writing_engine(make_url(f"sqlite:///{without_log}"))
    writer = Writer(engine)
    await writer.alone(without_a_log)
    with contextlib.closing(sqlite3.connect(without_log, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM word").fetchall()
        told = [await silence(writer.write(write(f"given up {n}"), SHORT), 2 * SHORT) for n in range(2)]
        patient = writer.write(write("patient"), LONG)
        reading.execute("ROLLBACK")
    await soon(patient)
    read = await writer.write(all_words)
    writer.close(10)
    engine.dispose()

    assert [one.may_be_stored for one in told] == [True, True]
    assert read[0] == "first"
    assert read[-1] == "patient"


def log_size(url: str) -> int:
    return Path(f"{make_url(url).database}-wal").stat().st_size


async def test_what_can_be_written_to_is_writable_and_writing_shows_it(database: Database, database_url: str) -> None:
    await database.cut_log()

    assert await database.is_writable() is None

    if database_url.startswith("sqlite"):
        assert log_size(database_url) > 0, "a page of the file is in its log"


async def test_a_file_that_is_locked_moved_or_made_read_only_is_not_writable(
    file: Database, new_sqlite_url: str
) -> None:
    path = make_url(new_sqlite_url).database or ""
    with locked(new_sqlite_url):
        reasons = [await file.is_writable(OF_A_LOCK)]
    shutil.move(path, f"{path}.moved")
    reasons.append(await file.is_writable())
    shutil.copy(f"{path}.moved", path)
    reasons.append(await file.is_writable())
    shutil.move(f"{path}.moved", path)
    reasons.append(await file.is_writable())
    await file.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON").close())
    reasons.append(await file.is_writable())
    await file.close()
    reasons.append(await file.is_writable())

    assert reasons == ["locked", "gone", "gone", None, "read_only", "failed"]


async def test_a_server_that_is_silent_gone_or_read_only_is_not_writable(
    behind: tuple[SilentProxy, Database], new_postgresql_url: str
) -> None:
    proxy, database = behind
    proxy.silent()
    reasons = [await database.is_writable(SHORT)]
    proxy.pass_on()
    reasons.append(await database.is_writable())
    await proxy.stop()
    reasons.append(await database.is_writable())
    standby = Database(
        make_url(new_postgresql_url)
        .update_query_dict({"options": "-c default_transaction_read_only=on"})
        .render_as_string(hide_password=False)
    )
    await standby.open()
    reasons.append(await standby.is_writable())
    await standby.close()

    assert reasons == ["silent", None, "unreachable", "read_only"]
