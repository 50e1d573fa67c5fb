"""The chart of growth, a dumbbell a section: the mean before and now, each with its likely range, on one scale.

A coded figure has no place on the scale and is said in words; a section that can't be compared is said to be so.
"""

from collections.abc import Iterator, Sequence

from instrument.definition import Instrument
from instrument.growth import WORDED_FROM, Grown, Growth, OtherItems, Word
from instrument.snapshot import Figure, SectionResult, Snapshot
from reports.charts import paper
from reports.charts.colours import CHOICES, INK, LINE, PAPER
from reports.charts.paper import INNER, Chart, dot, drawing, label, line, row, soft, space, text
from reports.wording import percent

NAME, TITLE = "since_last_time.png", "Since last time"
NOW = CHOICES[3]
LEFT_OUT = "The rest stands under Compare rounds."
HEIGHT, MIDDLE, APART = 26, 13, 7
"""Of a section's drawing, and how far above and below its middle the two ranges run."""
END = 4
FALL = "Beside any fall: after training, people may rate lower because they know more."


def since_last_time(
    instrument: Instrument, growth: Sequence[Growth], earlier: tuple[Snapshot, str], later: tuple[Snapshot, str]
) -> Chart | None:
    """`growth`: what instrument.growth made of the two snapshots, each given with the day it closed.

    None: there is no section that can be compared.
    """
    if not any(isinstance(one, Grown) for one in growth):
        return None
    takeaway = _takeaway(instrument, growth)
    bases = [f"{when}: {paper.of_how_many(*one)}" for when, one in (("Before", earlier), ("Now", later))]
    page = [
        row(text(takeaway, 13, "semibold")),
        space(5),
        row(soft(bases[0])),
        space(3.5),
        row(soft(bases[1])),
        space(12),
        drawing(16, _keys()),
        *_rows(instrument, growth),
        space(2),
        drawing(16, _scale()),
        space(10),
        row(soft(_note(growth))),
    ]
    said = (f"{instrument.heading(one.section)}: {_spoken(one)}." for one in growth)
    lead = (
        f"Dumbbells, the score of each section before and now, in percent of the maximum. {takeaway} {' '.join(bases)}"
    )
    return paper.titled(NAME, TITLE, paper.fitting(lead, said, LEFT_OUT), page)


def _takeaway(instrument: Instrument, growth: Sequence[Growth]) -> str:
    words = [one.word for one in growth if isinstance(one, Grown) and one.word]
    if not words:
        return f"No section has {WORDED_FROM} people or more in both, so no word is given."
    moved = [_where(instrument, growth, word) for word in (Word.HIGHER, Word.LOWER) if word in words]
    return " ".join(moved) or "No section is clearly higher or lower."


def _where(instrument: Instrument, growth: Sequence[Growth], word: Word) -> str:
    those = [one.section for one in growth if isinstance(one, Grown) and one.word is word]
    where = instrument.heading(those[0]) if len(those) == 1 else f"{len(those)} sections"
    return f"{word.capitalize()}: {where}."


def _rows(instrument: Instrument, growth: Sequence[Growth]) -> Iterator[str]:
    for one in growth:
        said = _spoken(one)
        yield space(9)
        yield row(text(instrument.heading(one.section), 12, "semibold"))
        yield space(4)
        yield row(text(said[:1].upper() + said[1:]))
        yield space(2)
        if isinstance(one, Grown):
            yield drawing(HEIGHT, _dumbbell(one))


def _dumbbell(one: Grown) -> Iterator[str]:
    yield _track()
    before, now = _place(one.before.mean), _place(one.now.mean)
    yield from _range(one.before, -APART)
    yield from _range(one.now, APART)
    if before is not None and now is not None:
        yield line(before, MIDDLE, now, MIDDLE, 3)
    if before is not None:
        yield dot(before, MIDDLE, 5, PAPER)
    if now is not None:
        yield dot(now, MIDDLE, 5, NOW)


def _range(result: SectionResult, apart: float) -> Iterator[str]:
    """The likely range, above the middle for before, below it for now."""
    if result.interval is None:
        return
    start, end = (_x(percent) for percent in result.interval)
    y, thickness = MIDDLE + apart, 1.5
    colour = INK if apart < 0 else NOW
    yield line(start, y, end, y, thickness, colour)
    for x in (start, end):
        yield line(x, y - 2.5, x, y + 2.5, thickness, colour)


def _track() -> str:
    return "; ".join(
        [
            line(_x(0), MIDDLE, _x(100), MIDDLE, 0.8, LINE),
            *(line(_x(mark), 2, _x(mark), HEIGHT - 2, 0.8, LINE, "dotted") for mark in (0, 25, 50, 75, 100)),
        ]
    )


def _scale() -> Iterator[str]:
    for mark, at in ((0, "left"), (25, "center"), (50, "center"), (75, "center"), (100, "right")):
        said = f"{mark} %" if mark in (0, 100) else str(mark)
        yield label(_x(mark) - END * (at == "left") + END * (at == "right"), 7, soft(said), at)


def _keys() -> Iterator[str]:
    yield from (dot(6, 8, 5, PAPER), label(16, 8, text("before", 11), "left"))
    yield from (dot(66, 8, 5, NOW), label(76, 8, text("now", 11), "left"))
    yield from (line(110, 8, 134, 8, 1.5), line(110, 5.5, 110, 10.5, 1.5), line(134, 5.5, 134, 10.5, 1.5))
    yield label(140, 8, text("likely range: before above, now below", 11), "left")


def _spoken(one: Growth) -> str:
    match one:
        case Grown(_, before, now, _, _, word):
            return f"{percent(before.mean)} before, {percent(now.mean)} now" + (f": {word}" if word else "")
        case OtherItems():
            return "other statements then, not compared"
        case _:
            return "too few people, not compared"


def _note(growth: Sequence[Growth]) -> str:
    note = "Score: percent of the maximum. Likely range: where the mean would lie 95 times in 100."
    if any(isinstance(one, Grown) and (one.before.interval is None or one.now.interval is None) for one in growth):
        note += " Where few people answered there is none."
    return f"{note} {FALL}" if any(isinstance(one, Grown) and one.fell for one in growth) else note


def _place(figure: Figure | None) -> float | None:
    return _x(figure) if isinstance(figure, float) else None


def _x(percent: float) -> float:
    return END + percent / 100 * (INNER - 2 * END)
