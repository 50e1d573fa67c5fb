"""Which results are there? The last snapshot, and whether a newer round is open. Knows no Slack."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.payloads import Who
from bot.rounds import following
from bot.rounds.following import Status
from instrument.snapshot import Snapshot
from storage import looks, rounds, snapshots, terms
from storage.rounds import Round


@dataclass(frozen=True)
class Latest:
    """`closed` is the last closed round with its snapshot, `still_open` the one under way; None where there is none.

    work_here: how many people the organization has, where the coordinator of the closed round said so.
    """

    closed: tuple[Round, Snapshot] | None
    still_open: Status | None
    work_here: int | None


def latest(connection: Connection, team_id: str) -> Latest:
    closed, still_open = snapshots.latest(connection, team_id), rounds.open_in(connection, team_id)
    staff = terms.of(connection, closed[0].id).staff_count if closed else None
    return Latest(closed, following.status(connection, still_open) if still_open else None, staff)


def of_round(connection: Connection, team_id: str, round_id: int) -> tuple[Round, Snapshot] | None:
    """A closed round of this workspace and its snapshot."""
    round_, snapshot = rounds.by_id(connection, round_id), snapshots.of(connection, round_id)
    return (round_, snapshot) if round_ and snapshot and round_.team_id == team_id else None


def look_at_latest(connection: Connection, who: Who, now: datetime) -> Latest:
    """The latest, for a coordinator to see. That she looked is committed before she can."""
    found = latest(connection, who.team_id)
    if found.closed:
        looks.note(connection, found.closed[0].id, who.person_id, now)
    return found


def look_at_round(connection: Connection, who: Who, round_id: int, now: datetime) -> tuple[Round, Snapshot] | None:
    """As of_round, for a coordinator to see, and noted."""
    found = of_round(connection, who.team_id, round_id)
    if found:
        looks.note(connection, round_id, who.person_id, now)
    return found
