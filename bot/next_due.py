"""The instant at which the bot next has something to do.

Whatever a tick looks for (bot/schedule.py) has its line here, so that a clock that is walked forward stops where it is due.
The hourly look for people who join a channel is left out: it has no day of its own, and happens whenever a tick comes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.rounds import following, service
from bot.rounds.progress import EVERY
from instrument.goals import DaysOff
from storage import participation, postings, progress, rounds, terms
from storage.participation import Drawn
from storage.rounds import Round

DAY = timedelta(days=1)
LONG_AGO = datetime.fromtimestamp(0, UTC)
"""When a scrub that is owed was due: nobody keeps that."""


def next_due_at(connection: Connection, now: datetime, zone: ZoneInfo, off: DaysOff) -> datetime | None:
    """The earliest instant at which something is due, UTC; None: nothing is.

    One that has passed is not done yet. `zone` and `off` are the organization's.
    """
    instants = [
        postings.next_due_at(connection),
        LONG_AGO if rounds.owed_scrub(connection) else None,
        *(service.share_by(closed_at, zone, off) for _, closed_at in terms.not_shared(connection)),
    ]
    for round_ in rounds.all_open(connection):
        instants += _of_open_round(connection, round_, now, zone)
    return min((at for at in instants if at is not None), default=None)


def _of_open_round(connection: Connection, round_: Round, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    yield round_.closing_at
    yield _picture_at(participation.of(connection, round_.id), now, zone)
    if round_.gathered_at is None:
        yield terms.of(connection, round_.id).starts_at or round_.opened_at
    shown = progress.of(connection, round_.id)
    if shown and not shown.is_done:
        yield shown.edited_at + EVERY


def _picture_at(drawn: Drawn | None, now: datetime, zone: ZoneInfo) -> datetime:
    """When the next picture of participation is drawn: once a day, from a fixed hour on."""
    day = now.astimezone(zone).date()
    if drawn:
        day = max(day, drawn.drawn_at.astimezone(zone).date() + DAY)
    return datetime.combine(day, following.DRAWN_FROM, zone).astimezone(UTC)
