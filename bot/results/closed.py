"""A closed self-assessment as results show it."""

from dataclasses import dataclass
from datetime import datetime

from instrument.snapshot import Snapshot
from storage.rounds import Round


@dataclass(frozen=True)
class Closed:
    """A closed round and its snapshot.

    held_back: they wait for a coordinator's look, and nobody else has them yet. work_here: how many people the
    organization has, where the coordinator said so. posted_at: when they last went to their channel; None: not yet.
    """

    round: Round
    snapshot: Snapshot
    held_back: bool = False
    work_here: int | None = None
    posted_at: datetime | None = None
