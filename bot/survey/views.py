"""What opens over the conversation: own scores, changing an answer, who sees what, help. Each belongs to one person."""

from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.blocks import Block, Message, View, actions, context, escape, field, header, modal, option, section, select
from bot.survey.buttons import CHANGE, SECTION_PICKED, ChangeOpened
from bot.survey.messages import CONFIDENTIAL
from bot.survey.seen import Seen
from bot.wording import mention, when
from instrument.definition import Instrument, Section
from instrument.disclosure import detail_from
from instrument.progress import DOES_NOT_APPLY, DONT_KNOW
from instrument.scoring import SectionScore, own_scores
from storage.rounds import Round

MOST_LOOKS = 30
"""They have to fit in one block."""


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


def privacy(round_: Round, zone: ZoneInfo, seen: Seen) -> View:
    """Three plain sentences, then what a coordinator really sees, then who opened the results."""
    return modal(
        "Who sees my answers?",
        [
            section(
                f"*Coordinators and leaders* see in Slack only results for the whole organization and for kinds of work with "
                f"{round_.minimum} or more people, after closing: never a person, never one answer sheet. They can save the same "
                "results as files."
            ),
            section(
                "*Whoever runs the server* could work out whose answers are whose until closing, and after it only from a "
                "copy made before. After closing they can take out answer sheets without name, time or order, where "
                f"{detail_from(round_.minimum)} or more people finished."
            ),
            section(
                "*Beside your name* it stays written that you were asked and whether you said no thanks, never what you answered."
            ),
            header("What a coordinator can see right now"),
            *(section(words) for words in seen.words),
            *_opened(seen, zone),
            header("More about it"),
            section(CONFIDENTIAL.format(minimum=round_.minimum)),
            section(
                "*Slack* carries your presses to the bot. No message keeps an answer or a score, and neither does a notification."
            ),
            *_until(round_, zone),
        ],
    )


def _opened(seen: Seen, zone: ZoneInfo) -> list[Block]:
    """Who opened the results, and when. While there are none, nobody can have."""
    if seen.looks is None:
        return []
    if not seen.looks:
        return [header("Who opened the results"), section("Nobody has opened them yet.")]
    told = [f"{mention(one.person_id)}, {when(one.looked_at, zone)}" for one in seen.looks[:MOST_LOOKS]]
    earlier = len(seen.looks) - len(told)
    more = [f"and {earlier:,} times before"] if earlier else []
    return [
        header("Who opened the results"),
        section("\n".join([*told, *more])),
        context(
            "Looks of one person within an hour count as one. What is posted to a channel is seen by all who are in it."
        ),
    ]


def _until(round_: Round, zone: ZoneInfo) -> list[Block]:
    if not round_.is_open:
        return []
    return [
        section(
            f"*Until {when(round_.closing_at, zone)}* you can change an answer, or withdraw: then your answers are "
            "deleted, not hidden. If you don't finish, what you answered is deleted at closing."
        )
    ]


def contacts(here: str | None = None) -> View:
    """Whom to turn to. `here`: what the coordinator names for this organization."""
    return modal(
        "Help and contacts",
        [
            section("This topic can be hard, and you may know it from your own life. You can stop at any time."),
            section("*Danger now:* your organization's protocol, or 911."),
            *([section(f"*Here:* {escape(here)}")] if here else []),
            section("*Someone to talk to:* your employee assistance program, or 988 by phone or text, day and night."),
            section("*National Human Trafficking Hotline:* 1-888-373-7888, or text 233733. It is confidential."),
            context("This self-assessment is not for reports, and nobody reads along."),
        ],
    )


def gone(message: Message) -> View:
    """In place of a modal whose time has passed."""
    return modal("HTA Bot", [block for block in message.blocks if block["type"] in ("section", "context")])


def _score_line(score: SectionScore) -> str:
    name = f"*{escape(score.section.heading)}*"
    if score.percent is None or score.points is None:
        return f"{name}\nnot enough answers ({score.answered} of {len(score.section.items)})"
    return f"{name}\n{_number(score.points)} of {score.section.maximum} points, {_number(score.percent)} %"


def _number(value: Fraction) -> str:
    """One decimal, where there is one, rounded half up."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
