"""What a coordinator may export of a closed round. Knows no Slack."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.payloads import Who
from instrument.definition import Instrument
from instrument.snapshot import Snapshot
from reports.round_report import Planned, RoundReport, round_report
from storage import goals, looks, rounds, snapshots, terms
from storage.goals import Goal
from storage.rounds import Round


def gathered(connection: Connection, round_: Round, snapshot: Snapshot, zone: ZoneInfo) -> RoundReport:
    """The round with what files tell beside its snapshot: the one before it, and the goals. Raises UnknownFormat."""
    found = round_report(round_, snapshot, terms.of(connection, round_.id).staff_count, zone)
    before = next(iter(snapshots.before(connection, round_)), None)
    earlier = round_report(*before, terms.of(connection, before[0].id).staff_count, zone) if before else None
    return replace(found, earlier=earlier, planned=_planned(connection, found))


def _planned(connection: Connection, found: RoundReport) -> tuple[Planned, ...]:
    plan = goals.plan_of(connection, found.round_id)
    stored = goals.of_plan(connection, plan.id) if plan else ()
    return tuple(
        Planned(
            one.horizon.label,
            one.due_on,
            _about(found.instrument, one),
            one.words,
            one.measure,
            one.owner,
            one.status.label,
        )
        for one in stored
    )


def _about(instrument: Instrument, goal: Goal) -> str:
    """What the goal is set on: an item with its number, or a section."""
    item = instrument.item(goal.item) if goal.item else None
    return f"{item.label} {item.short}" if item else instrument.heading(goal.section)


def exportable(connection: Connection, who: Who, round_id: int, zone: ZoneInfo) -> RoundReport | None:
    """The round, where it is closed, of this workspace, and enough people finished."""
    round_, snapshot = rounds.by_id(connection, round_id), snapshots.of(connection, round_id)
    if round_ is None or snapshot is None or snapshot.finished is None or round_.team_id != who.team_id:
        return None
    return gathered(connection, round_, snapshot, zone)


def exported(connection: Connection, who: Who, round_id: int, zone: ZoneInfo, now: datetime) -> RoundReport | None:
    """As `exportable`, for files to be made of it. That she looked is committed before she has them: at the round before, too,
    whose scores stand beside these on the page for leaders.
    """
    found = exportable(connection, who, round_id, zone)
    if found:
        looks.note(connection, round_id, who.person_id, now)
        if found.earlier:
            looks.note(connection, found.earlier.round_id, who.person_id, now)
    return found
