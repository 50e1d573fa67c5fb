"""What is drawn for a coordinator who asks: a closed round and the one before it. Knows no Slack."""

from datetime import datetime

from sqlalchemy import Connection

from bot.payloads import Who
from bot.results import service
from bot.results.closed import Closed
from bot.results.service import Compared

Found = tuple[Closed, Compared | None]


def look(connection: Connection, who: Who, round_id: int, now: datetime) -> Found | None:
    """A closed round and what it is compared with, for a coordinator to see; that she looks is noted.

    None: there is no such round, or nothing of it can be shown.
    """
    reader = service.Reader(who, is_coordinator=True, channel_id=None)
    closed = service.look(connection, reader, round_id, now)
    if not isinstance(closed, Closed) or closed.snapshot.finished is None:
        return None
    compared = service.compare(connection, reader, round_id, now)
    return closed, compared if isinstance(compared, Compared) else None
