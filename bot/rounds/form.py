"""What did the coordinator fill in? The form's choices as a value, checked, and small enough to travel with the review."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.payloads import Submission, reads
from storage.rounds import Source, SourceKind

CLOSES_AT = time(9, 0)
"""A self-assessment closes at 09:00 on its day, in the organization's zone."""

CHANNELS, PEOPLE, GROUPS = "channels", "people", "groups"
CLOSES_ON, RESULTS, MINIMUM, REMIND, SHARE = "closes_on", "results", "minimum", "remind", "share"
MOST_PEOPLE = 100
MOST_CHANNELS = 20
MINIMUMS = range(5, 21)


@dataclass(frozen=True)
class Form:
    sources: tuple[Source, ...]
    closes_on: date
    results_channel: str
    minimum: int

    def closes_at(self, zone: ZoneInfo) -> datetime:
        """The instant of closing, UTC."""
        return datetime.combine(self.closes_on, CLOSES_AT, zone).astimezone(UTC)

    def packed(self) -> str:
        """The form as private_metadata, well under Slack's 3,000 characters."""
        sources = [f"{source.kind.value}:{source.slack_id}" for source in self.sources]
        return json.dumps([1, sources, self.closes_on.isoformat(), self.results_channel, self.minimum])

    @classmethod
    @reads
    def unpacked(cls, metadata: str) -> "Form":
        """The form that was packed. Raises payloads.Unreadable."""
        _, sources, closes_on, results_channel, minimum = json.loads(metadata)
        parts = [source.split(":") for source in sources]
        return cls(
            tuple(Source(SourceKind(kind), slack_id) for kind, slack_id in parts),
            date.fromisoformat(closes_on),
            results_channel,
            int(minimum),
        )


def read(submitted: Submission, zone: ZoneInfo, now: datetime) -> Form | dict[str, str]:
    """The form, or what is wrong with it by block_id."""
    sources = (
        *(Source(SourceKind.CHANNEL, one) for one in submitted.many(CHANNELS)),
        *(Source(SourceKind.GROUP, one) for one in submitted.many(GROUPS)),
        *(Source(SourceKind.PERSON, one) for one in submitted.many(PEOPLE)),
    )
    wrong = {}
    if not sources:
        wrong[CHANNELS] = "Choose at least one channel, person or user group."
    closes_on = submitted.one(CLOSES_ON)
    if closes_on is None:
        wrong[CLOSES_ON] = "Choose the day on which it closes."
    results_channel = submitted.one(RESULTS)
    if results_channel is None:
        wrong[RESULTS] = "Choose the channel that gets the results."
    minimum = submitted.one(MINIMUM) or ""
    if not minimum.isdecimal() or int(minimum) not in MINIMUMS:
        wrong[MINIMUM] = "Choose a number from 5 to 20."
    if wrong or closes_on is None or results_channel is None:
        return wrong
    form = Form(sources, date.fromisoformat(closes_on), results_channel, int(minimum))
    too_early = too_early_to_close(form, zone, now)
    return {CLOSES_ON: too_early} if too_early else form


def too_early_to_close(form: Form, zone: ZoneInfo, now: datetime) -> str | None:
    if form.closes_at(zone) <= now:
        return "It closes at 09:00 on this day, and that has passed. Choose a later day."
    return None
