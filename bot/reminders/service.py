"""What the bot does about reminders: plan the next one, and change the plan as people wish. Knows no Slack.

At most one reminder is owed to a person in a round. When it is done, the next one is planned in the same transaction.

Postings stand on identity's side, so they must not tell who has finished. Therefore the chain of rows goes on for
everybody alike, whether or not a message was sent: who has finished, said no, or stopped these messages is only passed over
at the moment of sending. The next date follows from the last one that was due, never from when it could be sent, and a row
that is done is made the same for all (`postings.leave_no_trace`). A picked time tells that somebody pressed Not now or Pause,
and not which.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.payloads import Who
from bot.postings import Kind
from bot.reminders import times
from bot.reminders.times import BestTime, Later
from bot.survey import service as survey
from bot.survey.service import Answering, Invited, KeyMissing, NotAsked, NothingOpen, Place
from storage import people, postings, rounds
from storage.invitations import Standing
from storage.keys import Keyring
from storage.people import Person
from storage.postings import NewPosting, Posting, Sent
from storage.rounds import Lock, Round

KINDS = (Kind.INVITATION, Kind.REMINDER)
PICKED = ":picked"

Unfinished = Invited | Answering


@dataclass(frozen=True)
class Wanted:
    """A reminder is to be sent to someone who stands `here`, and lives in `zone`."""

    here: Unfinished
    zone: ZoneInfo


@dataclass(frozen=True)
class HeldUp:
    """It could not go out in its hour, and this one is wrong: it is due again then."""

    until: datetime


@dataclass(frozen=True)
class Picked:
    """We write at the time that the person picked."""

    here: Unfinished
    at: datetime
    zone: ZoneInfo
    best: BestTime | None


@dataclass(frozen=True)
class TooLate:
    """The self-assessment closes before the time that the person picked now. picked_at: a time picked before, which stays."""

    here: Unfinished
    zone: ZoneInfo
    picked_at: datetime | None = None


@dataclass(frozen=True)
class Preferred:
    """From now on reminders come at this time of day. picked_at: the time that the person picked, which stays."""

    here: Unfinished
    best: BestTime
    zone: ZoneInfo
    picked_at: datetime | None = None


@dataclass(frozen=True)
class Stopped:
    """No more reminders, in no round."""

    here: Place


@dataclass(frozen=True)
class Resumed:
    """Reminders may come again."""

    here: Unfinished


Outcome = Picked | TooLate | Preferred | Stopped | Resumed | Place


def wanted(
    connection: Connection, keyring: Keyring, posting: Posting, zone: ZoneInfo, now: datetime
) -> Wanted | HeldUp | KeyMissing | None:
    """Whether a reminder that is due is to be sent; None: not to this person, or the next one comes soon.

    A picked time always wins: over "never remind", over having stopped the others, and at night. Whether another one is
    held up is decided by the clock alone, before we look at where somebody stands: so that its row tells nothing.
    """
    person = people.of(connection, posting.team_id, posting.target)
    there = times.zone_named(person.zone if person else None, zone)
    best = _best(person)
    by_itself = not posting.note.endswith(PICKED)
    if by_itself and (at := times.not_before(posting.due_at, now, best, there)):
        return HeldUp(at)
    who = Who(posting.team_id, posting.target, posting.team_id)
    here = survey.place(connection, keyring, who, posting.round_id)
    if isinstance(here, KeyMissing):
        return here
    if not _is_unfinished(here) or now >= here.round.closing_at:
        return None
    if by_itself:
        next_at = times.next_reminder(
            sent=int(posting.note) + 1,
            last_at=posting.due_at,
            now=posting.due_at,
            every_days=here.round.remind_every_days,
            best=best,
            zone=there,
            closing_at=here.round.closing_at,
        )
        if (person and person.stopped) or times.gives_way(posting.due_at, now, next_at, there):
            return None
    return Wanted(here, there)


def go_on(connection: Connection, posting: Posting, zone: ZoneInfo, now: datetime) -> None:
    """An invitation or a reminder is done, sent or not wanted: marks it, and owes the next one. For everybody alike.

    The round is locked first: closing, which deletes postings, locks in this order too.
    """
    round_ = rounds.by_id(connection, posting.round_id or 0, lock=Lock.SHARED)
    if round_ is None or not round_.is_open:
        return
    people.hold(connection, round_.id, posting.target)
    if posting.kind == Kind.REMINDER:
        if not postings.leave_no_trace(connection, posting.id):
            return  # a time was picked while it was under way, and that stands
        now = posting.due_at
    else:
        postings.mark_posted(connection, posting.id, now)
    _plan(connection, round_, posting.target, zone, now)


def pick(
    connection: Connection, keyring: Keyring, who: Who, round_id: int, later: Later, zone: ZoneInfo, now: datetime
) -> Outcome:
    """We write at this time instead of the one that was planned. It is none of the three that come by themselves."""
    here = _held(connection, keyring, who, round_id)
    if not _is_unfinished(here):
        return here
    chain = _chain(connection, here.round, who.person_id, zone)
    at = times.picked_time(later, now=now, best=chain.best, zone=chain.zone, closing_at=here.round.closing_at)
    if at is None:
        return TooLate(here, chain.zone, chain.picked_at(now))
    _owe_instead(connection, here.round, chain, at, f"{chain.sent}{PICKED}")
    return Picked(here, at, chain.zone, chain.best)


def prefer(
    connection: Connection, keyring: Keyring, who: Who, round_id: int, best: BestTime, zone: ZoneInfo, now: datetime
) -> Outcome:
    """Reminders come at this time of day, the planned one included; one at a picked time stays."""
    here = _held(connection, keyring, who, round_id)
    if not _is_unfinished(here):
        return here
    people.prefer(connection, who.team_id, who.person_id, best.value, zone.key)
    chain = _chain(connection, here.round, who.person_id, zone)
    _plan(connection, here.round, who.person_id, zone, now)
    return Preferred(here, best, chain.zone, chain.picked_at(now))


def stop(connection: Connection, keyring: Keyring, who: Who, round_id: int, zone: ZoneInfo, now: datetime) -> Outcome:
    """Stop these messages: no reminder any more, in this round or a later one, at a picked time neither."""
    here = _held(connection, keyring, who, round_id)
    if isinstance(here, NothingOpen | NotAsked):
        return here
    people.stop(connection, who.team_id, who.person_id, zone.key, stopped=True)
    if here.round.is_open:
        chain = _chain(connection, here.round, who.person_id, zone)
        if chain.is_picked and chain.owed:
            postings.take_back(connection, [chain.owed.id])
            _plan(connection, here.round, who.person_id, zone, now)
    return Stopped(here)


def resume(connection: Connection, keyring: Keyring, who: Who, round_id: int, zone: ZoneInfo) -> Outcome:
    """Reminders may come again; those that fell due meanwhile are over."""
    here = _held(connection, keyring, who, round_id)
    if not _is_unfinished(here):
        return here
    people.stop(connection, who.team_id, who.person_id, zone.key, stopped=False)
    return Resumed(here)


def plan_again(connection: Connection, round_: Round, zone: ZoneInfo, now: datetime) -> None:
    """The closing day or the cadence has changed: plans every reminder of the round anew but those at picked times.

    `round_` as it is now. `zone` is the organization's, for people whose own we don't know.
    """
    rounds.by_id(connection, round_.id, lock=Lock.EXCLUSIVE)
    chains = _chains(connection, round_, None, zone)
    planned = [(chain, _next(chain, round_, now)) for chain in chains if not chain.stands(now)]
    _owe_all(connection, round_, planned)


def nudge(connection: Connection, round_: Round, source_id: str, zone: ZoneInfo, now: datetime) -> bool:
    """Nudge a group: brings forward the next reminder of all whom this channel or user group brought.

    To the first time at which each of them may be written to; the limits of three in all and of one a day stay, and so
    does a time that somebody picked. False, and nothing happens, where the group brought fewer than the round's minimum.
    Who has finished is not asked: an accomplice whose reminder moves, or does not, would tell of the others.
    """
    round_now = rounds.by_id(connection, round_.id, lock=Lock.EXCLUSIVE)
    if round_now is None or not round_now.is_open:
        return False
    group = frozenset(person for person, _ in people.asked_by(connection, round_.id, source_id))
    if len(group) < round_now.minimum:
        return False
    planned = [
        (chain, at)
        for chain in _chains(connection, round_now, group, zone)
        if not chain.stands(now)
        for at in [_soonest(chain, round_now, now)]
        if at
    ]
    _owe_all(connection, round_now, planned)
    return True


@dataclass(frozen=True)
class _Chain:
    """What was sent to a person in a round so far, and what is owed.

    `sent` counts the reminders that came by themselves. `last_at`: our last message; None: not even invited yet.
    """

    person_id: str
    zone: ZoneInfo
    best: BestTime | None
    sent: int
    last_at: datetime | None
    owed: Sent | None

    @property
    def is_picked(self) -> bool:
        return self.owed is not None and self.owed.note.endswith(PICKED)

    def picked_at(self, now: datetime) -> datetime | None:
        """The time that the person picked and that is still to come; None: there is none."""
        return self.owed.due_at if self.owed is not None and self.is_picked and self.owed.due_at > now else None

    def stands(self, now: datetime) -> bool:
        """Whether no plan may change what is owed: the person picked it, or it may be under way."""
        return self.is_picked or (self.owed is not None and self.owed.due_at <= now)


def _chain(connection: Connection, round_: Round, person_id: str, zone: ZoneInfo) -> _Chain:
    rows = postings.of_round(connection, round_.id, KINDS, person_id)
    return _chain_of(person_id, rows, people.of(connection, round_.team_id, person_id), zone)


def _chains(connection: Connection, round_: Round, group: frozenset[str] | None, zone: ZoneInfo) -> list[_Chain]:
    """Everybody's, or the group's."""
    rows: defaultdict[str, list[Sent]] = defaultdict(list)
    for row in postings.of_round(connection, round_.id, KINDS):
        if group is None or row.target in group:
            rows[row.target].append(row)
    wishes = people.of_round(connection, round_.id)
    return [_chain_of(person_id, theirs, wishes.get(person_id), zone) for person_id, theirs in rows.items()]


def _chain_of(person_id: str, rows: Iterable[Sent], person: Person | None, zone: ZoneInfo) -> _Chain:
    sent, last_at, owed = 0, None, None
    for row in rows:
        if row.posted_at is not None:
            last_at = max(last_at or row.posted_at, row.posted_at)
        if row.kind == Kind.REMINDER:
            before = int(row.note.removesuffix(PICKED))
            owed = row if row.is_owed else owed
            sent = max(sent, before if row.is_owed or row.note.endswith(PICKED) else before + 1)
    return _Chain(
        person_id,
        times.zone_named(person.zone if person else None, zone),
        _best(person),
        sent,
        last_at,
        owed,
    )


def _best(person: Person | None) -> BestTime | None:
    return BestTime(person.best_time) if person and person.best_time else None


def _plan(connection: Connection, round_: Round, person_id: str, zone: ZoneInfo, now: datetime) -> None:
    """Plans the person's next reminder, where none stands."""
    chain = _chain(connection, round_, person_id, zone)
    if not chain.stands(now):
        _owe_all(connection, round_, [(chain, _next(chain, round_, now))])


def _next(chain: _Chain, round_: Round, now: datetime) -> datetime | None:
    if chain.last_at is None:
        return None
    return times.next_reminder(
        sent=chain.sent,
        last_at=chain.last_at,
        now=now,
        every_days=round_.remind_every_days,
        best=chain.best,
        zone=chain.zone,
        closing_at=round_.closing_at,
    )


def _soonest(chain: _Chain, round_: Round, now: datetime) -> datetime | None:
    if chain.last_at is None:
        return None
    return times.soonest_reminder(
        sent=chain.sent,
        last_at=chain.last_at,
        now=now,
        best=chain.best,
        zone=chain.zone,
        closing_at=round_.closing_at,
    )


def _owe_all(connection: Connection, round_: Round, planned: Iterable[tuple[_Chain, datetime | None]]) -> None:
    """Owes each of these at the new time, or not at all; what already is so stays as it is."""
    changed = [(chain, at) for chain, at in planned if at != (chain.owed.due_at if chain.owed else None)]
    postings.take_back(connection, [chain.owed.id for chain, _ in changed if chain.owed])
    postings.owe(
        connection, [_reminder(round_, chain.person_id, at, str(chain.sent)) for chain, at in changed if at is not None]
    )


def _owe_instead(connection: Connection, round_: Round, chain: _Chain, at: datetime, note: str) -> None:
    postings.take_back(connection, [chain.owed.id] if chain.owed else [])
    postings.owe(connection, [_reminder(round_, chain.person_id, at, note)])


def _reminder(round_: Round, person_id: str, at: datetime, note: str) -> NewPosting:
    return NewPosting(Kind.REMINDER, round_.team_id, round_.id, person_id, at, note)


def _held(connection: Connection, keyring: Keyring, who: Who, round_id: int) -> Place:
    """Where the person stands. Closing waits, and nobody else plans for them, until the transaction ends."""
    rounds.by_id(connection, round_id, lock=Lock.SHARED)
    people.hold(connection, round_id, who.person_id)
    return survey.place(connection, keyring, who, round_id)


def _is_unfinished(here: Place) -> TypeGuard[Unfinished]:
    """Whether the person may still answer: asked, not declined or withdrawn, not finished."""
    return isinstance(here, Answering) or (isinstance(here, Invited) and here.standing is Standing.ASKED)
