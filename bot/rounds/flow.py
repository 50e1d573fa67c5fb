"""What the bot does about a round: open it, ask its audience, close it for good. Knows no Slack."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.postings import Kind
from bot.rounds.audience import Audience
from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.disclosure import merged
from instrument.snapshot import Snapshot
from storage import invitations, people, postings, responses, rounds, snapshots
from storage.postings import NewPosting
from storage.rounds import Lock, Round


@dataclass(frozen=True)
class Closing:
    """Close now was pressed: it takes effect at `round.closing_at`."""

    round: Round
    enough: bool


@dataclass(frozen=True)
class Status:
    """An open round as coordinators see it. Nothing here tells who answered, nor how many did.

    `enough` is whether the smallest group has finished: below it, closing would show nothing.
    """

    round: Round
    asked: int
    unreachable: tuple[postings.Failure, ...]
    enough: bool


def status(connection: Connection, round_: Round) -> Status:
    return Status(
        round_,
        invitations.count(connection, round_.id),
        postings.failures(connection, round_.id),
        _enough(connection, round_),
    )


def ask(connection: Connection, round_id: int, audience: Audience, now: datetime) -> int:
    """Writes whom we ask, and owes each an invitation, in one transaction. A round that closed meanwhile asks nobody."""
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or not round_.is_open or round_.gathered_at is not None:
        return 0
    asked = invitations.ask(connection, round_id, audience.people)
    people.keep_zones(connection, round_.team_id, audience.zones)
    postings.owe(
        connection,
        [NewPosting(Kind.INVITATION, round_.team_id, round_id, person_id, now) for person_id, _ in audience.people],
    )
    rounds.mark_gathered(connection, round_id, now)
    return asked


def close_soon(connection: Connection, team_id: str, round_id: int, delay: timedelta, now: datetime) -> Closing | None:
    """Close now: it takes effect after `delay`, so that it can be cancelled. None where the round is not open."""
    round_ = _open_one(connection, team_id, round_id)
    if round_ is None:
        return None
    rounds.close_now(connection, round_id, min(round_.closing_at, now + delay))
    after = rounds.by_id(connection, round_id)
    return Closing(after, _enough(connection, after)) if after else None


def cancel_closing(connection: Connection, team_id: str, round_id: int) -> Round | None:
    """The day that was printed stands again. None where the round is not open."""
    if _open_one(connection, team_id, round_id) is None:
        return None
    rounds.close_now(connection, round_id, None)
    return rounds.by_id(connection, round_id)


def close(connection: Connection, round_id: int, now: datetime) -> Round | None:
    """Closes a round that is due: one transaction, under the lock that every answer shares, so that none can be missed.

    It freezes the snapshot, keeps the submitted answers in random order without anything that tells whose they are,
    forgets the rest, and destroys the database's half of the key (REVIEW, 3, 4, 11, 41). None where nothing was due.
    """
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or not round_.is_open or round_.closing_at > now:
        return None
    answers = responses.submitted(connection, round_id)
    asked = invitations.count(connection, round_id)
    snapshot = collate(builtin(round_.instrument_version), answers, asked=asked, minimum=round_.minimum)
    snapshots.save(connection, round_id, snapshot, now)
    responses.settle(connection, round_id, _kept(answers, round_.minimum) if snapshot.finished is not None else ())
    invitations.reduce_at_closing(connection, round_id)
    postings.forget_round(connection, round_id)
    rounds.mark_closed(connection, round_id, now)
    results = NewPosting(Kind.RESULTS, round_.team_id, round_id, round_.results_channel, now)
    postings.owe(connection, [results])
    return round_


def _kept(answers: Sequence[Answers], minimum: int) -> list[Answers]:
    """The answers with small functions merged, by the plan that hides them from subtraction."""
    stored_under = merged(Counter(one.function for one in answers), minimum)
    return [Answers(stored_under[one.function], one.strip) for one in answers]


def result(connection: Connection, round_id: int) -> tuple[Round, Snapshot] | None:
    """A closed round and its snapshot."""
    round_, snapshot = rounds.by_id(connection, round_id), snapshots.of(connection, round_id)
    return (round_, snapshot) if round_ and snapshot else None


def _open_one(connection: Connection, team_id: str, round_id: int) -> Round | None:
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    return round_ if round_ and round_.team_id == team_id and round_.is_open else None


def _enough(connection: Connection, round_: Round) -> bool:
    return responses.finished(connection, round_.id) >= round_.minimum
