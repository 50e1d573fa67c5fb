"""Gathers what the evidence pack is made from, out of what is stored of a closed round. Knows no Slack.

Nobody's name is in the database, and no channel's either: whoever knows them hands them in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.payloads import Who
from bot.results.export.service import exported
from reports.evidence.pack import Evidence
from reports.evidence.record import audiences
from reports.round_report import RoundReport, with_names
from reports.sentences import day_of
from storage import goals, invitations, rounds
from storage.goals import Event
from storage.rounds import Source, SourceKind

BY_NAME = "Chosen by name"
KINDS = {SourceKind.CHANNEL: "Channel", SourceKind.GROUP: "User group"}


@dataclass(frozen=True)
class Gathered:
    """brought: how many each channel and user group brought; under None those who were chosen by name.

    check_ins: what was said of each goal, a line each, the oldest first.
    """

    closed: RoundReport
    brought: tuple[tuple[Source | None, int], ...]
    check_ins: tuple[tuple[str, ...], ...]

    @property
    def channels(self) -> tuple[str, ...]:
        """Slack's ids of the channels, which have a name in Slack."""
        return tuple(one.slack_id for one, _ in self.brought if one and one.kind is SourceKind.CHANNEL)

    def evidence(self, names: Mapping[str, str], organization: str | None) -> Evidence:
        """names: of channels, user groups and owners, by Slack's ids; where one is missing, the id stands."""
        asked = {_named(source, names): number for source, number in self.brought}
        told = audiences(asked, self.closed.snapshot.minimum)
        return Evidence(with_names(self.closed, names), told, self.check_ins, organization)


def looked_at(connection: Connection, who: Who, round_id: int, zone: ZoneInfo, now: datetime) -> Gathered | None:
    """What a coordinator's pack is made of; None: there is no such round. That she looked is committed before she has it."""
    found = exported(connection, who, round_id, zone, now)
    return gathered(connection, found) if found else None


def gathered(connection: Connection, closed: RoundReport) -> Gathered:
    """All that the pack tells beside the round itself."""
    by_source = invitations.asked_by_source(connection, closed.round_id)
    named = [one for one in rounds.sources_of(connection, closed.round_id) if one.kind is not SourceKind.PERSON]
    brought: list[tuple[Source | None, int]] = [(one, by_source.get(one.slack_id, 0)) for one in named]
    by_name = sum(by_source.values()) - sum(number for _, number in brought)
    return Gathered(
        closed,
        tuple((source, number) for source, number in [*brought, (None, by_name)] if number),
        _check_ins(connection, closed),
    )


def _check_ins(connection: Connection, closed: RoundReport) -> tuple[tuple[str, ...], ...]:
    plan = goals.plan_of(connection, closed.round_id)
    known = goals.of_plan(connection, plan.id) if plan else ()
    said = goals.events_of(connection, [one.id for one in known])
    return tuple(
        tuple(_said(one, closed) for one in said if one.goal_id == goal.id and one.undone_by is None) for goal in known
    )


def _said(event: Event, closed: RoundReport) -> str:
    """What was said at a check-in, without who said it. What is for the coordinator only stays with her."""
    told = [f"{day_of(event.happened_at.astimezone(closed.zone).date())}: {event.status.label}."]
    if event.due_on != event.was_due_on:
        told.append(f"Due date moved from {day_of(event.was_due_on)} to {day_of(event.due_on)}.")
    if event.owner != event.was_owner:
        told.append("Handed over to another owner.")
    said = event.details
    if not said.for_coordinator:
        told += [f"In the way: {said.obstacle.label}."] if said.obstacle else []
        told += [f"Note: {said.note}"] if said.note else []
    return " ".join(told)


def _named(source: Source | None, names: Mapping[str, str]) -> str:
    if source is None:
        return BY_NAME
    return names.get(source.slack_id) or f"{KINDS[source.kind]} {source.slack_id}"
