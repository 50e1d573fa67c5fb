"""Other ids by which Slack knows people of a workspace: on Enterprise Grid one person has a U... and a W... id."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from storage import tables
from storage.inserting import upsert

ALIAS = tables.table(tables.PersonAlias)
UNIQUE = (ALIAS.c.team_id, ALIAS.c.alias_id)


def keep(connection: Connection, team_id: str, ids: Mapping[str, str]) -> None:
    """These other ids are the people's of the roster: by other id."""
    rows = [
        {"team_id": team_id, "alias_id": alias_id, "person_id": person_id}
        for alias_id, person_id in sorted(ids.items())
    ]
    if rows:
        connection.execute(upsert(connection, ALIAS, UNIQUE, "person_id"), rows)


def of(connection: Connection, team_id: str) -> dict[str, str]:
    """The ids of the roster, by other id."""
    query = select(ALIAS.c.alias_id, ALIAS.c.person_id).where(ALIAS.c.team_id == team_id)
    return {alias_id: person_id for alias_id, person_id in connection.execute(query)}
