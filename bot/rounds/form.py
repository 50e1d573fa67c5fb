"""What a coordinator filled in: a value, checked, and small enough to travel with the review."""

import json
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.payloads import Submission, reads
from instrument.disclosure import MINIMUMS
from instrument.goals import Horizon, due_on
from storage.rounds import Source, SourceKind
from storage.terms import Terms

FORMAT = 2
LETTERS = {SourceKind.CHANNEL: "c", SourceKind.GROUP: "g", SourceKind.PERSON: "p"}
"""How a kind of source travels: a hundred people have to go into private_metadata."""
KINDS = {letter: kind for kind, letter in LETTERS.items()}

CLOSES_AT = time(9, 0)
"""A self-assessment closes at 09:00 on its day, in the organization's zone."""

CHANNELS, PEOPLE, GROUPS = "channels", "people", "groups"
CLOSES_ON, RESULTS, MINIMUM, REMIND, SHARE = "closes_on", "results", "minimum", "remind", "share"
ALSO, STAFF, TARGET = "also", "staff", "target"
STARTS_ON, ANNOUNCEMENT, CONTACTS = "starts_on", "announcement", "contacts"
GUESTS, JOINERS = "guests", "joiners"
AT_CLOSING, AFTER_LOOK, NEVER = "at_closing", "after_look", "never"
MOST_PEOPLE = 100
MOST_CHANNELS = 20
CADENCES = (2, 3, 4, 5, 7)
"""Days between two reminders."""
USUAL_CADENCE = 4
MOST_STAFF = 10_000_000
LONGEST_ADDRESS, LONGEST_CONTACTS = 200, 300
NO_NUMBER_OF_STAFF = "Type a whole number of people, or leave it empty."
NOBODY_CHOSEN = "Choose at least one channel, person or user group."
ADDRESS = re.compile(r"^https?://[^\s<>|]+$")
NO_DAY = "Choose the day on which it closes."
TOO_EARLY = "It closes at 09:00 on this day, and that has passed. Choose a later day."
TOO_FAR = "Choose a day within the next twelve months."
STARTS_TOO_EARLY = (
    "It starts at 09:00 on this day, and that has passed. Choose a later day, or leave it empty to start right away."
)
STARTS_TOO_LATE = "It has to start before the day on which it closes."
CLOSES_BEFORE_START = "The invitations have not gone out by then. Choose a day after the one on which it starts."
STARTED_MEANWHILE = (
    "The start that you chose has passed while this window was open. Type /hta-round and choose another."
)


@dataclass(frozen=True)
class Form:
    sources: tuple[Source, ...]
    closes_on: date
    results_channel: str
    minimum: int
    remind_every_days: int | None = None
    terms: Terms = field(default_factory=Terms)

    def closes_at(self, zone: ZoneInfo) -> datetime:
        """The instant of closing, UTC."""
        return nine_on(self.closes_on, zone)

    def packed(self) -> str:
        """The form as private_metadata, well under Slack's 3,000 characters."""
        sources = [f"{LETTERS[source.kind]}{source.slack_id}" for source in self.sources]
        chosen = [self.closes_on.isoformat(), self.results_channel, self.minimum, self.remind_every_days]
        terms = {name: chosen for name, chosen in asdict(self.terms).items() if chosen}
        packed = [FORMAT, sources, chosen, terms]
        return json.dumps(packed, default=datetime.isoformat, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    @reads
    def unpacked(cls, metadata: str) -> "Form":
        """The form that was packed. Raises payloads.Unreadable."""
        version, sources, chosen, terms = json.loads(metadata)
        if version != FORMAT:
            raise ValueError("a form of another version")
        closes_on, results_channel, minimum, remind = chosen
        if "starts_at" in terms:
            terms["starts_at"] = datetime.fromisoformat(terms["starts_at"])
        return cls(
            tuple(Source(KINDS[source[0]], source[1:]) for source in sources),
            date.fromisoformat(closes_on),
            results_channel,
            int(minimum),
            remind,
            Terms(**terms),
        )


def read(submitted: Submission, zone: ZoneInfo, now: datetime) -> Form | dict[str, str]:
    """The form, or what is wrong with it by block_id."""
    wrong: dict[str, str] = {}
    chosen = sources(submitted)
    if not chosen:
        wrong[CHANNELS] = NOBODY_CHOSEN
    closes_on = day_of(submitted.one(CLOSES_ON))
    fault = closing_fault(closes_on, zone, now) if closes_on else NO_DAY
    if fault:
        wrong[CLOSES_ON] = fault
    results_channel = submitted.one(RESULTS)
    if results_channel is None:
        wrong[RESULTS] = "Choose the channel that gets the results."
    minimum = submitted.one(MINIMUM) or ""
    if not minimum.isdecimal() or int(minimum) not in MINIMUMS:
        wrong[MINIMUM] = "Choose a number from 5 to 20."
    remind = submitted.one(REMIND) or NEVER
    if remind != NEVER and remind not in map(str, CADENCES):
        wrong[REMIND] = "Choose one of the list."
    terms = _terms(submitted, zone, now, closes_on, wrong)
    if wrong or closes_on is None or results_channel is None:
        return wrong
    every = None if remind == NEVER else int(remind)
    return Form(chosen, closes_on, results_channel, int(minimum), every, terms)


def sources(submitted: Submission) -> tuple[Source, ...]:
    """Whom to ask, as the fields for it have it; perhaps nobody."""
    return (
        *(Source(SourceKind.CHANNEL, one) for one in submitted.many(CHANNELS)),
        *(Source(SourceKind.GROUP, one) for one in submitted.many(GROUPS)),
        *(Source(SourceKind.PERSON, one) for one in submitted.many(PEOPLE)),
    )


@reads
def day_of(chosen: str | None) -> date | None:
    """The day in a date field; None: it is empty. Raises payloads.Unreadable."""
    return date.fromisoformat(chosen) if chosen else None


def nine_on(day: date, zone: ZoneInfo) -> datetime:
    """When it starts or closes on that day, UTC."""
    return datetime.combine(day, CLOSES_AT, zone).astimezone(UTC)


def closing_fault(day: date, zone: ZoneInfo, now: datetime) -> str | None:
    """Why it can't close on that day, or None. A plan is a year (METHODS, 6), so nobody means a later day."""
    if _has_passed(day, zone, now):
        return TOO_EARLY
    return TOO_FAR if day > _a_year_on(zone, now) else None


def moving_fault(day: date | None, starts_at: datetime | None, zone: ZoneInfo, now: datetime) -> str | None:
    """Why the closing can't move to that day, or None. starts_at: when the invitations go out, where a day was chosen."""
    if day is None:
        return NO_DAY
    is_before_start = starts_at is not None and now < starts_at and day <= starts_at.astimezone(zone).date()
    return closing_fault(day, zone, now) or (CLOSES_BEFORE_START if is_before_start else None)


def outdated(form: Form, zone: ZoneInfo, now: datetime) -> str | None:
    """Why a form that was fine when it was filled in can't be started any more, or None."""
    starts_at = form.terms.starts_at
    if starts_at and starts_at <= now:
        return STARTED_MEANWHILE
    return closing_fault(form.closes_on, zone, now)


def corrected(form: Form, submitted: Submission) -> Form | dict[str, str]:
    """The form with the number of staff that a review asked for once more, where it did; or what is wrong with it."""
    if STAFF not in submitted.chosen:
        return form
    wrong: dict[str, str] = {}
    number = _whole(submitted, STAFF, 1, MOST_STAFF, NO_NUMBER_OF_STAFF, wrong)
    return wrong or replace(form, terms=replace(form.terms, staff_count=number))


def _has_passed(day: date, zone: ZoneInfo, now: datetime) -> bool:
    # Days first: of the first and last of all years no instant can be made.
    today = now.astimezone(zone).date()
    return day < today or (day == today and nine_on(day, zone) <= now)


def _a_year_on(zone: ZoneInfo, now: datetime) -> date:
    return due_on(now.astimezone(zone).date(), Horizon.YEAR_1)


def _terms(
    submitted: Submission, zone: ZoneInfo, now: datetime, closes_on: date | None, wrong: dict[str, str]
) -> Terms:
    """What else was agreed on; what is wrong with it goes to `wrong`."""
    announcement = (submitted.one(ANNOUNCEMENT) or "").strip() or None
    if announcement and not ADDRESS.match(announcement):
        wrong[ANNOUNCEMENT] = "Type a web address that begins with https:// or leave it empty."
    also = submitted.many(ALSO)
    return Terms(
        guests_too=GUESTS in also,
        joiners_too=JOINERS in also,
        after_look=submitted.one(SHARE) == AFTER_LOOK,
        target_percent=_whole(submitted, TARGET, 1, 100, "Type a percentage from 1 to 100, or leave it empty.", wrong),
        staff_count=_whole(submitted, STAFF, 1, MOST_STAFF, NO_NUMBER_OF_STAFF, wrong),
        announcement=announcement,
        contacts=(submitted.one(CONTACTS) or "").strip() or None,
        starts_at=_starting(submitted, zone, now, closes_on, wrong),
    )


def _whole(
    submitted: Submission, block: str, least: int, most: int, complaint: str, wrong: dict[str, str]
) -> int | None:
    """The whole number in a field, or None where it is empty; what is none of these goes to `wrong`."""
    typed = (submitted.one(block) or "").strip().replace(",", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and least <= int(typed) <= most):
        wrong[block] = complaint
        return None
    return int(typed)


def _starting(
    submitted: Submission, zone: ZoneInfo, now: datetime, closes_on: date | None, wrong: dict[str, str]
) -> datetime | None:
    """When the invitations go out, UTC; None: at once."""
    day = day_of(submitted.one(STARTS_ON))
    if day is None:
        return None
    if _has_passed(day, zone, now):
        wrong[STARTS_ON] = STARTS_TOO_EARLY
    elif day > _a_year_on(zone, now):
        wrong[STARTS_ON] = TOO_FAR
    elif closes_on and day >= closes_on:
        wrong[STARTS_ON] = STARTS_TOO_LATE
    return None if STARTS_ON in wrong else nine_on(day, zone)
