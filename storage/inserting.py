"""How is a row written where one like it may be there already?

Without an error: PostgreSQL would quote the refused row in its log, and the transaction would need a savepoint.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert_unless_there(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that leaves out the rows that a unique constraint refuses; with RETURNING they return nothing."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # only here: a start on SQLite goes without it

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
