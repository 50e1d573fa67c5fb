"""What is kept of many responses, and shown.

A snapshot is made once, when the round closes, and everything that anybody is shown is read from it. What must be
hidden is gone by then (see disclosure), so no surface can forget to hide it.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any

FORMAT = 3
READABLE = (1, 2, 3)
"""Format 1 knew no gaps; 1 and 2 told more of small sections, which `instrument.older` takes away."""


class Coded(StrEnum):
    """A percent too near 0 or 100 to be shown of few people: nobody's answers may follow from it (see disclosure)."""

    UNDER_10 = "under 10"
    UNDER_25 = "under 25"
    OVER_75 = "over 75"
    OVER_90 = "over 90"

    @property
    def middle(self) -> Fraction:
        """Where the figure stands when sections are ordered or drawn: all that have this code stand alike."""
        return _MIDDLE[self]


_MIDDLE = {
    Coded.UNDER_10: Fraction(5),
    Coded.UNDER_25: Fraction(25, 2),
    Coded.OVER_75: Fraction(175, 2),
    Coded.OVER_90: Fraction(95),
}

Figure = float | Coded
"""A percent, 0-100: whole, or coded, where few people or hidden items stand behind it; else unrounded."""


def as_printed(mean: Figure) -> Fraction:
    """A percent as people read it: whole, halves up; a code as its middle."""
    return mean.middle if isinstance(mean, Coded) else Fraction(floor(round(mean, 9) + 0.5))


@dataclass(frozen=True)
class SectionResult:
    """One section over all whose section is scored. None in a figure: it may not be shown.

    n: people scored; None: fewer than the minimum, and then every figure is None.
    mean, median, deviation, interval: percent of maximum. interval: 95 %, cut to 0-100; None also where all agree.
    points: the mean as points out of the section's maximum; whole where the mean is; None where it is coded.
    low, high: mean share of the items' answers that are Never or Occasionally, Often or Always (AHRQ's composite), in
    percent. never, often, always: likewise; Occasionally is low less never.
    Where it is not `exact` there are n, the mean whole or coded, the points that follow from it, and nothing else.
    """

    section: str
    n: int | None = None
    mean: Figure | None = None
    points: float | None = None
    median: float | None = None
    deviation: float | None = None
    interval: tuple[float, float] | None = None
    low: float | None = None
    high: float | None = None
    never: float | None = None
    often: float | None = None
    always: float | None = None

    @property
    def exact(self) -> bool:
        """Whether ten people (or the minimum) are behind it, and behind each of its items that anybody rated."""
        return self.deviation is not None

    @property
    def whole_only(self) -> bool:
        """Whether nothing of it is shown but a whole or coded percent."""
        return self.n is not None and not self.exact


@dataclass(frozen=True)
class SubCompetencyResult:
    """The same shares, in percent, over the items of one sub-competency that are shown."""

    sub_competency: str
    low: float
    high: float
    never: float
    often: float
    always: float


@dataclass(frozen=True)
class ItemResult:
    """One item over all who chose one of the four answers: `n` people, `counts` from Never to Always.

    mean: percent of maximum. low: percent Never or Occasionally. dont_know, doesnt_apply: percent of all who finished.
    split: people disagree so much that the mean hides it; discuss before deciding.
    """

    item: str
    n: int
    counts: tuple[int, int, int, int]
    mean: float
    low: float
    dont_know: float
    doesnt_apply: float
    split: bool


@dataclass(frozen=True)
class Finding:
    """An item that strikingly many answered without a choice: `share` whole percent of all who finished."""

    item: str
    share: float


@dataclass(frozen=True)
class Ranked:
    """A section among the priorities or the strengths. Every figure that it goes by is shown.

    relative: it only stands out among these sections, and does not reach the mark that the list asks for.
    about_equal_to_next: the next in the list is within 5 points, so their order means little.
    sub_competencies, items: ids, for a priority from the lowest, for a strength from the highest; at most three items,
    a priority's goal candidates. Both empty where no item of it is shown: goal candidates are then whole sections.
    """

    section: str
    relative: bool
    about_equal_to_next: bool
    sub_competencies: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One kind of work in one section: n people scored, and their mean, whole or coded."""

    n: int
    mean: Figure


@dataclass(frozen=True)
class FunctionRow:
    """One kind of work through all sections; None in `function`: those not shown separately, together.

    cells: one a section, in the instrument's order; None: not shown.
    """

    function: str | None
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Gap:
    """A kind of work that sees a section otherwise than the rest: `difference` whole points of percent higher or lower."""

    section: str
    function: str
    difference: int


class UnknownFormat(Exception):
    """The stored snapshot was written by a version of the bot that this one does not know."""


@dataclass(frozen=True)
class Snapshot:
    """A frozen collation.

    asked: people invited. finished: people who submitted; None: fewer than the minimum, and then all else is empty.
    near_tie: the section that the three priorities leave out though it is within 5 points of the third.
    dont_know, doesnt_apply: findings, the largest share first (staff are not told; ask whether the item applies here).
    by_function: empty where no kind of work can stand alone in any section.
    gaps: None: the snapshot was taken before anybody looked for them.
    """

    instrument_version: str
    minimum: int
    asked: int
    finished: int | None
    sections: tuple[SectionResult, ...] = ()
    sub_competencies: tuple[SubCompetencyResult, ...] = ()
    items: tuple[ItemResult, ...] = ()
    priorities: tuple[Ranked, ...] = ()
    near_tie: str | None = None
    strengths: tuple[Ranked, ...] = ()
    dont_know: tuple[Finding, ...] = ()
    doesnt_apply: tuple[Finding, ...] = ()
    by_function: tuple[FunctionRow, ...] = ()
    gaps: tuple[Gap, ...] | None = ()

    @property
    def by_score(self) -> bool:
        """Whether priorities and strengths go by the score: a section has nothing else that all have (see ranking)."""
        return any(section.whole_only for section in self.sections)

    @property
    def total(self) -> float | None:
        """The organization's total: the sections' points as they are printed, added up; None: one of them is not shown.

        Arithmetic on printed figures, so that it tells nothing more than they do. Source: METHODS, section 3.
        """
        points = [section.points for section in self.sections]
        known = [round(point, 1) for point in points if point is not None]
        return round(sum(known), 1) if known and len(known) == len(points) else None

    def to_json(self) -> str:
        """The snapshot as text, to be stored; `from_json` gives back an equal one."""
        return json.dumps({"format": FORMAT} | asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Snapshot":
        """The stored snapshot, less what an earlier format told and this version doesn't show. Raises UnknownFormat."""
        stored = json.loads(text)
        if (format := stored.pop("format", None)) not in READABLE:
            readable = f"{READABLE[0]} to {READABLE[-1]}"
            raise UnknownFormat(
                f"the stored snapshot has format {format}; this version reads {readable}, install a newer one"
            )
        gaps = stored.get("gaps")
        snapshot = cls(
            **stored
            | {
                "sections": tuple(_section(row) for row in stored["sections"]),
                "sub_competencies": tuple(SubCompetencyResult(**row) for row in stored["sub_competencies"]),
                "items": tuple(ItemResult(**row | {"counts": tuple(row["counts"])}) for row in stored["items"]),
                "priorities": tuple(_ranked(row) for row in stored["priorities"]),
                "strengths": tuple(_ranked(row) for row in stored["strengths"]),
                "dont_know": tuple(Finding(**row) for row in stored["dont_know"]),
                "doesnt_apply": tuple(Finding(**row) for row in stored["doesnt_apply"]),
                "by_function": tuple(_row(row) for row in stored["by_function"]),
                "gaps": None if gaps is None else tuple(Gap(**row) for row in gaps),
            }
        )
        if format == FORMAT:
            return snapshot
        # It makes lists, of snapshots.
        from instrument.older import as_shown_today

        return as_shown_today(snapshot)


# json.loads gives Any; each of these is the line where a stored row becomes a value.


def _section(row: dict[str, Any]) -> SectionResult:
    interval = row["interval"] and tuple(row["interval"])
    return SectionResult(**row | {"mean": _figure(row["mean"]), "interval": interval})


def _ranked(row: dict[str, Any]) -> Ranked:
    return Ranked(**row | {"sub_competencies": tuple(row["sub_competencies"]), "items": tuple(row["items"])})


def _row(row: dict[str, Any]) -> FunctionRow:
    cells = tuple(cell and Cell(cell["n"], _figure(cell["mean"])) for cell in row["cells"])
    return FunctionRow(row["function"], cells)


def _figure(stored: Any) -> Any:
    return Coded(stored) if isinstance(stored, str) else stored
