"""What the bot does when a coordinator is added or removed: the row, and a message owed to everyone concerned. Knows no Slack."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.payloads import Who
from bot.postings import Kind
from storage import coordinators, postings
from storage.postings import NewPosting


def appoint(connection: Connection, who: Who, person_id: str, named: Iterable[str], now: datetime) -> bool:
    """Whether this made the person coordinator. All coordinators are told; `named` are those of the server's settings."""
    done = coordinators.appoint(connection, who.team_id, person_id, who.person_id, now)
    if done:
        _tell(connection, Kind.COORDINATOR_ADDED, who, person_id, named, now)
    return done


def remove(connection: Connection, who: Who, person_id: str, named: Iterable[str], now: datetime) -> bool:
    """Whether this ended an appointment. All coordinators and the person are told."""
    done = coordinators.remove(connection, who.team_id, person_id, who.person_id, now)
    if done:
        _tell(connection, Kind.COORDINATOR_REMOVED, who, person_id, named, now)
    return done


def by_and_whom(note: str) -> tuple[str, str]:
    """Who added or removed a coordinator, and whom: the note of a posting about it."""
    by, whom = note.split()
    return by, whom


def _tell(connection: Connection, kind: Kind, who: Who, person_id: str, named: Iterable[str], now: datetime) -> None:
    appointed = (one.person_id for one in coordinators.standing(connection, who.team_id))
    told = dict.fromkeys([*named, *appointed, person_id])
    note = f"{who.person_id} {person_id}"
    postings.owe(connection, [NewPosting(kind, who.team_id, None, one, now, note) for one in told])
