"""What the bot says to a person who answers: pure functions from the domain to a Message."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.blocks import (
    Block,
    Message,
    actions,
    button,
    confirm,
    context,
    escape,
    neutral,
    option,
    plain_section,
    section,
    select,
)
from bot.reminders import messages as reminders
from bot.survey.buttons import AnswerPressed, Do, Drawn, item_value, round_value
from bot.wording import listed, mention, when
from instrument.definition import Instrument, Item, Section
from instrument.progress import DOES_NOT_APPLY, DONT_KNOW, done, first_open, minutes_left, three_dont_knows
from storage.rounds import Round

HOTLINES = (
    "If someone is in danger now, follow your organization's protocol or call 911. For yourself: your employee "
    "assistance program, 988 by phone or text, or the National Human Trafficking Hotline, 1-888-373-7888 "
    "(text 233733)."
)
QUESTION = "How often do we do this here, as far as you can see? If it is a policy or plan: how often is it followed?"
REASONS = "Don't know: you can't see it from your work. Doesn't apply: has no place in an organization like ours."
PRESS_CONTINUE = "The next statement could not be shown just now. Press Continue to see it."
ALREADY = "Already answered. Press Back to change it."
CONFIDENTIAL = (
    "It is confidential, not anonymous. Results only ever show groups of {minimum} or more people. Until it closes, your "
    "answers are kept under a code, so that whoever runs the server could work out whose they are. At closing the key "
    "to that code is destroyed. After that nobody can tell, except from a copy of the database taken before, for as long "
    "as it is kept. There is one exception from showing groups only: after closing, whoever runs the server can take out the "
    "answers, a row a person, without name, time or order, and with the kind of work only where enough people share it."
)


def invitation(round_: Round, zone: ZoneInfo, announcement: str | None = None) -> Message:
    """Who asks and for what; how long; who sees it; your choice; not for reports. `announcement`: a web address."""
    closes = when(round_.closing_at, zone)
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
    choice = "It is up to you and has no effect on your job. You get at most three reminders, and none if you say no."
    reports = f"This is not the place for reports: nobody reads along. {HOTLINES}"
    blocks = (
        section(f"Hello. {asks}{link}"),
        section(f"*What it is.* {what}"),
        section(f"*Who sees it.* {sees}"),
        section(f"*Your choice.* {choice}"),
        section(f"*Not for reports.* {reports}"),
        actions(
            button("Start", Do.START.action_id, round_value(round_.id), style="primary"),
            button("Not now", Do.LATER.action_id, round_value(round_.id)),
            button("No thanks", Do.DECLINE.action_id, round_value(round_.id)),
            _privacy(round_.id),
        ),
    )
    lead = (
        f"{mention(round_.opened_by)} asks you for 20 minutes, in as many sittings as you like. "
        "The details and your choices follow here."
    )
    spoken = f"{asks}{link} {what} {sees} {choice} {reports} Buttons: Start, Not now, No thanks, Who sees my answers?"
    return Message(neutral(lead, spoken), blocks)


def not_now(round_: Round, zone: ZoneInfo, *, ask_best_time: bool = True) -> Message:
    """`ask_best_time`: the person has not chosen a time of day for reminders yet."""
    closes = when(round_.closing_at, zone)
    words = f"That is fine. This stays here and is open until {closes}. Press Start when you have a few minutes, or type /hta."
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
                _privacy(round_.id),
            ),
            *times.blocks,
        ),
    )


def declined(round_: Round) -> Message:
    words = "Thank you for telling us. You will get nothing more about this one. If you change your mind, type /hta."
    return Message(
        neutral(
            "You said no thanks to this self-assessment, and that is all you have to do. Nobody is told your reasons.",
            words,
        ),
        (section(words), actions(_privacy(round_.id))),
    )


def start_again(round_: Round, zone: ZoneInfo) -> Message:
    """For someone who said No thanks, or withdrew, and came back."""
    closes = when(round_.closing_at, zone)
    words = f"The self-assessment is still open, until {closes}. Nothing of yours is stored. You can start again."
    return Message(
        neutral(
            "Your self-assessment: nothing of yours is stored at the moment. You can start again if you would like to.",
            words,
        ),
        (
            section(words),
            actions(
                button("Start again", Do.START.action_id, round_value(round_.id), style="primary"), _privacy(round_.id)
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
            actions(_privacy(round_.id)),
        ),
    )


def under_way(instrument: Instrument, round_: Round) -> Message:
    """What the invitation becomes once the person has begun."""
    words = (
        f"You have begun. {len(instrument.items)} statements follow below, one at a time. Each answer is saved as you "
        "press it. Nothing counts until you press Submit at the end."
    )
    return Message(
        neutral(
            "Your self-assessment has begun. What you need is in the next message; you can stop whenever you like.",
            words,
        ),
        (section(words), actions(_continue(round_.id), _privacy(round_.id), _help(round_.id))),
    )


def item(
    instrument: Instrument, round_: Round, strip: str, shown: Item, drawn: Drawn = Drawn.FIRST, note: str = ""
) -> Message:
    """One item, unmarked: the choice that stands is never shown, since a workspace can keep the edits of a message."""
    where = instrument.section_of(shown)
    sub_competency = instrument.sub_competency_of(shown)
    number = f"Item {shown.position + 1} of {len(instrument.items)}"
    inside = f"{where.items.index(shown) + 1} of {len(where.items)} in this section"
    glosses = [f"{escape(gloss.term)}: {escape(gloss.meaning)} (our note)" for gloss in shown.glosses]
    rest = drawn is Drawn.FIRST and three_dont_knows(strip, shown, where)
    blocks = [
        *([context(note)] if note else []),
        context(f"{number} · {escape(where.heading)} · {inside}"),
        section(f"*{escape(sub_competency.title)}*"),
        plain_section(shown.text),
        context(QUESTION),
        *([context(*glosses)] if glosses else []),
        actions(*(_answer(round_.id, shown, drawn, str(choice.points), choice.label) for choice in instrument.choices)),
        actions(*_second_row(round_.id, shown, drawn)),
        *([actions(_rest(round_.id, shown))] if rest else []),
        context(REASONS),
    ]
    labels = [choice.label for choice in instrument.choices] + ["Doesn't apply", "Don't know"]
    lead = (
        f"{number} of your self-assessment, {inside}. Its words follow here; answer with the buttons below the message."
    )
    spoken = (
        f"{note} Section: {where.heading}. {sub_competency.title}. {shown.text} {QUESTION} {' '.join(glosses)} "
        f"Your choices: {listed(labels)}. {REASONS}"
    )
    return Message(neutral(lead, escape(spoken.strip())), tuple(blocks))


def section_finished(instrument: Instrument, round_: Round, strip: str, finished: Section, note: str = "") -> Message:
    """The receipt that a finished section leaves behind: no answer, no score."""
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
            actions(_continue(round_.id), _help(round_.id)),
        ),
    )


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
        (section(words), actions(_continue(round_.id), _help(round_.id), _withdraw(round_.id)), *times.blocks),
    )


def review(instrument: Instrument, round_: Round, note: str = "") -> Message:
    """The end: nothing is open any more."""
    count = len(instrument.items)
    words = f"You have reached the end. All {count} statements have an answer. Nothing counts until you press Submit."
    return Message(
        neutral(
            "Your self-assessment: you have reached the end. One press is left, and you can still change what you like.",
            f"{note} {words}".strip(),
        ),
        (
            *((context(note),) if note else ()),
            section(words),
            actions(
                button("Submit", Do.SUBMIT.action_id, round_value(round_.id), style="primary"),
                _change(round_.id),
                _privacy(round_.id),
                _withdraw(round_.id),
            ),
        ),
    )


def submitted(round_: Round, zone: ZoneInfo, note: str = "") -> Message:
    closes = when(round_.closing_at, zone)
    words = (
        f"Submitted. Thank you: your view counts. Until {closes} you can see your own scores, change an answer, or withdraw. "
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
                _change(round_.id),
                _withdraw(round_.id),
                _privacy(round_.id),
            ),
        ),
    )


def withdrawn(round_: Round, zone: ZoneInfo) -> Message:
    closes = when(round_.closing_at, zone)
    words = f"Your answers are deleted. You will get nothing more about this one. Until {closes} you can start again."
    return Message(
        neutral(
            "You withdrew from this self-assessment, and nothing of yours is stored any more. That is all you have to do.",
            words,
        ),
        (section(words), actions(button("Start again", Do.START.action_id, round_value(round_.id)))),
    )


def over(round_: Round, zone: ZoneInfo) -> Message:
    """For a press that came after the closing."""
    closed = when(round_.closed_at or round_.closing_at, zone)
    words = (
        f"This self-assessment closed on {closed}, so this press changed nothing. What was submitted by then counts. "
        "The key is destroyed: the bot no longer knows which answers are whose."
    )
    return Message(
        neutral(
            "This self-assessment has closed. There is nothing more to do here, and nothing of yours can be changed now.",
            words,
        ),
        (section(words),),
    )


def nothing_open() -> Message:
    words = (
        "No self-assessment is open right now, so there is nothing to do. When one starts and you are asked, you get a "
        "message here. If you expected one, ask whoever told you about it."
    )
    return _short(words)


def not_asked(round_: Round, coordinators: Iterable[str]) -> Message:
    whom = listed([mention(one) for one in coordinators] or [mention(round_.opened_by)])
    words = (
        "A self-assessment is open, and you are not among those who were asked. If you think that you should be, "
        f"ask {whom}."
    )
    return _short(words)


def outdated() -> Message:
    """For a button of an unknown version, or one that names nothing."""
    return _short(
        "This button is from another version of the bot and does nothing any more. Type /hta to go on where you are."
    )


def in_your_messages() -> Message:
    return _short("It is in your messages with HTA Bot, where only you see it.")


def could_not_post() -> Message:
    return _short("Slack did not let us write to you just now. Your answers are safe. Type /hta again in a minute.")


def nothing_saved() -> Message:
    """For an error before the commit."""
    return _short("Nothing was saved. Please press again.")


def strangers() -> Message:
    return _short("HTA Bot works for people of this workspace only, so this press changed nothing.")


def unknown_word(typed: str) -> Message:
    return _short(
        f"“/hta {escape(typed[:40])}” is nothing that this bot knows. Type /hta to start or go on, or /hta help."
    )


def usage(coordinators: Iterable[str]) -> Message:
    whom = listed([mention(one) for one in coordinators] or ["whoever installed this bot"])
    words = (
        "*/hta* starts or continues your self-assessment. It asks how often your organization does 62 things that help "
        "people who have been trafficked. Your answers are confidential, not anonymous, and you can stop at any time.\n"
        f"Questions go to {whom}."
    )
    return Message(words.replace("*", ""), (section(words), context(HOTLINES)))


def current(instrument: Instrument, round_: Round, strip: str, note: str = "") -> Message:
    """Where an answering person is: the first open item, or the review."""
    position = first_open(strip)
    if position is None:
        return review(instrument, round_, note)
    return item(instrument, round_, strip, instrument.items[position], note=note)


def _short(words: str) -> Message:
    return Message(words, (section(words),))


def _answer(round_id: int, shown: Item, drawn: Drawn, mark: str, label: str) -> Block:
    pressed = AnswerPressed(round_id, shown.id, drawn, mark)
    return button(label, pressed.action_id, pressed.value)


def _second_row(round_id: int, shown: Item, drawn: Drawn) -> list[Block]:
    here = item_value(round_id, shown.id, drawn)
    row = []
    if shown.position > 0:
        row.append(button("Back", Do.BACK.action_id, here))
    if drawn is Drawn.BACK:
        row.append(button("Next", Do.NEXT.action_id, here))
    return [
        *row,
        _answer(round_id, shown, drawn, DOES_NOT_APPLY, "Doesn't apply"),
        _answer(round_id, shown, drawn, DONT_KNOW, "Don't know"),
        button("Pause", Do.PAUSE.action_id, round_value(round_id)),
    ]


def _rest(round_id: int, shown: Item) -> Block:
    return button("Don't know for the rest", Do.REST.action_id, item_value(round_id, shown.id, Drawn.FIRST))


def _privacy(round_id: int) -> Block:
    return button("Who sees my answers?", Do.PRIVACY.action_id, round_value(round_id))


def _continue(round_id: int) -> Block:
    return button("Continue", Do.CONTINUE.action_id, round_value(round_id), style="primary")


def _help(round_id: int) -> Block:
    return button("Help and contacts", Do.HELP.action_id, round_value(round_id))


def _change(round_id: int) -> Block:
    return button("Change an answer", Do.CHANGE.action_id, round_value(round_id))


def _withdraw(round_id: int) -> Block:
    return button(
        "Withdraw",
        Do.WITHDRAW.action_id,
        round_value(round_id),
        style="danger",
        confirm=confirm(
            "Withdraw?",
            "All your answers to this self-assessment are deleted for good. Nobody is told.",
            "Delete my answers",
            "Keep them",
        ),
    )
