"""The thread that writes to SQLite: groups, savepoints, and what a failing commit takes along."""

import asyncio
import contextlib
import gc
import random
import tempfile
import threading
import weakref
from collections.abc import AsyncIterator, Callable
from contextvars import Context
from pathlib import Path
from typing import Any, TypeVarTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, make_url, text

from answering import answer_until_killed
from forked import SERVER
from sealed import CIPHER
from storage import responses
from storage.problems import DatabaseSilent, GroupLost, cause_of
from storage.sqlite import writing_engine
from storage.writer import LARGEST_GROUP, Writer

Ts = TypeVarTuple("Ts")

KILLS = 5


@contextlib.asynccontextmanager
async def writer_on(path: Path) -> AsyncIterator[Writer]:
    engine = writing_engine(make_url(f"sqlite:///{path}"))
    writer = Writer(engine)
    await writer.write(lambda c: c.exec_driver_sql("CREATE TABLE word (word TEXT UNIQUE)").close())
    yield writer
    assert writer.close(10), "the thread ended"
    engine.dispose()


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    async with writer_on(tmp_path / "words.db") as made:
        yield made


def add(word: str) -> Callable[[Connection], None]:
    return lambda connection: connection.exec_driver_sql("INSERT INTO word VALUES (?)", (word,)).close()


def words(connection: Connection) -> set[str]:
    return set(connection.execute(text("SELECT word FROM word")).scalars())


def current(connection: Connection) -> Any:
    """The transaction that the group shares."""
    return connection.get_transaction()


async def as_one_group(writer: Writer, *transactions: Callable[[Connection], Any]) -> list[Any]:
    """What came of each; the writer is held up until all of them wait."""
    all_wait = threading.Event()
    held_up = writer.alone(lambda _: all_wait.wait())
    waiting = [writer.write(transaction) for transaction in transactions]
    all_wait.set()
    await held_up
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_transactions_that_wait_together_are_committed_together(writer: Writer) -> None:
    together = await as_one_group(writer, *[current] * 5)
    later = await writer.write(current)

    assert len(set(together)) == 1
    assert later not in together


async def test_a_group_has_an_end(writer: Writer) -> None:
    many = await as_one_group(writer, *[current] * (LARGEST_GROUP + 1))

    assert len(set(many)) == 2


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts how often another thread wakes it."""

    woken = 0

    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        self.woken += 1
        return super().call_soon_threadsafe(callback, *args, context=context)


def test_a_group_wakes_the_loop_once(tmp_path: Path) -> None:
    async def trial() -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, CountingLoop)
        async with writer_on(tmp_path / "words.db") as writer:
            before = loop.woken
            await as_one_group(writer, *[words] * 20)
            return loop.woken - before

    with asyncio.Runner(loop_factory=CountingLoop) as runner:
        woken = runner.run(trial())

    assert woken == 2, "once for whoever held the writer up, once for the group"


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), min_size=1, max_size=12))
def test_whatever_fails_in_a_group_is_undone_and_the_rest_is_stored(plan: list[tuple[str, bool]]) -> None:
    """Each adds a word, which fails where the word is there already, and then perhaps raises."""

    def transaction(word: str, raises: bool) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            add(word)(connection)
            if raises:
                raise LookupError(word)

        return work

    async def trial() -> tuple[list[Any], set[str]]:
        with tempfile.TemporaryDirectory() as folder:
            async with writer_on(Path(folder) / "words.db") as writer:
                outcomes = await as_one_group(writer, *(transaction(*one) for one in plan))
                return outcomes, await writer.write(words)

    outcomes, stored = asyncio.run(trial())

    expected: set[str] = set()
    for (word, raises), outcome in zip(plan, outcomes, strict=True):
        fits = word not in expected
        assert (outcome is None) == (fits and not raises)
        assert isinstance(outcome, LookupError) == (fits and raises)
        expected |= {word} if fits and not raises else set()
    assert stored == expected


async def test_a_full_disk_fails_the_group_with_its_cause_and_the_writer_goes_on(writer: Writer) -> None:
    await writer.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1").close())

    outcomes = await as_one_group(writer, add("before"), add("x" * 100_000), add("after"))
    await writer.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=100000").close())
    await writer.write(add("next"))

    assert list(map(cause_of, outcomes)) == [
        "GroupLost: OperationalError SQLITE_FULL",
        "OperationalError SQLITE_FULL",
        "GroupLost: OperationalError SQLITE_FULL",
    ]
    assert await writer.write(words) == {"next"}


async def test_a_commit_that_fails_fails_the_group_and_the_writer_goes_on(writer: Writer) -> None:
    def owing(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")

    await writer.write(
        lambda c: c.exec_driver_sql(
            "CREATE TABLE child (parent TEXT REFERENCES word (word) DEFERRABLE INITIALLY DEFERRED)"
        ).close()
    )

    outcomes = await as_one_group(writer, add("before"), owing, add("after"))
    await writer.write(add("next"))

    assert [type(outcome) for outcome in outcomes] == [GroupLost] * 3
    assert cause_of(outcomes[0]) == "GroupLost: IntegrityError SQLITE_CONSTRAINT_FOREIGNKEY"
    assert await writer.write(words) == {"next"}


async def test_a_file_that_cannot_be_opened_fails_whoever_waits_and_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    engine = writing_engine(make_url(f"sqlite:///{folder / 'words.db'}"))
    writer = Writer(engine)

    outcomes = await asyncio.gather(writer.write(words), writer.alone(words), return_exceptions=True)
    await asyncio.to_thread(folder.mkdir)
    await writer.write(lambda c: c.exec_driver_sql("CREATE TABLE word (word TEXT)").close())
    writer.close(10)
    engine.dispose()

    causes = [cause_of(outcome) for outcome in outcomes if isinstance(outcome, BaseException)]
    assert causes == ["OperationalError SQLITE_CANTOPEN"] * 2


async def test_nothing_is_kept_of_what_is_stored(writer: Writer) -> None:
    work = add("first")
    kept = weakref.ref(work)
    await writer.write(work)
    del work
    await writer.write(add("second"))
    gc.collect()

    assert kept() is None


async def test_while_the_thread_hangs_those_who_have_lost_patience_do_not_pile_up(writer: Writer) -> None:
    hangs, free = threading.Event(), threading.Event()
    gone = list[weakref.ref[Callable[[Connection], None]]]()

    def hang(_: Connection) -> None:
        hangs.set()
        free.wait()

    held_up = writer.alone(hang)
    await asyncio.to_thread(hangs.wait)
    for _ in range(3):
        work = add("late")
        gone.append(weakref.ref(work))
        with pytest.raises(DatabaseSilent):
            await writer.write(work, 0.01)
    del work
    last = writer.write(add("last"))
    gc.collect()

    left = [one() for one in gone]
    free.set()
    await held_up
    await last

    assert left == [None] * 3
    assert await writer.write(words) == {"last"}


def in_transaction(connection: Connection) -> Any:
    """As SQLite says."""
    driver: Any = connection.connection.driver_connection
    return driver.in_transaction


async def test_work_that_runs_alone_has_no_transaction_open(writer: Writer) -> None:
    _, alone, in_group = await asyncio.gather(
        writer.write(add("a")),
        writer.alone(in_transaction),
        writer.write(in_transaction),
    )

    assert (alone, in_group) == (False, True)


async def test_work_that_runs_alone_is_interrupted_when_the_writer_closes(writer: Writer) -> None:
    begun = threading.Event()

    def endless(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        begun.set()
        driver.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")

    alone = writer.alone(endless)
    await asyncio.to_thread(begun.wait)
    has_ended = await asyncio.to_thread(writer.close, 0.1)

    assert has_ended
    with pytest.raises(DatabaseSilent):
        await alone


async def test_work_that_fails_alone_is_told_and_the_writer_goes_on(writer: Writer) -> None:
    with pytest.raises(ZeroDivisionError):
        await writer.alone(lambda _: 1 // 0)

    await writer.write(add("next"))


async def test_a_loop_that_ended_does_not_end_the_writer(writer: Writer) -> None:
    left_behind = asyncio.new_event_loop()

    def hand_in_and_leave() -> None:
        async def hand_in() -> None:
            writer.write(add("left"))

        left_behind.run_until_complete(hand_in())
        left_behind.close()

    thread = threading.Thread(target=hand_in_and_leave)
    thread.start()
    thread.join()
    async with asyncio.timeout(10):
        await writer.write(add("next"))

    assert await writer.write(words) == {"left", "next"}


def test_kill_9_loses_no_acknowledged_answer(new_sqlite_url: str) -> None:
    engine = writing_engine(make_url(new_sqlite_url))
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO round (id, team_id, instrument_version, opened_by, results_channel, minimum, opened_at, closes_at,"
            " key_name, key_half, scrub_owed)"
            " VALUES (1, 'T1', '2021-09', 'U1', 'C1', 5, '2027-03-01', '2027-03-29', 'name', x'00', 0)"
        )
    engine.dispose()

    moments = random.Random(9)  # noqa: S311
    acknowledged: set[tuple[str, int]] = set()
    for kill in range(KILLS):
        heard, said = SERVER.Pipe(duplex=False)
        process = SERVER.Process(target=answer_until_killed, args=(new_sqlite_url, str(kill), said), daemon=True)
        process.start()
        said.close()
        with heard, open(heard.fileno(), closefd=False) as stream:
            lines = [stream.readline() for _ in range(moments.randint(1, 400))]
            process.kill()
            lines += stream.read().splitlines()
        process.join()
        acknowledged |= {(line.split()[0], int(line.split()[1])) for line in lines if line.count(" ") == 1}

    engine = writing_engine(make_url(new_sqlite_url))
    with engine.connect() as connection:
        found = {person: responses.find(connection, 1, CIPHER, person, for_update=False) for person, _ in acknowledged}
    engine.dispose()
    strips = {person: response.sheet.strip for person, response in found.items() if response}
    lost = {(person, position) for person, position in acknowledged if strips[person][position] != "3"}
    assert len({person.split("-")[0] for person, _ in acknowledged}) == KILLS
    assert lost == set()
