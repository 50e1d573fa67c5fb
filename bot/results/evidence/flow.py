"""What is the pack made from? From what is stored of a closed round. Knows no Slack.

Nobody's name is in the database, and no channel's either: whoever knows them hands them in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.payloads import Who
from bot.results.evidence.pack import Evidence
from bot.results.evidence.record import audiences
from bot.results.export.closed import Closed, closed
from bot.results.export.flow import exported
from instrument.snapshot import Snapshot
from storage import invitations, rounds, snapshots, terms
from storage.rounds import Round, Source, SourceKind

BY_NAME = "Chosen by name"
KINDS = {SourceKind.CHANNEL: "Channel", SourceKind.GROUP: "User group"}


@dataclass(frozen=True)
class Gathered:
    """brought: how many each channel and user group brought; under None those who were chosen by name."""

    closed: Closed
    earlier: Closed | None
    brought: tuple[tuple[Source | None, int], ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The channels and groups that have a name in Slack."""
        return tuple(source for source, _ in self.brought if source)

    def evidence(self, names: Mapping[str, str], organization: str | None) -> Evidence:
        """names: of channels and user groups, by Slack's ids; where one is missing, the id stands."""
        asked = {_named(source, names): number for source, number in self.brought}
        return Evidence(
            self.closed,
            audiences(asked, self.closed.snapshot.minimum),
            earlier=self.earlier,
            organization=organization,
        )


def looked_at(connection: Connection, who: Who, round_id: int, zone: ZoneInfo, now: datetime) -> Gathered | None:
    """What a coordinator's pack is made of; None: there is no such round. That she looked is committed before she has it."""
    found = exported(connection, who, round_id, zone, now)
    return gathered(connection, found.round, found.snapshot, zone) if found else None


def gathered(connection: Connection, round_: Round, snapshot: Snapshot, zone: ZoneInfo) -> Gathered:
    """All that is needed of a closed round. Raises UnknownFormat."""
    by_source = invitations.asked_by_source(connection, round_.id)
    named = [one for one in rounds.sources_of(connection, round_.id) if one.kind is not SourceKind.PERSON]
    brought: list[tuple[Source | None, int]] = [(one, by_source.get(one.slack_id, 0)) for one in named]
    by_name = sum(by_source.values()) - sum(number for _, number in brought)
    return Gathered(
        _closed(connection, round_, snapshot, zone),
        _before(connection, round_, zone),
        tuple((source, number) for source, number in [*brought, (None, by_name)] if number),
    )


def _before(connection: Connection, round_: Round, zone: ZoneInfo) -> Closed | None:
    """The workspace's round that closed before this one; None: it is the first."""
    in_order = snapshots.closed_rounds(connection)
    for round_id in reversed(in_order[: in_order.index(round_.id)]):
        earlier = rounds.by_id(connection, round_id)
        if earlier and earlier.team_id == round_.team_id and (snapshot := snapshots.of(connection, round_id)):
            return _closed(connection, earlier, snapshot, zone)
    return None


def _closed(connection: Connection, round_: Round, snapshot: Snapshot, zone: ZoneInfo) -> Closed:
    return closed(round_, snapshot, terms.of(connection, round_.id).staff_count, zone)


def _named(source: Source | None, names: Mapping[str, str]) -> str:
    if source is None:
        return BY_NAME
    return names.get(source.slack_id) or f"{KINDS[source.kind]} {source.slack_id}"
