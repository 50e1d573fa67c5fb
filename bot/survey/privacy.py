"""The window "Who sees my answers?": three plain sentences, what a coordinator really sees, who opened the results."""

from zoneinfo import ZoneInfo

from bot.blocks import Block, View, context, header, modal, section
from bot.survey.invitation import CONFIDENTIAL
from bot.survey.seen import Seen
from bot.wording import mention
from instrument.disclosure import detail_from
from reports.wording import until, when
from storage.rounds import Round

MOST_LOOKS = 30
"""They have to fit in one block."""


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
                "*Whoever runs the server* could open answers and tell whose they are until closing, and after it only with "
                "copies made before. After closing they can take out answer sheets without name, time or order, where "
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
                "*Slack* carries each press to the bot, and with it the answer, as it carries whatever you write there. The "
                "bot's messages keep no answer and no score, and neither does a notification."
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
            f"*Until {until(round_, zone)}* you can change an answer, or withdraw: then your answers are "
            "deleted, not hidden. If you don't finish, what you answered is deleted at closing."
        )
    ]
