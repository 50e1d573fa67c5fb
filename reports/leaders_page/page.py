"""The page for leaders: what came out, what to work on, what is asked of them.

The words are put together here, the layout stands in report.typ. Only what the snapshot holds is shown.
"""

from collections.abc import Sequence
from pathlib import Path

from instrument.definition import Instrument
from instrument.disclosure import detail_from
from instrument.snapshot import Ranked, Snapshot
from reports import sentences
from reports.figures import NOT_SEPARATE, list_marks, score_only
from reports.leaders_page import tables
from reports.leaders_page.tables import Said
from reports.round_report import Planned, RoundReport
from reports.typeset import literal, pages
from reports.wording import people, percent

LAYOUT = Path(__file__).parent / "page.typ"
MOST_GOALS = 5
LONGEST_GOAL = 110
LONGEST_NAME = 60
LEADERS = (
    ("Buy-in.", "Name one of you who stands for this work, and tell all staff why it matters here."),
    ("Resources.", "Decide what money, training and materials the goals may use."),
    ("Bandwidth.", "Give those who own a goal the hours for it, and staff the time to be trained."),
)
"""What leaders are asked for: the three obstacles that the document's closing page names. The sentences are ours."""


def report_pdf(closed: RoundReport, *, organization: str | None = None) -> bytes:
    """The page as a tagged PDF, US Letter. Heavy: keep it off the event loop.

    Where the round before showed anything, growth stands in the place of kinds of work. The first five goals are printed.
    organization: its name, where that is known.
    """
    return pages(source(said(closed, organization)))


def source(what: Said) -> str:
    """The page in Typst's language."""
    return f"#let said = {literal(what)}\n{LAYOUT.read_text('utf-8')}"


def said(closed: RoundReport, organization: str | None) -> Said:
    """All that the page says, piece by piece."""
    instrument, snapshot, earlier = closed.instrument, closed.snapshot, closed.earlier
    whose = f"{shortened(organization, LONGEST_NAME)} · " if organization else ""
    nothing = snapshot.finished is None
    moved = tables.moved_since(closed)
    return {
        "title": "Human trafficking response: results for leaders",
        "when": f"{whose}Self-assessment, {sentences.open_between(closed)}",
        "finished": f"under {snapshot.minimum}" if nothing else f"{snapshot.finished:,} of {snapshot.asked:,}",
        "of-those": f"of {people(snapshot.asked)} asked finished" if nothing else "people asked finished",
        "base": sentences.workplace(closed.work_here),
        "sentences": _nothing(snapshot) if nothing else _two_sentences(instrument, snapshot),
        "bars": None if nothing else tables.bars(instrument, snapshot, moved),
        "heat": None if nothing or moved or not snapshot.by_function else tables.heat(instrument, snapshot),
        "growth": tables.since(instrument, earlier, moved) if earlier and moved else None,
        "items-title": "Where to begin: the three lowest items of each section to work on",
        "priorities": [_priority(instrument, snapshot, one) for one in snapshot.priorities],
        "goals": _goals(instrument, closed.planned),
        "leaders-title": "What leadership is asked for",
        "leaders": LEADERS,
        "colours": tables.COLOURS,
        "notes-title": "How to read this page",
        "notes": _in_two(_notes(instrument, snapshot)),
    }


def shortened(text: str, longest: int) -> str:
    """`text` in so many characters at most, cut between words."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(",.;: ") + "…"


def _nothing(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [
        (
            "Nothing can be shown.",
            f"Fewer than {snapshot.minimum} people finished, so single people could be recognized. Their answers are deleted.",
        ),
        (
            "What helps.",
            "Ask again, with more time and a word from leadership; the three things below are what holds such work up.",
        ),
    ]


def _two_sentences(instrument: Instrument, snapshot: Snapshot) -> list[tuple[str, str]]:
    return [
        ("Work on first:", sentences.work_on(instrument, snapshot)),
        ("Share with others:", sentences.share(instrument, snapshot)),
    ]


def _priority(instrument: Instrument, snapshot: Snapshot, ranked: Ranked) -> Said:
    results = {one.item: one for one in snapshot.items}
    items = []
    for item_id in ranked.items:
        item, result = instrument.item(item_id), results.get(item_id)
        if item is None or result is None:
            continue
        disagree = " · we disagree here" if result.split else ""
        figure = f"{percent(result.low)} Never or Occasionally{disagree}"
        items.append({"label": item.label, "figure": figure, "text": item.text})
    few = (
        f"Fewer than {detail_from(snapshot.minimum)} people rated it, or one of its items. Take the section as a whole."
    )
    return {
        "name": instrument.heading(ranked.section),
        "items": items,
        "note": None if items else few,
    }


def _goals(instrument: Instrument, goals: Sequence[Planned]) -> Said:
    listed = goals[:MOST_GOALS]
    left = len(goals) - len(listed)
    note, blanks = f"And {left} more in the plan." if left else None, []
    if not goals:
        blanks = list(instrument.horizons)
        *most, last = instrument.horizons
        note = f"None are set yet. The document asks for one each in {', '.join(most)} and {last}."
    rows = [
        {
            "due": one.due_in,
            "day": sentences.day_of(one.due_on),
            "words": shortened(one.words, LONGEST_GOAL),
            "owner": shortened(one.owner, LONGEST_NAME // 2),
            "status": shortened(one.status, LONGEST_NAME // 2),
        }
        for one in listed
    ]
    return {
        "title": "Goals",
        "heads": ["Due in", "Goal", "Owner", "Status"],
        "rows": rows,
        "note": note,
        "blanks": blanks,
    }


def _notes(instrument: Instrument, snapshot: Snapshot) -> list[str]:
    notes = [
        "Score: for each person the percent of the section's maximum, then the mean over people. Never or "
        "Occasionally: the share of these answers, on average over the section's items. People: those who rated at least half "
        "of its items. Doesn't apply and Don't know are left out.",
        "Likely range: where the mean would lie 95 times in 100. There are no published norms: compare yourselves with "
        "yourselves only.",
        *sentences.printed_maximum_notes(instrument),
        f"Groups of fewer than {snapshot.minimum} people are never shown, nor what would give them away: such kinds of work "
        f"stand together as “{NOT_SEPARATE}”, or as not shown.",
    ]
    if snapshot.finished is not None and not snapshot.by_function:
        notes.append("No kind of work had enough people to stand alone.")
    if only := score_only(snapshot):
        notes.append(f"{only} {list_marks(snapshot)}")
    elif sentences.has_coded_cell(snapshot):
        notes.append("Of few people a percent near 0 or 100 is told as “under” or “over” only.")
    notes += [
        "Confidential, not anonymous: the key that joined people and answers was destroyed at closing.",
        f"Source: {instrument.title} ({instrument.source}). Not endorsed by HHS. Sentences beside the items are HTA Bot's.",
    ]
    return notes


def _in_two(notes: Sequence[str]) -> tuple[list[str], list[str]]:
    """Two columns of about the same length, in reading order."""
    half, first, taken = sum(map(len, notes)) / 2, [], 0
    for note in notes:
        if taken + len(note) / 2 > half:
            break
        first.append(note)
        taken += len(note)
    return first, list(notes[len(first) :])
