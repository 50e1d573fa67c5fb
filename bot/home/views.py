"""What stands on Home: where the person stands, and the one button that leads on."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.blocks import Block, View, actions, button, context, header, section
from bot.survey.buttons import Do, round_value
from bot.survey.contacts import HOTLINES
from bot.survey.offers import help_and_contacts, who_sees
from bot.survey.service import (
    Answering,
    Finished,
    Invited,
    KeyMissing,
    NotAsked,
    NothingOpen,
    Over,
    Place,
    instrument_of,
)
from bot.wording import mention
from instrument.progress import done, minutes_left
from reports.wording import listed, until
from storage.invitations import Standing


def home(
    here: Place,
    zone: ZoneInfo,
    coordinators: Iterable[str],
    *,
    is_coordinator: bool,
    more: Iterable[Block] = (),
    troubles: Iterable[str] = (),
    last_closed: int | None = None,
) -> View:
    """`last_closed` is a round that the person was asked in: who sees those answers can be asked for good.

    troubles: what is wrong with the bot, for coordinators.
    """
    whom = listed([mention(one) for one in coordinators] or ["whoever installed this bot"])
    for_coordinators = [
        section(
            "*For coordinators.* Type these in any channel: /hta-round starts a self-assessment or shows the open one. "
            "/hta-results shows what came out, /hta-goals the plan."
        )
    ]
    return {
        "type": "home",
        "blocks": [
            header("Your self-assessment"),
            *_place(here, zone),
            *([_buttons(last_closed)] if last_closed and isinstance(here, NothingOpen | NotAsked | Over) else []),
            *([header("What is wrong"), *map(section, wrong)] if (wrong := [*troubles]) else []),
            *(for_coordinators if is_coordinator else []),
            *more,
            context(f"Your answers are confidential, not anonymous. Questions go to {whom}. {HOTLINES}"),
        ],
    }


def _place(here: Place, zone: ZoneInfo) -> list[Block]:
    match here:
        case NothingOpen() | Over():
            return [section("Nothing is open right now, so there is nothing to do.")]
        case KeyMissing():
            return [
                section(
                    "HTA Bot has a problem on its server and can't find your answers right now. You did nothing wrong."
                )
            ]
        case NotAsked(round_) if round_.gathered_at is None:
            return [section("A self-assessment is being prepared. If you are asked, you get a message.")]
        case NotAsked():
            return [section("A self-assessment is open, and you are not among those who were asked.")]
        case Invited(round_, standing):
            closes = until(round_, zone)
            open_until = f"It is open until {closes} and takes about 20 minutes, in as many sittings as you like."
            return [
                section(f"{_INVITED[standing]} {open_until}"),
                _buttons(round_.id, Do.START, again=standing is Standing.WITHDRAWN),
            ]
        case Answering(round_, strip):
            left = minutes_left(instrument_of(round_), strip)
            words = (
                f"{done(strip)} of {len(strip)} done, about {left} minutes left. Nothing counts until you press Submit."
            )
            return [
                section(f"{words} Open until {until(round_, zone)}."),
                _buttons(round_.id, Do.CONTINUE),
            ]
        case Finished(round_, _):
            closes = until(round_, zone)
            words = f"Submitted. You can change your answers until {closes}, or withdraw them: type /hta in any channel for that."
            return [section(words), _buttons(round_.id, Do.SCORES, Do.CHANGE)]


_INVITED = {
    Standing.ASKED: "You are asked for your view, and have not started yet.",
    Standing.DECLINED: "You said no thanks. If you change your mind, press Start.",
    Standing.WITHDRAWN: "You withdrew, and your answers are deleted. If you change your mind, press Start again.",
}
_LABELS = {Do.START: "Start", Do.CONTINUE: "Continue", Do.SCORES: "See my scores", Do.CHANGE: "Change an answer"}


def _buttons(round_id: int, *what: Do, again: bool = False) -> Block:
    """again: the person begins for the second time."""
    labels = _LABELS | ({Do.START: "Start again"} if again else {})
    return actions(
        *(button(labels[one], one.action_id, round_value(round_id)) for one in what),
        who_sees(round_id),
        help_and_contacts(round_id),
    )
