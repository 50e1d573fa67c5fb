"""How kinds of work see each section. No total stands here, so that none can be subtracted from."""

from bot.blocks import Message, context, escape, header, neutral, section, table
from instrument.by_function import GAP_FROM
from instrument.definition import Instrument
from instrument.disclosure import detail_from
from instrument.snapshot import FunctionRow, Gap, Snapshot
from reports.figures import NOT_SEPARATE, cell, kind_of_work, of_how_many
from reports.wording import listed

LEADERSHIP = "leadership"
NOBODY = "No kind of work can be shown on its own: each is of too few people, or could be worked out from the rest."
BEFORE_GAPS = "Whether a kind of work stands apart was not yet looked for when these results were taken."


def by_function(instrument: Instrument, snapshot: Snapshot, work_here: int | None = None) -> Message:
    """Kinds of work against sections, in percent of the maximum; who stands apart; leadership beside the others.

    work_here: how many people the organization has, where that is known.
    """
    if not snapshot.by_function:
        return Message(NOBODY, (header("By kind of work"), section(NOBODY)))
    heads = ["Kind of work", *(one.number for one in instrument.sections)]
    rows = [[kind_of_work(instrument, row.function), *map(cell, row.cells)] for row in snapshot.by_function]
    legend = "; ".join(f"{one.number}: {one.title}" for one in instrument.sections)
    base = of_how_many(snapshot, work_here)
    apart, beside = _apart(instrument, snapshot), _leadership(instrument, snapshot)
    note = (
        f"Percent of maximum. Shown are groups of {snapshot.minimum} or more people, and never so that a smaller one "
        f"could be worked out: those stand together as “{NOT_SEPARATE}”. Kinds of work see different things; a gap is a "
        "reason to talk, not a verdict."
    )
    spoken = [
        f"{row[0]}: "
        + ", ".join(f"section {number} {figure}" for number, figure in zip(heads[1:], row[1:], strict=True))
        + "."
        for row in rows
    ]
    return Message(
        neutral(
            "Self-assessment results by kind of work, section by section. The figures follow here, one row after the other.",
            " ".join([base, *spoken, f"{legend}.", apart.replace("*", "").replace("\n", " "), note]),
        ),
        (
            header("By kind of work"),
            context(base),
            table([heads, *rows], right=range(1, len(heads))),
            context(escape(legend)),
            section(apart),
            *([section("\n".join(["*Leadership beside the others*", *beside]))] if beside else []),
            context(note),
        ),
    )


def _apart(instrument: Instrument, snapshot: Snapshot) -> str:
    if snapshot.gaps is None:
        return BEFORE_GAPS
    asked_for = (
        f"{GAP_FROM} points or more, beyond chance, with {detail_from(snapshot.minimum)} people or more on both sides"
    )
    if not snapshot.gaps:
        return f"*No kind of work stands apart* from the rest ({asked_for})."
    lines = []
    for one in instrument.sections:
        found = [_gap(instrument, gap) for gap in snapshot.gaps if gap.section == one.id]
        if found:
            lines.append(f"{escape(one.heading)}: {listed(found)}.")
    return "\n".join([f"*Stands apart* from the rest ({asked_for})", *lines])


def _gap(instrument: Instrument, gap: Gap) -> str:
    direction = "higher" if gap.difference > 0 else "lower"
    return f"{escape(kind_of_work(instrument, gap.function))} {abs(gap.difference)} points {direction}"


def _leadership(instrument: Instrument, snapshot: Snapshot) -> list[str]:
    """A line for each section in which leadership is shown, and another kind of work beside it."""
    rows = {row.function: row for row in snapshot.by_function if row.function}
    led = rows.pop(LEADERSHIP, None)
    if led is None:
        return []
    lines = []
    for place, one in enumerate(instrument.sections):
        others = [_said(instrument, row, place) for row in rows.values() if row.cells[place]]
        if led.cells[place] and others:
            lines.append(f"{escape(one.heading)}: {_said(instrument, led, place)}; {listed(others)}.")
    return lines


def _said(instrument: Instrument, row: FunctionRow, place: int) -> str:
    return f"{escape(kind_of_work(instrument, row.function))} {cell(row.cells[place])}"
