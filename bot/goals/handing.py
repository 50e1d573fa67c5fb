"""Tells somebody that goals are theirs by somebody else's doing, and what is still to come of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.blocks import Block, Message, context, escape, plain_section, section
from bot.goals import calendar as calendars
from bot.goals import service
from bot.goals.calendar import A_MESSAGE, Calendar, Moment
from bot.goals.messages import WORDS, and_more, fitting, in_full, short, small_print, until
from bot.goals.topics import InstrumentOf, topics
from bot.postings import Kind
from bot.wording import channel, mention
from instrument.definition import builtin
from instrument.goals import check_in_on, heads_up_on, in_the_morning
from storage import goals, postings
from storage.goals import Goal, Plan
from storage.postings import NewPosting, Posting


@dataclass(frozen=True)
class Handed:
    """A goal that is somebody's by the doing of `by`. about: what it is about. coming: what is still to come; mrkdwn."""

    goal: Goal
    about: str
    by: str
    coming: str


def together(connection: Connection, posting: Posting, at: Moment) -> Posting | None:
    """This message, where it is the only one of its kind that its reader gets now.

    None: several waited, for instance through a weekend, and one that names all of them is due instead; or it is gone, since
    another of them was first.
    """
    owed = postings.owed_of_no_round(connection, posting.team_id, [Kind.GOAL_YOURS])
    waiting = [one for one in owed if one.target == posting.target and one.due_at <= at.now]
    if posting.id not in {one.id for one in waiting}:
        return None
    if len(waiting) == 1:
        return waiting[0]
    postings.take_back(connection, [one.id for one in waiting])
    note = ",".join(dict.fromkeys(one.note for one in waiting))
    postings.owe(connection, [NewPosting(posting.kind, posting.team_id, None, posting.target, at.now, note)])
    return None


def handed(
    connection: Connection, posting: Posting, at: Moment, instrument_of: InstrumentOf = builtin
) -> tuple[Handed, ...]:
    """The goals that the message names, where they are still open and the reader's."""
    plans = {plan.id: plan for plan in goals.plans(connection, posting.team_id)}
    named = topics(connection, plans.values(), instrument_of)
    here = service.calendar(connection, posting.team_id, [posting.target], at)
    by_goal = dict(one.split(":") for one in posting.note.split(","))  # who handed it over last counts
    found = []
    for goal_id, by in by_goal.items():
        goal = service.of_team(connection, posting.team_id, int(goal_id))
        if goal and goal.owner == posting.target and goal.status.is_open:
            theirs = goals.of_plan(connection, goal.plan_id)
            found.append(Handed(goal, named.of(goal), by, coming(goal, plans[goal.plan_id], theirs, here, at)))
    return tuple(sorted(found, key=lambda one: (one.goal.due_on, one.goal.id)))


def coming(goal: Goal, plan: Plan, theirs: Sequence[Goal], here: Calendar, at: Moment) -> str:
    """When it is due, and which messages about it are still to come; mrkdwn."""
    place = channel(plan.channel_id)
    told_on, asked_on = heads_up_on(goal.due_on, goal.horizon, here.off), check_in_on(goal.due_on, here.off)
    open_goals = [one for one in theirs if one.status.is_open]
    days = calendars.check_in_days([plan], open_goals, here.off)
    ahead = sorted(day for day in days if here.morning(day) > at.now)
    if in_the_morning(told_on, here.zone_of(goal.owner)) > at.now:
        before = (goal.due_on - told_on).days
        then = f"HTA Bot writes to you {before} days before, and asks in {place} {_on(asked_on, goal, at)} how it goes."
    elif asked_on in ahead:
        then = f"HTA Bot asks in {place} {_on(asked_on, goal, at)} how it goes."
    elif ahead:
        then = (
            f"HTA Bot asks in {place} again {_on(ahead[0], goal, at)}; you can answer in the last check-in before that."
        )
    else:
        then = f"You can still answer in the last check-in in {place}."
    return f"{_due(goal, at)} {then}"


def message(found: Sequence[Handed]) -> Message:
    """For the new owner; of several at once, some in full."""
    shown, left_out = found[:A_MESSAGE], len(found[A_MESSAGE:])
    many = "a goal" if len(found) == 1 else f"{len(found):,} goals"
    names = list(dict.fromkeys(mention(one.by) for one in found))
    who = names[0] if len(names) == 1 else "Your colleagues"
    lead = f"{who} made you the owner of {many}. Details below."
    blocks: list[Block] = [section(lead)]
    spoken = []
    for one in shown:
        small = f"{one.coming} If it isn't yours, tell {mention(one.by)}, or choose Hand over in a check-in."
        blocks += [plain_section(in_full(one.goal)), small_print(one.about, small)]
        spoken.append(f"{escape(one.about)}: {short(one.goal.words, WORDS)} {small}")
    if rest := and_more(left_out):
        blocks.append(context(rest))
        spoken.append(rest)
    return Message(fitting(lead, spoken), tuple(blocks))


def _due(goal: Goal, at: Moment) -> str:
    if goal.due_on == at.today:
        return "Due today."
    return f"{'Was due' if goal.due_on < at.today else 'Due'} {until(goal.due_on, at.today)}."


def _on(day: date, goal: Goal, at: Moment) -> str:
    if day == at.today:
        return "today"
    return "on that day" if day == goal.due_on else f"on {until(day, at.today)}"
