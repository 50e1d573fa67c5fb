"""The day's picture of participation: how many began, finished and said no, in steps of the smallest group.

A reader who knows the organization subtracts: two counts of one picture, one picture from the next, the last one from the
results. So every count is rounded down to a multiple of the minimum, and means "or more". Beyond that:

- Nothing is counted by kind of work. A row of its own that moves within one step of the total tells that somebody finished,
  and fewer than the minimum; with the results after it, that it was one person (docs/decisions/0005).
- No count tells that all of those asked did so.

Source: METHODS, section 4; REVIEW, 7. tests/attacks/test_on_pictures.py tries to learn more than that.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date

FORMAT = 2
LEFT_OPEN = 2
"""So many of those asked are never counted: one of them might be the reader, who knows about herself."""


@dataclass(frozen=True)
class Exact:
    """The counts as they are: people who were asked, who began, who submitted, and who said no."""

    asked: int
    started: int
    finished: int
    declined: int


@dataclass(frozen=True)
class Picture:
    """What is shown of a day: so many people, or more. None: fewer than the minimum."""

    as_of: date
    started: int | None
    finished: int | None
    declined: int | None

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT} | asdict(self), default=str)

    @classmethod
    def from_json(cls, body: str) -> "Picture":
        held = json.loads(body)
        return cls(date.fromisoformat(held["as_of"]), held["started"], held["finished"], held["declined"])


def picture(exact: Exact, minimum: int, as_of: date) -> Picture:
    """The counts as they may be shown."""
    most = exact.asked - LEFT_OPEN

    def shown(count: int) -> int | None:
        count = min(count, max(most, minimum))
        return count - count % minimum or None

    return Picture(as_of, shown(exact.started), shown(exact.finished), shown(exact.declined))
