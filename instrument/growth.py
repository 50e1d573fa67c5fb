"""How results have moved between two rounds.

It is made of two snapshots and nothing else, so it shows nothing that they do not hold: where a section may not be shown
in either, or its figure is coded, there is no difference. An organization is compared with itself only; there are no
published norms. Source: METHODS, section 3, "Growth"; REVIEW, 6.
"""

from dataclasses import dataclass
from enum import StrEnum

from instrument import welch
from instrument.definition import Instrument, Section
from instrument.disclosure import detail_from
from instrument.snapshot import SectionResult, Snapshot, as_printed

WORDED_FROM = 15
"""So many people have to stand behind both figures before their difference is put into a word."""
ABOUT_THE_SAME = 5
"""Points of percent: a smaller difference is none, whatever its interval."""


class Word(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    ABOUT_THE_SAME = "about the same"
    CANT_TELL = "too few answers to tell"


@dataclass(frozen=True)
class Grown:
    """A section that can be compared.

    before, now: as the snapshots hold it. difference: now less before, in points of percent; whole where either is;
    None: one of them is coded. interval: 95 %, Welch's; None where either shows no exact figures, below ten people (or the
    larger minimum) in either, and where all agree in both. word: None below fifteen people in either; where there can be
    no interval only a difference of less than five points has one.
    """

    section: str
    before: SectionResult
    now: SectionResult
    difference: float | None
    interval: tuple[float, float] | None
    word: Word | None

    @property
    def fell(self) -> bool:
        return self.difference is not None and self.difference < 0


@dataclass(frozen=True)
class TooFew:
    """In one of the two rounds the section has fewer people than the larger of their minimums."""

    section: str


@dataclass(frozen=True)
class OtherItems:
    """The section's items, or the choices, were not the same in the earlier version: no difference would mean anything."""

    section: str


Growth = Grown | TooFew | OtherItems


def growth(
    instrument: Instrument, earlier: Snapshot, later: Snapshot, earlier_instrument: Instrument | None = None
) -> tuple[Growth, ...]:
    """One value for each section of the later snapshot's instrument, in the document's order.

    earlier_instrument: the earlier snapshot's, where that is of another version. Raises ValueError where an instrument is
    not its snapshot's.
    """
    before = earlier_instrument or instrument
    if (before.version, instrument.version) != (earlier.instrument_version, later.instrument_version):
        raise ValueError("a snapshot can be read with the version of the instrument that it was made with only")
    minimum = max(earlier.minimum, later.minimum)
    was = {result.section: result for result in earlier.sections}
    is_now = {result.section: result for result in later.sections}
    return tuple(
        _grown(was.get(section.id), is_now.get(section.id), section.id, minimum)
        if _is_the_same(section, instrument, before)
        else OtherItems(section.id)
        for section in instrument.sections
    )


def _is_the_same(section: Section, instrument: Instrument, before: Instrument) -> bool:
    """Whether people rated the same statements by the same choices, whatever was changed around them."""
    if before is instrument:
        return True
    other = next((one for one in before.sections if one.id == section.id), None)
    return other is not None and (_asked(section), instrument.choices) == (_asked(other), before.choices)


def _asked(section: Section) -> list[tuple[str, str]]:
    return [(item.id, item.text) for item in section.items]


def _grown(before: SectionResult | None, now: SectionResult | None, section: str, minimum: int) -> Growth:
    if before is None or now is None or before.n is None or now.n is None or min(before.n, now.n) < minimum:
        return TooFew(section)
    people = min(before.n, now.n)
    if not isinstance(before.mean, float) or not isinstance(now.mean, float):
        return Grown(section, before, now, None, None, None)
    # Floats of exact fractions: what is 5 on paper may be a hair below.
    difference = round(now.mean - before.mean, 9)
    if people < detail_from(minimum) or before.whole_only or now.whole_only:
        whole = float(as_printed(now.mean) - as_printed(before.mean))
        is_the_same = people >= WORDED_FROM and abs(whole) < ABOUT_THE_SAME
        return Grown(section, before, now, whole, None, Word.ABOUT_THE_SAME if is_the_same else None)
    reach = welch.reach(_group(before), _group(now))
    interval = (max(-100.0, difference - reach), min(100.0, difference + reach)) if reach else None
    return Grown(
        section, before, now, difference, interval, _word(difference, reach) if people >= WORDED_FROM else None
    )


def _group(result: SectionResult) -> welch.Group:
    return welch.Group(result.n or 0, (result.deviation or 0.0) ** 2)


def _word(difference: float, reach: float) -> Word:
    if abs(difference) < ABOUT_THE_SAME:
        return Word.ABOUT_THE_SAME
    if abs(difference) <= reach:
        return Word.CANT_TELL
    return Word.HIGHER if difference > 0 else Word.LOWER
