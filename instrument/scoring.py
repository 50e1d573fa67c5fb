"""The score of one respondent's strip.

"Doesn't apply", "Don't know" and open are never 0: the document says that "not all these core competencies will apply",
and AHRQ SOPS leaves such answers out of its results. Source: METHODS, section 2. All figures are exact fractions.
"""

from dataclasses import dataclass
from fractions import Fraction

from instrument.definition import HIGHEST_POINTS, Instrument, Section


@dataclass(frozen=True)
class SectionScore:
    """One section of one strip: `answered` items with a choice, their points together in `raw`."""

    section: Section
    answered: int
    raw: int

    @property
    def scored(self) -> bool:
        """The half rule: at least half of the section's items have a choice."""
        return is_scored(self.answered, len(self.section.items))

    @property
    def percent(self) -> Fraction | None:
        """Percent of maximum, 0-100, which makes sections of 2 and of 14 items comparable; None: not scored."""
        return percent_of_maximum(self.answered, self.raw) if self.scored else None

    @property
    def points(self) -> Fraction | None:
        """Points out of `section.maximum`, as if the missing items had been answered like the rest; None: not scored.

        With nothing missing this is the document's own sum.
        """
        return Fraction(len(self.section.items) * self.raw, self.answered) if self.scored else None


@dataclass(frozen=True)
class OwnScores:
    """A respondent's own results, one score a section in the document's order."""

    sections: tuple[SectionScore, ...]

    @property
    def total(self) -> Fraction | None:
        """The sections' points together, out of `maximum`; None: a section is not scored, and a sum would mislead."""
        points = [score.points for score in self.sections]
        known = [point for point in points if point is not None]
        return sum(known, Fraction(0)) if len(known) == len(points) else None

    @property
    def maximum(self) -> int:
        return sum(score.section.maximum for score in self.sections)


def own_scores(instrument: Instrument, strip: str) -> OwnScores:
    """All sections of one strip."""
    return OwnScores(tuple(section_score(section, strip) for section in instrument.sections))


def section_score(section: Section, strip: str) -> SectionScore:
    """One section of one strip (the whole form's strip, not the section's part)."""
    choices = [int(mark) for mark in strip[section.positions] if mark.isdigit()]
    return SectionScore(section, len(choices), sum(choices))


def is_scored(answered: int, items: int) -> bool:
    """The half rule: a section counts where at least half of its items have a choice, and so at least one."""
    return 2 * answered >= items


def percent_of_maximum(answered: int, raw: int) -> Fraction:
    """The points reached, in percent of those that the answered items could have given."""
    return Fraction(100 * raw, HIGHEST_POINTS * answered)
