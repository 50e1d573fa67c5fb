"""The invitation, and what is shown until the first statement."""

from zoneinfo import ZoneInfo

from bot.blocks import Message, actions, button, context, escape, neutral, option, plain_section, section, select
from bot.reminders import messages as reminders
from bot.survey.buttons import Do, round_value
from bot.survey.contacts import HOTLINES
from bot.survey.offers import go_on, help_and_contacts, who_sees
from bot.wording import mention
from instrument.definition import Instrument
from reports.wording import spelled, until
from storage.rounds import Round
from storage.terms import MOST_REMINDERS

CONFIDENTIAL = (
    "It is confidential, not anonymous. Results only ever show groups of {minimum} or more people. Until it closes, your "
    "answers are encrypted. Whoever runs the server holds the key, so they could open them and work out whose they are. At "
    "closing the key is destroyed. After that nobody can, except from copies of both the database and the key taken before, "
    "for as long as they are kept. There is one exception from showing groups only: after closing, whoever runs the server can "
    "take out the answers, a row a person, without name, time or order, and with the kind of work only where enough people "
    "share it."
)


def invitation(round_: Round, zone: ZoneInfo, announcement: str | None = None, contacts: str | None = None) -> Message:
    """Who asks and for what; how long; who sees it; your choice; not for reports.

    announcement: a web address. contacts: whom the coordinator names for help.
    """
    closes = until(round_, zone)
    asks = (
        f"{mention(round_.opened_by)} asks for your view: how ready is this organization to help people who have been "
        "trafficked?"
    )
    what = (
        f"62 short statements, about 20 minutes, in as many sittings as you like, open until {closes}. You rate the "
        "organization, not yourself, and Don't know is a real answer."
    )
    link = f" <{escape(announcement)}|Read the announcement>." if announcement else ""
    sees = CONFIDENTIAL.format(minimum=round_.minimum)
    most = spelled(MOST_REMINDERS)
    choice = f"It is up to you and has no effect on your job. You get at most {most} reminders, and none if you say no."
    reports = f"This is not the place for reports: nobody reads along. {HOTLINES}"
    help_here = f"Help here: {contacts}" if contacts else ""
    blocks = (
        section(f"Hello. {asks}{link}"),
        section(f"*What it is.* {what}"),
        section(f"*Who sees it.* {sees}"),
        section(f"*Your choice.* {choice}"),
        section(f"*Not for reports.* {reports}"),
        *([plain_section(help_here)] if help_here else []),
        actions(
            button("Start", Do.START.action_id, round_value(round_.id), style="primary"),
            button("Not now", Do.LATER.action_id, round_value(round_.id)),
            button("No thanks", Do.DECLINE.action_id, round_value(round_.id)),
            who_sees(round_.id),
        ),
    )
    lead = (
        f"{mention(round_.opened_by)} asks you for 20 minutes, in as many sittings as you like. "
        "The details and your choices follow here."
    )
    words = f"{asks}{link} {what} {sees} {choice} {reports} {escape(help_here)}".rstrip()
    spoken = f"{words} Buttons: Start, Not now, No thanks, Who sees my answers?"
    return Message(neutral(lead, spoken), blocks)


def not_now(round_: Round, zone: ZoneInfo, *, ask_best_time: bool = True) -> Message:
    """`ask_best_time`: the person has not chosen a time of day for reminders yet."""
    closes = until(round_, zone)
    words = (
        f"That is fine. This stays here and is open until {closes}. Press Start when you have a few minutes, or type /hta in "
        "any channel."
    )
    times = reminders.times(round_.id, ask_best_time=ask_best_time)
    return Message(
        neutral(
            "Your self-assessment waits for you, and nothing has begun. You can start at any time until it closes.",
            f"{words} {times.text}",
        ),
        (
            section(words),
            actions(
                button("Start", Do.START.action_id, round_value(round_.id), style="primary"),
                button("No thanks", Do.DECLINE.action_id, round_value(round_.id)),
                who_sees(round_.id),
            ),
            *times.blocks,
        ),
    )


def declined(round_: Round) -> Message:
    words = "Thank you for telling us. You will get nothing more about this one. If you change your mind, type /hta in any channel."
    return Message(
        neutral(
            "You said no thanks to this self-assessment, and that is all you have to do. Nobody is told your reasons.",
            words,
        ),
        (section(words), actions(who_sees(round_.id))),
    )


def start_again(round_: Round, zone: ZoneInfo) -> Message:
    """For someone who said No thanks, or withdrew, and came back."""
    closes = until(round_, zone)
    words = f"The self-assessment is still open, until {closes}. Nothing of yours is stored. You can start again."
    return Message(
        neutral(
            "Your self-assessment: nothing of yours is stored at the moment. You can start again if you would like to.",
            words,
        ),
        (
            section(words),
            actions(
                button("Start again", Do.START.action_id, round_value(round_.id), style="primary"), who_sees(round_.id)
            ),
        ),
    )


def kind_of_work(instrument: Instrument, round_: Round) -> Message:
    question = "Which best describes your work?"
    why = (
        f"Results show a kind of work only where {round_.minimum} or more people of it finished, and never in a way that "
        "a smaller group could be worked out."
    )
    choices = [option(one.label, round_value(round_.id, one.id)) for one in instrument.functions]
    return Message(
        neutral(
            "Your self-assessment: one question first, then the statements. It takes a moment and you can stop whenever you like.",
            f"{question} Choose from the list: {', '.join(one.label for one in instrument.functions)}. {why}",
        ),
        (
            section(f"*{question}*", select(Do.WORK.action_id, "Choose one", choices)),
            context(why),
            actions(who_sees(round_.id)),
        ),
    )


def under_way(instrument: Instrument, round_: Round, *, leads_on: bool = True) -> Message:
    """What the invitation becomes once the person has begun. It leads on until the first statement does."""
    words = (
        f"You have begun. {len(instrument.items)} statements follow below, one at a time. Each answer is saved as you "
        "press it. Nothing counts until you press Submit at the end."
    )
    first = [go_on(round_.id)] if leads_on else []
    return Message(
        neutral(
            "Your self-assessment has begun. What you need is in the next message; you can stop whenever you like.",
            words,
        ),
        (section(words), actions(*first, who_sees(round_.id), help_and_contacts(round_.id))),
    )
