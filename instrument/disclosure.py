"""What may be shown?

The reader to think of knows the house: who works where, who took part, their own answers. And subtracts. So a figure
that may not be shown must not come out of those that are, either:

- Functions in a section. Their people add up to the section's, and a single hidden function would be the rest. So the
  hidden ones are at least two, hold the minimum together, and are shown as one row. This is settled once a section, on
  the people scored in it: sizes of the whole organisation leave a section open where few of a function are scored.
- Coded means. A coded cell is the section's exact mean less the other cells. Where these put it nearer to 0 or 100 than
  its code does, it is hidden as if it were too small.
- Items. A share over several items is a sum, and a single hidden item would be the rest. So exact shares are taken over
  items that are shown themselves and say nothing more than these (see collation).
- Items beside their section's mean. Each counts every answer alike, the mean counts every person alike. Of people who left
  out as many items the two are in a fixed ratio, so where nearly all did, they are struck out of both, and the answers of
  the few others are left: where one person alone pressed Don't know, all of that person's. Then the items are hidden.
- Small sections. Their points come from the whole percent, since two roundings of one mean say more than either.

What no such rule helps against: someone who knows the answers of nearly all the others in a group.
Source: METHODS, sections 3 and 4; ten people are what CMS and AHRQ SOPS ask for.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction

from instrument.definition import MERGED
from instrument.distribution import Distribution, together
from instrument.scoring import is_scored
from instrument.snapshot import Cell, Coded, Figure

MINIMUMS = range(5, 21)
"""What may be chosen as the smallest group shown."""


def detail_from(minimum: int) -> int:
    """From how many people on exact figures, distributions and single items may be shown."""
    return max(10, minimum)


def coarse(percent: Fraction) -> Figure:
    """A small group's percent: whole, or coded below 10 and above 90, where it would give away a unanimous group.

    Halves go to the even number, so that a share and its rest still make 100.
    """
    if percent < 10:
        return Coded.UNDER_10
    if percent > 90:
        return Coded.OVER_90
    return float(round(percent))


def figure(percent: Fraction, people: int, minimum: int) -> Figure:
    """The percent as it may be shown of so many people."""
    return float(percent) if people >= detail_from(minimum) else coarse(percent)


def shown(sizes: Mapping[str, int], minimum: int, withheld: Collection[str] = ()) -> frozenset[str]:
    """The groups that may stand alone.

    The hidden ones, as far as there are people in them, hold at least `minimum` together and are at least two, or there
    are none: else the smallest group left is hidden too, down to where nothing is shown. `withheld` groups may not
    stand alone however large they are.
    """
    hidden = {group for group, size in sizes.items() if 0 < size < minimum or (size and group in withheld)}
    alone = {group for group, size in sizes.items() if size} - hidden
    while alone and hidden and (len(hidden) < 2 or sum(sizes[group] for group in hidden) < minimum):
        smallest = min(alone, key=lambda group: (sizes[group], group))
        alone.remove(smallest)
        hidden.add(smallest)
    return frozenset(alone)


def merged(sizes: Mapping[str, int], minimum: int) -> dict[str, str]:
    """What each function's answers are stored under once the round is closed: the function, or MERGED.

    `sizes`: everybody who finished, by function. It is for rows that hold one response each, in the database and in its
    export; snapshots settle it anew for each section.
    """
    alone = shown(sizes, minimum, withheld={MERGED})
    return {function: function if function in alone else MERGED for function in sizes}


def cells(scores: Mapping[str, Distribution], minimum: int, withheld: Collection[str] = ()) -> dict[str | None, Cell]:
    """One section by function: a cell for each that may stand alone, and under None one for all the others together.

    Empty where no function may stand alone. Means are whole percents of large groups too: exact ones, taken from the
    section's, would give back what is rounded in the others.
    """
    sizes = {function: distribution.people for function, distribution in scores.items()}
    total = together(scores.values())
    hidden = set(withheld)
    while alone := shown(sizes, minimum, hidden):
        groups: dict[str | None, Distribution] = {function: scores[function] for function in sorted(alone)}
        if rest := sorted(scores.keys() - alone):
            groups[None] = together(scores[function] for function in rest)
        section = {function: _cell(group, minimum) for function, group in groups.items()}
        given_away = {function for function in section if _is_given_away(function, section, total, minimum)}
        if not given_away:
            return section
        # Where only the row of the others is given away, it needs more people in it.
        hidden.add(min(alone & given_away or alone, key=lambda function: (sizes[function], function)))
    return {}


def tells_of_few(by_answered: Mapping[int, int], items: int, minimum: int) -> bool:
    """Whether a section's items and its mean together would be a figure of fewer people than the minimum.

    by_answered: how many people chose one of the four in so many of its `items`. Whoever is not scored has no weight in the
    mean, however many they answered.
    """
    alike: Counter[int] = Counter()
    for answered, people in by_answered.items():
        if answered:
            alike[answered if is_scored(answered, items) else 0] += people
    return 0 < alike.total() - max(alike.values(), default=0) < minimum


def _cell(group: Distribution, minimum: int) -> Cell:
    small = group.people < detail_from(minimum)
    return Cell(group.people, coarse(group.mean) if small else float(round(group.mean)))


def _is_given_away(function: str | None, section: Mapping[str | None, Cell], total: Distribution, minimum: int) -> bool:
    """Whether the section's mean and the other cells show a coded cell to lie nearer to 0 or 100 than its code says."""
    cell = section[function]
    if not isinstance(cell.mean, Coded) or total.people < detail_from(minimum):
        return False
    others = [(other.n, _range(other.mean)) for key, other in section.items() if key != function]
    highest = (total.sum - sum(n * low for n, (low, _) in others)) / cell.n
    lowest = (total.sum - sum(n * high for n, (_, high) in others)) / cell.n
    return highest < 10 if cell.mean is Coded.UNDER_10 else lowest > 90


def _range(mean: Figure) -> tuple[Fraction, Fraction]:
    """The lowest and the highest mean that a cell with this one may have."""
    if mean is Coded.UNDER_10:
        return Fraction(0), Fraction(10)
    if mean is Coded.OVER_90:
        return Fraction(90), Fraction(100)
    return max(Fraction(0), Fraction(mean) - Fraction(1, 2)), min(Fraction(100), Fraction(mean) + Fraction(1, 2))
