"""How is a row written where one like it may be there already?

Without an error: PostgreSQL would quote the refused row in its log, and the transaction would need a savepoint.
"""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_unless_there(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that leaves out the rows that a unique constraint refuses; with RETURNING they return nothing."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
