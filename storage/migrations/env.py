"""Alembic runs this to migrate, or to compare: on the connection that `storage.versions` hands over.

On the command line there is none: `alembic -x database=sqlite:///scratch.db revision --autogenerate -m "what is new"`.
"""

from alembic import context
from sqlalchemy import create_engine

from storage.tables import for_postgresql

connection = context.config.attributes.get("connection")
if connection is None:
    connection = create_engine(context.get_x_argument(as_dictionary=True)["database"]).connect()

# SQLite can change hardly anything of a table; batch mode makes a new one.
context.configure(connection, target_metadata=for_postgresql(), render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
