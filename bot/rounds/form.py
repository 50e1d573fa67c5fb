"""What did the coordinator fill in? The form's choices as a value, checked, and small enough to travel with the review."""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.payloads import Submission, reads
from instrument.disclosure import MINIMUMS
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
NOBODY_CHOSEN = "Choose at least one channel, person or user group."
ADDRESS = re.compile(r"^https?://[^\s<>|]+$")
TOO_EARLY = "It closes at 09:00 on this day, and that has passed. Choose a later day."


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
        return datetime.combine(self.closes_on, CLOSES_AT, zone).astimezone(UTC)

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
    chosen = sources(submitted)
    wrong = {}
    if not chosen:
        wrong[CHANNELS] = NOBODY_CHOSEN
    closes_on = submitted.one(CLOSES_ON)
    if closes_on is None:
        wrong[CLOSES_ON] = "Choose the day on which it closes."
    results_channel = submitted.one(RESULTS)
    if results_channel is None:
        wrong[RESULTS] = "Choose the channel that gets the results."
    minimum = submitted.one(MINIMUM) or ""
    if not minimum.isdecimal() or int(minimum) not in MINIMUMS:
        wrong[MINIMUM] = "Choose a number from 5 to 20."
    staff = _whole(submitted, STAFF, 1, MOST_STAFF, "Type a whole number of people, or leave it empty.", wrong)
    target = _whole(submitted, TARGET, 1, 100, "Type a percentage from 1 to 100, or leave it empty.", wrong)
    remind = submitted.one(REMIND) or NEVER
    if remind != NEVER and remind not in map(str, CADENCES):
        wrong[REMIND] = "Choose one of the list."
    starts_at = _starting(submitted, zone, now, closes_on, wrong)
    announcement = (submitted.one(ANNOUNCEMENT) or "").strip() or None
    if announcement and not ADDRESS.match(announcement):
        wrong[ANNOUNCEMENT] = "Type a web address that begins with https:// or leave it empty."
    contacts = (submitted.one(CONTACTS) or "").strip() or None
    if wrong or closes_on is None or results_channel is None:
        return wrong
    also = submitted.many(ALSO)
    after_look = submitted.one(SHARE) == AFTER_LOOK
    terms = Terms(GUESTS in also, JOINERS in also, after_look, target, staff, announcement, contacts, starts_at)
    every = None if remind == NEVER else int(remind)
    form = Form(chosen, date.fromisoformat(closes_on), results_channel, int(minimum), every, terms)
    too_early = too_early_to_close(form, zone, now)
    return {CLOSES_ON: too_early} if too_early else form


def sources(submitted: Submission) -> tuple[Source, ...]:
    """Whom to ask, as the fields for it have it; perhaps nobody."""
    return (
        *(Source(SourceKind.CHANNEL, one) for one in submitted.many(CHANNELS)),
        *(Source(SourceKind.GROUP, one) for one in submitted.many(GROUPS)),
        *(Source(SourceKind.PERSON, one) for one in submitted.many(PEOPLE)),
    )


def closing(day: str | None, zone: ZoneInfo) -> datetime | None:
    """The instant of closing on a day that was chosen, UTC."""
    return datetime.combine(date.fromisoformat(day), CLOSES_AT, zone).astimezone(UTC) if day else None


def too_early_to_close(form: Form, zone: ZoneInfo, now: datetime) -> str | None:
    return TOO_EARLY if form.closes_at(zone) <= now else None


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
    submitted: Submission, zone: ZoneInfo, now: datetime, closes_on: str | None, wrong: dict[str, str]
) -> datetime | None:
    """When the invitations go out, UTC; None: at once."""
    day = submitted.one(STARTS_ON)
    starts_at = closing(day, zone)
    if starts_at is None or starts_at <= now:
        return None
    if closes_on and day and day >= closes_on:
        wrong[STARTS_ON] = "It has to start before the day on which it closes."
    return starts_at
