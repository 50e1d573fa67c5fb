"""The rows that may leave the server, one a respondent, without name, time and order.

They are what a closing kept: kinds of work merged by the plan that lets none be worked out by subtraction, in random order.
It is the one exception from showing single items for the whole organization only, and the promise to respondents names it.
Source: REVIEW, 13.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from instrument.collation import Answers
from instrument.definition import MERGED, Instrument
from instrument.disclosure import detail_from
from instrument.progress import DOES_NOT_APPLY, DONT_KNOW, OPEN
from reports.exports.cells import Value
from reports.figures import NOT_SEPARATE

REASONS = {OPEN: (7, "No answer"), DOES_NOT_APPLY: (8, "Doesn't apply"), DONT_KNOW: (9, "Don't know")}
"""By mark: the code of an answer that is no choice, and what it means. No code is below 0: none begins with a minus."""


@dataclass(frozen=True)
class Row:
    """function: an id of the instrument's, or MERGED. codes: one an item in order, 0 to 3 or one of REASONS."""

    function: str
    codes: tuple[int, ...]


def rows(instrument: Instrument, kept: Sequence[Answers], minimum: int) -> tuple[Row, ...]:
    """The rows, shuffled anew; none where so few finished that single items are not shown at all."""
    if len(kept) < detail_from(minimum):
        return ()
    known = {function.id for function in instrument.functions}
    made = [
        Row(one.function if one.function in known else MERGED, tuple(_code(mark) for mark in one.strip)) for one in kept
    ]
    secrets.SystemRandom().shuffle(made)
    return tuple(made)


def function_labels(instrument: Instrument) -> dict[str, str]:
    """What each value of a row's function means, in the instrument's order."""
    return {one.id: one.label for one in instrument.functions} | {MERGED: NOT_SEPARATE}


def code_labels(instrument: Instrument) -> dict[int, str]:
    """What each code means: the four choices, then the reasons why there is none."""
    return {one.points: one.label for one in instrument.choices} | dict(REASONS.values())


def columns(instrument: Instrument) -> tuple[str, ...]:
    return ("function", *(item.id for item in instrument.items))


def cells(row: Row) -> list[Value]:
    """The row under `columns`."""
    return [row.function, *row.codes]


def _code(mark: str) -> int:
    return int(mark) if mark.isdigit() else REASONS[mark][0]
