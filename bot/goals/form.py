"""Reads what somebody filled in about a goal: fields as values, checked, and through the net for patient information."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.goals.net import catches, refusal
from bot.payloads import Submission
from instrument.definition import Instrument
from instrument.goals import LONGEST_TEXT, Horizon, Obstacle
from storage.goals import Details

ABOUT, WORDS, MEASURE, DUE, OWNER = "about", "words", "measure", "due", "owner"
OBSTACLE, HELP, NOTE, PRIVATE, DAY = "obstacle", "help", "note", "private", "day"
CHANNEL = "channel"
LONGEST_MEASURE = LONGEST_HELP = 150
LONGEST_MOVE = 5
"""Years."""


@dataclass(frozen=True)
class Filled:
    """The form "New goal". owner None: left empty."""

    section: str
    item: str | None
    words: str
    measure: str | None
    horizon: Horizon
    owner: str | None


def read(
    submitted: Submission, instrument: Instrument, open_horizons: Iterable[Horizon], allowed: Iterable[str], today: date
) -> Filled | dict[str, str]:
    """The goal, or what is wrong by block_id; what was typed stays in the form."""
    wrong: dict[str, str] = {}
    about = submitted.one(ABOUT) or ""
    item = instrument.item(about)
    section = instrument.section_of(item).id if item else about
    if section not in {one.id for one in instrument.sections}:
        wrong[ABOUT] = "Choose what the goal is about."
    allowed = tuple(allowed)
    words = _typed(submitted, WORDS, LONGEST_TEXT, allowed, today, wrong)
    if words is None and WORDS not in wrong:
        wrong[WORDS] = "Say in a sentence what is different when it is reached."
    measure = _typed(submitted, MEASURE, LONGEST_MEASURE, allowed, today, wrong)
    chosen = submitted.one(DUE)
    horizon = next((one for one in open_horizons if one == chosen), None)
    if horizon is None:
        wrong[DUE] = "Choose a date that has not passed."
    if wrong or words is None or horizon is None:
        return wrong
    return Filled(section, item.id if item else None, words, measure, horizon, submitted.one(OWNER))


def read_details(submitted: Submission, allowed: Iterable[str], today: date) -> Details | dict[str, str]:
    """What was said beside a status, or what is wrong by block_id."""
    wrong: dict[str, str] = {}
    allowed = tuple(allowed)
    help_from = _typed(submitted, HELP, LONGEST_HELP, allowed, today, wrong)
    note = _typed(submitted, NOTE, LONGEST_TEXT, allowed, today, wrong)
    obstacle = submitted.one(OBSTACLE)
    if obstacle is not None and obstacle not in list(Obstacle):
        wrong[OBSTACLE] = "Choose one of the list."
    if wrong:
        return wrong
    return Details(Obstacle(obstacle) if obstacle else None, help_from, note, bool(submitted.many(PRIVATE)))


def read_day(submitted: Submission, today: date) -> date | dict[str, str]:
    """The new date, or what is wrong with it."""
    chosen = submitted.one(DAY)
    try:
        day = date.fromisoformat(chosen) if chosen else None
    except ValueError:
        day = None  # no picker of Slack's gives such a day
    if day is None or day <= today:
        return {DAY: "Choose a day after today."}
    if day.year > today.year + LONGEST_MOVE:
        return {DAY: "Choose a day within the next five years."}
    return day


def _typed(
    submitted: Submission, block: str, longest: int, allowed: tuple[str, ...], today: date, wrong: dict[str, str]
) -> str | None:
    """What was typed in a field; None where it is empty, or looks like patient information, which goes to `wrong`."""
    typed = " ".join((submitted.one(block) or "").split())
    if not typed:
        return None
    if len(typed) > longest:
        wrong[block] = f"Use at most {longest} characters."
        return None
    if caught := catches(typed, allowed, today):
        wrong[block] = refusal(caught)
        return None
    return typed
