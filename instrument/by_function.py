"""What each kind of work says of each section, and where one sees it otherwise than the rest.

A gap is a fact about two groups, so it asks for more than a cell does: ten people (or the minimum, where that is more) in
the function and in the rest, as every interval does. How far apart they are is taken from the cells as they are shown,
so a gap tells nothing of a mean that these don't. Source: METHODS, section 3; docs/decisions/0006.
"""

from collections.abc import Container, Mapping, Sequence
from fractions import Fraction

from instrument import welch
from instrument.definition import Instrument
from instrument.disclosure import cells, detail_from, merged
from instrument.distribution import Distribution, together
from instrument.snapshot import Cell, FunctionRow, Gap, as_printed

GAP_FROM = 15
"""Points of percent."""

Scores = Mapping[str, Mapping[str, Distribution]]
"""By section id, then by function."""
Column = Mapping[str | None, Cell]
"""One section: the cells that may be shown, under None that of all others together."""


def columns(
    instrument: Instrument, scores: Scores, finished: Mapping[str, int], minimum: int, exact: Container[str]
) -> list[Column]:
    """One for each section. What was stored without its function, or under one that is unknown, never stands alone.

    finished: all people, by function. Nor does a function stand alone that is stored merged with others: where these are
    not scored in a section, its people there would be told apart among the rows that are kept. exact: the ids of the
    sections that show exact figures.
    """
    stored = merged(finished, minimum)
    known = {function.id for function in instrument.functions if stored.get(function.id) == function.id}
    return [
        cells(
            scores[section.id],
            minimum,
            section.maximum,
            withheld=scores[section.id].keys() - known,
            exact=section.id in exact,
        )
        for section in instrument.sections
    ]


def rows(instrument: Instrument, columns: Sequence[Column]) -> tuple[FunctionRow, ...]:
    """One row for each function that is shown in some section, in the instrument's order, then the others' row."""
    functions = (*(function.id for function in instrument.functions), None)
    found = [FunctionRow(function, tuple(column.get(function) for column in columns)) for function in functions]
    return tuple(row for row in found if any(row.cells))


def gaps(
    instrument: Instrument, scores: Scores, columns: Sequence[Column], minimum: int, exact: Container[str]
) -> tuple[Gap, ...]:
    """Where a function differs from the rest, section by section, in each in the instrument's order of functions.

    They are 15 points or more apart, and Welch's interval, laid around the difference as it is shown, leaves 0 out. So
    there are none in a section outside of `exact`: it shows nothing of how its people vary.
    """
    found = [
        _gap(section.id, function.id, scores[section.id], column, minimum)
        for section, column in zip(instrument.sections, columns, strict=True)
        if section.id in exact
        for function in instrument.functions
    ]
    return tuple(gap for gap in found if gap)


def _gap(section: str, function: str, scores: Mapping[str, Distribution], column: Column, minimum: int) -> Gap | None:
    own, others = column.get(function), [cell for key, cell in column.items() if key != function]
    people = sum(cell.n for cell in others)
    if own is None or min(own.n, people) < detail_from(minimum):
        return None
    difference = as_printed(own.mean) - sum((cell.n * as_printed(cell.mean) for cell in others), Fraction(0)) / people
    if abs(difference) < GAP_FROM:
        return None
    rest = together(scores[key] for key in scores if key != function)
    if abs(difference) <= welch.reach(_group(scores[function]), _group(rest)):
        return None
    return Gap(section, function, round(difference))


def _group(scores: Distribution) -> welch.Group:
    return welch.Group(scores.people, float(scores.variance))
