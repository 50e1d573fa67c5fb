"""Shows the plan to a coordinator: goals by date and status, with what was last said of each."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.blocks import Block, Message, actions, button, escape, header, plain_section, section
from bot.goals import grown
from bot.goals.buttons import FORMAT, PAGE, REHEARSE, SET_GOAL, Do, GoalPressed, Kind, SetGoal, Surface
from bot.goals.grown import Beside
from bot.goals.messages import (
    MEASURE,
    WORDS,
    answered,
    cut,
    details_of,
    fitting,
    goal_block,
    on,
    short,
    small_print,
    stands,
    until,
)
from bot.goals.service import Setting
from bot.goals.topics import InstrumentOf, topics
from bot.goals.views import has_dates
from bot.wording import channel
from instrument.definition import Instrument, builtin
from reports.wording import listed
from storage import goals
from storage.goals import Event, Goal

A_PAGE = 5
CLOSED = 4
"""So many done or dropped goals are named, the last ones; all are counted."""
CHOICES = (Do.DONE, Do.MOVE, Do.NOTE, Do.HAND_OVER, Do.DROP)


@dataclass(frozen=True)
class Planned:
    """A goal, what it is about, and the last that was said of it."""

    goal: Goal
    about: str
    last: Event | None


@dataclass(frozen=True)
class Shown:
    """The plan of the latest results, with goals that still run from earlier ones. `today` is the organization's.

    grown: how the sections of an earlier plan have moved; None where there was none.
    """

    here: Setting
    goals: tuple[Planned, ...]
    today: date
    zone: ZoneInfo
    grown: Beside | None = None


def shown(
    connection: Connection,
    team_id: str,
    zone: ZoneInfo,
    today: date,
    here: Setting,
    instrument_of: InstrumentOf = builtin,
) -> Shown:
    """All goals of the workspace, those that run first, by when they are due."""
    everything = goals.of_team(connection, team_id)
    last = {
        event.goal_id: event
        for event in goals.events_of(connection, [goal.id for goal in everything])
        if not event.undone_by
    }
    running = sorted(everything, key=lambda goal: (not goal.status.is_open, goal.due_on, goal.id))
    named = topics(connection, goals.plans(connection, team_id), instrument_of)
    planned = tuple(Planned(goal, named.of(goal), last.get(goal.id)) for goal in running)
    return Shown(here, planned, today, zone, grown.beside(connection, team_id, here, instrument_of))


def plan(instrument: Instrument, all_: Shown, page: int) -> Message:
    """Goals by date, each with its status, and what can be done about it; some at a time."""
    here, today = all_.here, all_.today
    running = [one for one in all_.goals if one.goal.status.is_open]
    closed = [one for one in all_.goals if not one.goal.status.is_open]
    pages = max(1, -(-len(running) // A_PAGE))
    page = min(page, pages - 1)
    part = f", part {page + 1} of {pages}" if pages > 1 else ""
    intro = _intro(here, today)
    if all_.grown and page == 0:
        intro.append(grown.said(instrument, all_.grown))
    blocks: list[Block] = [header(f"Goals{part}"), *(section(one) for one in intro)]
    spoken = [one.replace("*", "") for one in intro]
    before: str | None = None
    for one in running[page * A_PAGE : (page + 1) * A_PAGE]:
        if (title := _title(one.goal, here, today)) != before:
            blocks.append(section(f"*{title}*"))
            spoken.append(f"{title}.")
        before = title
        blocks += _line(one, all_, page)
        spoken.append(f"{short(one.goal.words, WORDS)} ({stands(one.goal, today)}).")
    if closed:
        blocks.append(section(f"*Done or dropped: {len(closed):,}*"))
        spoken.append(f"Done or dropped: {len(closed):,}.")
    for one in closed[-CLOSED:]:
        words = f"{one.goal.status.label}: {cut(one.goal.words, MEASURE)}"
        undo = GoalPressed(Do.UNDO, one.goal.id, Surface(Kind.PLAN, today, page))
        blocks.append(plain_section(words, button(undo.do.label, undo.do.action_id, undo.value)))
        spoken.append(f"{escape(words)}.")
    blocks += _buttons(here, today, page, pages)
    lead = "The plan that follows from your self-assessment: its dates, what is set for each, and how that goes."
    return Message(fitting(lead, spoken), tuple(blocks))


def told(words: str) -> Message:
    return Message(words, (section(words),))


def no_results_yet() -> Message:
    words = (
        "Goals follow from results, and there are none yet. Type /hta-round to start a self-assessment; when it has closed, "
        "/hta-goals keeps the plan."
    )
    return Message(words, (section(words),))


def is_over() -> Message:
    words = (
        "All five dates of this plan have passed. Type /hta-round to start the self-assessment again: its results show what "
        "has grown, and a new plan counts from there."
    )
    return Message(words, (section(words),))


def usage() -> Message:
    words = (
        "*/hta-goals* shows the plan: goals due in 10 days, 1 month, 3 months, 6 months and 1 year, how each goes, and Add "
        "goal. On each date HTA Bot asks in the results channel how they go; owners hear some days before."
    )
    return Message(words.replace("*", ""), (section(words),))


def _intro(here: Setting, today: date) -> list[str]:
    dates = "; ".join(f"{one.label}: {until(day, today)}" for one, day in here.dates.items())
    counted = f"All dates count from {on(here.starts_on)} {here.starts_on.year}."
    if here.plan is None:
        return [f"There is no goal yet. If you set one today, the dates are {dates}."]
    free = [one.label for one in here.without_goal if here.dates[one] > today]
    still = f" Still without a goal: {listed(free)}." if free else ""
    return [f"{counted} Check-ins come in {channel(here.plan.channel_id)}.{still}", dates]


def _title(goal: Goal, here: Setting, today: date) -> str:
    if here.plan is None or goal.plan_id != here.plan.id:
        return "From an earlier self-assessment"
    return f"Due in {goal.horizon.label}: {until(here.dates[goal.horizon], today)}"


def _line(one: Planned, all_: Shown, page: int) -> list[Block]:
    goal = one.goal
    overdue = "*Overdue.* " if goal.due_on < all_.today else ""
    small = [f"{overdue}{stands(goal, all_.today)}", *([answered(one.last, all_.zone, all_.today)] if one.last else [])]
    return [
        goal_block(goal, Surface(Kind.PLAN, all_.today, page), CHOICES),
        small_print(one.about, *small, typed=details_of(one.last, private=True) if one.last else ""),
    ]


def _buttons(here: Setting, today: date, page: int, pages: int) -> list[Block]:
    drawn = []
    if has_dates(here, today):
        drawn.append(button("Add goal", SET_GOAL, SetGoal(here.round.id).value, style="primary"))
    drawn.append(button("What comes when", REHEARSE, FORMAT))
    if page:
        drawn.append(button("Previous", f"{PAGE}_back", f"{FORMAT}:{page - 1}"))
    if page + 1 < pages:
        drawn.append(button("Next", f"{PAGE}_on", f"{FORMAT}:{page + 1}"))
    return [actions(*drawn)]
