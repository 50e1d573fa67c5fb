"""Finds a self-assessment that closed lately and asked nearly the same people as one that is about to start.

Most people answer as they did half a year before. So where all but a few are the same, the two results laid side by side
show what those few answered (METHODS, 4).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import people, snapshots
from storage.rounds import Round

LATELY = timedelta(days=180)


@dataclass(frozen=True)
class Overlap:
    """`round` asked the same people but for fewer than `fewer_than`, and somebody. over_at: from then on it is not lately."""

    round: Round
    fewer_than: int
    over_at: datetime


def overlap(
    connection: Connection, team_id: str, asked: Collection[str], minimum: int, starts_at: datetime
) -> Overlap | None:
    """The latest that differs from `asked` by somebody, and by fewer than the smallest group of either; None: there is none."""
    for earlier in snapshots.closed_since(connection, team_id, starts_at - LATELY):
        before = {person_id for person_id, _ in people.asked_by(connection, earlier.id)}
        fewer_than = max(minimum, earlier.minimum)
        if earlier.closed_at and 0 < len(before.symmetric_difference(asked)) < fewer_than:
            return Overlap(earlier, fewer_than, earlier.closed_at + LATELY)
    return None
