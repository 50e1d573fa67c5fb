"""How far is a round? A picture once a day, in which nobody can be seen to start, to finish or to say no.

A reader who knows the house subtracts: two counts of one picture, and one picture from the next. So a count below the
minimum is not shown, nor is one that lies within the minimum of another, and a new picture takes the place of the old
one only where each of its counts has moved by nothing or by the minimum. Source: METHODS, section 4, and REVIEW, 7.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain

from instrument.disclosure import shown

FORMAT = 1


@dataclass(frozen=True)
class Exact:
    """The counts as they are: people who began and people who submitted, by function, and people who said no."""

    started: Mapping[str, int]
    finished: Mapping[str, int]
    declined: int


@dataclass(frozen=True)
class Row:
    """One function that may stand alone. `started` None: not shown."""

    function: str
    finished: int
    started: int | None


@dataclass(frozen=True)
class Picture:
    """What is shown of a day. None in a count: not shown. `together`: functions that can't stand alone, without a count."""

    as_of: date
    started: int | None
    finished: int | None
    declined: int | None
    rows: tuple[Row, ...]
    together: tuple[str, ...]

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT} | asdict(self), default=str)

    @classmethod
    def from_json(cls, body: str) -> "Picture":
        held = json.loads(body)
        return cls(
            date.fromisoformat(held["as_of"]),
            held["started"],
            held["finished"],
            held["declined"],
            tuple(Row(**row) for row in held["rows"]),
            tuple(held["together"]),
        )


def picture(exact: Exact, minimum: int, as_of: date) -> Picture:
    """The counts as they may be shown."""
    started, finished = sum(exact.started.values()), sum(exact.finished.values())
    alone = shown(exact.finished, minimum)
    under_way = {function: number - exact.finished.get(function, 0) for function, number in exact.started.items()}
    may_stand = shown(under_way, minimum, withheld=under_way.keys() - alone)
    rows = tuple(
        Row(
            function,
            exact.finished[function],
            exact.started[function] if function in may_stand or not under_way[function] else None,
        )
        for function in sorted(alone)
    )
    return Picture(
        as_of,
        started if started >= minimum and _apart(started - finished, minimum) else None,
        finished if finished >= minimum else None,
        exact.declined if exact.declined >= minimum else None,
        rows if finished >= minimum else (),
        tuple(sorted(function for function, number in exact.started.items() if number and function not in alone)),
    )


def follows(old: Picture, new: Picture, minimum: int) -> bool:
    """Whether `new` may take the place of `old`: each count that both show has moved by nothing or by the minimum."""
    before, after = dict(_counts(old)), dict(_counts(new))
    return all(_apart(abs(after[name] - before[name]), minimum) for name in before.keys() & after.keys())


def _counts(of: Picture) -> Iterator[tuple[str, int]]:
    """Every count that a reader sees or can subtract, by what it counts."""
    totals = {"started": of.started, "finished": of.finished, "declined": of.declined}
    by_function = chain.from_iterable(
        ((f"started {row.function}", row.started), (f"finished {row.function}", row.finished)) for row in of.rows
    )
    yield from ((name, count) for name, count in chain(totals.items(), by_function) if count is not None)
    if of.started is not None and of.finished is not None:
        yield "under way", of.started - of.finished
    if of.finished is not None and of.rows:
        rest = of.finished - sum(row.finished for row in of.rows)
        yield "finished beside " + " ".join(row.function for row in of.rows), rest
    for row in of.rows:
        if row.started is not None:
            yield f"under way {row.function}", row.started - row.finished


def _apart(difference: int, minimum: int) -> bool:
    return difference == 0 or difference >= minimum
