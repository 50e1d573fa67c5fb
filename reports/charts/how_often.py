"""The chart of how often, a section a row: Never and Occasionally to the left, Often and Always to the right.

Of a section that has only its score the shares are not shown: the score stands there in words. Nothing is drawn that the
snapshot does not hold.
"""

from collections.abc import Iterator, Sequence

from instrument.definition import Instrument
from instrument.snapshot import SectionResult, Snapshot
from reports.charts import paper
from reports.charts.colours import CHOICES, INK, SMALL, text_on
from reports.charts.paper import INNER, Chart, beside, box, drawing, label, row, soft, space, text
from reports.figures import HIDDEN
from reports.sentences import NO_PRIORITY
from reports.wording import people, percent, whole

NAME, TITLE = "how_often.png", "How often, section by section"
EDGE = 38
"""Room for the sum at each end of a bar."""
BAR = 24
LOW, HIGH = "Never or Occasionally", "Often or Always"
LEFT_OUT = "The rest stands in the table of results."


def how_often(instrument: Instrument, snapshot: Snapshot, closed_on: str) -> Chart | None:
    """`closed_on` is a day, as people say it. None: the snapshot has no section to show."""
    if not any(one.low is not None for one in snapshot.sections):
        return None
    takeaway = _takeaway(instrument, snapshot)
    base = paper.of_how_many(snapshot, closed_on)
    page = [
        row(text(takeaway, 13, "semibold")),
        space(5),
        row(soft(base)),
        space(12),
        *_keys(instrument, snapshot),
        beside(soft(f"← {LOW}"), soft(f"{HIGH} →")),
        *_rows(instrument, snapshot),
        space(12),
        row(soft(_note(snapshot))),
    ]
    said = (f"{_heading(instrument, one)} {_spoken(one, snapshot)}" for one in snapshot.sections)
    lead = f"Stacked bars, section by section. {takeaway} {base} Percent {', '.join(_labels(instrument))}:"
    return paper.titled(NAME, TITLE, paper.fitting(lead, said, LEFT_OUT), page)


def _takeaway(instrument: Instrument, snapshot: Snapshot) -> str:
    if not snapshot.priorities:
        return NO_PRIORITY[snapshot.by_score]
    first = next(one for one in snapshot.sections if one.section == snapshot.priorities[0].section)
    if snapshot.by_score:
        return f"Lowest score: {_heading(instrument, first)}, {percent(first.mean)}."
    return f"Most {LOW}: {_heading(instrument, first)}, {percent(first.low)}."


def _rows(instrument: Instrument, snapshot: Snapshot) -> Iterator[str]:
    scale = _Scale(snapshot.sections)
    for one in snapshot.sections:
        yield space(9)
        yield beside(text(_heading(instrument, one), 12, "semibold"), soft(_count(one, snapshot)))
        yield space(5)
        yield from _bar(one, scale)


def _count(one: SectionResult, snapshot: Snapshot) -> str:
    """Of how many a section is, where that is not everybody who finished."""
    if one.n is None:
        return f"fewer than {snapshot.minimum} people"
    return "" if one.n == snapshot.finished else people(one.n)


class _Scale:
    """Where a percent is: to the left and right of the line between Occasionally and Often, the same in all bars."""

    def __init__(self, sections: Sequence[SectionResult]) -> None:
        left = max([20.0, *(one.low for one in sections if one.low is not None)])
        right = max([20.0, *(one.high for one in sections if one.high is not None)])
        self.point = (INNER - 2 * EDGE) / (left + right)
        self.middle = EDGE + left * self.point


def _bar(one: SectionResult, scale: _Scale) -> Iterator[str]:
    match (one.low, one.high, one.never, one.often, one.always):
        case (float(low), float(high), float(never), float(often), float(always)):
            yield from _four(scale, (never, low - never, often, always), low, high)
        case _ if one.whole_only:
            yield drawing(BAR, _in_words(SMALL, _score_only(one)))
        case _:
            yield drawing(BAR, _in_words("stripes", HIDDEN))


def _four(scale: _Scale, shares: Sequence[float], low: float, high: float) -> Iterator[str]:
    edges = [scale.middle - low * scale.point]
    for share in shares:
        edges.append(edges[-1] + share * scale.point)
    shapes, below = [], []
    for place, (share, start, end, colour) in enumerate(zip(shares, edges, edges[1:], CHOICES, strict=False)):
        if share <= 0:
            continue
        shapes.append(box(start, 0, end - start, BAR, colour))
        number, beside_it = f"{whole(share)}", f"{whole(shares[place ^ 1])}"
        if end - start >= len(number) * 13 * paper.DIGIT + 3:
            shapes.append(label((start + end) / 2, BAR / 2, text(number, 13, "semibold", text_on(colour))))
        elif "0" not in (number, beside_it):
            # Too narrow for its number, which stands below; where the other one of its side is nothing, the sum says it.
            at, x = ("right", end - 1) if place in (0, 2) else ("left", start + 1)
            below.append(label(x, BAR + 9, text(number), at))
    yield drawing(BAR + (14 if below else 0), [*shapes, *below, *_sums(scale, low, high), _zero(scale)])


def _score_only(one: SectionResult) -> str:
    return f"score {percent(one.mean)}, shares not shown"


def _sums(scale: _Scale, low: float, high: float) -> Iterator[str]:
    yield label(scale.middle - low * scale.point - 4, BAR / 2, _bold(low), "right")
    yield label(scale.middle + high * scale.point + 4, BAR / 2, _bold(high), "left")


def _zero(scale: _Scale) -> str:
    return paper.line(scale.middle, -2, scale.middle, BAR + 2, 2, INK)


def _in_words(fill: str, said: str) -> Iterator[str]:
    yield box(0, 0, INNER, BAR, fill, dashed=True)
    yield paper.plate(INNER / 2, BAR / 2, soft(said)) if fill == "stripes" else label(INNER / 2, BAR / 2, soft(said))


def _bold(figure: float) -> str:
    return text(percent(figure), 12, "bold")


def _keys(instrument: Instrument, snapshot: Snapshot) -> list[str]:
    if all(one.never is None for one in snapshot.sections):
        return []
    keys = [paper.swatch(colour, said) for colour, said in zip(CHOICES, _labels(instrument), strict=True)]
    return [row("{ " + "; h(10pt); ".join(keys) + " }"), space(10)]


def _labels(instrument: Instrument) -> list[str]:
    return [choice.label for choice in instrument.choices]


def _note(snapshot: Snapshot) -> str:
    note = "Percent of answers, on average over a section's statements, rounded. Don't know and Doesn't apply are left out."
    if any(one.whole_only for one in snapshot.sections):
        note += " Gray: too few people rated the section, or one of its statements."
    return note


def _spoken(one: SectionResult, snapshot: Snapshot) -> str:
    if one.n is None:
        return f"not shown, fewer than {snapshot.minimum} people."
    if one.whole_only:
        return f"{_score_only(one)}."
    if one.low is None or one.never is None or one.often is None or one.always is None:
        return f"{HIDDEN}."
    return f"{', '.join(f'{whole(share)}' for share in (one.never, one.low - one.never, one.often, one.always))}."


def _heading(instrument: Instrument, one: SectionResult) -> str:
    return instrument.heading(one.section)
