"""How results are said: pure functions from a Snapshot to a Message. What may not be shown is not in the Snapshot."""

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import Message, actions, button, context, escape, header, neutral, paragraph, section, table
from bot.reminders.buttons import Do as Stop
from bot.reminders.buttons import ReminderPressed
from bot.results import offers
from bot.rounds.following import Status
from bot.rounds.messages import headline
from bot.wording import channel, mention
from instrument.definition import Instrument
from instrument.snapshot import Ranked, SectionResult, Snapshot
from reports.figures import (
    HIDDEN,
    high,
    likely_range,
    list_marks,
    low,
    of_how_many,
    points,
    score,
    score_only,
    total,
)
from reports.sentences import NO_PRIORITY, NO_STRENGTH, below_half, below_three_quarters, by_what
from reports.wording import day, listed, people, percent, until, when
from storage.rounds import Round

COLUMNS = ("Section", "Score", "Points", "Likely range", "People", "Never or Occasionally")
FOOTNOTE = " *"
DASH = "–"
"""For what a section that has only its score doesn't have; a footnote says why, once."""
IN_THE_CHANNEL = "If you are in the results channel: buttons under the results there show you all that may be seen."


def results(
    instrument: Instrument,
    round_: Round,
    snapshot: Snapshot,
    zone: ZoneInfo,
    *,
    private: bool,
    work_here: int | None = None,
    held_back: bool = False,
    posted_by: str | None = None,
    posted_on: str | None = None,
) -> Message:
    """The scores of every section, what to work on, what to share.

    private: for a coordinator alone, with more buttons than everyone gets. work_here: how many people the organization has,
    where that is known. held_back: nobody else has them yet. posted_by: who posted them once more. posted_on: the day and hour
    at which they last went to their channel.
    """
    if snapshot.finished is None:
        return nothing_to_show(round_, zone)
    closed = day(round_.closed_at or round_.closing_at, zone)
    base = of_how_many(snapshot, work_here)
    head = f"Self-assessment results, {closed}"
    to_work_on, to_share = work_on(instrument, snapshot), share(instrument, snapshot)
    notes = _footnotes(instrument, snapshot)
    added_up = total(instrument, snapshot)
    totals = [f"Total: {added_up}, the sections' points added up."] if added_up else []
    again = f" Posted again by {mention(posted_by)}." if posted_by else ""
    alone = " Nobody else has these results yet: Post to channel shares them." if held_back else ""
    set_up = f"Set up by {mention(round_.opened_by)}.{again}{alone}"
    offered = offers.FOR_COORDINATORS if private else offers.FOR_EVERYONE
    under = offers.Under(round_, held_back, posted_on)
    rows = [_row(instrument, snapshot, one) for one in snapshot.sections]
    blocks = [
        header(head),
        context(f"{base} {set_up}"),
        table([COLUMNS, *rows], right=(1, 2, 3, 4, 5)),
        *(section(one) for one in totals),
        section(f"*Work on first.* {to_work_on}"),
        section(f"*Share with others.* {to_share}"),
        context(*notes),
        actions(*(drawn(under) for drawn in offered)),
    ]
    spoken = [
        f"{base} {set_up}",
        *(_spoken(row) for row in rows),
        *totals,
        f"Work on first. {to_work_on}",
        f"Share with others. {to_share}",
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
    to_work_on = work_on(instrument, snapshot)
    then = (
        f"Coordinators and leaders decide what to work on; {mention(round_.opened_by)} can tell you more, and the details are "
        f"in {channel(round_.results_channel)}. Nobody can tell any more which answers are yours."
    )
    spoken = " ".join(f"{heading}: {figure} of the maximum." for heading, figure in rows)
    return Message(
        neutral(lead, f"{base} {spoken} Work on first. {to_work_on} {then} Button: Stop these messages."),
        (
            section(lead),
            context(base),
            table([("Section", "Score"), *rows], right=(1,)),
            section(f"*Work on first.* {to_work_on}"),
            section(f"*What happens next.* {then}"),
            actions(button("Stop these messages", Stop.STOP.action_id, ReminderPressed(Stop.STOP, round_.id).value)),
        ),
    )


def nothing_to_show(round_: Round, zone: ZoneInfo) -> Message:
    closed = day(round_.closed_at or round_.closing_at, zone)
    words = (
        f"Fewer than {round_.minimum} people finished, so nothing can be shown. Their answers are deleted. "
        f"The self-assessment closed on {closed}; it was set up by {mention(round_.opened_by)}."
    )
    return paragraph(words)


def going(round_: Round, *, already: bool, posted_on: str | None = None) -> Message:
    """Post to channel was pressed. posted_on: when they last went there before."""
    where = channel(round_.results_channel)
    before = f"The results were posted to {where} on {posted_on}. " if posted_on else ""
    if not already:
        return paragraph(f"{before}They go there once more now." if before else f"The results go to {where} now.")
    first = before or f"They are on their way to {where} already. "
    return paragraph(f"{first}This press changed nothing. A few minutes later you can post them once more.")


def still_open(shown: Status, zone: ZoneInfo, now: datetime, how_far: Iterable[str]) -> Message:
    """`how_far` is the day's picture of participation, a paragraph each."""
    words = (
        f"{headline(shown, zone, now)} While it is open there are no results, for anyone. At closing they come here and to "
        f"{channel(shown.round.results_channel)}. /hta-round shows how it stands."
    )
    told = [words, *how_far]
    return Message(" ".join(told).replace("*", ""), tuple(section(one) for one in told))


def newer_one_open(shown: Status, zone: ZoneInfo, now: datetime) -> str:
    starts_at = shown.planned_for(now)
    is_open = f"is planned from {when(starts_at, zone, now)}" if starts_at else "is open"
    return f"A newer self-assessment {is_open} until {until(shown.round, zone)}. Its results come then."


def none_yet() -> Message:
    words = "There are no results yet. Type /hta-round to start a self-assessment; they come when it closes."
    return paragraph(words)


def usage() -> Message:
    words = (
        "*/hta-results* shows the last results: each section's score, what to work on, what to share. Buttons lead to kinds "
        "of work, to each statement, to earlier self-assessments and to the results channel. Results exist only after a "
        "self-assessment has closed, and never for fewer people than the smallest group."
    )
    return Message(words.replace("*", ""), (section(words),))


def with_line(message: Message, line: str) -> Message:
    """`message` with one more line at its end."""
    return Message(f"{message.text} {line}", (*message.blocks, context(line)))


def _row(instrument: Instrument, snapshot: Snapshot, result: SectionResult) -> list[str]:
    where = instrument.section(result.section)
    if where is None or result.n is None:
        few = f"fewer than {snapshot.minimum}" if where else HIDDEN
        return [instrument.heading(result.section), HIDDEN, HIDDEN, HIDDEN, few, HIDDEN]
    mark = FOOTNOTE if where.printed_maximum != where.maximum else ""
    reached = points(result)
    return [
        where.heading,
        score(result),
        f"{reached} of {where.maximum}{mark}" if reached else DASH if result.whole_only else HIDDEN,
        DASH if result.whole_only else likely_range(result.interval),
        f"{result.n:,}",
        DASH if result.whole_only else low(result),
    ]


def _score(snapshot: Snapshot, section_id: str) -> str:
    return score(next(one for one in snapshot.sections if one.section == section_id))


def _spoken(row: list[str]) -> str:
    heading, score, points, likely, count, low = row
    figures = [
        f"{score} of the maximum",
        *([] if points == DASH else [f"{points.removesuffix(FOOTNOTE)} points"]),
        *([] if likely == DASH else [f"likely range {likely}"]),
        f"people {count}",
        *([] if low == DASH else [f"Never or Occasionally {low}"]),
    ]
    return f"{heading}: {', '.join(figures)}."


def work_on(instrument: Instrument, snapshot: Snapshot) -> str:
    """The first of the two sentences; mrkdwn."""
    if not snapshot.priorities:
        return NO_PRIORITY[snapshot.by_score]
    named = _ranked(instrument, snapshot, snapshot.priorities, score if snapshot.by_score else _how_low)
    relative = below_half(snapshot)
    tie = f" Close behind: {escape(instrument.heading(snapshot.near_tie))}." if snapshot.near_tie else ""
    return f"{by_what(snapshot)}{named}.{relative}{tie}"


def share(instrument: Instrument, snapshot: Snapshot) -> str:
    """The second of the two sentences; mrkdwn."""
    if not snapshot.strengths:
        return NO_STRENGTH[snapshot.by_score]
    named = _ranked(instrument, snapshot, snapshot.strengths, score if snapshot.by_score else _how_high)
    relative = below_three_quarters(snapshot)
    return f"{by_what(snapshot)}{named}.{relative}"


def _how_low(result: SectionResult) -> str:
    return f"{low(result)} Never or Occasionally"


def _how_high(result: SectionResult) -> str:
    """With Often alone where it may be shown: that is the document's word for what to share."""
    often = "" if result.often is None else f", {percent(result.often)} Often alone"
    return f"{high(result)} Often or Always{often}"


def _ranked(
    instrument: Instrument, snapshot: Snapshot, ranked: Iterable[Ranked], how: Callable[[SectionResult], str]
) -> str:
    results_by_id = {one.section: one for one in snapshot.sections}
    parts = []
    for one in ranked:
        equal = ", about equal to the next" if one.about_equal_to_next else ""
        heading = escape(instrument.heading(one.section))
        parts.append(f"{heading} ({how(results_by_id[one.section])}{equal})")
    return listed(parts)


def _footnotes(instrument: Instrument, snapshot: Snapshot) -> list[str]:
    notes = [
        "Score: percent of the maximum, the mean over people; it makes sections of 2 and 14 items comparable. Doesn't "
        "apply and Don't know are left out. People: those who rated at least half of the section's items; only they count in "
        "it. Likely range: where the mean would lie 95 times in 100.",
        f"Never or Occasionally: the share of these answers, on average over the section's items. Groups of fewer than "
        f"{snapshot.minimum} people are never shown. Percents are whole, so they may not add up to 100.",
    ]
    notes += [
        f"* {escape(one.heading)}: the document prints “out of {one.printed_maximum}” for {len(one.items)} items of up to 3 "
        f"points; we count out of {one.maximum}."
        for one in instrument.sections
        if one.printed_maximum != one.maximum
    ]
    return [*notes, *filter(None, (score_only(snapshot), list_marks(snapshot)))]
