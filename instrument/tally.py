"""Counts how often what was marked.

Counted on columns: all strips one after the other, every 62nd character is one item's column, with a byte a respondent.
So bytes and long integers do the counting, and 100,000 respondents take a fraction of a second without any library.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from instrument.definition import Instrument, Item, Section
from instrument.distribution import Distribution
from instrument.progress import DOES_NOT_APPLY, DONT_KNOW, MARKS, OPEN
from instrument.scoring import is_scored, percent_of_maximum

_STRIP = (MARKS + OPEN).encode()
_POINTS = bytes.maketrans(_STRIP, bytes(int(mark) if mark.isdigit() else 0 for mark in MARKS + OPEN))
_HAS_CHOICE = bytes.maketrans(_STRIP, bytes(mark.isdigit() for mark in MARKS + OPEN))


@dataclass(frozen=True)
class Answers:
    """One submitted response, and nothing else of it: the kind of work and the strip."""

    function: str
    strip: str


@dataclass(frozen=True)
class Shares:
    """The shares of the four choices, in exact percents that make 100."""

    never: Fraction
    occasionally: Fraction
    often: Fraction
    always: Fraction

    @property
    def low(self) -> Fraction:
        return self.never + self.occasionally

    @property
    def high(self) -> Fraction:
        return self.often + self.always

    @property
    def mean(self) -> Fraction:
        """Percent of maximum."""
        return (self.occasionally + 2 * self.often + 3 * self.always) / 3


def shares_of(counts: Sequence[int]) -> Shares:
    """The shares of one item that at least one person rated. counts: from Never to Always."""
    return Shares(*(Fraction(100 * count, sum(counts)) for count in counts))


def average(shares: Iterable[Shares]) -> Shares:
    """The plain mean of the shares of one item or more, each item counting alike: AHRQ's composite."""
    each = list(shares)
    return Shares(
        never=sum((it.never for it in each), Fraction(0)) / len(each),
        occasionally=sum((it.occasionally for it in each), Fraction(0)) / len(each),
        often=sum((it.often for it in each), Fraction(0)) / len(each),
        always=sum((it.always for it in each), Fraction(0)) / len(each),
    )


@dataclass(frozen=True)
class ItemTally:
    """One item: how many chose each of Never to Always, and how many had a reason not to."""

    item: Item
    counts: tuple[int, int, int, int]
    dont_know: int
    doesnt_apply: int

    @property
    def people(self) -> int:
        """Those who chose one of the four; the others are left out of every share of choices."""
        return sum(self.counts)

    @property
    def shares(self) -> Shares:
        return shares_of(self.counts)

    @property
    def split(self) -> bool:
        """People disagree so much that the mean hides it: many on either side, and an agreement a_wg below .50.

        Source: METHODS, section 3. a_wg compares the variance with the largest that this mean allows (Brown and
        Hauenstein, 2005); with people on either side that is never 0.
        """
        low = Fraction(self.counts[0] + self.counts[1], self.people)
        if not Fraction(3, 10) <= low <= Fraction(7, 10):
            return False
        people = self.people
        points = sum(points * count for points, count in enumerate(self.counts))
        squares = sum(points * points * count for points, count in enumerate(self.counts))
        mean = Fraction(points, people)
        variance = (squares - points * mean) / (people - 1)
        largest = (3 * mean - mean * mean) * people / (people - 1)
        return 1 - 2 * variance / largest < Fraction(1, 2)


@dataclass(frozen=True)
class Tally:
    """All marks, counted. Nothing is hidden yet: this never leaves the collation.

    items: one a item, in order. scores: by section id and function, those whose section is scored.
    """

    items: tuple[ItemTally, ...]
    scores: dict[str, dict[str, Distribution]]


def tally(instrument: Instrument, responses: Sequence[Answers]) -> Tally:
    """The marks of at least one response, counted. Raises ValueError where a strip is not this instrument's."""
    columns = _columns(responses, len(instrument.items))
    functions = [answers.function for answers in responses]
    return Tally(
        items=tuple(_item_tally(item, columns[item.position]) for item in instrument.items),
        scores={section.id: _scores(section, columns[section.positions], functions) for section in instrument.sections},
    )


def _columns(responses: Sequence[Answers], width: int) -> list[bytes]:
    if any(len(answers.strip) != width for answers in responses):
        raise ValueError(f"a strip does not have this instrument's {width} marks")
    strips = "".join(answers.strip for answers in responses).encode()
    if strips.translate(None, delete=_STRIP):
        raise ValueError(f"a strip holds a mark that is none of {MARKS + OPEN}")
    return [strips[position::width] for position in range(width)]


def _item_tally(item: Item, column: bytes) -> ItemTally:
    never, occasionally, often, always = (column.count(mark) for mark in (b"0", b"1", b"2", b"3"))
    return ItemTally(
        item,
        (never, occasionally, often, always),
        dont_know=column.count(DONT_KNOW.encode()),
        doesnt_apply=column.count(DOES_NOT_APPLY.encode()),
    )


def _scores(section: Section, columns: Sequence[bytes], functions: Sequence[str]) -> dict[str, Distribution]:
    alike = Counter(zip(functions, _added(columns, _HAS_CHOICE), _added(columns, _POINTS), strict=True))
    scores: defaultdict[str, Counter[Fraction]] = defaultdict(Counter)
    for (function, answered, raw), people in alike.items():
        if is_scored(answered, len(section.items)):
            scores[function][percent_of_maximum(answered, raw)] += people
    return {function: Distribution(scores[function]) for function in sorted(scores)}


def _added(columns: Sequence[bytes], worth: bytes) -> bytes:
    """For each respondent, the sum over the columns of what their marks are worth.

    A column is read as one long number with a byte a respondent, so one addition adds up everybody. No byte overflows:
    a section has at most 85 items of 3 points (see definition).
    """
    total = sum(int.from_bytes(column.translate(worth), "big") for column in columns)
    return total.to_bytes(len(columns[0]), "big")
