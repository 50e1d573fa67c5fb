"""Which results are there? The last snapshot, and whether a newer round is open. Knows no Slack."""

from dataclasses import dataclass

from sqlalchemy import Connection

from instrument.snapshot import Snapshot
from storage import rounds, snapshots
from storage.rounds import Round


@dataclass(frozen=True)
class Latest:
    """`closed` is the last closed round with its snapshot, `still_open` the one under way; None where there is none."""

    closed: tuple[Round, Snapshot] | None
    still_open: Round | None


def latest(connection: Connection, team_id: str) -> Latest:
    return Latest(snapshots.latest(connection, team_id), rounds.open_in(connection, team_id))


def of_round(connection: Connection, team_id: str, round_id: int) -> tuple[Round, Snapshot] | None:
    """A closed round of this workspace and its snapshot."""
    round_, snapshot = rounds.by_id(connection, round_id), snapshots.of(connection, round_id)
    return (round_, snapshot) if round_ and snapshot and round_.team_id == team_id else None
