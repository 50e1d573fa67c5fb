"""What the bot does when a person answers. Knows no Slack: transactions in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.payloads import Who
from bot.survey.buttons import AnswerPressed, Drawn
from instrument.definition import Instrument, Item, Section, builtin
from instrument.progress import DONT_KNOW, MARKS, OPEN, Event, State, after, blank, done, first_open, open_in, with_mark
from storage import invitations, responses, rounds
from storage.invitations import Standing
from storage.keys import Keyring, LostKey
from storage.responses import Response
from storage.rounds import Lock, Round
from storage.sealing import BrokenSeal, RoundCipher


@dataclass(frozen=True)
class NothingOpen:
    """No self-assessment is open in this workspace, or the button belongs to none of its own."""


@dataclass(frozen=True)
class Over:
    """The self-assessment of the button has closed."""

    round: Round


@dataclass(frozen=True)
class NotAsked:
    """One is open, and this person is not among those asked."""

    round: Round


@dataclass(frozen=True)
class Invited:
    """Asked, and not begun; perhaps declined or withdrawn before."""

    round: Round
    standing: Standing


@dataclass(frozen=True)
class Answering:
    round: Round
    strip: str


@dataclass(frozen=True)
class Begun:
    """The response has begun by this very press, or one at the same instant."""

    round: Round
    strip: str


@dataclass(frozen=True)
class Finished:
    """Submitted, and open to changes until the round closes."""

    round: Round
    strip: str


@dataclass(frozen=True)
class KeyMissing:
    """The round's key can't be made, or does not open this response: nobody can tell where this person stands."""

    round: Round


Place = NothingOpen | Over | NotAsked | Invited | Answering | Finished | KeyMissing


@dataclass(frozen=True)
class Answered:
    """The answer is written. `finished` is the section that this answer completed, or None."""

    round: Round
    strip: str
    finished: Section | None


@dataclass(frozen=True)
class AlreadyAnswered:
    """The item had its answer; the first one stands."""

    round: Round
    strip: str
    item: Item


@dataclass(frozen=True)
class Withdrawn:
    round: Round


def instrument_of(round_: Round) -> Instrument:
    return builtin(round_.instrument_version)


def place(connection: Connection, keyring: Keyring, who: Who, round_id: int | None = None) -> Place:
    """Where the person stands: in the round of a button, or else in the one that is open."""
    return _find(connection, keyring, who, round_id, writing=False)[0]


def answer(
    connection: Connection, keyring: Keyring, who: Who, pressed: AnswerPressed
) -> Answered | AlreadyAnswered | Place:
    """Writes one answer.

    An item drawn for the first time counts only while it is open, so that of two presses the first stands; one drawn by
    Back overwrites (REVIEW: second presses).
    """
    here, response = _find(connection, keyring, who, pressed.round_id, writing=True)
    if not isinstance(here, Answering) or response is None:
        return here
    item = instrument_of(here.round).item(pressed.item_id)
    if item is None:
        return here
    if pressed.drawn is Drawn.FIRST and here.strip[item.position] != OPEN:
        return AlreadyAnswered(here.round, here.strip, item)
    return _written(connection, keyring, here, response, {item: pressed.mark})


def dont_know_for_the_rest(
    connection: Connection, keyring: Keyring, who: Who, round_id: int, item_id: str
) -> Answered | AlreadyAnswered | Place:
    """Marks every open item of the item's section as Don't know."""
    here, response = _find(connection, keyring, who, round_id, writing=True)
    if not isinstance(here, Answering) or response is None:
        return here
    instrument = instrument_of(here.round)
    item = instrument.item(item_id)
    if item is None:
        return here
    rest = open_in(here.strip, instrument.section_of(item))
    if not rest:
        return AlreadyAnswered(here.round, here.strip, item)
    return _written(connection, keyring, here, response, dict.fromkeys(rest, DONT_KNOW))


def begin(connection: Connection, keyring: Keyring, who: Who, round_id: int, function_id: str) -> Begun | Place:
    """The kind of work is chosen: the response begins here, and not before."""
    here, _ = _find(connection, keyring, who, round_id, writing=True)
    if not isinstance(here, Invited):
        return here
    instrument = instrument_of(here.round)
    if instrument.function(function_id) is None or after(_STATE[here.standing], Event.START) is None:
        return here
    cipher = _cipher(keyring, here.round)
    response = responses.begin(connection, here.round.id, cipher, who.person_id, function_id, blank(instrument))
    if here.standing is not Standing.ASKED:
        invitations.stand(connection, here.round.id, who.person_id, Standing.ASKED)
    return Begun(here.round, response.sheet.strip)


def decline(connection: Connection, keyring: Keyring, who: Who, round_id: int) -> Place:
    """No thanks: nothing more is sent. Someone who has begun stays where she is; Withdraw is for that."""
    here, _ = _find(connection, keyring, who, round_id, writing=True)
    if not isinstance(here, Invited) or after(_STATE[here.standing], Event.DECLINE) is None:
        return here
    invitations.stand(connection, here.round.id, who.person_id, Standing.DECLINED)
    return Invited(here.round, Standing.DECLINED)


def submit(
    connection: Connection, keyring: Keyring, who: Who, round_id: int, *, with_what_there_is: bool = False
) -> Place:
    """Answers count from here on. With items still open, nothing happens, but where she finishes `with_what_there_is`."""
    here, response = _find(connection, keyring, who, round_id, writing=True)
    if not isinstance(here, Answering) or response is None:
        return here
    if not (done(here.strip) if with_what_there_is else first_open(here.strip) is None):
        return here
    sheet = replace(response.sheet, state=State.SUBMITTED)
    responses.save(connection, _cipher(keyring, here.round), response, sheet)
    return Finished(here.round, here.strip)


def change(
    connection: Connection, keyring: Keyring, who: Who, round_id: int, section_id: str, marks: Mapping[str, str]
) -> Place:
    """Writes one section as the modal has it (item id to mark), whole, in one transaction."""
    here, response = _find(connection, keyring, who, round_id, writing=True)
    if not isinstance(here, Answering | Finished) or response is None:
        return here
    section = instrument_of(here.round).section(section_id)
    if section is None:
        return here
    strip = here.strip
    for item in section.items:
        if marks.get(item.id, "") in MARKS and marks.get(item.id):
            strip = with_mark(strip, item.position, marks[item.id])
    event = Event.REVISE if isinstance(here, Finished) else Event.ANSWER
    _save(connection, keyring, here.round, response, event, strip)
    return type(here)(here.round, strip)


def withdraw(connection: Connection, keyring: Keyring, who: Who, round_id: int) -> Withdrawn | Place:
    """Deletes the answers, at once and for good."""
    here, response = _find(connection, keyring, who, round_id, writing=True)
    if not isinstance(here, Answering | Finished) or response is None:
        return here
    responses.remove(connection, response)
    invitations.stand(connection, here.round.id, who.person_id, Standing.WITHDRAWN)
    return Withdrawn(here.round)


_STATE = {
    Standing.ASKED: State.INVITED,
    Standing.DECLINED: State.DECLINED,
    Standing.WITHDRAWN: State.WITHDRAWN,
}


def _written(
    connection: Connection, keyring: Keyring, here: Answering, response: Response, marks: Mapping[Item, str]
) -> Answered:
    section = instrument_of(here.round).section_of(next(iter(marks)))
    was_open = bool(open_in(here.strip, section))
    strip = here.strip
    for item, mark in marks.items():
        strip = with_mark(strip, item.position, mark)
    _save(connection, keyring, here.round, response, Event.ANSWER, strip)
    return Answered(here.round, strip, section if was_open and not open_in(strip, section) else None)


def _save(
    connection: Connection, keyring: Keyring, round_: Round, response: Response, event: Event, strip: str
) -> None:
    state = after(response.sheet.state, event) or response.sheet.state
    responses.save(connection, _cipher(keyring, round_), response, replace(response.sheet, state=state, strip=strip))


def _find(
    connection: Connection, keyring: Keyring, who: Who, round_id: int | None, *, writing: bool
) -> tuple[Place, Response | None]:
    """Where the person stands, and her response. Writing shares a lock on the round, so that closing can't overtake it."""
    lock = Lock.SHARED if writing else None
    round_ = rounds.by_id(connection, round_id, lock=lock) if round_id else rounds.open_in(connection, who.team_id)
    if round_ is None or round_.team_id != who.team_id:
        return NothingOpen(), None
    if not round_.is_open:
        return Over(round_), None
    try:
        response = responses.find(connection, round_.id, _cipher(keyring, round_), who.person_id, for_update=writing)
    except (LostKey, BrokenSeal):
        return KeyMissing(round_), None
    if response is not None:
        state = Finished if response.sheet.state is State.SUBMITTED else Answering
        return state(round_, response.sheet.strip), response
    invitation = invitations.of(connection, round_.id, who.person_id)
    return (Invited(round_, invitation.standing) if invitation else NotAsked(round_)), None


def _cipher(keyring: Keyring, round_: Round) -> RoundCipher:
    """Raises LostKey."""
    if round_.key is None:
        raise RuntimeError("an open round has lost its half of the key")
    return keyring.cipher(round_.key)
