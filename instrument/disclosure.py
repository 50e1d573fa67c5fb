"""What may be shown.

The reader to think of knows the house: who works where, who took part, their own answers. And subtracts. So a figure
that may not be shown must not come out of those that are, either:

- Functions in a section. Their people add up to the section's, and a single hidden function would be the rest. So the
  hidden ones are at least two, hold the minimum together, and are shown as one row. This is settled once a section, on
  the people scored in it: sizes of the whole organisation leave a section open where few of a function are scored.
- Small sections. Nothing but the whole percent, coded near 0 and 100: with more beside it the answers of whole sections
  came out, and a person who knows her own answers got those of all the others.
- Items. What is shown of a section together with its other items gives away one that is not shown. So exact figures of a
  section are shown only where all of its items are that anybody rated.
- Coded cells. A coded cell is the section's points less those of the other cells. Points are whole, so few sums may be
  left: where they are nearer to 0 or 100 than the code says, or only one, the cell is hidden as if it were too small.

Codes are settled by how many people and points there are, never by the answers: a code that stood only where another one
says too much would itself say so. What no such rule helps against: someone who knows the answers of nearly all the others
in a group.
Source: METHODS, sections 3 and 4; ten people are what CMS and AHRQ SOPS ask for.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import ceil, floor

from instrument.definition import MERGED
from instrument.distribution import Distribution, together
from instrument.snapshot import Cell, Coded, Figure

MINIMUMS = range(5, 21)
"""What may be chosen as the smallest group shown."""


def detail_from(minimum: int) -> int:
    """From how many people on exact figures, distributions and single items may be shown."""
    return max(10, minimum)


def coarse(percent: Fraction, people: int, maximum: int) -> Figure:
    """The percent of so many people in a section of `maximum` points: whole, or coded near 0 and 100.

    Coded below 10 and above 90 where that is wide enough, else below 25 and above 75: of ten people or fewer, and of
    eleven in a section of two or three items. Halves go to the even number.
    """
    edge, under, over = _NARROW if _is_wide_enough(_NARROW[0], people, maximum) else _WIDE
    if percent < edge:
        return under
    if percent > 100 - edge:
        return over
    return float(round(percent))


_NARROW = (10, Coded.UNDER_10, Coded.OVER_90)
_WIDE = (25, Coded.UNDER_25, Coded.OVER_75)


def _is_wide_enough(edge: int, people: int, maximum: int) -> bool:
    """Whether nobody who answered learns from such a code what all the others answered.

    The one to think of answered Never throughout, and reads that the percent is over 100 - edge. Then the others have at
    least the code's lowest sum of points, and all that they can have at most. One point less than that has to be
    possible, so that two sums are. Under `edge` it is the same with Always. For five people or more and two items or
    more the wider code always is.
    """
    lowest = (100 - edge) * people * maximum // 100 + 1
    return lowest <= (people - 1) * maximum - 1


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


def cells(
    scores: Mapping[str, Distribution],
    minimum: int,
    maximum: int,
    *,
    withheld: Collection[str] = (),
    exact: bool = True,
) -> dict[str | None, Cell]:
    """One section by function: a cell for each that may stand alone, and under None one for all the others together.

    Empty where no function may stand alone. Means are whole percents of large groups too: exact ones, taken from the
    section's, would give back what is rounded in the others. maximum: the section's points. exact: whether the section
    shows exact figures; where it doesn't, the cells of large groups are coded as well.
    """
    sizes = {function: distribution.people for function, distribution in scores.items()}
    points = together(scores.values()).sum * maximum / 100
    hidden = set(withheld)
    while alone := shown(sizes, minimum, hidden):
        groups: dict[str | None, Distribution] = {function: scores[function] for function in sorted(alone)}
        if rest := sorted(scores.keys() - alone):
            groups[None] = together(scores[function] for function in rest)
        section = {
            function: _cell(group, maximum, coded=not exact or group.people < detail_from(minimum))
            for function, group in groups.items()
        }
        given_away = {function for function in section if _is_given_away(function, section, points, maximum)}
        if not given_away:
            return section
        # Where only the row of the others is given away, it needs more people in it.
        hidden.add(min(alone & given_away or alone, key=lambda function: (sizes[function], function)))
    return {}


def _cell(group: Distribution, maximum: int, *, coded: bool) -> Cell:
    return Cell(group.people, coarse(group.mean, group.people, maximum) if coded else float(round(group.mean)))


def _is_given_away(function: str | None, section: Mapping[str | None, Cell], points: Fraction, maximum: int) -> bool:
    """Whether the section's points and the other cells tell more of a coded cell than its code does.

    They tell more where they leave a single sum of points, or none of those that lie furthest from 0 or 100. A cell that
    stands alone says what its section says.
    """
    cell = section[function]
    if not isinstance(cell.mean, Coded) or len(section) == 1:
        return False
    code = _sums(cell, maximum)
    others = [_sums(other, maximum) for key, other in section.items() if key != function]
    lowest = max(code[0], Fraction(ceil(points - sum(high for _, high in others))))
    highest = min(code[1], Fraction(floor(points - sum(low for low, _ in others))))
    if highest <= lowest:
        return True
    return highest < code[1] if cell.mean in (Coded.UNDER_10, Coded.UNDER_25) else lowest > code[0]


def _sums(cell: Cell, maximum: int) -> tuple[Fraction, Fraction]:
    """The lowest and the highest points of a cell's people together: whole sums, as far as the cell has any."""
    low, high = reach(cell.mean)
    all_of_them = cell.n * maximum
    lowest, highest = low * all_of_them / 100, high * all_of_them / 100
    first, last = ceil(lowest), floor(highest)
    # 10 % and 90 % themselves are shown as numbers.
    if isinstance(cell.mean, Coded):
        first, last = first + (first == lowest > 0), last - (last == highest < all_of_them)
    # With a missing answer a sum need not be whole.
    return (Fraction(first), Fraction(last)) if first <= last else (lowest, highest)


def reach(mean: Figure) -> tuple[Fraction, Fraction]:
    """The lowest and the highest that a whole or coded percent may have been."""
    match mean:
        case Coded.UNDER_10:
            return Fraction(0), Fraction(10)
        case Coded.UNDER_25:
            return Fraction(0), Fraction(25)
        case Coded.OVER_75:
            return Fraction(75), Fraction(100)
        case Coded.OVER_90:
            return Fraction(90), Fraction(100)
        case whole:
            return max(Fraction(0), Fraction(whole) - Fraction(1, 2)), min(
                Fraction(100), Fraction(whole) + Fraction(1, 2)
            )
