"""The offer to take the self-assessment again, and what the new form begins with."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.blocks import Block, Message, View, actions, button, confirm, section
from bot.goals.buttons import FORMAT, RETAKE
from bot.goals.calendar import Moment
from bot.rounds import form as fields
from instrument.goals import Horizon, due_on
from reports.wording import day
from storage import goals, rounds
from storage import terms as stored_terms
from storage.rounds import Round, Source, SourceKind
from storage.terms import Terms

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


@dataclass(frozen=True)
class LastTime:
    """What a round was started with."""

    round: Round
    sources: tuple[Source, ...]
    terms: Terms

    def without(self, gone: Collection[str]) -> "LastTime":
        """The same without channels that are gone by now."""
        sources = tuple(one for one in self.sources if one.slack_id not in gone)
        channel = "" if self.round.results_channel in gone else self.round.results_channel
        return replace(self, sources=sources, round=replace(self.round, results_channel=channel))

    @property
    def channels(self) -> tuple[str, ...]:
        named = [one.slack_id for one in self.sources if one.kind is SourceKind.CHANNEL]
        return tuple(dict.fromkeys([*named, self.round.results_channel]))


def last_time(connection: Connection, team_id: str, round_id: int) -> LastTime | None:
    """None: there is no such round here."""
    round_ = rounds.by_id(connection, round_id)
    if round_ is None or round_.team_id != team_id:
        return None
    return LastTime(round_, rounds.sources_of(connection, round_id), stored_terms.of(connection, round_id))


def as_last_time(view: View, last: LastTime) -> View:
    """The form as it was filled in for a round that was, but for its days."""
    round_, terms = last.round, last.terms
    by_kind = {kind: [one.slack_id for one in last.sources if one.kind is kind] for kind in SourceKind}
    typed: dict[str, dict[str, Any]] = {
        fields.CHANNELS: {"initial_conversations": by_kind[SourceKind.CHANNEL]},
        fields.PEOPLE: {"initial_users": by_kind[SourceKind.PERSON]},
        fields.RESULTS: {"initial_conversation": round_.results_channel},
        fields.ANNOUNCEMENT: {"initial_value": terms.announcement},
        fields.CONTACTS: {"initial_value": terms.contacts},
        fields.STAFF: {"initial_value": str(terms.staff_count or "")},
        fields.TARGET: {"initial_value": str(terms.target_percent or "")},
    }
    also = [fields.GUESTS] * terms.guests_too + [fields.JOINERS] * terms.joiners_too
    chosen = {
        fields.GROUPS: by_kind[SourceKind.GROUP],
        fields.ALSO: also,
        fields.MINIMUM: [str(round_.minimum)],
        fields.REMIND: [str(round_.remind_every_days or fields.NEVER)],
        fields.SHARE: [fields.AFTER_LOOK if terms.after_look else fields.AT_CLOSING],
    }

    def filled(block: Block) -> Block:
        element = block.get("element")
        if element is None:
            return block
        initial: dict[str, Any] = {**typed.get(block["block_id"], {})}
        if wanted := chosen.get(block["block_id"]):
            options = [one for one in element["options"] if one["value"] in wanted]
            takes_many = element["type"] in ("checkboxes", "multi_static_select")
            initial = {"initial_options": options} if takes_many else {"initial_option": options[0]} if options else {}
        return block | {"element": element | {name: value for name, value in initial.items() if value}}

    return view | {"blocks": [filled(block) for block in view["blocks"]]}
