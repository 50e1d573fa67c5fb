"""The buttons under results, a function each; one that another feature handles is added here at its place.

`FOR_COORDINATORS` stand under the results that a coordinator opens, `FOR_EVERYONE` under those in the channel, and
`BESIDE_A_CANDIDATE` on the right of what a goal may be set on, for a coordinator.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.blocks import Block, button, confirm, mrkdwn
from bot.goals.buttons import SET_GOAL, SetGoal
from bot.results.buttons import Do, ResultsPressed
from bot.results.charts.buttons import pictures_button
from bot.results.evidence.buttons import evidence_button
from bot.results.export.buttons import export_button
from bot.wording import channel
from storage.rounds import Round


@dataclass(frozen=True)
class Under:
    """Under which results. held_back: they wait for a coordinator's look, and nobody else has them yet.

    posted_on: the day and hour at which they last went to their channel, as people say it; None: not yet.
    """

    round: Round
    held_back: bool = False
    posted_on: str | None = None


@dataclass(frozen=True)
class Candidate:
    """What a goal may be set on: one of a priority's lowest items; None: the section itself, where no item is shown."""

    round_id: int
    section: str
    item: str | None


def post_to_channel(under: Under) -> Block:
    where = channel(under.round.results_channel)
    told = (
        " Everyone who was asked and did not say no gets a message with what came out, too." if under.held_back else ""
    )
    go = f"They go to {where}, where everyone who is in it can read them.{told}"
    question = (
        confirm("Post them again?", "", "Post again", "Not now")
        | {"text": mrkdwn(f"They were posted on {under.posted_on}. Post them again? {go}")}
        if under.posted_on
        else confirm("Post the results?", "", "Post", "Not now") | {"text": mrkdwn(go)}
    )
    return _button("Post to channel", Do.POST, under) | {"confirm": question}


def by_function(under: Under) -> Block:
    return _button("By function", Do.BY_FUNCTION, under)


def item_details(under: Under) -> Block:
    return _button("Item details", Do.ITEM_DETAILS, under)


def compare_rounds(under: Under) -> Block:
    return _button("Compare rounds", Do.COMPARE, under)


def set_a_goal(under: Under) -> Block:
    return button("Set a goal", SET_GOAL, SetGoal(under.round.id).value)


def set_a_goal_on(candidate: Candidate) -> Block:
    return button("Set a goal", SET_GOAL, SetGoal(candidate.round_id, candidate.item or candidate.section).value)


def copy_for_huddle(under: Under) -> Block:
    return _button("Copy for huddle", Do.HUDDLE, under)


def pictures(under: Under) -> Block:
    return pictures_button(under.round.id)


def export(under: Under) -> Block:
    return export_button(under.round.id)


def evidence_pack(under: Under) -> Block:
    return evidence_button(under.round.id)


def _button(label: str, do: Do, under: Under) -> Block:
    return button(label, do.action_id, ResultsPressed(do, under.round.id).value)


FOR_COORDINATORS: tuple[Callable[[Under], Block], ...] = (
    post_to_channel,
    by_function,
    item_details,
    compare_rounds,
    set_a_goal,
    copy_for_huddle,
    pictures,
    export,
    evidence_pack,
)

FOR_EVERYONE: tuple[Callable[[Under], Block], ...] = (
    by_function,
    item_details,
    compare_rounds,
    copy_for_huddle,
)

BESIDE_A_CANDIDATE: Callable[[Candidate], Block] | None = set_a_goal_on
