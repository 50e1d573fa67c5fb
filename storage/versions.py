"""Compares the database's version with the code's, and migrates.

There is no way back: what a newer version wrote is refused, and an older one is migrated in a single transaction.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select, text

from storage.keys import Keyring
from storage.problems import DatabaseProblem

KNOWN = tuple(sorted(path.name[:4] for path in (Path(__file__).parent / "migrations/versions").glob("[0-9]*.py")))
LATEST = KNOWN[-1]

MIGRATING = 4_842_017
"""The advisory lock of whoever migrates a PostgreSQL database: any number, and always this one."""


@dataclass(frozen=True)
class Unlocking:
    """What a migration can open of self-assessments that are open. given_up: those that are lost without their keys."""

    keyring: Keyring
    given_up: frozenset[int] = frozenset()


def is_latest(connection: Connection) -> bool:
    """Whether the database has the version of the code. Raises DatabaseProblem where it is newer."""
    found = stored(connection)
    if found is not None and found not in KNOWN:
        raise _newer(found)
    return found == LATEST


def refuse_another(connection: Connection) -> None:
    """For those who only read, and so can't migrate. Raises DatabaseProblem where the version is another than ours."""
    if is_latest(connection):
        return
    found = stored(connection)
    has = f"version {found}" if found else "no tables yet"
    raise DatabaseProblem(f"The database has {has}, this bot reads version {LATEST}: run hta-bot migrate first.")


def stored(connection: Connection) -> str | None:
    """The database's version; None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return version


def _newer(found: str) -> DatabaseProblem:
    return DatabaseProblem(
        f"The database has version {found}, this bot knows none after {LATEST}: install the newer bot that wrote it."
    )


def upgrade(engine: Engine, to: str = "head", unlocking: Unlocking | None = None) -> None:
    """Migrates in one transaction, on a connection of its own."""
    with engine.connect() as connection:
        upgrade_on(connection, to, unlocking)


def upgrade_on(connection: Connection, to: str = "head", unlocking: Unlocking | None = None) -> None:
    """Migrates in one transaction. The connection has none open."""
    if connection.dialect.name != "sqlite":
        with connection.begin():
            migrate(connection, to, unlocking)
        return
    # Before BEGIN, or it does nothing. A table that Alembic rebuilds would take its children's rows along.
    _driver(connection).execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            migrate(connection, to, unlocking)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise DatabaseProblem("The migration would leave rows without their round; nothing was changed.")
    finally:
        _driver(connection).execute("PRAGMA foreign_keys=ON")


def migrate(connection: Connection, to: str = "head", unlocking: Unlocking | None = None) -> None:
    """Migrates in the open transaction; of several processes that start at once, one does it and the others wait.

    Raises DatabaseProblem, also where `unlocking` lacks the key of a self-assessment that is open.
    """
    # Alembic takes 80 ms to import, and nearly every start finds nothing to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    config.attributes["unlocking"] = unlocking
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
    command.upgrade(config, to)


def touch(connection: Connection) -> None:
    """Writes a row of the database as it is."""
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
