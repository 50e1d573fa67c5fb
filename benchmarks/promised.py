"""What has a plan promised for a day? Counted from the rules of instrument.goals alone, beside what the bot makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import NamedTuple

from instrument.goals import DaysOff, Horizon, check_in_on, due_on, follow_ups_on, heads_up_on

CHECK_IN, HEADS_UP, FOLLOW_UP = "check-ins", "heads-ups", "follow-ups"
KINDS = (CHECK_IN, HEADS_UP, FOLLOW_UP)
GOALS_IN_A_MESSAGE = 5


class Promise(NamedTuple):
    """A message of a kind to a channel or an owner on a day; `part` where it takes more than one."""

    kind: str
    target: str
    day: date
    part: int = 1


@dataclass
class Goal:
    """A goal, and what people have said of it. answered_on: the last day on which somebody said how it goes."""

    id: int
    plan: "Plan"
    owner: str
    horizon: Horizon
    is_open: bool = True
    answered_on: date | None = None

    @property
    def due_on(self) -> date:
        return due_on(self.plan.starts_on, self.horizon)

    def is_answered(self, off: DaysOff) -> bool:
        return self.answered_on is not None and self.answered_on >= check_in_on(self.due_on, off)


@dataclass
class Plan:
    channel: str
    starts_on: date
    goals: list[Goal] = field(default_factory=list)

    def check_in_days(self, off: DaysOff) -> set[date]:
        """The days on which it is asked how the goals go, if none was answered or moved."""
        return {check_in_on(due_on(self.starts_on, horizon), off) for horizon in Horizon}


def on(day: date, plans: Sequence[Plan], off: DaysOff) -> set[Promise]:
    """All that is promised for this day, as the goals stand on its morning."""
    promised: set[Promise] = set()
    open_goals = [goal for plan in plans for goal in plan.goals if goal.is_open]
    for channel in {goal.plan.channel for goal in open_goals}:
        here = [goal for goal in open_goals if goal.plan.channel == channel]
        if any(day in goal.plan.check_in_days(off) for goal in here):
            parts = range(1, ceil(len(here) / GOALS_IN_A_MESSAGE) + 1)
            promised |= {Promise(CHECK_IN, channel, day, part) for part in parts}
    for goal in open_goals:
        if heads_up_on(goal.due_on, goal.horizon, off) == day:
            promised.add(Promise(HEADS_UP, goal.owner, day))
        if day in follow_ups_on(goal.due_on, off) and not goal.is_answered(off):
            promised.add(Promise(FOLLOW_UP, goal.owner, day))
    return promised
