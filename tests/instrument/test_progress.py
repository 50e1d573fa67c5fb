"""Does a response go where its table says, and nowhere else?"""

from itertools import product

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from instrument.definition import builtin
from instrument.progress import (
    MARKS,
    OPEN,
    Event,
    State,
    after,
    blank,
    done,
    first_open,
    minutes_left,
    open_in,
    with_mark,
)
from sections import named

INSTRUMENT = builtin()
ALL_DONE = "2" * 62

# One row a state, one column an event; "-": refused.
TABLE = """
            start      answer     submit     revise     decline   withdraw   close
invited     answering  -          -          -          declined  -          closed
answering   -          answering  submitted  -          -         withdrawn  closed
submitted   -          -          -          submitted  -         withdrawn  closed
declined    answering  -          -          -          -         -          closed
withdrawn   answering  -          -          -          -         -          closed
closed      -          -          -          -          -         -          -
"""
EVENTS, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
PAIRS = [(state, event, target) for state, *targets in ROWS for event, target in zip(EVENTS, targets, strict=True)]


@pytest.mark.parametrize(("state", "event", "target"), PAIRS)
def test_an_event_leads_where_the_table_says(state: str, event: str, target: str) -> None:
    assert after(State(state), Event(event)) == (None if target == "-" else State(target))


def test_the_table_has_every_pair() -> None:
    assert [(State(state), Event(event)) for state, event, _ in PAIRS] == list(product(State, Event))


def test_an_empty_form_has_every_item_open() -> None:
    strip = blank(INSTRUMENT)

    assert strip == OPEN * 62
    assert first_open(strip) == 0
    assert done(strip) == 0


def test_a_mark_changes_its_own_place_only() -> None:
    assert with_mark("01.", 1, "n") == "0n."


@pytest.mark.parametrize(("position", "mark"), [(0, OPEN), (0, "4"), (0, ""), (0, "01"), (3, "0"), (-1, "0")])
def test_what_is_no_mark_or_no_place_is_refused(position: int, mark: str) -> None:
    with pytest.raises(ValueError, match="no such mark, or no such position"):
        with_mark("...", position, mark)


@pytest.mark.parametrize(("strip", "position"), [("...", 0), ("01.", 2), ("0.3", 1), ("0nd", None)])
def test_the_first_open_item_is_the_next_one(strip: str, position: int | None) -> None:
    assert first_open(strip) == position


def test_a_reason_not_to_choose_is_an_answer() -> None:
    assert done("0n.d") == 3


def test_a_sections_open_items_are_its_own_only() -> None:
    strip = with_mark(blank(INSTRUMENT), 14, "3")

    assert [item.id for item in open_in(strip, named(INSTRUMENT, "c1"))] == ["c1_02"]


@pytest.mark.parametrize(
    ("answered", "minutes"), [(0, 20), (1, 20), (22, 13), (31, 10), (58, 2), (59, 1), (61, 1), (62, 0)]
)
def test_minutes_left_are_the_documents_twenty_by_open_items_rounded_up(answered: int, minutes: int) -> None:
    assert minutes_left(INSTRUMENT, "1" * answered + OPEN * (62 - answered)) == minutes


class AnyHistory(RuleBasedStateMachine):
    """A response through any history, and beside it a paper form: a list of boxes, and a remark on its folder."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.INVITED
        self.strip = blank(INSTRUMENT)
        self.boxes = [OPEN] * 62
        self.remark = "invited"

    def happens(self, event: Event) -> bool:
        """Whether the machine lets it happen."""
        following = after(self.state, event)
        self.state = following or self.state
        return following is not None

    @rule()
    def start(self) -> None:
        if self.happens(Event.START):
            self.strip = blank(INSTRUMENT)
        if self.remark in ("invited", "declined", "withdrawn"):
            self.remark, self.boxes = "answering", [OPEN] * 62

    @rule(position=st.integers(0, 61), mark=st.sampled_from(MARKS))
    def mark(self, position: int, mark: str) -> None:
        if self.happens(Event.ANSWER):
            self.strip = with_mark(self.strip, position, mark)
        if self.remark == "answering":
            self.boxes[position] = mark

    @precondition(lambda self: self.remark == "answering" and OPEN in self.boxes)
    @rule(mark=st.sampled_from(MARKS))
    def mark_the_rest(self, mark: str) -> None:
        while (position := first_open(self.strip)) is not None:
            assert self.happens(Event.ANSWER)
            self.strip = with_mark(self.strip, position, mark)
        self.boxes = [mark if box == OPEN else box for box in self.boxes]

    @rule()
    def submit(self) -> None:
        if first_open(self.strip) is None:
            self.happens(Event.SUBMIT)
        if self.remark == "answering" and OPEN not in self.boxes:
            self.remark = "submitted"

    @rule(position=st.integers(0, 61), mark=st.sampled_from(MARKS))
    def revise(self, position: int, mark: str) -> None:
        if self.happens(Event.REVISE):
            self.strip = with_mark(self.strip, position, mark)
        if self.remark == "submitted":
            self.boxes[position] = mark

    @rule()
    def decline(self) -> None:
        self.happens(Event.DECLINE)
        if self.remark == "invited":
            self.remark = "declined"

    @rule()
    def withdraw(self) -> None:
        self.happens(Event.WITHDRAW)
        if self.remark in ("answering", "submitted"):
            self.remark = "withdrawn"

    @rule()
    def close(self) -> None:
        self.happens(Event.CLOSE)
        self.remark = "closed"

    @invariant()
    def they_agree(self) -> None:
        assert self.state == self.remark
        assert list(self.strip) == self.boxes
        assert done(self.strip) == sum(box != OPEN for box in self.boxes)
        assert (first_open(self.strip) is None) == (OPEN not in self.boxes)

    @invariant()
    def what_is_submitted_has_nothing_open(self) -> None:
        assert self.state is not State.SUBMITTED or OPEN not in self.strip


TestAnyHistory = AnyHistory.TestCase
