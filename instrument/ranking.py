"""Which sections come first?

Priorities are where NEVER or OCCASIONALLY was marked most, strengths where OFTEN or more was: the closing page asks for
both. Ranked on exact fractions, never on rounded figures. Source: METHODS, section 3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest

from instrument.disclosure import coarse
from instrument.snapshot import Coded, Ranked
from instrument.tally import Shares

MOST_LISTED = 3
PRIORITY_FROM = 50
STRENGTH_FROM = 75
STRONG_BEYOND = 50
ABOUT_EQUAL = 5


@dataclass(frozen=True)
class Standing:
    """What a section is ranked by, or a sub-competency or an item in it.

    A section has those inside it that may be shown. small: none may, and its shares are shown as whole or coded.
    shown: the shares that the section is shown with, where these leave out items that it is ranked by.
    """

    id: str
    shares: Shares
    mean: Fraction
    sub_competencies: tuple["Standing", ...] = ()
    items: tuple["Standing", ...] = ()
    small: bool = False
    shown: Shares | None = None

    @property
    def level(self) -> Fraction:
        """The low share for telling how far sections are apart: of a small one as it is shown, a code as its middle.

        From the exact one, "about equal" would tell more about a coded figure than its code does.
        """
        low = (self.shown or self.shares).low
        if not self.small:
            return low
        shown = coarse(low)
        match shown:
            case Coded.UNDER_10:
                return Fraction(5)
            case Coded.OVER_90:
                return Fraction(95)
            case _:
                return Fraction(shown)


def lowest_first(standings: Iterable[Standing]) -> list[Standing]:
    """By low share, then by Never, then by mean; then in the order they came in, which is the document's."""
    return sorted(standings, key=lambda it: (-it.shares.low, -it.shares.never, it.mean))


def highest_first(standings: Iterable[Standing]) -> list[Standing]:
    """By high share, then by Always, then by mean; then in the order they came in."""
    return sorted(standings, key=lambda it: (-it.shares.high, -it.shares.always, -it.mean))


def priorities(sections: Iterable[Standing]) -> tuple[Ranked, ...]:
    """The first three with a low share of 50 % or more; where there are none, the lowest of all, marked as relative."""
    ranking = lowest_first(sections)
    chosen = [section for section in ranking if section.shares.low >= PRIORITY_FROM][:MOST_LISTED]
    relative = [] if chosen else [section for section in ranking[:1] if section.shares.low > 0]
    return tuple(
        Ranked(
            section=section.id,
            relative=bool(relative),
            about_equal_to_next=about_equal,
            sub_competencies=tuple(sub.id for sub in lowest_first(section.sub_competencies)),
            items=tuple(item.id for item in lowest_first(section.items)[:MOST_LISTED]),
        )
        for section, about_equal in _with_next(chosen or relative)
    )


def near_tie(sections: Iterable[Standing]) -> str | None:
    """The section that comes fourth though it is within 5 points of the third priority; None: there is none."""
    third_and_fourth = lowest_first(sections)[MOST_LISTED - 1 : MOST_LISTED + 1]
    if len(third_and_fourth) < 2 or third_and_fourth[0].shares.low < PRIORITY_FROM:
        return None
    third, fourth = third_and_fourth
    return fourth.id if _are_about_equal(third, fourth) else None


def strengths(sections: Iterable[Standing], but_not: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """The first three with a high share of 75 % or more, those in `but_not` (the priorities) aside.

    Where there are none, the highest of all, marked as relative, if its high share is above 50 %.
    """
    taken = {ranked.section for ranked in but_not}
    ranking = highest_first(section for section in sections if section.id not in taken)
    chosen = [section for section in ranking if section.shares.high >= STRENGTH_FROM][:MOST_LISTED]
    relative = [] if chosen else [section for section in ranking[:1] if section.shares.high > STRONG_BEYOND]
    return tuple(
        Ranked(
            section=section.id,
            relative=bool(relative),
            about_equal_to_next=about_equal,
            sub_competencies=tuple(sub.id for sub in highest_first(section.sub_competencies)),
            items=tuple(item.id for item in highest_first(section.items)[:MOST_LISTED]),
        )
        for section, about_equal in _with_next(chosen or relative)
    )


def _with_next(listed: Sequence[Standing]) -> list[tuple[Standing, bool]]:
    """Each with whether it is about equal to the one listed after it."""
    return [(it, after is not None and _are_about_equal(it, after)) for it, after in zip_longest(listed, listed[1:])]


def _are_about_equal(one: Standing, other: Standing) -> bool:
    return abs(one.level - other.level) <= ABOUT_EQUAL
