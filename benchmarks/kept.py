"""What came of what was promised? Every message that people were shown in a year, counted."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from benchmarks.promised import CHECK_IN, FOLLOW_UP, HEADS_UP, KINDS, Promise
from instrument.goals import FIRST, LAST, DaysOff, is_working
from sandbox.workspace import Message

OTHERS = "others"
_CHECK_IN = re.compile(r"^Check-in of [^:(]+?(?: \(part (\d+) of \d+\))?: how do the goals")
_TO_OWNERS = {"Something is due soon": HEADS_UP, "A check-in has no answer yet": FOLLOW_UP}
_VALUE = re.compile(r"'value': '([^']*)'")


@dataclass(frozen=True)
class Came:
    """A message, the channel or person it went to, and when it came, by the clocks there."""

    message: Message
    target: str
    at: datetime

    @cached_property
    def promise(self) -> Promise | None:
        """The promise that it keeps; None: it is about something else."""
        if found := _CHECK_IN.match(self.message.text):
            return Promise(CHECK_IN, self.target, self.at.date(), int(found[1] or 1))
        kinds = [kind for words, kind in _TO_OWNERS.items() if words in self.message.text]
        return Promise(kinds[0], self.target, self.at.date()) if kinds else None

    @cached_property
    def same(self) -> tuple[object, ...]:
        """What two messages have in common where one repeats the other: place, day, words and buttons."""
        about = self.promise or (self.message.text, *_VALUE.findall(str(self.message.blocks)))
        return self.target, self.at.date(), about


def came(shown: Mapping[str, Iterable[Message]], zones: Mapping[str, ZoneInfo]) -> list[Came]:
    """What was shown in each place, by the zone of the place."""
    return [
        Came(one, target, datetime.fromtimestamp(float(one.ts), zones[target]))
        for target, messages in shown.items()
        for one in messages
    ]


def table(promises: Collection[Promise], shown: Sequence[Came]) -> list[list[str]]:
    """A column for each kind: promised, posted, lost, too much, and repeated."""
    rows = {name: [name] for name in ("", "promised", "posted", "lost", "not promised for that day", "repeated")}
    for kind in KINDS:
        wanted = {one for one in promises if one.kind == kind}
        posted = Counter(one.promise for one in shown if one.promise and one.promise.kind == kind)
        figures = (len(wanted), posted.total(), len(wanted - {*posted}), len({*posted} - wanted), _repeats(posted))
        for row, cell in zip(rows.values(), (kind, *(f"{figure:,}" for figure in figures)), strict=True):
            row.append(cell)
    others = Counter(one.same for one in shown if not one.promise)
    for row, cell in zip(
        rows.values(), (OTHERS, "", f"{others.total():,}", "", "", f"{_repeats(others):,}"), strict=True
    ):
        row.append(cell)
    return [*rows.values()]


def repeats(shown: Sequence[Came], kills: Sequence[datetime]) -> tuple[int, int]:
    """How many messages came once more, and of these how many though nothing was killed between the two."""
    last: dict[tuple[object, ...], datetime] = {}
    many = unforced = 0
    for one in sorted(shown, key=lambda each: each.at):
        if (before := last.get(one.same)) is not None:
            many += 1
            unforced += not any(before <= kill <= one.at for kill in kills)
        last[one.same] = one.at
    return many, unforced


def at_a_wrong_hour(shown: Iterable[Came], off: DaysOff) -> int:
    """How many came at night, on a weekend or on a holiday."""
    return sum(not (is_working(one.at.date(), off) and FIRST <= one.at.time() < LAST) for one in shown)


def _repeats(counted: Counter[Promise] | Counter[tuple[object, ...]]) -> int:
    return counted.total() - len(counted)
