"""Drafts "You said, we did" from the check-ins at each date of a plan, for a coordinator to edit and send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    escape,
    field,
    header,
    modal,
    plain_section,
    section,
)
from bot.goals.buttons import TELL, TOLD, Telling
from bot.goals.calendar import Calendar, Moment, drafts_on, has_later
from bot.goals.messages import cut, fitting, until
from bot.postings import Kind
from bot.reminders.buttons import Do as Stop
from bot.reminders.buttons import ReminderPressed
from bot.wording import mention
from instrument.definition import Instrument
from instrument.goals import Horizon, Status
from instrument.snapshot import Snapshot
from reports.wording import day, listed
from storage import goals, invitations, postings, rounds, snapshots
from storage.goals import Goal, Plan, Story
from storage.postings import NewPosting
from storage.rounds import Round

WORDS = "words"
LONGEST = 2_500
A_SECTION = 2_900
"""Characters that Slack shows in a section, nearly."""
MOST = 5
"""So many goals are named of each kind."""
TO_ALL = frozenset({Horizon.MONTH_1, Horizon.MONTHS_6, Horizon.YEAR_1})
"""At these dates everybody who was asked gets a message, too."""
TITLE = "You said, we did"


@dataclass(frozen=True)
class Draft:
    """What a coordinator may tell at a date of a plan. `story` is what was told, where that is done."""

    telling: Telling
    plan: Plan
    round: Round
    snapshot: Snapshot
    goals: tuple[Goal, ...]
    story: Story | None

    @property
    def has_news(self) -> bool:
        return any(goal.answered_at or goal.status.is_open for goal in self.goals)

    def is_wanted(self, day: date, at: Moment) -> bool:
        """Whether the draft of that day, or its reminder, is to be sent now.

        A later one that has come tells of everything so far, and a reminder says what the draft did.
        """
        days = drafts_on(self.plan, self.goals, Calendar(at.zone, at.off, {}))
        return self.story is None and self.has_news and not has_later(day, days, at.today)


def draft(connection: Connection, team_id: str, telling: Telling) -> Draft | None:
    """What may be told; None: there is no such plan here, or nothing came out that could be told."""
    plan = next((one for one in goals.plans(connection, team_id) if one.id == telling.plan_id), None)
    round_ = rounds.by_id(connection, plan.round_id) if plan else None
    snapshot = snapshots.of(connection, plan.round_id) if plan else None
    if plan is None or round_ is None or snapshot is None:
        return None
    theirs = goals.of_plan(connection, plan.id)
    return Draft(telling, plan, round_, snapshot, theirs, goals.told(connection, plan.id, telling.horizon))


def tell(connection: Connection, team_id: str, telling: Telling, words: str, by: str, at: Moment) -> bool:
    """Keeps what is told, and owes it to the channel, and at three of the dates to everyone who was asked and did not say no.

    False: it was told already, or there is no such plan.
    """
    found = draft(connection, team_id, telling)
    if found is None or not goals.tell(connection, telling.plan_id, telling.horizon, words, by, at.now):
        return False
    to_channel = NewPosting(Kind.GOAL_STORY, team_id, None, found.plan.channel_id, at.now, telling.value)
    postings.owe(connection, [to_channel])
    if telling.horizon in TO_ALL:
        each = invitations.not_declined(connection, found.round.id)
        kind = Kind.GOAL_STORY_TO_ALL
        postings.owe(connection, [NewPosting(kind, team_id, None, one, at.now, telling.value) for one in each])
    return True


def drafted(instrument: Instrument, found: Draft, at: Moment) -> str:
    """The draft, in words that a coordinator changes as they like: nobody is named in it."""
    closed = day(found.round.closed_at or found.round.closing_at, at.zone)
    lowest = [instrument.heading(one.section) for one in found.snapshot.priorities]
    said = (
        f"You said, in the self-assessment that closed on {closed}, that most is to be done here: {listed(lowest)}."
        if lowest
        else f"You answered the self-assessment that closed on {closed}."
    )
    done = [one for one in found.goals if one.status is Status.DONE]
    running = [one for one in found.goals if one.status.is_open]
    parts = [
        said,
        _named("We did", [_quoted(one) for one in done]) if done else "We have not finished a goal yet.",
        *([_named("We are working on", [_under_way(one, at.today) for one in running])] if running else []),
        "Thank you for telling us how it is.",
    ]
    return "\n\n".join(parts)[:LONGEST]


def to_coordinator(found: Draft, words: str) -> Message:
    """The draft, and the button without which nothing is sent."""
    also = ", and to everyone who was asked and did not say no" if found.telling.horizon in TO_ALL else ""
    lead = (
        f"The date for {found.telling.horizon.label} in your plan has come. People answer again more readily when they hear "
        f"what came of it. Here is a draft; you can change it before it goes to the channel{also}. Nothing is sent unless you "
        "press the button."
    )
    return Message(
        fitting(lead, [*map(escape, words.split("\n\n")), "Button: Edit and send."]),
        (
            section(lead),
            *_paragraphs(words),
            actions(button("Edit and send", TELL, found.telling.value)),
        ),
    )


def over(telling: Telling) -> str:
    """What is left of the draft once something was told at its date."""
    return f"{TITLE}, {telling.horizon.label}: this was told. What was sent stands in the channel."


def form(telling: Telling, words: str, draft_at: tuple[str, str] | None) -> View:
    """`draft_at`: the channel and ts of the draft, which is over once this is sent."""
    typed = {
        "type": "plain_text_input",
        "action_id": "typed",
        "multiline": True,
        "max_length": LONGEST,
        "initial_value": words,
    }
    hint = "No names and no patient information: it goes to the channel"
    hint += ", and to everyone who was asked and did not say no." if telling.horizon in TO_ALL else "."
    return modal(
        TITLE,
        [field("What you tell", WORDS, typed, hint=hint)],
        callback_id=TOLD,
        submit="Send",
        close="Cancel",
        metadata=" ".join((telling.value, *(draft_at or ()))),
    )


def carried(metadata: str) -> tuple[Telling | None, tuple[str, str] | None]:
    """What the form is about, and where its draft stands."""
    match metadata.split():
        case [value, channel_id, ts]:
            return Telling.read(value), (channel_id, ts)
        case _:
            return Telling.read(metadata), None


def message(story: Story, round_id: int, *, to_all: bool) -> Message:
    """What is told. to_all: to one person, who can stop these messages."""
    shown = _paragraphs(story.words)
    lead = f"{mention(story.told_by)} tells you what came of the answers that were given here some time ago. The message follows."
    head = header(TITLE)
    by = section(f"From {mention(story.told_by)}.")
    stop = actions(button("Stop these messages", Stop.STOP.action_id, ReminderPressed(Stop.STOP, round_id).value))
    more = "Button: Stop these messages." if to_all else ""
    return Message(
        fitting(lead, [*map(escape, story.words.split("\n\n")), more]), (head, *shown, by, *([stop] if to_all else []))
    )


def _paragraphs(words: str) -> list[Block]:
    """What a coordinator typed, as it was typed."""
    return [plain_section(cut(one, A_SECTION)) for one in words.split("\n\n") if one.strip()]


def sent(telling: Telling) -> str:
    also = ", and to everyone who was asked and did not say no or stop" if telling.horizon in TO_ALL else ""
    return f"It goes to the channel{also}. Thank you for telling them."


def sent_already() -> str:
    return "Something was told at this date already, and stays as it was sent."


def _named(title: str, some: Sequence[str]) -> str:
    rest = len(some) - len(some[:MOST])
    return f"{title}: {'; '.join(some[:MOST])}" + (f"; and {rest:,} more." if rest else ".")


def _quoted(goal: Goal) -> str:
    return f"“{goal.words}”"


def _under_way(goal: Goal, today: date) -> str:
    """The goal and its date; a date that has passed is not promised again."""
    when = f"by {until(goal.due_on, today)}" if goal.due_on >= today else "running later than planned"
    return f"{_quoted(goal)} ({when})"
