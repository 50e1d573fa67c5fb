"""The message that a person answers: the next statement, unmarked, or the review at the end."""

from bot.blocks import Block, Message, actions, button, context, escape, neutral, plain_section, section
from bot.survey.buttons import AnswerPressed, Do, Drawn, item_value, round_value
from bot.survey.offers import change_an_answer, who_sees, withdraw
from instrument.definition import Instrument, Item
from instrument.progress import DOES_NOT_APPLY, DONT_KNOW, first_open
from reports.wording import listed
from storage.rounds import Round

QUESTION = "How often do we do this here, as far as you can see? If it is a policy or plan: how often is it followed?"
REASONS = "Don't know: you can't see it from your work. Doesn't apply: has no place in an organization like ours."
BEFORE_THE_REST = 3
"""So many items of a section come before "Don't know for the rest" is offered, whatever was answered (REVIEW, 18)."""
ALREADY = "Already answered. Press Back to change it."


def current(instrument: Instrument, round_: Round, strip: str, note: str = "") -> Message:
    """Where an answering person is: the first open item, or the review."""
    position = first_open(strip)
    if position is None:
        return review(instrument, round_, note)
    return item(instrument, round_, instrument.items[position], note=note)


def item(instrument: Instrument, round_: Round, shown: Item, drawn: Drawn = Drawn.FIRST, note: str = "") -> Message:
    """One item, unmarked, with the same buttons whatever was answered: a workspace can keep the edits of a message."""
    where = instrument.section_of(shown)
    sub_competency = instrument.sub_competency_of(shown)
    number = f"Item {shown.position + 1} of {len(instrument.items)}"
    place = where.items.index(shown)
    inside = f"{place + 1} of {len(where.items)} in this section"
    glosses = [f"{escape(gloss.term)}: {escape(gloss.meaning)} (our note)" for gloss in shown.glosses]
    blocks = [
        *([context(note)] if note else []),
        context(f"{number} · {escape(where.heading)} · {inside}"),
        section(f"*{escape(sub_competency.title)}*"),
        plain_section(shown.text),
        context(QUESTION),
        *([context(*glosses)] if glosses else []),
        actions(*(_answer(round_.id, shown, drawn, str(choice.points), choice.label) for choice in instrument.choices)),
        actions(*_second_row(round_.id, shown, drawn)),
        *([actions(_rest(round_.id, shown))] if place >= BEFORE_THE_REST else []),
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
                change_an_answer(round_.id),
                who_sees(round_.id),
                withdraw(round_.id),
            ),
        ),
    )


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
