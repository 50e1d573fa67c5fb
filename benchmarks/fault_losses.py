"""Works out what was lost in a trial: what was promised, next to what came and what the database holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from sqlalchemy import Connection

from benchmarks.arrivals import Kind
from benchmarks.fault_trial import RESULTS, Trial
from benchmarks.prepared import strips
from benchmarks.respondents import Respondent
from bot.postings import Kind as Posted
from storage import postings, responses, rounds
from storage.keys import Keyring

THE_ROUND = 1
POSTED = {
    Kind.INVITATION: (Posted.INVITATION,),
    Kind.REMINDER: (Posted.REMINDER,),
    Kind.RESULTS: (Posted.RESULTS,),
    # It is owed in the transaction that marks the results as posted.
    Kind.PICTURE: (Posted.CHART_HOW_OFTEN, Posted.RESULTS),
    Kind.NEWS: (Posted.WHAT_CAME_OUT,),
}
"""A message of a kind still comes while one of these is owed."""


class When(Enum):
    """What is under way when the fault comes."""

    STARTING = auto()
    """A coordinator starts the self-assessment."""
    INVITING = auto()
    """Invitations go out, and those who have theirs answer."""
    REMINDING = auto()
    """Reminders go out, and people answer."""
    CLOSING = auto()
    """Some have finished, it closes, and results go out."""


@dataclass(frozen=True)
class Promise:
    """A message of a kind for a person or a channel (`target`)."""

    kind: Kind
    target: str


def promised(trial: Trial, when: When) -> list[Promise]:
    """What has to come. Only those who don't answer are certain to get a reminder: who has finished by then gets none."""
    everybody = [person.id for person in trial.sandbox.workspace.cast.people[1:]]
    answer = {one.person.id for one in trial.respondents}
    promises = [Promise(Kind.INVITATION, one) for one in everybody]
    match when:
        case When.STARTING | When.INVITING:
            return promises
        case When.REMINDING:
            return promises + [Promise(Kind.REMINDER, one) for one in everybody if one not in answer]
        case When.CLOSING:
            in_channel = [Promise(kind, RESULTS) for kind in (Kind.RESULTS, Kind.PICTURE)]
            return promises + in_channel + [Promise(Kind.NEWS, one) for one in everybody]


def missing(trial: Trial, when: When) -> list[Promise]:
    """What has not come yet."""
    place_of = trial.sandbox.workspace.conversation
    came = {(one.kind, one.place) for one in trial.arrivals.all}
    return [one for one in promised(trial, when) if (one.kind, place_of(one.target)) not in came]


@dataclass(frozen=True)
class Stored:
    """What the database holds.

    by_person: strips while the round is open; settled: after closing, those of nobody in particular. owed: kinds and targets
    of the messages that are due and still go out.
    """

    by_person: Mapping[str, str]
    settled: Sequence[str]
    owed: Collection[tuple[str, str]]

    def lost_answers(self, respondents: Sequence[Respondent]) -> int:
        """How many acknowledged answers are not there. Of settled strips each person's is the likest that is left."""
        if not self.settled:
            return sum(one.lost(self.by_person.get(one.person.id, "")) for one in respondents)
        left, lost = list(self.settled), 0
        for one in respondents:
            likest = min(left, key=one.lost, default="")
            lost += one.lost(likest)
            left = [strip for strip in left if strip is not likest]
        return lost

    def still_comes(self, promise: Promise) -> bool:
        return any((kind.value, promise.target) in self.owed for kind in POSTED[promise.kind])


def stored(connection: Connection, trial: Trial) -> Stored:
    now = datetime.fromtimestamp(trial.sandbox.clock.now(), UTC)
    kinds = {kind.value for posted in POSTED.values() for kind in posted}
    owed = {
        (one.kind, one.target)
        for one in postings.of_round(connection, THE_ROUND, kinds)
        if one.is_owed and one.due_at <= now
    }
    open_rounds = rounds.all_open(connection)
    if open_rounds:
        people = [one.person.id for one in trial.respondents]
        return Stored(strips(connection, Keyring(trial.keys), open_rounds[0], people), (), owed)
    return Stored({}, [answers.strip for answers in responses.settled(connection, THE_ROUND)], owed)
