"""Tells the channel where the goals stand, once a week, when there is something to say.

On Mondays when something is due within 7 days, overdue or has changed; otherwise on the first Monday of a month. REVIEW, 25.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.blocks import Block, Message, context, header, literal, section
from bot.goals.calendar import Moment
from bot.goals.messages import WORDS, cut, fitting, on, short, until, was_due
from bot.rounds import following
from bot.wording import mention
from instrument.goals import Horizon, Status, in_the_morning
from reports.wording import listed
from storage import goals, rounds
from storage.goals import Goal

WEEK = timedelta(days=7)
MOST = 8
"""So many goals are named under each head; the others are counted."""


@dataclass(frozen=True)
class Digest:
    """Where the goals of a channel stand on `day`. changed: of so many something was said, or they were set, in a week."""

    day: date
    goals: tuple[Goal, ...]
    changed: int
    open_round: following.Status | None

    @property
    def due(self) -> tuple[Goal, ...]:
        return tuple(one for one in self._open if self.day <= one.due_on <= self.day + WEEK)

    @property
    def overdue(self) -> tuple[Goal, ...]:
        return tuple(one for one in self._open if one.due_on < self.day)

    @property
    def is_wanted(self) -> bool:
        """Whether there is something to say, or the month begins."""
        monday = self.day - timedelta(days=self.day.weekday())
        return bool(self.due or self.overdue or self.changed or (self._open and monday.day <= WEEK.days))

    @property
    def _open(self) -> list[Goal]:
        return [one for one in self.goals if one.status.is_open]


def digest(connection: Connection, team_id: str, channel_id: str, day: date, at: Moment) -> Digest:
    """The digest of that day for this channel."""
    plans = {plan.id for plan in goals.plans(connection, team_id) if plan.channel_id == channel_id}
    here = tuple(goal for goal in goals.of_team(connection, team_id) if goal.plan_id in plans)
    since = in_the_morning(day - WEEK, at.zone)
    said = {
        event.goal_id
        for event in goals.events_of(connection, [goal.id for goal in here])
        if event.happened_at >= since and not event.undone_by
    }
    new = {goal.id for goal in here if goal.set_at >= since}
    round_ = rounds.open_in(connection, team_id)
    return Digest(day, here, len(said | new), following.status(connection, round_) if round_ else None)


def message(shown: Digest, how_far: Sequence[str], *, late: bool) -> Message:
    """`how_far` is the picture of participation, where a self-assessment is open."""
    lateness = [was_due(shown.day, "overview")] if late else []
    by_horizon = _by_horizon(shown.goals)
    blocks = [header(f"Where we are, {on(shown.day)}"), *(context(one) for one in lateness), section(by_horizon)]
    spoken = [*lateness, by_horizon.replace("*", "")]
    due = _Listing(
        "Due within 7 days", shown.due, lambda goal: f"{until(goal.due_on, shown.day)}, {mention(goal.owner)}"
    )
    overdue = _Listing("Overdue", shown.overdue, lambda goal: f"since {until(goal.due_on, shown.day)}")
    for listing in (due, overdue):
        if listing.goals:
            blocks += listing.blocks
            spoken += listing.spoken
    rest = []
    if shown.changed:
        goals_ = (
            "1 goal was set or has news" if shown.changed == 1 else f"{shown.changed:,} goals were set or have news"
        )
        rest.append(f"In the last 7 days {goals_}.")
    if how_far:
        rest.append("*A self-assessment is open.* " + " ".join(how_far))
    note = "Coordinators see the plan with /hta-goals. Check-ins ask on each date how it goes."
    lead = f"Where our plan stands on {on(shown.day)}: by date and status, what is due, and what has changed since."
    return Message(
        fitting(lead, [*spoken, *(one.replace("*", "") for one in rest)]),
        (*blocks, *(section(one) for one in rest), context(note)),
    )


def _by_horizon(all_goals: Sequence[Goal]) -> str:
    lines = []
    for horizon in Horizon:
        counted = Counter(goal.status for goal in all_goals if goal.horizon is horizon)
        if counted:
            lines.append(f"{horizon.label}: {listed(_counted(one, counted[one]) for one in Status if counted[one])}")
    return "\n".join(["*Goals by date and status*", *lines])


def _counted(status: Status, number: int) -> str:
    return f"{number:,} {status.label.lower()}"


@dataclass(frozen=True)
class _Listing:
    """Some goals under a head, each with what `detail` says of it; mrkdwn."""

    head: str
    goals: Sequence[Goal]
    detail: Callable[[Goal], str]

    @property
    def blocks(self) -> list[Block]:
        named = [context(literal(f"“{cut(one.words, WORDS)}”"), self.detail(one)) for one in self.goals[:MOST]]
        return [section(f"*{self.head}*"), *named, *map(context, self._rest)]

    @property
    def spoken(self) -> list[str]:
        named = [f"“{short(one.words, WORDS)}”, {self.detail(one)}" for one in self.goals[:MOST]]
        return [self.head, *named, *self._rest]

    @property
    def _rest(self) -> list[str]:
        left_out = len(self.goals) - MOST
        return [f"And {left_out:,} more."] if left_out > 0 else []
