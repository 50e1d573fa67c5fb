"""Closes a round and opens the next, by storage alone."""

from datetime import timedelta
from functools import partial

from instrument.snapshot import Snapshot
from storage import rounds, snapshots
from storage.database import Database
from storage.rounds import NewRound, Opened, Round


async def close(database: Database, round_: Round, snapshot: Snapshot, days: int) -> None:
    now = round_.opened_at + timedelta(days=days)
    await database.write(partial(snapshots.save, round_id=round_.id, snapshot=snapshot, now=now))
    await database.write(partial(rounds.mark_closed, round_id=round_.id, now=now))


async def next_round(database: Database, before: Round, team_id: str) -> Round:
    new = NewRound(
        team_id,
        before.instrument_version,
        before.opened_by,
        before.results_channel,
        before.minimum,
        before.remind_every_days,
        before.closes_at,
        key_name="next",
        key_half=b"next",
        sources=(),
    )
    match await database.write(partial(rounds.open_round, new=new, now=before.opened_at)):
        case Opened(round_):
            return round_
        case other:
            raise AssertionError(other)
