"""What may a coordinator export? A closed round of her workspace that has results. Knows no Slack."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.payloads import Who
from bot.results.export.closed import Closed, closed
from storage import looks, rounds, snapshots, terms


def exportable(connection: Connection, who: Who, round_id: int, zone: ZoneInfo) -> Closed | None:
    """The round, where it is closed, of this workspace, and enough people finished."""
    round_, snapshot = rounds.by_id(connection, round_id), snapshots.of(connection, round_id)
    if round_ is None or snapshot is None or snapshot.finished is None or round_.team_id != who.team_id:
        return None
    return closed(round_, snapshot, terms.of(connection, round_id).staff_count, zone)


def exported(connection: Connection, who: Who, round_id: int, zone: ZoneInfo, now: datetime) -> Closed | None:
    """As `exportable`, for files to be made of it. That she looked is committed before she has them."""
    found = exportable(connection, who, round_id, zone)
    if found:
        looks.note(connection, round_id, who.person_id, now)
    return found
