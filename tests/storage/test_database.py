"""Transactions, and what a person reads where the database can't be used."""

import asyncio
import threading
import traceback
from collections.abc import Callable
from contextvars import Context
from functools import partial
from pathlib import Path
from typing import TypeVarTuple

import pytest
from sqlalchemy import Connection, insert, make_url, text
from sqlalchemy.exc import IntegrityError

from sealed import CIPHER
from storage import responses, tables
from storage.database import Database, DatabaseProblem, migrate
from storage.rounds import Round

Ts = TypeVarTuple("Ts")

PASSWORD = "hunter2-in-the-address"


def add(connection: Connection, round_id: int, name: str) -> str:
    return responses.begin(connection, round_id, CIPHER, name, "nursing", "...").tag


async def count(database: Database) -> int:
    return await database.read(
        lambda connection: connection.execute(text("SELECT count(*) FROM response")).scalar_one()
    )


async def test_what_is_written_can_be_read(database: Database, open_round: Round) -> None:
    begun = await database.write(lambda connection: add(connection, open_round.id, "tag"))

    find = partial(responses.find, cipher=CIPHER, person_id="tag", for_update=False)
    found = await database.read(partial(find, round_id=open_round.id))

    assert found is not None
    assert found.tag == begun


async def test_what_fails_is_undone_alone_and_raised_where_it_was_handed_in(
    database: Database, open_round: Round
) -> None:
    def fails(connection: Connection) -> None:
        add(connection, open_round.id, "undone")
        raise LookupError("on purpose")

    outcomes = await asyncio.gather(
        database.write(lambda connection: add(connection, open_round.id, "first")),
        database.write(fails),
        database.write(lambda connection: add(connection, open_round.id, "second")),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], LookupError)
    assert await count(database) == 2


async def test_a_stray_next_fails_alone_and_nobody_waits_for_ever(database: Database) -> None:
    """A future can't hold StopIteration, and on SQLite the rest of the group would not be told either."""

    def fails(_: Connection) -> None:
        next(iter(()))

    async with asyncio.timeout(10):
        writes = [database.write(lambda _: 1), database.write(fails), database.write(lambda _: 2)]
        outcomes = await asyncio.gather(*writes, database.read(fails), return_exceptions=True)

    first, failed, second, failed_too = outcomes
    assert (first, second) == (1, 2)
    assert isinstance(failed, RuntimeError)
    assert isinstance(failed_too, RuntimeError)


async def test_a_read_cannot_write(database: Database, open_round: Round) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await database.read(lambda connection: add(connection, open_round.id, "tag"))

    assert await count(database) == 0


async def test_closing_finishes_what_was_handed_in_also_where_nobody_waits_any_more(
    database: Database, database_url: str, open_round: Round
) -> None:
    handed_in = [
        asyncio.ensure_future(database.write(partial(add, round_id=open_round.id, name=f"{number}")))
        for number in range(50)
    ]
    await database.read(lambda _: "by now they are handed in")
    handed_in[7].cancel()
    await database.close()

    await asyncio.gather(*handed_in, return_exceptions=True)
    again = Database(database_url)
    await again.open()
    assert await count(again) == 50
    await again.close()


async def test_after_closing_nothing_is_taken_in(database: Database) -> None:
    await database.close()

    with pytest.raises(RuntimeError):
        await database.write(lambda _: None)


def is_let_go(url: str) -> bool:
    """No thread of ours runs, and no connection to a SQLite file is open. (One of PostgreSQL's warns when it is lost.)"""
    ours = [thread for thread in threading.enumerate() if thread.name.startswith(("writer", "reader", "database"))]
    # SQLite removes them when its last connection ends.
    beside = [Path(f"{make_url(url).database}{suffix}") for suffix in ("-wal", "-shm")]
    return not ours and not any(path.exists() for path in beside)


async def test_closing_lets_everything_go_and_twice_is_harmless(
    database: Database, database_url: str, open_round: Round
) -> None:
    await asyncio.gather(*(count(database) for _ in range(20)))
    assert not is_let_go(database_url)

    await database.close()
    await database.close()

    assert is_let_go(database_url)


async def test_opening_in_vain_lets_everything_go(empty_url: str) -> None:
    newer = Database(empty_url)
    await newer.open()
    await newer.write(
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = 'x'")).close()
    )
    await newer.close()

    for _ in range(2):
        # Not the second time either is the fault a lock that the first left.
        with pytest.raises(DatabaseProblem, match="version x"):
            await Database(empty_url).open()

    assert is_let_go(empty_url)


class WatchedLoop(asyncio.SelectorEventLoop):
    """Notes which threads call what only its own may call."""

    def __init__(self) -> None:
        self.touched_by = set[threading.Thread]()
        super().__init__()

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        self.touched_by.add(threading.current_thread())
        return super().call_soon(callback, *args, context=context)


async def test_each_loop_gets_its_own_results_in_its_own_thread(database: Database) -> None:
    def back(number: int, _: Connection) -> int:
        return number

    async def write_all(numbers: range) -> list[int]:
        async with asyncio.timeout(10):
            return await asyncio.gather(*(database.write(partial(back, number)) for number in numbers))

    def on_a_loop_of_its_own(numbers: range) -> list[int]:
        with asyncio.Runner(loop_factory=WatchedLoop) as runner:
            results = runner.run(write_all(numbers))
            loop = runner.get_loop()
        assert isinstance(loop, WatchedLoop)
        assert loop.touched_by == {threading.current_thread()}
        return results

    halves = range(50), range(50, 100)
    results = await asyncio.gather(*(asyncio.to_thread(on_a_loop_of_its_own, half) for half in halves))

    assert results == [list(half) for half in halves]


async def test_a_refused_row_is_quoted_in_no_traceback(database: Database, open_round: Round) -> None:
    row = {"id": "id-to-hide", "round_id": open_round.id, "function": "work-to-hide", "strip": "strip-to-hide"}
    adding = insert(tables.table(tables.SettledResponse)).values(row)

    with pytest.raises(IntegrityError) as caught:
        await database.write(lambda connection: connection.execute(adding))

    told = "".join(traceback.format_exception(caught.value))
    assert "ck_settled_response_strip" in told
    assert "to-hide" not in told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("no address", "DATABASE_URL can't be read"),
        ("mysql://bot:hunter2-in-the-address@host/hta", "DATABASE_URL begins with mysql:"),
        ("sqlite://", "DATABASE_URL must name a file"),
        ("sqlite:///:memory:", "DATABASE_URL must name a file"),
        ("sqlite:///hta.db?mode=ro", "DATABASE_URL must name a file"),
    ],
)
def test_an_address_that_we_cannot_use_is_refused_at_once(url: str, told: str) -> None:
    with pytest.raises(DatabaseProblem, match=told) as caught:
        Database(url)

    assert PASSWORD not in str(caught.value)


async def problem(url: str) -> str:
    with pytest.raises(DatabaseProblem) as caught:
        await Database(url).open()
    told = str(caught.value)
    assert "\n" not in told
    assert caught.value.__suppress_context__, "the driver's own error may quote the address"
    return told


@pytest.mark.parametrize("password", [PASSWORD, "refused"])
async def test_a_server_that_does_not_answer_is_named_without_the_password(password: str) -> None:
    told = await problem(f"postgresql://bot:{password}@127.0.0.1:1/hta")

    assert "hta at 127.0.0.1" in told
    assert "Check DATABASE_URL" in told
    assert password not in told


async def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    told = await problem(f"sqlite:///{tmp_path}/missing/hta.db")

    assert f"{tmp_path}/missing/hta.db can't be opened: No such file or directory" in told


async def test_a_path_that_is_no_file_is_named(tmp_path: Path) -> None:
    told = await problem(f"sqlite:///{tmp_path}")

    assert "Is a directory" in told


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "hta.db").write_text("Dear diary, " * 1000)

    told = await problem(f"sqlite:///{tmp_path}/hta.db")

    assert "hta.db can't be used: file is not a database" in told


async def test_a_second_process_is_refused_until_the_first_is_gone(new_sqlite_url: str) -> None:
    first = Database(new_sqlite_url)
    await first.open()

    told = await problem(new_sqlite_url)
    with pytest.raises(DatabaseProblem, match="Another process has"):
        migrate(new_sqlite_url)
    await first.close()

    assert "Another process has" in told
    migrate(new_sqlite_url)


async def test_a_commit_reaches_the_disk_and_a_deleted_row_is_overwritten(new_sqlite_url: str) -> None:
    """What no test can show without cutting the power: each is SQLite's number for it."""
    database = Database(new_sqlite_url)
    await database.open()

    asked = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store")
    told = await database.write(lambda c: [c.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked])
    await database.close()

    assert dict(zip(asked, told, strict=True)) == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "secure_delete": 1,
        "foreign_keys": 1,
        "temp_store": 2,  # MEMORY
    }


def rights_of_others(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir()}


async def test_a_new_file_is_nobody_elses_to_read(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/hta.db")
    await database.open()

    modes = rights_of_others(tmp_path)
    await database.close()

    assert modes == {"hta.db": 0, "hta.db-wal": 0, "hta.db-shm": 0, "hta.db.lock": 0}
