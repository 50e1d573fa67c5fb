"""Writes a row where one like it may be there already.

Without an error: PostgreSQL would quote the refused row in its log, and the transaction would need a savepoint.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert_unless_there(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that leaves out the rows that a unique constraint refuses; with RETURNING they return nothing."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # only here: a start on SQLite goes without it

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def upsert(
    connection: Connection, table: Table, unique: Sequence[Column[Any]], changed: str
) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that, where a row with the same `unique` columns is there, sets its column `changed` and no other."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        new = postgresql.insert(table)
        return new.on_conflict_do_update(index_elements=unique, set_={changed: new.excluded[changed]})
    row = sqlite.insert(table)
    return row.on_conflict_do_update(index_elements=unique, set_={changed: row.excluded[changed]})
