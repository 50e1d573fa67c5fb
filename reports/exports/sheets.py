"""The sheets of the workbook: columns with their meaning, and rows of plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from instrument.definition import Instrument
from instrument.snapshot import Finding, Ranked
from reports.exports.cells import Value
from reports.exports.lines import MEASURES, Level, Line, Shown, Unit, lines
from reports.exports.method import notes
from reports.figures import NOT_SEPARATE
from reports.round_report import RoundReport


@dataclass(frozen=True)
class Column:
    """unit: None for words. wide: in characters."""

    heading: str
    meaning: str
    unit: Unit | None = None
    wide: int = 12


@dataclass(frozen=True)
class Whole:
    """A number shown without decimals, since it was rounded."""

    value: float


Cell = Value | Whole


@dataclass(frozen=True)
class Sheet:
    """strong: the rows, counted from 0, that stand out. frozen: so many columns stay in sight."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: frozenset[int] = frozenset()
    frozen: int = 1
    title: str = ""


SECTION_MEASURES = (
    *("n", "mean", "points", "maximum", "median", "deviation", "interval_low", "interval_high"),
    *("low", "high", "never", "occasionally", "often", "always", "work_on", "share"),
)
ITEM_MEASURES = (
    *("n", "count_never", "count_occasionally", "count_often", "count_always"),
    *("never", "occasionally", "often", "always", "mean", "low", "high", "dont_know", "doesnt_apply", "split"),
)


def sheets(closed: RoundReport) -> tuple[Sheet, ...]:
    """All sheets, in the workbook's order; the last explains the columns of the others."""
    measured = lines(closed)
    told = (
        _summary(closed, measured),
        _sections(measured),
        _items(closed, measured),
        _kinds_of_work(closed, measured),
        _goals(closed),
        Sheet(
            "Method",
            (Column("About", "What the note is about.", wide=26), Column("Note", "What to know.", wide=110)),
            notes(closed),
        ),
    )
    return (*told, _codebook(told))


def _summary(closed: RoundReport, measured: Sequence[Line]) -> Sheet:
    snapshot = closed.snapshot
    (whole,) = (one for one in measured if one.level is Level.ORGANIZATION)
    rows: list[tuple[Cell, ...]] = [
        ("Closed on", closed.closed_on.isoformat(), None),
        ("Opened on", closed.opened_on.isoformat(), None),
        ("Workspace", closed.workspace, None),
        *((MEASURES[one].label, MEASURES[one].meaning, _cell(whole, one, snapshot.minimum)) for one in whole.figures),
    ]
    sections = {one.id: one for one in measured if one.level is Level.SECTION}
    by, low, high = (", by score", "mean", "mean") if snapshot.by_score else ("", "low", "high")
    rows += _listed(f"Work on first{by}", closed.instrument, sections, snapshot.priorities, low, snapshot.minimum)
    if snapshot.near_tie:
        tie = sections[snapshot.near_tie]
        rows.append(("Close behind", _heading(closed, tie.id), _cell(tie, low, snapshot.minimum)))
    rows += _listed(f"Share with others{by}", closed.instrument, sections, snapshot.strengths, high, snapshot.minimum)
    rows += [("Discuss before you decide", _item(closed, one.item), None) for one in snapshot.items if one.split]
    rows += [
        (
            "Stands apart",
            f"{one.name} in {_heading(closed, one.section)}: {MEASURES[measure].label.lower()}",
            _figure(one, measure),
        )
        for one in measured
        for measure in ("higher_by", "lower_by")
        if measure in one.figures
    ]
    rows += _found("Staff don't know", closed, snapshot.dont_know)
    rows += _found("Check whether it applies here", closed, snapshot.doesnt_apply)
    columns = (
        Column("Summary", "What the row tells.", wide=30),
        Column("Which", "The section or item, or what is counted.", wide=90),
        Column(
            "Figure",
            "People; points (total); or percent: Never or Occasionally (work on), Often or Always (share), the score (both, by "
            "score), those who answered so (items); or points of percent (stands apart).",
            Unit.PERCENT,
            14,
        ),
    )
    return Sheet(
        "Summary", columns, tuple(rows), title=f"Self-assessment results, closed on {closed.closed_on:%Y-%m-%d}"
    )


def _listed(
    what: str,
    instrument: Instrument,
    sections: dict[str, Line],
    listed: Iterable[Ranked],
    measure: str,
    minimum: int,
) -> list[tuple[Cell, ...]]:
    """Each section of the list, and under it the items to look at."""
    rows: list[tuple[Cell, ...]] = []
    for place, one in enumerate(listed, start=1):
        relative = " (none reaches the mark; this one stands out)" if one.relative else ""
        equal = " (about equal to the next)" if one.about_equal_to_next else ""
        heading = instrument.heading(one.section)
        rows.append((f"{what}, {place}", f"{heading}{relative}{equal}", _cell(sections[one.section], measure, minimum)))
        for id in one.items:
            item = instrument.item(id)
            rows.append(("", f"{item.label} {item.text}" if item else id, None))
    return rows or [(what, "No section stands out.", None)]


def _found(what: str, closed: RoundReport, findings: Iterable[Finding]) -> list[tuple[Cell, ...]]:
    return [(what, _item(closed, one.item), one.share) for one in findings]


def _sections(measured: Sequence[Line]) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    for line in measured:
        if line.level is Level.SECTION:
            strong.add(len(rows))
        if line.level in (Level.SECTION, Level.SUB_COMPETENCY):
            rows.append((line.id, line.name, *(_figure(line, one) for one in SECTION_MEASURES)))
    columns = (
        Column("Id", "Section, or sub-competency in it.", wide=8),
        Column("Section or sub-competency", "Its title.", wide=52),
        *(_column(one) for one in SECTION_MEASURES),
    )
    return Sheet("Sections", columns, tuple(rows), frozenset(strong), frozen=2)


def _items(closed: RoundReport, measured: Sequence[Line]) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for line in measured:
        item = closed.instrument.item(line.id) if line.level is Level.ITEM else None
        if item:
            where = closed.instrument.section_of(item).heading, closed.instrument.sub_competency_of(item).title
            figures = (_figure(line, one) for one in ITEM_MEASURES)
            rows.append((item.id, item.label, item.text, *where, item.short, *figures))
    columns = (
        Column("Id", "The item's id, the same for ever.", wide=8),
        Column("Item", "The item's number in the questionnaire, as text.", wide=7),
        Column("Statement", "The item in full, in the document's own words.", wide=70),
        Column("Section", "Its section.", wide=34),
        Column("Sub-competency", "The document's heading above it.", wide=34),
        Column("Short label", "A short label of ours.", wide=40),
        *(_column(one) for one in ITEM_MEASURES),
    )
    return Sheet("Items", columns, tuple(rows), frozen=2)


def _kinds_of_work(closed: RoundReport, measured: Sequence[Line]) -> Sheet:
    """Score and people of each kind of work in each section. No totals: nothing here can be subtracted from."""
    by_work: dict[str, list[Line]] = {}
    for line in measured:
        if line.level is Level.WORK:
            by_work.setdefault(line.id, []).append(line)
    rows = [(of[0].name, *(_figure(one, which) for one in of for which in ("mean", "n"))) for of in by_work.values()]
    columns = [
        Column("Kind of work", f"The respondents' kind of work; “{NOT_SEPARATE}”: the others together.", wide=34)
    ]
    for section in closed.instrument.sections:
        columns.append(Column(f"{section.number} score", f"Mean score in {section.heading}.", Unit.PERCENT))
        columns.append(Column(f"{section.number} people", f"People scored in {section.heading}.", Unit.PEOPLE))
    none: tuple[Cell, ...] = ("No kind of work can be shown separately.", *[None] * (len(columns) - 1))
    return Sheet("Kinds of work", tuple(columns), tuple(rows) or (none,))


def _goals(closed: RoundReport) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (one.due_in, one.due_on.isoformat(), one.about, one.words, one.measure, one.owner, one.status)
        for one in closed.planned
    ]
    columns = (
        Column("Due in", "How far ahead it was set: 10 days, 1, 3 or 6 months, or 1 year.", wide=22),
        Column("Due on", "The day by which it is to be reached.", wide=14),
        Column("About", "The section or item that it is set on.", wide=40),
        Column("Goal", "What is to be reached, in the words of whoever set it.", wide=70),
        Column("Measure", "How it will be known, where somebody said so.", wide=40),
        Column("Owner", "Who sees to it: a name, or Slack's id where the command line wrote the file.", wide=24),
        Column("Status", "How it stood when the file was made.", wide=14),
    )
    none: tuple[Cell, ...] = ("No goals are set yet.", *[None] * (len(columns) - 1))
    return Sheet("Goals", columns, tuple(rows) or (none,))


def _codebook(told: Iterable[Sheet]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (sheet.name, one.heading, one.meaning, one.unit.value if one.unit else "words")
        for sheet in told
        for one in sheet.columns
    ]
    codes = {
        Shown.UNDER_10: "A percent below 10: not told exactly.",
        Shown.UNDER_25: "A percent below 25 of few people: not told exactly.",
        Shown.OVER_75: "A percent above 75 of few people: not told exactly.",
        Shown.OVER_90: "A percent above 90: not told exactly.",
        Shown.HIDDEN: "Too few people, or it would show a smaller group; of a likely range also: all agree.",
    }
    rows += [("All", code.value, meaning, "words in place of a figure") for code, meaning in codes.items()]
    columns = (
        Column("Sheet", "Where the column stands.", wide=16),
        Column("Column or code", "Its heading.", wide=30),
        Column("Meaning", "What it holds.", wide=90),
        Column("Unit", "What its figures count.", wide=26),
    )
    return Sheet("Codebook", columns, tuple(rows), frozen=2)


def _column(measure: str) -> Column:
    known = MEASURES[measure]
    return Column(known.label, known.meaning, known.unit, 13)


def _figure(line: Line, measure: str) -> Cell:
    """Empty where the line has no such measure; words where the figure may not be shown."""
    if measure not in line.figures:
        return None
    number = line.number(measure)
    if number is None:
        return line.shown(measure).value
    return Whole(number) if line.shown(measure) is Shown.WHOLE else number


def _cell(line: Line, measure: str, minimum: int) -> Cell:
    if measure == "finished" and line.number(measure) is None:
        return f"fewer than {minimum}"
    number = _figure(line, measure)
    return Whole(number) if isinstance(number, int) else number


def _heading(closed: RoundReport, section: str) -> str:
    return closed.instrument.heading(section)


def _item(closed: RoundReport, id: str) -> str:
    item = closed.instrument.item(id)
    return f"{item.label} {item.text}" if item else id
