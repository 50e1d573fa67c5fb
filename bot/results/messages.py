"""How results are said: pure functions from a Snapshot to a Message. What may not be shown is not in the Snapshot."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.blocks import Message, actions, button, context, escape, header, neutral, section, table
from bot.goals.buttons import SET_GOAL, SetGoal
from bot.reminders.buttons import Do as Stop
from bot.reminders.buttons import ReminderPressed
from bot.results.buttons import BY_FUNCTION, by_function_value
from bot.wording import channel, day, listed, mention, people, percent, when
from instrument.definition import Instrument, Section
from instrument.snapshot import Cell, Ranked, SectionResult, Snapshot
from storage.rounds import Round

COLUMNS = ("Section", "Score", "Points", "Likely range", "People", "Never or Occasionally")
HIDDEN = "not shown"
FOOTNOTE = " *"
MERGED = "Not shown separately"


def results(
    instrument: Instrument,
    round_: Round,
    snapshot: Snapshot,
    zone: ZoneInfo,
    *,
    private: bool,
    work_here: int | None = None,
) -> Message:
    """The scores of every section, what to work on, what to share.

    private: with buttons, for a coordinator alone. work_here: how many people the organization has, where that is known.
    """
    if snapshot.finished is None:
        return nothing_to_show(round_, zone)
    closed = day(round_.closed_at or round_.closing_at, zone)
    workplace = f" {work_here:,} people work here." if work_here else ""
    base = f"{snapshot.finished:,} of {people(snapshot.asked)} asked finished.{workplace} Staff without Slack were not asked."
    head = f"Self-assessment results, {closed}"
    work_on, share = _work_on(instrument, snapshot), _share(instrument, snapshot)
    notes = _footnotes(instrument, snapshot)
    set_up = f"Set up by {mention(round_.opened_by)}."
    rows = [_row(instrument, snapshot, one) for one in snapshot.sections]
    blocks = [
        header(head),
        context(f"{base} {set_up}"),
        table([COLUMNS, *rows], right=(1, 2, 3, 4, 5)),
        section(f"*Work on first.* {work_on}"),
        section(f"*Share with others.* {share}"),
        context(*notes),
    ]
    if private and snapshot.by_function:
        blocks.append(actions(button("By function", BY_FUNCTION, by_function_value(round_.id))))
    if private:
        blocks.append(actions(button("Set a goal", SET_GOAL, SetGoal(round_.id).value)))
    spoken = [
        f"{base} {set_up}",
        *(_spoken(row) for row in rows),
        f"Work on first. {work_on}",
        f"Share with others. {share}",
        *notes,
    ]
    lead = (
        f"{head}: what the people who finished said, section by section. The figures follow here, one after the other."
    )
    return Message(neutral(lead, " ".join(spoken)), tuple(blocks))


def what_came_out(instrument: Instrument, round_: Round, snapshot: Snapshot, zone: ZoneInfo) -> Message:
    """For everyone who was asked: the sections' scores, and what happens next."""
    if snapshot.finished is None:
        return nothing_to_show(round_, zone)
    base = f"{snapshot.finished:,} of {people(snapshot.asked)} asked finished."
    lead = (
        f"{mention(round_.opened_by)} asked for your view, and this is what came out of it for the whole organization. "
        "Thank you to everyone who took the time."
    )
    rows = [[one.heading, _score(snapshot, one.id)] for one in instrument.sections]
    work_on = _work_on(instrument, snapshot)
    then = (
        f"Coordinators and leaders decide what to work on; {mention(round_.opened_by)} can tell you more, and the details are "
        f"in {channel(round_.results_channel)}. Nobody can tell any more which answers are yours."
    )
    spoken = " ".join(f"{heading}: {score} of the maximum." for heading, score in rows)
    return Message(
        neutral(lead, f"{base} {spoken} Work on first. {work_on} {then} Button: Stop these messages."),
        (
            section(lead),
            context(base),
            table([("Section", "Score"), *rows], right=(1,)),
            section(f"*Work on first.* {work_on}"),
            section(f"*What happens next.* {then}"),
            actions(button("Stop these messages", Stop.STOP.action_id, ReminderPressed(Stop.STOP, round_.id).value)),
        ),
    )


def by_function(instrument: Instrument, snapshot: Snapshot) -> Message:
    """Kinds of work against sections: mean percent of maximum. No total stands here, so that none can be subtracted from."""
    heads = ["Kind of work", *(one.number for one in instrument.sections)]
    rows = [
        [_function_name(instrument, row.function), *(_cell(cell) for cell in row.cells)] for row in snapshot.by_function
    ]
    legend = "; ".join(f"{one.number}: {one.title}" for one in instrument.sections)
    note = (
        f"Percent of maximum. Shown are groups of {snapshot.minimum} or more people, and never so that a smaller one "
        f"could be worked out: those stand together as “{MERGED}”. Kinds of work see different things; a gap is a "
        "reason to talk, not a verdict."
    )
    spoken = [
        f"{row[0]}: "
        + ", ".join(f"section {number} {cell}" for number, cell in zip(heads[1:], row[1:], strict=True))
        + "."
        for row in rows
    ]
    return Message(
        neutral(
            "Self-assessment results by kind of work, section by section. The figures follow here, row by row.",
            " ".join([*spoken, f"{legend}.", note]),
        ),
        (
            header("By kind of work"),
            table([heads, *rows], right=range(1, len(heads))),
            context(escape(legend)),
            context(note),
        ),
    )


def nothing_to_show(round_: Round, zone: ZoneInfo) -> Message:
    closed = day(round_.closed_at or round_.closing_at, zone)
    words = (
        f"Fewer than {round_.minimum} people finished, so nothing can be shown. Their answers are deleted. "
        f"The self-assessment closed on {closed}; it was set up by {mention(round_.opened_by)}."
    )
    return Message(words, (section(words),))


def still_open(round_: Round, zone: ZoneInfo, how_far: Iterable[str]) -> Message:
    """`how_far` is the day's picture of participation, a paragraph each."""
    words = (
        f"A self-assessment is open until {when(round_.closing_at, zone)}. While it is open there are no results, for "
        f"anyone. At closing they come here and to {channel(round_.results_channel)}. /hta-round shows how it stands."
    )
    told = [words, *how_far]
    return Message(" ".join(told).replace("*", ""), tuple(section(one) for one in told))


def newer_one_open(round_: Round, zone: ZoneInfo) -> str:
    return f"A newer self-assessment is open until {when(round_.closing_at, zone)}. Its results come then."


def none_yet() -> Message:
    words = "There are no results yet. Type /hta-round to start a self-assessment; they come when it closes."
    return Message(words, (section(words),))


def usage() -> Message:
    words = (
        "*/hta-results* shows the last results: each section's score, what to work on, what to share. They exist only "
        "after a self-assessment has closed, and never for fewer people than the smallest group."
    )
    return Message(words.replace("*", ""), (section(words),))


def with_line(message: Message, line: str) -> Message:
    """`message` with one more line at its end."""
    return Message(f"{message.text} {line}", (*message.blocks, context(line)))


def _row(instrument: Instrument, snapshot: Snapshot, result: SectionResult) -> list[str]:
    where = _section(instrument, result.section)
    mark = FOOTNOTE if where.printed_maximum != where.maximum else ""
    if result.n is None:
        return [where.heading, HIDDEN, HIDDEN, HIDDEN, f"fewer than {snapshot.minimum}", HIDDEN]
    small = _small(result.n, snapshot)
    points = f"{result.points:.0f}" if small and result.points is not None else f"{result.points or 0:.1f}"
    return [
        where.heading,
        percent(result.mean, small=small),
        HIDDEN if result.points is None else f"{points} of {where.maximum}{mark}",
        f"{result.interval[0]:.0f} to {result.interval[1]:.0f} %" if result.interval else HIDDEN,
        f"{result.n:,}",
        percent(result.low, small=small),
    ]


def _score(snapshot: Snapshot, section_id: str) -> str:
    found = next(one for one in snapshot.sections if one.section == section_id)
    return HIDDEN if found.n is None else percent(found.mean, small=_small(found.n, snapshot))


def _spoken(row: list[str]) -> str:
    heading, score, points, likely, count, low = row
    return (
        f"{heading}: {score} of the maximum, {points.removesuffix(FOOTNOTE)} points, likely range {likely}, people {count}, "
        f"Never or Occasionally {low}."
    )


def _work_on(instrument: Instrument, snapshot: Snapshot) -> str:
    if not snapshot.priorities:
        return "No section was answered with Never or Occasionally often enough to stand out."
    named = _ranked(instrument, snapshot, snapshot.priorities, "Never or Occasionally", "low")
    relative = " None reaches half; this one is the lowest." if snapshot.priorities[0].relative else ""
    tie = f" Close behind: {_section(instrument, snapshot.near_tie).heading}." if snapshot.near_tie else ""
    return f"{named}.{relative}{tie}"


def _share(instrument: Instrument, snapshot: Snapshot) -> str:
    if not snapshot.strengths:
        return "No section was answered with Often or Always often enough to stand out."
    named = _ranked(instrument, snapshot, snapshot.strengths, "Often or Always", "high")
    relative = " None reaches three quarters; this one is the highest." if snapshot.strengths[0].relative else ""
    return f"{named}.{relative}"


def _ranked(instrument: Instrument, snapshot: Snapshot, ranked: Iterable[Ranked], words: str, share: str) -> str:
    results_by_id = {one.section: one for one in snapshot.sections}
    parts = []
    for number, one in enumerate(ranked, start=1):
        result = results_by_id[one.section]
        figure = percent(getattr(result, share), small=_small(result.n or 0, snapshot))
        equal = ", about equal to the next" if one.about_equal_to_next else ""
        parts.append(f"{number}. {escape(_section(instrument, one.section).heading)} ({figure} {words}{equal})")
    return listed(parts)


def _footnotes(instrument: Instrument, snapshot: Snapshot) -> list[str]:
    notes = [
        "Score: percent of the maximum, the mean over people; it makes sections of 2 and 14 items comparable. Doesn't "
        "apply and Don't know are left out. Likely range: where the mean would lie 95 times in 100.",
        f"Never or Occasionally: the share of these answers, on average over the section's items. Groups of fewer than "
        f"{snapshot.minimum} people are never shown.",
    ]
    notes += [
        f"* {escape(one.heading)}: the document prints “out of {one.printed_maximum}” for {len(one.items)} items of up to 3 "
        f"points; we count out of {one.maximum}."
        for one in instrument.sections
        if one.printed_maximum != one.maximum
    ]
    if any(one.n is not None and _small(one.n, snapshot) for one in snapshot.sections):
        notes.append(
            f"With fewer than {max(10, snapshot.minimum)} people, figures are whole percents, those under 10 and over 90 "
            "are not told exactly, and ranges are not shown."
        )
    return notes


def _cell(cell: Cell | None) -> str:
    return HIDDEN if cell is None else percent(cell.mean, small=True)


def _function_name(instrument: Instrument, function_id: str | None) -> str:
    known = instrument.function(function_id) if function_id else None
    return known.label if known else MERGED


def _section(instrument: Instrument, section_id: str) -> Section:
    found = instrument.section(section_id)
    if found is None:
        raise KeyError("a snapshot names a section that its instrument has not")
    return found


def _small(n: int, snapshot: Snapshot) -> bool:
    return n < max(10, snapshot.minimum)
