"""Lists what will be posted about goals, when, where, to whom and why, without sending anything."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.blocks import Message, header, section
from bot.goals import calendar as calendars
from bot.goals import service
from bot.goals.calendar import A_MESSAGE, Calendar, Moment
from bot.goals.messages import on
from bot.goals.messages import until as day_and_year
from bot.goals.turns import ORDER, Turn, one_a_day
from bot.postings import Kind
from bot.wording import channel, mention
from instrument.goals import Horizon, Status, check_in_on, digest_after, follow_ups_on, heads_up_on
from reports.wording import listed as listed_words
from storage import goals, rounds
from storage.goals import Goal, Plan
from storage.postings import NewPosting

YEAR = timedelta(days=366)
NOBODY, NO_CHANNEL, WHOEVER = "the owner", "the results channel", "the coordinator"
TO_CHANNEL = (Kind.GOAL_CHECK_IN, Kind.GOAL_DIGEST)
DIGEST = "digest, if there is something to say"
A_SECTION, MOST_SECTIONS, MOST_SPOKEN = 20, 4, 25
"""Lines in a section of a message; sections; lines that are said to a screen reader."""


@dataclass(frozen=True)
class Rehearsed:
    """One post to come: `at` in the zone of those who read it, to a channel or a person, and why."""

    at: datetime
    to_channel: bool
    target: str
    why: str


def rehearsed(
    plans: Sequence[Plan], all_goals: Sequence[Goal], here: Calendar, now: datetime, until: date
) -> tuple[Rehearsed, ...]:
    """What goals as they stand now will post up to that day, if nobody answers anything meanwhile."""
    planned = [
        (Kind(one.kind), one.target, one.due_at.astimezone(_zone(one, here)), _why(one, plans, all_goals, here))
        for one in calendars.owed(plans, all_goals, here)
        if one.due_at > now
    ]
    planned += [(Kind.GOAL_DIGEST, target, at, DIGEST) for target, at in _digests(plans, all_goals, here, now, until)]
    turns = [
        Turn(at.date(), ORDER.index(kind), at, target, number) for number, (kind, target, at, _) in enumerate(planned)
    ]
    listed = []
    for turn in one_a_day(turns, here.off):
        kind, target, _, why = planned[turn.number]
        if turn.day <= until:
            listed.append(Rehearsed(turn.at, kind in TO_CHANNEL, target, why))
    return tuple(sorted(listed, key=lambda one: (one.at, one.target)))


def of_team(connection: Connection, team_id: str, at: Moment, until: date) -> tuple[Rehearsed, ...]:
    """What is to come for the workspace; where no goal is open, as if a plan with a goal for each date began today."""
    plans, all_goals = goals.plans(connection, team_id), goals.of_team(connection, team_id)
    if not any(goal.status.is_open for goal in all_goals):
        plans, all_goals = an_example(team_id, at)
    here = service.calendar(connection, team_id, {goal.owner for goal in all_goals}, at)
    listed = rehearsed(plans, all_goals, here, at.now, until)
    round_ = rounds.open_in(connection, team_id)
    if round_ and round_.closing_at.astimezone(at.zone).date() <= until:
        closing = Rehearsed(round_.closing_at.astimezone(at.zone), True, round_.results_channel, "results at closing")
        listed = tuple(sorted([*listed, closing], key=lambda one: (one.at, one.target)))
    return listed


def an_example(team_id: str, at: Moment) -> tuple[tuple[Plan, ...], tuple[Goal, ...]]:
    """A plan that begins today, with a goal for each of the five dates."""
    plan = Plan(0, team_id, 0, at.today, NO_CHANNEL, WHOEVER)
    made = [
        Goal(number, 0, horizon, "u", None, "", None, NOBODY, due, Status.NOT_STARTED, "", at.now)
        for number, (horizon, due) in enumerate(calendars.dates(at.today).items(), 1)
    ]
    return (plan,), tuple(made)


def lines(listed: Iterable[Rehearsed]) -> list[str]:
    """A line each, for a terminal: day, hour and zone, where, why."""
    return [f"{one.at:%Y-%m-%d %a %H:%M %Z}  {one.target}  {one.why}" for one in listed]


def message(listed: Sequence[Rehearsed], until: date) -> Message:
    """The list for a coordinator. Digests are said in one line: 52 of them would hide the rest."""
    told = [
        f"{on(one.at.date())} {one.at.year}, {one.at:%H:%M}: {_place(one)}, {one.why}"
        for one in listed
        if one.why != DIGEST
    ]
    weekly = sorted({_place(one) for one in listed if one.why == DIGEST})
    digests = f" Each week, on its first working day at 10:00: {listed_words(weekly)}, {DIGEST}." if weekly else ""
    intro = (
        f"What comes until {on(until)} {until.year}, if nobody answers anything meanwhile. Nothing is sent now.{digests}"
        if listed
        else f"Nothing is to come until {on(until)} {until.year}."
    )
    parts = ["\n".join(told[first : first + A_SECTION]) for first in range(0, len(told), A_SECTION)]
    shown = parts[:MOST_SECTIONS]
    rest = len(told) - A_SECTION * MOST_SECTIONS
    more = [f"And {rest:,} more."] if rest > 0 else []
    text = " ".join([intro, *told[:MOST_SPOKEN], *(["More is in the message."] if len(told) > MOST_SPOKEN else [])])
    return Message(text, (header("What comes when"), *(section(one) for one in (intro, *shown, *more))))


def _zone(one: NewPosting, here: Calendar) -> ZoneInfo:
    """The zone in whose morning it comes: the owner's own for what asks an owner."""
    return here.zone_of(one.target) if one.kind in (Kind.GOAL_HEADS_UP, Kind.GOAL_FOLLOW_UP) else here.zone


def _why(one: NewPosting, plans: Sequence[Plan], all_goals: Sequence[Goal], here: Calendar) -> str:
    off, day = here.off, one.due_at.astimezone(_zone(one, here)).date()
    theirs = [goal for goal in all_goals if goal.status.is_open and goal.owner == one.target]
    match one.kind:
        case Kind.GOAL_CHECK_IN:
            return _check_in(plans, all_goals, here, one.target, day, int(one.note))
        case Kind.GOAL_HEADS_UP:
            of_day = [goal for goal in theirs if heads_up_on(goal.due_on, goal.horizon, off) == day]
            return f"heads-up: {_named(of_day)} due on {', '.join(sorted({day_and_year(goal.due_on, day) for goal in of_day}))}"
        case Kind.GOAL_RETAKE:
            return "offer to take the self-assessment again"
        case Kind.GOAL_DRAFT:
            return "draft of “You said, we did”, or its one reminder if it was not sent"
        case _:
            of_day = [goal for goal in theirs if day in follow_ups_on(goal.due_on, off)]
            return f"only if nobody has answered: {_named(of_day)}"


def _check_in(
    plans: Sequence[Plan], all_goals: Sequence[Goal], here: Calendar, channel_id: str, day: date, page: int
) -> str:
    in_channel = {plan.id for plan in plans if plan.channel_id == channel_id}
    running = [goal for goal in all_goals if goal.plan_id in in_channel and goal.status.is_open]
    part = running[page * A_MESSAGE : (page + 1) * A_MESSAGE]
    due = [goal for goal in part if check_in_on(goal.due_on, here.off) <= day]
    longer = len(part) - len(due)
    first = f"{_named(due)} due" if due else "nothing due"
    return f"check-in: {first}, {longer} running longer" + (f", part {page + 1}" if page else "")


def _digests(
    plans: Sequence[Plan], all_goals: Sequence[Goal], here: Calendar, now: datetime, until: date
) -> Iterator[tuple[str, datetime]]:
    """The channels, and the mornings on which each may get a digest."""
    running = {goal.plan_id for goal in all_goals if goal.status.is_open}
    channels = sorted({plan.channel_id for plan in plans if plan.id in running})
    at = digest_after(now, here.zone, here.off)
    while channels and at.astimezone(here.zone).date() <= until:
        yield from ((one, at.astimezone(here.zone)) for one in channels)
        at = digest_after(at, here.zone, here.off)


def _named(theirs: Sequence[Goal]) -> str:
    """ "a goal for 10 days", "2 goals (10 days, 1 month)"."""
    horizons = ", ".join(one.label for one in Horizon if one in {goal.horizon for goal in theirs})
    return f"a goal for {horizons}" if len(theirs) == 1 else f"{len(theirs)} goals ({horizons})"


def _place(one: Rehearsed) -> str:
    if one.target in (NOBODY, NO_CHANNEL, WHOEVER):
        return one.target
    return channel(one.target) if one.to_channel else mention(one.target)
