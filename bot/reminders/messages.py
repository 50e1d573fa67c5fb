"""What the bot says when it writes again, and about that: pure functions to a Message.

A reminder holds no progress, says nothing of others, and nothing of who has answered.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import Block, Message, actions, button, neutral, option, section, select
from bot.reminders.buttons import Do, ReminderPressed
from bot.reminders.service import Picked, Preferred, Resumed, Stopped, TooLate, Unfinished
from bot.reminders.times import BestTime
from bot.survey.buttons import Do as SurveyDo
from bot.survey.buttons import round_value
from bot.survey.service import Answering, Invited
from bot.wording import mention
from reports.wording import spelled, until, when
from storage.invitations import Standing
from storage.terms import MOST_REMINDERS

BEST = {
    BestTime.MORNING: "in the morning, at 10:00",
    BestTime.AFTERNOON: "in the afternoon, at 14:00",
    BestTime.EVENING: "in the evening, at 18:30",
    BestTime.NIGHT: "at night, at 22:00",
}
LABELS = {Do.IN_2_HOURS: "In 2 hours", Do.TOMORROW: "Tomorrow", Do.NEXT_WEEK: "Next week"}
CHANGE_IT = "To change that, press another time here. Or go on whenever you like."
ONCE_MORE = "If there is another self-assessment one day, its invitation still comes, once. You can say no to it, too."


@dataclass(frozen=True)
class Times:
    """The times that are offered, as part of a message: its blocks, and the same as text."""

    blocks: tuple[Block, ...]
    text: str


def times(round_id: int, *, ask_best_time: bool, chosen: BestTime | None = None) -> Times:
    """When shall we write again? The time of day is asked once, and can be changed where the answer is shown."""
    ask = "Shall the bot write to you again? Pick a time, or just come back whenever you like."
    best = "Best time for a reminder"
    options = {
        one: option(one.value.capitalize(), ReminderPressed(Do.BEST_TIME, round_id, one).value) for one in BestTime
    }
    picker = select(Do.BEST_TIME.action_id, "Choose one", options.values(), options[chosen] if chosen else None)
    spoken = f" {best}: {', '.join(options)}." if ask_best_time else ""
    return Times(
        (
            section(ask),
            actions(*(_button(label, do, round_id) for do, label in LABELS.items())),
            *((section(best, picker),) if ask_best_time else ()),
        ),
        f"{ask} Buttons: {', '.join(LABELS.values())}.{spoken}",
    )


def reminder(here: Unfinished, zone: ZoneInfo) -> Message:
    """Short, and the same for everyone who stands `here`. `zone` is the person's."""
    round_ = here.round
    asks = (
        f"{mention(round_.opened_by)} asks for your view of this organization in a self-assessment."
        if isinstance(here, Invited)
        else f"The self-assessment that {mention(round_.opened_by)} asked you for waits where you left it."
    )
    takes = (
        "It takes about 20 minutes in all, in as many sittings as you like, and is open until "
        f"{until(round_, zone)}, your time."
    )
    choice = "It is up to you, and has no effect on your job."
    buttons = [
        _go_on(here),
        button("Not now", SurveyDo.LATER.action_id, round_value(round_.id)),
        *(
            [button("No thanks", SurveyDo.DECLINE.action_id, round_value(round_.id))]
            if isinstance(here, Invited)
            else []
        ),
        _button("Stop these messages", Do.STOP, round_.id),
    ]
    labels = ", ".join(one["text"]["text"] for one in buttons)
    return Message(
        neutral(
            "A short message about your self-assessment: it is still open, if you have a few minutes and would like to go on.",
            f"{asks} {takes} {choice} Buttons: {labels}.",
        ),
        (section(f"{asks} {takes}"), section(choice), actions(*buttons)),
    )


def picked(outcome: Picked, now: datetime) -> Message:
    return _about_times(f"{_will_write(outcome.at, outcome.zone, now)} {CHANGE_IT}", outcome.here, outcome.best)


def too_late(outcome: TooLate, now: datetime) -> Message:
    closes = until(outcome.here.round, outcome.zone).replace(", ", " at ")
    words = f"It closes on {closes}, your time, and that is before. Pick an earlier time, or go on now."
    if outcome.picked_at:
        words = f"{words} Until then this stands: {_will_write(outcome.picked_at, outcome.zone, now)}"
    return _about_times(words, outcome.here, None)


def preferred(outcome: Preferred, now: datetime) -> Message:
    """The time that the person picked before stays in sight: it always wins."""
    reminders = f"If a reminder comes by itself, it comes {BEST[outcome.best]}, your time."
    if outcome.picked_at:
        words = f"{_will_write(outcome.picked_at, outcome.zone, now)} {CHANGE_IT} {reminders}"
    else:
        words = f"{reminders} A time that you pick yourself always wins."
    return _about_times(words, outcome.here, outcome.best)


def stopped(outcome: Stopped) -> Message:
    words = f"You get no more reminders and no news of results, now and later. {ONCE_MORE}"
    match outcome.here:
        case Invited(_, Standing.ASKED) | Answering():
            here = outcome.here
            more = "You can still answer: press the button, or type /hta in any channel."
            rest: tuple[Block, ...] = (actions(_go_on(here), _button("Remind me after all", Do.RESUME, here.round.id)),)
        case _:
            more, rest = "", ()
    said = f"{words} {more}".strip()
    return Message(neutral(_STOPPED, said), (section(said), *rest))


def resumed(outcome: Resumed) -> Message:
    words = (
        f"Reminders may come again: at most {spelled(MOST_REMINDERS)}, at least a day apart. Or pick a time yourself."
    )
    return _about_times(words, outcome.here, None)


_STOPPED = (
    "These messages have stopped, as you wished. There is nothing more that you have to do, and nobody is told of it."
)
_TIMES = (
    "About the messages from this bot: when the next one comes is up to you, and you can change it at any time below."
)


def _about_times(words: str, here: Unfinished, chosen: BestTime | None) -> Message:
    """What was arranged, with the way on, and the times to change it."""
    offered = times(here.round.id, ask_best_time=True, chosen=chosen)
    _, *below = offered.blocks  # the question has been answered
    stop = _button("Stop these messages", Do.STOP, here.round.id)
    return Message(neutral(_TIMES, f"{words} {offered.text}"), (section(words), *below, actions(_go_on(here), stop)))


def _go_on(here: Unfinished) -> Block:
    label, do = ("Start", SurveyDo.START) if isinstance(here, Invited) else ("Continue", SurveyDo.CONTINUE)
    return button(label, do.action_id, round_value(here.round.id), style="primary")


def _button(label: str, do: Do, round_id: int) -> Block:
    return button(label, do.action_id, ReminderPressed(do, round_id).value)


def _will_write(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    return f"HTA Bot will write to you on {_at(at, zone, now)}, your time."


def _at(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "Thursday 3 December at 18:30"."""
    return when(at, zone, now).replace(", ", " at ")
