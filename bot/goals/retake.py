"""When is it time to come back and take the self-assessment again, and what does that begin with?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.blocks import Block, Message, View, actions, button, confirm, section
from bot.goals.buttons import FORMAT, RETAKE
from bot.goals.calendar import Moment
from bot.rounds import form as fields
from bot.wording import day
from instrument.goals import Horizon, due_on
from storage import goals, rounds
from storage.rounds import Round, Source, SourceKind

START = "Start a self-assessment"


@dataclass(frozen=True)
class Offer:
    """The round that a plan followed from is to be taken again. all_closed: no goal is open; else a year has gone by."""

    round: Round
    all_closed: bool
    is_early: bool


def offer(connection: Connection, team_id: str, plan_id: int, at: Moment) -> Offer | None:
    """The offer as it stands now; None where it is not wanted: a newer self-assessment has begun, or goals run again."""
    plan = next((one for one in goals.plans(connection, team_id) if one.id == plan_id), None)
    round_ = rounds.by_id(connection, plan.round_id) if plan else None
    if plan is None or round_ is None or round_.closed_at is None:
        return None
    theirs = goals.of_plan(connection, plan_id)
    all_closed = not any(goal.status.is_open for goal in theirs)
    year_is_over = at.today >= due_on(plan.starts_on, Horizon.YEAR_1)
    if rounds.newest(connection, team_id) != round_.id or not (all_closed or year_is_over):
        return None
    closed_on = round_.closed_at.astimezone(at.zone).date()
    return Offer(round_, all_closed, at.today < due_on(closed_on, Horizon.MONTHS_6))


def message(found: Offer, zone: ZoneInfo) -> Message:
    """For the coordinator. Sooner than six months after the last one, pressing asks once more."""
    closed = day(found.round.closed_at or found.round.closing_at, zone)
    why = (
        "All goals of your plan are done or dropped."
        if found.all_closed
        else "A year has gone by since your plan began."
    )
    words = (
        f"{why} The tool asks you to come back now and take the self-assessment again, to see what has grown. The last one "
        f"closed on {closed}. The form begins with its audience; whoever is new there is asked, too."
    )
    sure = confirm(
        "So soon?",
        "The last self-assessment closed less than six months ago. People tire of being asked, and little may have changed.",
        "Start anyway",
        "Wait",
    )
    pressed = button(START, RETAKE, f"{FORMAT}:{found.round.id}", confirm=sure if found.is_early else None)
    return Message(f"{words} Button: {START}.", (section(words), actions(pressed)))


def as_last_time(view: View, sources: Sequence[Source], results_channel: str) -> View:
    """The form with the audience and the channel of a round that was."""
    by_kind = {kind: [one.slack_id for one in sources if one.kind is kind] for kind in SourceKind}
    initial: dict[str, dict[str, Any]] = {
        fields.CHANNELS: {"initial_conversations": by_kind[SourceKind.CHANNEL]},
        fields.PEOPLE: {"initial_users": by_kind[SourceKind.PERSON]},
        fields.RESULTS: {"initial_conversation": results_channel},
    }

    def filled(block: Block) -> Block:
        element = block.get("element")
        if element is None:
            return block
        chosen = initial.get(block["block_id"], {})
        if block["block_id"] == fields.GROUPS:
            groups = by_kind[SourceKind.GROUP]
            chosen = {"initial_options": [one for one in element["options"] if one["value"] in groups]}
        return block | {"element": element | {name: value for name, value in chosen.items() if value}}

    return view | {"blocks": [filled(block) for block in view["blocks"]]}
