"""Which sections come first.

Priorities are where NEVER or OCCASIONALLY was marked most, strengths where OFTEN or more was: the closing page asks for
both. Everything here goes by what is shown, so that no list tells more: by exact shares, taken from the counts of the
items that are shown, where every section has these. Where one section has only its score, all go by their scores as
they are printed, and those with the same code stand alike. Source: METHODS, section 3.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest

from instrument.definition import Instrument, Section
from instrument.snapshot import ItemResult, Ranked, SectionResult, as_printed
from instrument.tally import Shares, average, shares_of

MOST_LISTED = 3
PRIORITY_FROM = 50
STRENGTH_FROM = 75
STRONG_BEYOND = 50
ABOUT_EQUAL = 5
PRIORITY_SCORE = 50
"""A priority's score at most, where lists go by it: half of the maximum. So it is where half of the answers are
Occasionally, half Often."""
STRENGTH_SCORE = 67
"""A strength's score at least: that of somebody who answers Often throughout."""
WEAK_BELOW = 75
"""Where no score is low enough, the lowest is a relative priority below this: none that is "over 75"."""


@dataclass(frozen=True)
class Standing:
    """What a section is ranked by, or a sub-competency or an item in it.

    score: percent of maximum, as printed. shares, mean: exact; shares are None where they are not shown. A section has
    those inside it that are shown.
    """

    id: str
    score: Fraction
    shares: Shares | None = None
    mean: float | Fraction = 0
    sub_competencies: tuple["Standing", ...] = ()
    items: tuple["Standing", ...] = ()

    @property
    def level(self) -> Fraction:
        """For telling how far two are apart."""
        return self.shares.low if self.shares else self.score

    @property
    def lowness(self) -> tuple[float | Fraction, ...]:
        """Sorts from the lowest."""
        return (-self.shares.low, -self.shares.never, self.mean) if self.shares else (self.score,)

    @property
    def highness(self) -> tuple[float | Fraction, ...]:
        """Sorts from the highest."""
        return (-self.shares.high, -self.shares.always, -self.mean) if self.shares else (-self.score,)

    @property
    def is_low(self) -> bool:
        return self.shares.low >= PRIORITY_FROM if self.shares else self.score <= PRIORITY_SCORE

    @property
    def is_lowish(self) -> bool:
        """Low enough to be named where none is low."""
        return self.shares.low > 0 if self.shares else self.score < WEAK_BELOW

    @property
    def is_high(self) -> bool:
        return self.shares.high >= STRENGTH_FROM if self.shares else self.score >= STRENGTH_SCORE

    @property
    def is_highish(self) -> bool:
        """High enough to be named where none is high."""
        return self.shares.high > STRONG_BEYOND if self.shares else self.score > STRONG_BEYOND


@dataclass(frozen=True)
class Ranking:
    """The lists that a snapshot holds."""

    priorities: tuple[Ranked, ...]
    near_tie: str | None
    strengths: tuple[Ranked, ...]


def ranking(instrument: Instrument, sections: Iterable[SectionResult], items: Iterable[ItemResult]) -> Ranking:
    """The lists, from the figures of sections and items as they are shown."""
    shown_items = {item.item: item for item in items}
    found = {result.section: result for result in sections}
    known = [section for section in instrument.sections if section.id in found and found[section.id].n is not None]
    return lists([standing(section, found[section.id], shown_items) for section in known])


def lists(standings: Iterable[Standing]) -> Ranking:
    each = list(standings)
    if any(it.shares is None for it in each):
        each = [replace(it, shares=None) for it in each]
    first = priorities(each)
    return Ranking(first, near_tie(each), strengths(each, but_not=first))


def standing(section: Section, result: SectionResult, items: dict[str, ItemResult]) -> Standing:
    """Of a section with a score."""
    score = as_printed(result.mean if result.mean is not None else 0)
    inside = [items[item.id] for item in section.items if item.id in items]
    if not result.exact or not inside:
        return Standing(section.id, score)
    subs = [(sub.id, [items[item.id] for item in sub.items if item.id in items]) for sub in section.sub_competencies]
    return Standing(
        section.id,
        score,
        average(shares_of(item.counts) for item in inside),
        result.mean if isinstance(result.mean, float) else 0,
        sub_competencies=tuple(_of_items(id, some) for id, some in subs if some),
        items=tuple(_of_items(item.item, [item]) for item in inside),
    )


def _of_items(id: str, items: Iterable[ItemResult]) -> Standing:
    shares = average(shares_of(item.counts) for item in items)
    return Standing(id, as_printed(float(shares.mean)), shares, shares.mean)


# From here on all sections have their shares, or none has.


def priorities(sections: Iterable[Standing]) -> tuple[Ranked, ...]:
    """The first three with a low share of 50 % or more; where there are none, the lowest of all, marked as relative.

    By score: with 50 % of the maximum or less; else the lowest, if it is below 75 %.
    """
    ordered = lowest_first(sections)
    chosen = [section for section in ordered if section.is_low][:MOST_LISTED]
    relative = [] if chosen else [section for section in ordered[:1] if section.is_lowish]
    return _ranked(chosen or relative, lowest_first, relative=not chosen)


def near_tie(sections: Iterable[Standing]) -> str | None:
    """The section that comes fourth though it is within 5 points of the third priority; None: there is none."""
    third_and_fourth = lowest_first(sections)[MOST_LISTED - 1 : MOST_LISTED + 1]
    if len(third_and_fourth) < 2 or not third_and_fourth[0].is_low:
        return None
    third, fourth = third_and_fourth
    return fourth.id if _are_about_equal(third, fourth) else None


def strengths(sections: Iterable[Standing], but_not: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """The first three with a high share of 75 % or more, those in `but_not` (the priorities) aside.

    Where there are none, the highest of all, marked as relative, if its high share is above 50 %. By score: with 67 % of
    the maximum or more; else the highest, if it is above 50 %.
    """
    taken = {ranked.section for ranked in but_not}
    ordered = highest_first(section for section in sections if section.id not in taken)
    chosen = [section for section in ordered if section.is_high][:MOST_LISTED]
    relative = [] if chosen else [section for section in ordered[:1] if section.is_highish]
    return _ranked(chosen or relative, highest_first, relative=not chosen)


def lowest_first(standings: Iterable[Standing]) -> list[Standing]:
    """By low share, then by Never, then by mean; or by score. Then in the order they came in, which is the document's."""
    return sorted(standings, key=lambda it: it.lowness)


def highest_first(standings: Iterable[Standing]) -> list[Standing]:
    """By high share, then by Always, then by mean; or by score. Then in the order they came in."""
    return sorted(standings, key=lambda it: it.highness)


def _ranked(
    listed: Sequence[Standing], order: Callable[[Iterable[Standing]], list[Standing]], *, relative: bool
) -> tuple[Ranked, ...]:
    return tuple(
        Ranked(
            section=it.id,
            relative=relative,
            about_equal_to_next=after is not None and _are_about_equal(it, after),
            sub_competencies=tuple(sub.id for sub in order(it.sub_competencies)),
            items=tuple(item.id for item in order(it.items)[:MOST_LISTED]),
        )
        for it, after in zip_longest(listed, listed[1:])
    )


def _are_about_equal(one: Standing, other: Standing) -> bool:
    return abs(one.level - other.level) <= ABOUT_EQUAL
