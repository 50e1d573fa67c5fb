"""Says what goals are about, in the words of the questionnaire that their self-assessment was answered with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from instrument.definition import Instrument, builtin
from storage import rounds
from storage.goals import Goal, Plan

InstrumentOf = Callable[[str], Instrument]
"""The instrument of a version. Raises instrument.definition.UnknownVersion."""


@dataclass(frozen=True)
class Topics:
    """The instruments of plans, by the plan's id: two plans may follow from two versions."""

    instruments: Mapping[int, Instrument]

    def of(self, goal: Goal) -> str:
        """What the goal is about: "2 Risk", or an item of it in a few words."""
        return about(self.instruments[goal.plan_id], goal)


def topics(connection: Connection, plans: Iterable[Plan], instrument_of: InstrumentOf = builtin) -> Topics:
    """The topics of these plans' goals."""
    versions = {plan.id: rounds.by_id(connection, plan.round_id) for plan in plans}
    return Topics({id: instrument_of(round_.instrument_version) for id, round_ in versions.items() if round_})


def about(instrument: Instrument, goal: Goal) -> str:
    """The same in the words of this instrument."""
    item = instrument.item(goal.item) if goal.item else None
    return f"{item.label} {item.short}" if item else instrument.heading(goal.section)
