"""What stays where a person stops, after a section, a pause, Submit or Withdraw: no answer, no score."""

from zoneinfo import ZoneInfo

from bot.blocks import Message, actions, button, context, neutral, section
from bot.reminders import messages as reminders
from bot.survey.buttons import Do, round_value
from bot.survey.contacts import HOTLINES
from bot.survey.offers import change_an_answer, finish, go_on, help_and_contacts, who_sees, withdraw
from instrument.definition import Instrument, Section
from instrument.progress import OPEN, done, minutes_left
from reports.wording import until
from storage.rounds import Round

PRESS_CONTINUE = "The next statement could not be shown just now. Press Continue to see it."


def section_finished(
    instrument: Instrument, round_: Round, strip: str, finished: Section, note: str = "", *, leads_on: bool = True
) -> Message:
    """The receipt that a finished section leaves behind: no answer, no score. It leads on until the next statement does."""
    name = "The universal section is" if finished.number == "U" else f"Section {finished.number} is"
    left = minutes_left(instrument, strip)
    words = f"{name} finished. Good place to stop. About {left} minutes left." if left else f"{name} finished."
    return Message(
        neutral(
            "Your self-assessment: a section is finished and your answers are saved. You can stop here or go on, as you like.",
            f"{note} {words}".strip(),
        ),
        (
            *((context(note),) if note else ()),
            section(words),
            actions(*([go_on(round_.id)] if leads_on else []), help_and_contacts(round_.id)),
        ),
    )


def moved_on() -> Message:
    """What is left of a message where another one leads on."""
    words = "This goes on in another message in this conversation."
    return Message(words, (context(words),))


def paused(instrument: Instrument, round_: Round, strip: str, *, ask_best_time: bool = True) -> Message:
    """`ask_best_time`: the person has not chosen a time of day for reminders yet."""
    times = reminders.times(round_.id, ask_best_time=ask_best_time)
    words = (
        f"Paused. Your place is kept. {done(strip)} of {len(strip)} done, about {minutes_left(instrument, strip)} minutes "
        "left. You never have to press Pause: each answer is saved as you press it."
    )
    return Message(
        neutral(
            "Your self-assessment is paused, and your place is kept. Come back whenever it suits you, on any device.",
            f"{words} {times.text}",
        ),
        (
            section(words),
            actions(
                go_on(round_.id),
                *((finish(round_.id),) if done(strip) else ()),
                help_and_contacts(round_.id),
                withdraw(round_.id),
            ),
            *times.blocks,
        ),
    )


def submitted(round_: Round, strip: str, zone: ZoneInfo, note: str = "") -> Message:
    closes = until(round_, zone)
    left = strip.count(OPEN)
    rest = f" {left} of {len(strip)} statements count as not answered; Change an answer adds to them." if left else ""
    words = (
        f"Submitted. Thank you: your view counts.{rest} Until {closes} you can see your own scores, change an answer, or withdraw. "
        "After that nobody can tell which answers are yours, not even this bot."
    )
    reports = f"This was not a report, and nobody reads along. {HOTLINES}"
    return Message(
        neutral(
            "Your self-assessment is submitted, and there is nothing more that you have to do. Thank you for your time.",
            f"{note} {words} {reports}".strip(),
        ),
        (
            *((context(note),) if note else ()),
            section(words),
            context(reports),
            actions(
                button("See my scores", Do.SCORES.action_id, round_value(round_.id)),
                change_an_answer(round_.id),
                withdraw(round_.id),
                who_sees(round_.id),
            ),
        ),
    )


def withdrawn(round_: Round, zone: ZoneInfo) -> Message:
    closes = until(round_, zone)
    words = f"Your answers are deleted. You will get nothing more about this one. Until {closes} you can start again."
    return Message(
        neutral(
            "You withdrew from this self-assessment, and nothing of yours is stored any more. That is all you have to do.",
            words,
        ),
        (section(words), actions(button("Start again", Do.START.action_id, round_value(round_.id)))),
    )
