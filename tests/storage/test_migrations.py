"""The migrations make the tables, and only they change a database."""

import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from instrument.progress import State
from places import ROOT
from storage import responses, versions
from storage.database import Database, DatabaseProblem, migrate
from storage.keys import Keyring, RoundKey
from storage.sealing import Sheet
from storage.sqlite import writing_engine
from storage.tables import for_postgresql
from storage.versions import Unlocking


@pytest.fixture
def engine(database_url: str) -> Engine:
    return create_engine(make_url(database_url).set(drivername=driver(database_url)))


def driver(url: str) -> str:
    return "sqlite+pysqlite" if url.startswith("sqlite") else "postgresql+psycopg"


# What the database itself says of its tables. Alembic's comparison leaves CHECK constraints out, and WITHOUT ROWID.
DEFINITIONS = {
    "sqlite": ["SELECT sql FROM sqlite_master"],
    "postgresql": [
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || coalesce(column_default, '')"
        " FROM information_schema.columns WHERE table_schema = 'public'",
    ],
}


def definitions(connection: Connection) -> list[str]:
    """A line for each thing that is defined, sorted, since the order of constraints says nothing."""
    found = [row[0] for query in DEFINITIONS[connection.dialect.name] for row in connection.execute(text(query))]
    # A table that SQLite made anew has its name in quotes, and no space after it.
    words = [definition.replace('"', "") for definition in found if definition]
    lines = [line.strip(" \t,") for definition in words for line in definition.splitlines()]
    return sorted(line for line in lines if "alembic_version" not in line)


def test_the_migrations_make_exactly_the_tables(engine: Engine) -> None:
    metadata = for_postgresql()
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        migrated = definitions(connection)

        metadata.drop_all(connection)
        metadata.create_all(connection)
        made = definitions(connection)
        connection.rollback()
    engine.dispose()

    assert differences == []
    assert migrated == made


def test_the_code_knows_every_migration(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")

    with engine.connect() as connection:
        assert versions.stored(connection) == versions.LATEST
    assert ScriptDirectory.from_config(config).get_heads() == [versions.LATEST]
    engine.dispose()


def test_a_database_is_made_from_nothing_and_migrating_again_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    engine = create_engine(make_url(empty_url).set(drivername=driver(empty_url)))
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO posting VALUES (1, 'a', 'b', NULL, 'c', '2027-03-01', NULL, 0, NULL, NULL, '', NULL)")
        )
    migrate(empty_url)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM posting")).scalar() == 1
    engine.dispose()


def test_of_processes_that_start_at_once_one_migrates_and_the_others_wait(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        pytest.skip("a SQLite file refuses the second")
    failed: list[Exception] = []

    def start() -> None:
        try:
            migrate(empty_url)
        except Exception as error:
            failed.append(error)

    starts = [threading.Thread(target=start) for _ in range(4)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()

    assert failed == []


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_url: str) -> None:
    migrate(empty_url)
    engine = create_engine(make_url(empty_url).set(drivername=driver(empty_url)))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseProblem, match="version 9999, this bot knows none after"):
        migrate(empty_url)

    with engine.connect() as connection:
        assert versions.stored(connection) == "9999"
    engine.dispose()


def test_foreign_keys_hold_again_after_a_migration(tmp_path: Path) -> None:
    engine = writing_engine(make_url(f"sqlite:///{tmp_path / 'new.db'}"))

    versions.upgrade(engine)

    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_migration_that_would_leave_children_without_a_parent_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "torn.db"
    migrate(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO snapshot VALUES (7, '2027-03-01 15:00:00.000000', '{}')"))
    engine.dispose()
    engine = writing_engine(make_url(f"sqlite:///{path}"))

    with pytest.raises(DatabaseProblem, match="rows without their round"):
        versions.upgrade(engine)
    engine.dispose()


def test_an_installed_wheel_can_migrate(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    zipfile.ZipFile(next(tmp_path.glob("*.whl"))).extractall(tmp_path / "site")
    program = "import storage.database as it; it.migrate('sqlite:///wheel.db'); print(it.__file__)"

    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
    )

    assert ran.stdout.startswith(str(tmp_path / "site"))
    assert (tmp_path / "wheel.db").stat().st_size > 0


OPEN_ROUND = (
    "INSERT INTO round (id, team_id, instrument_version, opened_by, results_channel, minimum, opened_at, closes_at,"
    " key_name, key_half, scrub_owed) VALUES (7, 'T1', '2021-09', 'U1', 'C9', 5, '2027-03-01 15:00:00.000000',"
    " '2027-03-29 15:00:00.000000', :name, :half, :owed)"
)
INVITATION = (
    "INSERT INTO posting (id, kind, team_id, round_id, target, due_at, claimed_until, attempts, posted_at, failure, note)"
    " VALUES (:id, 'invitation', 'T1', 7, :target, '2027-03-01 15:00:00.000000', :claimed, 1, NULL, :failure, '')"
)
CLAIMED = "2027-03-01 15:30:00.000000"
UNSEALED = (
    "INSERT INTO response (id, round_id, tag, function, state, strip) VALUES (:id, 7, :tag, 'security', :state, :strip)"
)
STRIPS = {"U1": ("submitted", "0123nd" * 10 + "01"), "U2": ("answering", "3" * 20 + "." * 42)}


@pytest.fixture
def key(keyring: Keyring) -> RoundKey:
    return keyring.make()


@pytest.fixture
def of_0003(empty_url: str, key: RoundKey) -> Iterator[Engine]:
    """A database of the version before, in which a round is open, and messages were given up or put off."""
    url = make_url(empty_url).set(drivername=driver(empty_url))
    made = writing_engine(url) if empty_url.startswith("sqlite") else create_engine(url)
    versions.upgrade(made, to="0003")
    with made.begin() as connection:
        connection.execute(text(OPEN_ROUND), {"name": key.name, "half": key.half, "owed": False})
        for number, (failure, claimed) in enumerate(
            [("token_revoked", None), ("user_disabled", None), (None, CLAIMED), ("a_word", None)], start=11
        ):
            values = {"id": number, "target": f"U{number}", "failure": failure, "claimed": claimed}
            connection.execute(text(INVITATION), values)
        connection.execute(text("DELETE FROM posting WHERE id = 14"))
    yield made
    made.dispose()


def test_invitations_that_were_given_up_for_what_passes_are_owed_again(of_0003: Engine, keyring: Keyring) -> None:
    versions.upgrade(of_0003, unlocking=Unlocking(keyring))

    with of_0003.connect() as connection:
        rows = connection.execute(text("SELECT id, failure, claimed_until, waits_until FROM posting ORDER BY id")).all()
    assert [(row.id, row.failure, row.claimed_until) for row in rows] == [
        (11, None, None),
        (12, "user_disabled", None),
        (13, None, None),
    ]
    assert [row.waits_until is not None for row in rows] == [False, False, True], "what was put off still is"


def test_an_open_round_stays_open_and_an_id_is_not_given_again(
    of_0003: Engine, key: RoundKey, keyring: Keyring
) -> None:
    versions.upgrade(of_0003, unlocking=Unlocking(keyring))

    with of_0003.begin() as connection:
        row = connection.execute(text("SELECT id, key_name, key_check, closed_at, abandoned_at FROM round")).one()
        assert tuple(row) == (7, key.name, key.check, None, None)
        if of_0003.dialect.name == "sqlite":
            new = INVITATION.replace("(id, ", "(").replace(":id, ", "")
            connection.execute(text(new), {"target": "U99", "failure": None, "claimed": None})
            assert connection.execute(text("SELECT max(id) FROM posting")).scalar() == 15


@pytest.fixture
def of_0004(of_0003: Engine, key: RoundKey, keyring: Keyring) -> Engine:
    """Two people have answered, and their answers lie open."""
    versions.upgrade(of_0003, to="0004")
    with of_0003.begin() as connection:
        for person, (state, strip) in STRIPS.items():
            invited = (
                "INSERT INTO invitation (round_id, person_id, standing, brought_by) VALUES (7, :person, 'asked', 'C1')"
            )
            connection.execute(text(invited), {"person": person})
            tag = keyring.cipher(key).tag(person)
            connection.execute(text(UNSEALED), {"id": person, "tag": tag, "state": state, "strip": strip})
    return of_0003


def test_open_answers_are_sealed_and_the_key_opens_them(of_0004: Engine, key: RoundKey, keyring: Keyring) -> None:
    versions.upgrade(of_0004, unlocking=Unlocking(keyring))

    with of_0004.connect() as connection:
        for person, (state, strip) in STRIPS.items():
            found = responses.find(connection, 7, keyring.cipher(key), person, for_update=False)
            assert found is not None
            assert found.sheet == Sheet(State(state), "security", strip)


async def test_nothing_of_the_open_answers_is_left_in_a_file(of_0004: Engine, empty_url: str, keyring: Keyring) -> None:
    if empty_url.startswith("postgresql"):
        pytest.skip("its log keeps them until it is overwritten; docs/privacy.md says so")
    of_0004.dispose()
    files = [Path(f"{make_url(empty_url).database}{suffix}") for suffix in ("", "-wal")]
    needles = [b"security", *(strip.encode() for _, strip in STRIPS.values())]
    assert all(needle in b"".join(path.read_bytes() for path in files if path.exists()) for needle in needles)

    database = Database(empty_url, keyring)
    await database.open()
    raw = b"".join(path.read_bytes() for path in files)
    await database.close()

    assert [needle for needle in needles if needle in raw] == []


@pytest.mark.parametrize("lost", ["no folder of keys", "the file is gone", "it is another key"])
def test_without_its_key_an_open_round_is_left_as_it_was(
    of_0004: Engine, key: RoundKey, keyring: Keyring, tmp_path: Path, lost: str
) -> None:
    path = tmp_path / "keys" / f"{key.name}.key"
    if lost == "the file is gone":
        path.unlink()
    elif lost == "it is another key":
        path.write_bytes(b"thirty-two bytes, of another key")
    unlocking = None if lost == "no folder of keys" else Unlocking(Keyring(tmp_path / "keys"))

    with pytest.raises(DatabaseProblem, match=r"self-assessment 7.*Put HTA_KEY_DIR back.*hta-bot abandon --round 7"):
        versions.upgrade(of_0004, unlocking=unlocking)

    with of_0004.connect() as connection:
        assert versions.stored(connection) == "0004"
        assert connection.execute(text("SELECT count(*) FROM response WHERE strip <> ''")).scalar() == 2


def test_one_that_is_given_up_loses_its_answers_and_nothing_else(of_0004: Engine, tmp_path: Path) -> None:
    versions.upgrade(of_0004, unlocking=Unlocking(Keyring(tmp_path / "empty"), given_up=frozenset({7})))

    with of_0004.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM response")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM invitation")).scalar() == 2
        assert connection.execute(text("SELECT id, closed_at FROM round")).one() == (7, None)


CLOSED_ROUND = (
    "INSERT INTO round (id, team_id, instrument_version, opened_by, results_channel, minimum, opened_at, closes_at, closed_at,"
    " key_name, scrub_owed) VALUES (:id, 'T2', '2021-09', 'U1', 'C1', :minimum, '2026-03-01', '2026-03-15', '2026-03-15',"
    " 'gone', :owed)"
)
SETTLED = "INSERT INTO settled_response (id, round_id, function, strip) VALUES (:id, :round_id, 'merged', '3')"


def test_sheets_of_fewer_than_ten_or_the_smallest_group_go_and_a_scrub_is_owed(
    of_0004: Engine, keyring: Keyring
) -> None:
    versions.upgrade(of_0004, to="0005", unlocking=Unlocking(keyring))
    people = {21: (5, 9), 22: (5, 10), 23: (12, 11), 24: (12, 12)}
    with of_0004.begin() as connection:
        for round_id, (minimum, finished) in people.items():
            connection.execute(text(CLOSED_ROUND), {"id": round_id, "minimum": minimum, "owed": False})
            for number in range(finished):
                connection.execute(text(SETTLED), {"id": f"{round_id}-{number}", "round_id": round_id})

    versions.upgrade(of_0004)

    with of_0004.connect() as connection:
        kept = connection.execute(text("SELECT round_id, count(*) FROM settled_response GROUP BY round_id")).all()
        owed = connection.execute(text("SELECT id FROM round WHERE scrub_owed ORDER BY id")).scalars().all()
    assert {tuple(row) for row in kept} == {(22, 10), (24, 12)}
    assert owed == [21, 23]
