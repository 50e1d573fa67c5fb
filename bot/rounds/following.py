"""How a coordinator follows an open round: the day's picture, and how it is drawn. Knows no Slack."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from instrument.participation import Exact, Picture, picture
from storage import invitations, participation, postings, responses, rounds
from storage import terms as stored_terms
from storage.participation import Drawn
from storage.rounds import Lock, Round, Source, SourceKind
from storage.sealing import RoundCipher
from storage.terms import Terms

DRAWN_FROM = time(6, 0)
"""A new picture is drawn from this hour on, in the organization's zone."""


@dataclass(frozen=True)
class Status:
    """An open round as coordinators see it. Nothing here tells who answered.

    brought: how many each channel or group of the audience brought. enough: whether the smallest group has finished, as
    the day's picture has it; below it, closing would show nothing.
    """

    round: Round
    terms: Terms
    asked: int
    brought: tuple[tuple[Source, int], ...]
    unreachable: tuple[postings.Failure, ...]
    picture: Picture | None
    enough: bool

    def planned_for(self, now: datetime | None) -> datetime | None:
        """When the invitations go out, where that is still to come; None: they went out, or do now.

        now: None: it is to come until somebody is asked.
        """
        starts_at = self.terms.starts_at
        if starts_at is None or self.asked or (now is not None and starts_at <= now):
            return None
        return starts_at


def status(connection: Connection, round_: Round) -> Status:
    by_source = invitations.asked_by_source(connection, round_.id)
    sources = [one for one in rounds.sources_of(connection, round_.id) if one.kind is not SourceKind.PERSON]
    drawn = participation.of(connection, round_.id)
    return Status(
        round_,
        stored_terms.of(connection, round_.id),
        invitations.count(connection, round_.id),
        tuple((source, by_source.get(source.slack_id, 0)) for source in sources),
        postings.failures(connection, round_.id),
        drawn.picture if drawn else None,
        enough(connection, round_),
    )


def enough(connection: Connection, round_: Round) -> bool:
    """Whether the smallest group has finished, as far as the day's picture shows it."""
    drawn = participation.of(connection, round_.id)
    return drawn is not None and drawn.picture.finished is not None


def draw(connection: Connection, cipher: RoundCipher, round_id: int, zone: ZoneInfo, now: datetime) -> None:
    """Draws the day's picture where it is time: once a day, whoever looks and however often. `cipher` is the round's."""
    local = now.astimezone(zone)
    drawn = participation.of(connection, round_id)
    if local.time() < DRAWN_FROM or (drawn and drawn.drawn_at.astimezone(zone).date() >= local.date()):
        return
    round_ = rounds.by_id(connection, round_id, lock=Lock.EXCLUSIVE)
    if round_ is None or not round_.is_open:
        return
    started, finished = responses.by_function(connection, round_id, cipher)
    asked, declined = invitations.count(connection, round_id), invitations.declined(connection, round_id)
    exact = Exact(asked, sum(started.values()), sum(finished.values()), declined)
    participation.save(connection, round_id, Drawn(picture(exact, round_.minimum, local.date()), now))
