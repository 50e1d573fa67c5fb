"""What the bot does about a round: open it, ask its audience, close it for good. Knows no Slack."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.postings import Kind
from bot.rounds.audience import Audience
from bot.rounds.following import enough
from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.disclosure import detail_from, merged
from instrument.goals import DaysOff, in_the_morning, working_days_after
from instrument.snapshot import Snapshot
from storage import invitations, participation, people, postings, progress, responses, rounds, snapshots
from storage import terms as stored_terms
from storage.postings import NewPosting
from storage.rounds import AlreadyOpen, Lock, NewRound, Opened, Round, Source
from storage.sealing import RoundCipher
from storage.terms import Terms

LOOKING_DAYS = 5
"""Working days in which a coordinator can look at results before the others: they can't be buried."""


@dataclass(frozen=True)
class Closing:
    """Close now was pressed: it takes effect at `round.closing_at`. again: it had been pressed before."""

    round: Round
    enough: bool
    again: bool = False


@dataclass(frozen=True)
class Shared:
    """The results are shared. before: when they had been shared already; None: this did it."""

    round: Round
    before: datetime | None


@dataclass(frozen=True)
class MoreAsked:
    """More people are asked: `new` of them were not before. later: the invitations go out on a day that is still to come."""

    new: int
    later: bool = False


def start(connection: Connection, new: NewRound, terms: Terms, now: datetime) -> Opened | AlreadyOpen:
    """Opens a round on its terms, unless one is open in the workspace."""
    outcome = rounds.open_round(connection, new, now)
    if isinstance(outcome, Opened):
        stored_terms.save(connection, outcome.round.id, terms)
    return outcome


def ask(connection: Connection, round_id: int, audience: Audience, now: datetime) -> int:
    """Writes whom we ask, and owes an invitation to each who was not asked before, in one transaction.

    How many these are. A round that closed meanwhile asks nobody.
    """
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or not round_.is_open:
        return 0
    new = _invite(connection, round_, audience, now)
    rounds.mark_gathered(connection, round_id, now)
    return new


def invite_more(
    connection: Connection, team_id: str, round_id: int, sources: Sequence[Source], found: Audience, now: datetime
) -> MoreAsked | None:
    """Asks those of `found`, whom the sources hold now, who were not asked before. None where the round is not open.

    Before its start nobody is asked: the tick that begins it lists these sources with all others.
    """
    round_ = _open_one(connection, team_id, round_id)
    if round_ is None:
        return None
    rounds.add_sources(connection, round_id, sources)
    starts_at = stored_terms.of(connection, round_id).starts_at
    if starts_at and starts_at > now:
        return MoreAsked(0, later=True)
    return MoreAsked(_invite(connection, round_, found, now))


def try_again(connection: Connection, team_id: str, round_id: int) -> int | None:
    """Owes an invitation again to each who could not be reached; how many. None where the round is not open."""
    if _open_one(connection, team_id, round_id) is None:
        return None
    return postings.try_again(connection, round_id, Kind.INVITATION)


def move_closing(connection: Connection, team_id: str, round_id: int, closes_at: datetime) -> Round | None:
    """The round closes on another day. None where it is not open."""
    if _open_one(connection, team_id, round_id) is None:
        return None
    rounds.move_closing(connection, round_id, closes_at)
    return rounds.by_id(connection, round_id)


def close_soon(connection: Connection, team_id: str, round_id: int, delay: timedelta, now: datetime) -> Closing | None:
    """Close now: it takes effect after `delay`, so that it can be cancelled. None where the round is not open."""
    round_ = _open_one(connection, team_id, round_id)
    if round_ is None:
        return None
    rounds.close_now(connection, round_id, min(round_.closing_at, now + delay))
    after = rounds.by_id(connection, round_id)
    return Closing(after, enough(connection, after), again=round_.close_now_at is not None) if after else None


def cancel_closing(connection: Connection, team_id: str, round_id: int) -> Round | None:
    """The day that was printed stands again. None where the round is not open."""
    if _open_one(connection, team_id, round_id) is None:
        return None
    rounds.close_now(connection, round_id, None)
    return rounds.by_id(connection, round_id)


def close(connection: Connection, cipher: RoundCipher, round_id: int, now: datetime) -> Round | None:
    """Closes a round that is due: one transaction, under the lock that every answer shares, so that none can be missed.

    It freezes the snapshot, keeps the submitted answers in random order without anything that tells whose they are,
    forgets the rest, and destroys the database's half of the key (REVIEW, 3, 4, 11, 41). None where nothing was due.
    `cipher` is the round's.
    """
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or not round_.is_open or round_.closing_at > now:
        return None
    answers = responses.submitted(connection, round_id, cipher)
    asked = invitations.count(connection, round_id)
    snapshot = collate(builtin(round_.instrument_version), answers, asked=asked, minimum=round_.minimum)
    snapshots.save(connection, round_id, snapshot, now)
    responses.settle(connection, round_id, _kept(answers, round_.minimum))
    _forget(connection, round_id)
    rounds.mark_closed(connection, round_id, now)
    if stored_terms.of(connection, round_id).after_look:
        ready = NewPosting(Kind.RESULTS_READY, round_.team_id, round_id, round_.opened_by, now)
        postings.owe(connection, [ready])
    else:
        share(connection, round_id, now)
    return round_


def share(connection: Connection, round_id: int, now: datetime, team_id: str | None = None) -> Shared | None:
    """Owes the results to their channel, and to everyone who was asked and did not say no, withdraw or stop; once.

    None where there is nothing to share, or, with a `team_id`, not in that workspace.
    """
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or round_.is_open or (team_id and round_.team_id != team_id):
        return None
    before = stored_terms.of(connection, round_id).shared_at
    if before is None:
        stored_terms.mark_shared(connection, round_id, now)
        postings.owe(connection, [NewPosting(Kind.RESULTS, round_.team_id, round_id, round_.results_channel, now)])
        each = invitations.not_declined(connection, round_id)
        owed = [NewPosting(Kind.WHAT_CAME_OUT, round_.team_id, round_id, person, now) for person in each]
        postings.owe(connection, owed)
    return Shared(round_, before)


def share_by(closed_at: datetime, zone: ZoneInfo, off: DaysOff) -> datetime:
    """When results that wait for a coordinator's look go out by themselves: five working days after, at 10:00, UTC."""
    return in_the_morning(working_days_after(closed_at.astimezone(zone).date(), LOOKING_DAYS, off), zone)


def abandon(connection: Connection, round_id: int, coordinators: Sequence[str], now: datetime) -> int | None:
    """Closes a round whose key is lost, without results: nobody could tell any more whose answers are whose.

    Every answer is deleted. Everyone who was asked and did not say no is told, and the coordinators: how many these are.
    None: it is not open.
    """
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or not round_.is_open:
        return None
    responses.settle(connection, round_id, ())
    _forget(connection, round_id)
    rounds.mark_closed(connection, round_id, now)
    rounds.mark_abandoned(connection, round_id, now)
    told = dict.fromkeys([*coordinators, round_.opened_by, *invitations.not_declined(connection, round_id)])
    postings.owe(
        connection, [NewPosting(Kind.ABANDONED, round_.team_id, round_id, person_id, now) for person_id in told]
    )
    return len(told)


def _forget(connection: Connection, round_id: int) -> None:
    """What only an open round needs."""
    wishes = people.of_round(connection, round_id)
    invitations.reduce_at_closing(connection, round_id, {one for one, person in wishes.items() if person.stopped})
    postings.forget_round(connection, round_id)
    participation.forget(connection, round_id)
    progress.forget(connection, round_id)


def _kept(answers: Sequence[Answers], minimum: int) -> list[Answers]:
    """The answers with small functions merged, by the plan that hides them from subtraction; of few people, none.

    A sheet of fewer people than ten could be laid beside their results (METHODS, 4).
    """
    if len(answers) < detail_from(minimum):
        return []
    stored_under = merged(Counter(one.function for one in answers), minimum)
    return [Answers(stored_under[one.function], one.strip) for one in answers]


def result(connection: Connection, round_id: int) -> tuple[Round, Snapshot] | None:
    """A closed round and its snapshot."""
    round_, snapshot = rounds.by_id(connection, round_id), snapshots.of(connection, round_id)
    return (round_, snapshot) if round_ and snapshot else None


def _invite(connection: Connection, round_: Round, audience: Audience, now: datetime) -> int:
    """Owes an invitation to each of the audience who was not asked before; how many these are."""
    new = invitations.ask(connection, round_.id, audience.people)
    people.keep_zones(connection, round_.team_id, audience.zones)
    owed = [NewPosting(Kind.INVITATION, round_.team_id, round_.id, person_id, now) for person_id in new]
    postings.owe(connection, owed)
    return len(new)


def _open_one(connection: Connection, team_id: str, round_id: int) -> Round | None:
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    return round_ if round_ and round_.team_id == team_id and round_.is_open else None
