"""Which results there are, who may look at them, and how they get to their channel. Knows no Slack."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.payloads import Who
from bot.postings import Kind
from bot.results.closed import Closed
from bot.rounds import following
from bot.rounds import service as rounds_service
from bot.rounds.following import Status
from instrument.definition import builtin
from instrument.growth import Growth, growth
from instrument.snapshot import Snapshot
from storage import looks, postings, rounds, snapshots, terms
from storage.postings import NewPosting
from storage.rounds import Lock, Round

AGAIN = timedelta(minutes=5)
"""Results that were posted so lately are not posted again: a second press means the first."""


@dataclass(frozen=True)
class Reader:
    """Who wants to look, and in which channel they pressed."""

    who: Who
    is_coordinator: bool
    channel_id: str | None


@dataclass(frozen=True)
class NotTheirs:
    """They are for coordinators, and for those who are in the results channel; this one is neither."""


@dataclass(frozen=True)
class Latest:
    """`closed` is the last closed round, `still_open` the one under way; None where there is none."""

    closed: Closed | None
    still_open: Status | None


@dataclass(frozen=True)
class Compared:
    """`others`: all earlier rounds that this reader can compare with, the latest first; `before` is one of them."""

    now: Closed
    before: Closed
    others: tuple[Round, ...]
    growth: tuple[Growth, ...]


@dataclass(frozen=True)
class NothingBefore:
    """There is no earlier round with results. elsewhere: there is, but they went to another channel."""

    elsewhere: bool


@dataclass(frozen=True)
class Going:
    """The results go to their channel. already: they were on their way, or there since a few minutes.

    before: when they last went there; None: not yet.
    """

    round: Round
    already: bool
    before: datetime | None = None


def latest(connection: Connection, team_id: str) -> Latest:
    found, still_open = snapshots.latest(connection, team_id), rounds.open_in(connection, team_id)
    return Latest(
        _known(connection, *found) if found else None, following.status(connection, still_open) if still_open else None
    )


def look_at_latest(connection: Connection, who: Who, now: datetime) -> Latest:
    """The latest, for a coordinator to see. That she looked is committed before she can."""
    found = latest(connection, who.team_id)
    if found.closed:
        looks.note(connection, found.closed.round.id, who.person_id, now)
    return found


def look(connection: Connection, reader: Reader, round_id: int, now: datetime) -> Closed | NotTheirs | None:
    """A closed round, for this reader to see; None: there is no such. A coordinator's look is noted.

    What is posted in a channel is seen by all who are in it (REVIEW, 28), and who reads it there is written nowhere.
    """
    found = _closed(connection, reader.who.team_id, round_id)
    if found is None:
        return None if reader.is_coordinator else NotTheirs()
    if not _may_see(reader, found):
        return NotTheirs()
    if reader.is_coordinator:
        looks.note(connection, round_id, reader.who.person_id, now)
    return found


def compare(
    connection: Connection, reader: Reader, round_id: int, now: datetime, before_id: int | None = None
) -> Compared | NothingBefore | NotTheirs | None:
    """A closed round beside an earlier one of the workspace: that of `before_id`, else the one before it."""
    found = look(connection, reader, round_id, now)
    if not isinstance(found, Closed):
        return found
    earlier = [_known(connection, *one) for one in snapshots.before(connection, found.round)]
    seen = [one for one in earlier if _may_see(reader, one)]
    if not seen:
        return NothingBefore(elsewhere=bool(earlier))
    before = next((one for one in seen if one.round.id == before_id), seen[0])
    if reader.is_coordinator:
        looks.note(connection, before.round.id, reader.who.person_id, now)
    now_by, then_by = builtin(found.snapshot.instrument_version), builtin(before.snapshot.instrument_version)
    grown = growth(now_by, before.snapshot, found.snapshot, then_by)
    return Compared(found, before, tuple(other.round for other in seen), grown)


def post(connection: Connection, who: Who, round_id: int, now: datetime) -> Going | None:
    """Owes the results to their channel, once more where they were posted before; None: there are none.

    Results that nobody else has yet are shared by it, with everyone who was asked.
    """
    rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    found = _closed(connection, who.team_id, round_id)
    if found is None or found.snapshot.finished is None:
        return None
    channel_id = found.round.results_channel
    if found.held_back:
        rounds_service.share(connection, round_id, now)
        return Going(found.round, already=False)
    sent = postings.of_round(connection, round_id, [Kind.RESULTS], channel_id)
    if any(one.is_owed or one.due_at > now - AGAIN for one in sent):
        return Going(found.round, already=True, before=found.posted_at)
    owed = NewPosting(Kind.RESULTS, who.team_id, round_id, channel_id, now, note=who.person_id)
    postings.owe(connection, [owed])
    return Going(found.round, already=False, before=found.posted_at)


def _closed(connection: Connection, team_id: str, round_id: int) -> Closed | None:
    found = rounds_service.result(connection, round_id)
    return _known(connection, *found) if found and found[0].team_id == team_id else None


def _known(connection: Connection, round_: Round, snapshot: Snapshot) -> Closed:
    held_back = looks.held_back(connection, round_.id)
    sent = postings.of_round(connection, round_.id, [Kind.RESULTS], round_.results_channel)
    posted_at = max((one.posted_at for one in sent if one.posted_at), default=None)
    return Closed(round_, snapshot, held_back, terms.of(connection, round_.id).staff_count, posted_at)


def _may_see(reader: Reader, closed: Closed) -> bool:
    in_their_channel = reader.channel_id == closed.round.results_channel and not reader.who.is_stranger
    return reader.is_coordinator or (in_their_channel and not closed.held_back)
