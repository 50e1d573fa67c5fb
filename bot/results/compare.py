"""How sections have moved since an earlier self-assessment: a table and a few words, from two snapshots alone."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import Block, Message, actions, context, escape, header, neutral, option, section, select, table
from bot.results.buttons import Do, ResultsPressed
from bot.results.closed import Closed
from instrument.definition import Instrument, builtin
from instrument.growth import WORDED_FROM, Grown, Growth, OtherItems, TooFew, Word
from reports.figures import HIDDEN, likely_move, moved, of_how_many, score, total_moved
from reports.wording import day, listed
from storage.rounds import Round

COLUMNS = ("Section", "Now", "Before", "Difference", "Likely range", "In a word")
FALL = "Beside any fall: after training, people may rate lower because they know more."
ONLY_ITSELF = "There are no published norms: an organization is compared only with itself."
MOST_ROUNDS = 20
FIRST_ONE = "This is the first self-assessment with results here, so there is nothing to compare it with yet."
NOT_HERE = "Earlier results went to another channel, so only a coordinator can compare with them: /hta-results."


def compare(
    instrument: Instrument,
    now: Closed,
    before: Closed,
    growth: Sequence[Growth],
    zone: ZoneInfo,
    others: Sequence[Round] = (),
) -> Message:
    """Two closed rounds side by side. `others`: all earlier ones that `now` can be compared with, the latest first."""
    round_, snapshot, earlier_round, earlier = now.round, now.snapshot, before.round, before.snapshot
    head = f"Compared with {_closed(earlier_round, zone)}"
    base = [f"Now: {of_how_many(snapshot, now.work_here)}", f"Before: {of_how_many(earlier, before.work_here)}"]
    rows = [_row(instrument, one) for one in growth]
    totals = total_moved((instrument, snapshot), (builtin(earlier.instrument_version), earlier))
    summary = [*_summary(instrument, growth), *([totals] if totals else [])]
    notes = _notes(growth, max(snapshot.minimum, earlier.minimum))
    spoken = [
        f"{heading}: now {is_now}, before {was}, difference {far}, likely range {likely}, {word}."
        for heading, is_now, was, far, likely, word in rows
    ]
    return Message(
        neutral(
            "Self-assessment results beside earlier ones, section by section. The figures follow here, one after the other.",
            " ".join([f"{head}.", *base, *(one.replace("*", "") for one in summary), *spoken, *notes]),
        ),
        (
            header(head),
            context(*base),
            section("\n".join(summary)),
            table([COLUMNS, *rows], right=(1, 2, 3, 4)),
            context(*notes),
            *_others(round_, earlier_round, others, zone),
        ),
    )


def nothing_before() -> Message:
    return Message(FIRST_ONE, (section(FIRST_ONE),))


def not_here() -> Message:
    return Message(NOT_HERE, (section(NOT_HERE),))


def _row(instrument: Instrument, one: Growth) -> list[str]:
    heading = instrument.heading(one.section)
    match one:
        case OtherItems():
            return [heading, HIDDEN, HIDDEN, HIDDEN, HIDDEN, "other statements"]
        case TooFew():
            return [heading, HIDDEN, HIDDEN, HIDDEN, HIDDEN, "too few people"]
        case Grown(_, before, now, _, interval, word):
            return [
                heading,
                score(now),
                score(before),
                moved(now, before),
                likely_move(interval),
                str(word) if word else "too few people to tell",
            ]


def _summary(instrument: Instrument, growth: Sequence[Growth]) -> list[str]:
    """A line for each word that is given, with the sections that it is given to."""
    lines = []
    for word in Word:
        named = [
            f"{escape(instrument.heading(one.section))}{_how_far(one)}"
            for one in growth
            if isinstance(one, Grown) and one.word is word
        ]
        if named:
            lines.append(f"*{word.capitalize()}:* {listed(named)}.")
    return lines or [f"No section has {WORDED_FROM} people or more in both, so none is called higher or lower."]


def _how_far(one: Grown) -> str:
    return f" ({moved(one.now, one.before)} points)" if one.word in (Word.HIGHER, Word.LOWER) else ""


def _notes(growth: Sequence[Growth], minimum: int) -> list[str]:
    notes = [
        "Percent of the maximum, and points of it, as whole numbers. Likely range: where the difference would lie 95 times in "
        "100. The words go by the figures before rounding: less than 5 points are about the same. A word needs "
        f"{WORDED_FROM} people in both; a range, and any other word than about the same, needs more than a whole percent in both. "
        f"{ONLY_ITSELF}"
    ]
    if any(isinstance(one, Grown) and one.fell for one in growth):
        notes.insert(0, FALL)
    if any(isinstance(one, TooFew) for one in growth):
        notes.append(f"Too few people: fewer than {minimum} rated half of that section in one of the two.")
    if any(isinstance(one, OtherItems) for one in growth):
        notes.append("Other statements: the section was worded otherwise then, so that it can't be compared.")
    return notes


def _others(round_: Round, chosen: Round, others: Sequence[Round], zone: ZoneInfo) -> list[Block]:
    if len(others) < 2:
        return []
    options = {
        one.id: option(_closed(one, zone), ResultsPressed(Do.WITH, round_.id, str(one.id)).value)
        for one in others[:MOST_ROUNDS]
    }
    return [actions(select(Do.WITH.action_id, "Compare with", options.values(), options.get(chosen.id)))]


def _closed(round_: Round, zone: ZoneInfo) -> str:
    return day(round_.closed_at or round_.closing_at, zone)
