"""The state machine of a response, and where in the form it stands.

A response is a strip, one mark an item in the instrument's order, and one word of state. The table below says what an
event does to the state, and all that it can do. Back and Next are no events: they show an item and store nothing. The
machine doesn't look at the strip. Submit is offered where nothing is open (`first_open(strip) is None`); who finishes with
what she has submits too, and what is open stays open: it counts like any other answer that is missing.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from instrument.definition import Instrument, Item, Section


class State(StrEnum):
    """Where one person's pass through the form stands. Without a response, the invitation alone tells it."""

    INVITED = "invited"
    ANSWERING = "answering"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Event(StrEnum):
    """What a person, or at closing the round, does to a response."""

    START = "start"
    ANSWER = "answer"
    SUBMIT = "submit"
    REVISE = "revise"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CLOSE = "close"


TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        # No thanks and Withdraw are not for ever: Start is offered again.
        (State.INVITED, Event.START): State.ANSWERING,
        (State.DECLINED, Event.START): State.ANSWERING,
        (State.WITHDRAWN, Event.START): State.ANSWERING,
        (State.INVITED, Event.DECLINE): State.DECLINED,
        (State.ANSWERING, Event.ANSWER): State.ANSWERING,
        (State.ANSWERING, Event.SUBMIT): State.SUBMITTED,
        # A changed answer never reopens what was submitted: the response counts at every moment.
        (State.SUBMITTED, Event.REVISE): State.SUBMITTED,
        (State.ANSWERING, Event.WITHDRAW): State.WITHDRAWN,
        (State.SUBMITTED, Event.WITHDRAW): State.WITHDRAWN,
        # Nothing leaves closed: by then nobody knows any more which answers are whose.
        **{(state, Event.CLOSE): State.CLOSED for state in State if state is not State.CLOSED},
    }
)

OPEN = "."
DOES_NOT_APPLY = "n"
DONT_KNOW = "d"
MARKS = "0123" + DOES_NOT_APPLY + DONT_KNOW


def after(state: State, event: Event) -> State | None:
    """The state that `event` leads to; None: in `state` it is refused and changes nothing."""
    return TRANSITIONS.get((state, event))


def as_mermaid() -> str:
    """The machine as a Mermaid diagram, drawn from the table, so that the documentation cannot say otherwise."""
    edges = [f"    {state} --> {target}: {event}" for (state, event), target in TRANSITIONS.items()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.INVITED}", *edges, f"    {State.CLOSED} --> [*]"])


def blank(instrument: Instrument) -> str:
    """The strip of an empty form."""
    return OPEN * len(instrument.items)


def with_mark(strip: str, position: int, mark: str) -> str:
    """The strip with `mark` at `position`, over whatever stood there. An answer is never made open again."""
    if mark not in MARKS or len(mark) != 1 or not 0 <= position < len(strip):
        raise ValueError("no such mark, or no such position")
    return strip[:position] + mark + strip[position + 1 :]


def first_open(strip: str) -> int | None:
    """The position of the first item without an answer; None: there is none, and Submit is offered."""
    position = strip.find(OPEN)
    return None if position < 0 else position


def open_in(strip: str, section: Section) -> tuple[Item, ...]:
    """The section's items without an answer."""
    return tuple(item for item in section.items if strip[item.position] == OPEN)


def done(strip: str) -> int:
    """How many items have an answer. "Doesn't apply" and "Don't know" are answers."""
    return len(strip) - strip.count(OPEN)


def minutes_left(instrument: Instrument, strip: str) -> int:
    """The open items' share of the minutes that the document gives the whole form, rounded up; 0: nothing is open."""
    return -(-strip.count(OPEN) * instrument.minutes // len(strip))
