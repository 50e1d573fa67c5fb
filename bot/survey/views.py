"""What opens over the conversation: own scores, and changing an answer. Each belongs to one person."""

from fractions import Fraction

from bot.blocks import Message, View, actions, context, escape, field, header, modal, option, section, select
from bot.survey.buttons import CHANGE, SECTION_PICKED, ChangeOpened
from instrument.definition import Instrument, Section
from instrument.progress import DOES_NOT_APPLY, DONT_KNOW
from instrument.scoring import SectionScore, own_scores
from reports.wording import percent
from storage.rounds import Round


def scores(instrument: Instrument, strip: str) -> View:
    """One's own scores, with the document's maxima. They are shown here and in no message."""
    own = own_scores(instrument, strip)
    total = (
        f"*Total: {_number(own.total)} of {own.maximum}*"
        if own.total is not None
        else "*Total: not shown.* It needs enough answers in every section."
    )
    notes = [
        f"{escape(one.section.heading)}: the document prints “out of {one.section.printed_maximum}” for "
        f"{len(one.section.items)} items of up to 3 points; we count out of {one.section.maximum}."
        for one in own.sections
        if one.section.printed_maximum != one.section.maximum
    ]
    return modal(
        "How you see us",
        [
            header("How you see us"),
            section(
                "These are the scores that you gave the organization. They are no test of you, and only you see them here."
            ),
            *(section(_score_line(one)) for one in own.sections),
            section(total),
            context(
                "Items that you marked Doesn't apply or Don't know are left out, and the rest counts for the whole section. "
                "A section needs answers to half of its items.",
                *notes,
            ),
        ],
    )


def change(instrument: Instrument, round_: Round, strip: str, chosen: Section | None) -> View:
    """One modal: pick a section, and its items stand there with what you answered."""
    options = [option(one.heading, one.id) for one in instrument.sections]
    picked = next((one for one in options if chosen and one["value"] == chosen.id), None)
    picker = actions(select(SECTION_PICKED, "Choose a section", options, picked)) | {"block_id": "section"}
    answers = [option(choice.label, str(choice.points)) for choice in instrument.choices] + [
        option("Doesn't apply", DOES_NOT_APPLY),
        option("Don't know", DONT_KNOW),
    ]
    fields = []
    for shown in chosen.items if chosen else ():
        stands = next((one for one in answers if one["value"] == strip[shown.position]), None)
        element = select("mark", "Not answered yet", answers, stands)
        fields.append(field(f"{shown.label} {shown.text}", shown.id, element, optional=stands is None))
    return modal(
        "Change an answer",
        [section("Which section?"), picker, *fields],
        callback_id=CHANGE,
        submit="Save" if chosen else None,
        close="Cancel" if chosen else "Close",
        metadata=ChangeOpened(round_.id, chosen.id if chosen else "").metadata,
    )


def gone(message: Message) -> View:
    """In place of a modal whose time has passed."""
    return modal("HTA Bot", [block for block in message.blocks if block["type"] in ("section", "context")])


def _score_line(score: SectionScore) -> str:
    name = f"*{escape(score.section.heading)}*"
    if score.percent is None or score.points is None:
        return f"{name}\nnot enough answers ({score.answered} of {len(score.section.items)})"
    return f"{name}\n{_number(score.points)} of {score.section.maximum} points, {percent(float(score.percent))}"


def _number(value: Fraction) -> str:
    """One decimal, where there is one, rounded half up."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
