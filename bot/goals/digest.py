"""Where are we? Once a week in the channel, when there is something to say.

On Mondays when something is due within 7 days, overdue or has changed; otherwise on the first Monday of a month. REVIEW, 25.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.blocks import Message, context, header, section
from bot.goals.calendar import Moment
from bot.goals.messages import WORDS, fitting, on, short, until, was_due
from bot.rounds import following
from bot.wording import listed, mention
from instrument.goals import Horizon, Status, in_the_morning
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
    paragraphs = [_by_horizon(shown.goals)]
    if shown.due:
        named = [f"“{short(one.words, WORDS)}”, {on(one.due_on)}, {mention(one.owner)}" for one in shown.due[:MOST]]
        paragraphs.append(_listing("Due within 7 days", named, len(shown.due)))
    if shown.overdue:
        named = [f"“{short(one.words, WORDS)}”, since {until(one.due_on, shown.day)}" for one in shown.overdue[:MOST]]
        paragraphs.append(_listing("Overdue", named, len(shown.overdue)))
    if shown.changed:
        goals_ = (
            "1 goal was set or has news" if shown.changed == 1 else f"{shown.changed:,} goals were set or have news"
        )
        paragraphs.append(f"In the last 7 days {goals_}.")
    if how_far:
        paragraphs.append("*A self-assessment is open.* " + " ".join(how_far))
    note = "Coordinators see the plan with /hta-goals. Check-ins ask on each date how it goes."
    lead = f"Where our plan stands on {on(shown.day)}: by date and status, what is due, and what has changed since."
    return Message(
        fitting(lead, [*lateness, *(one.replace("*", "") for one in paragraphs)]),
        (
            header(f"Where we are, {on(shown.day)}"),
            *(context(one) for one in lateness),
            *(section(one) for one in paragraphs),
            context(note),
        ),
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


def _listing(title: str, named: Sequence[str], number: int) -> str:
    rest = [f"And {number - len(named):,} more."] if number > len(named) else []
    return "\n".join([f"*{title}*", *named, *rest])
