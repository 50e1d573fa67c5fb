"""Who is asked? Channels, people and user groups become a list of people, each once, and a count of those left out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack import Slack
from storage.rounds import Source, SourceKind

FRESH = timedelta(minutes=10)
"""How long a roster serves: Slack lets us read it in pages, few a minute."""


class LeftOut(StrEnum):
    """Why somebody of the audience is not asked."""

    BOT = "bot"
    DEACTIVATED = "deactivated account"
    GUEST = "guest"
    STRANGER = "person of another organization"

    def counted(self, number: int) -> str:
        """ "1 guest", "3 guests"."""
        if self is LeftOut.STRANGER:
            return "1 person of another organization" if number == 1 else f"{number:,} people of other organizations"
        return f"{number:,} {self.value}" + ("s" if number != 1 else "")


@dataclass(frozen=True)
class Audience:
    """`people` are (member id, id of the channel, group or person that brought them), each once, the first source first.

    `zones` are those that Slack tells of people, by member id.
    """

    people: tuple[tuple[str, str], ...]
    left_out: Mapping[LeftOut, int]
    zones: Mapping[str, str] = field(default_factory=dict)

    def from_source(self, source: Source) -> int:
        return sum(brought_by == source.slack_id for _, brought_by in self.people)


@dataclass(frozen=True)
class Unreadable:
    """Slack won't tell who is in `source`; `error` is its word."""

    source: Source
    error: str


Roster = Mapping[str, LeftOut | None]
"""Everyone in the workspace, by member id: why they are left out, or None where they can be asked."""


def audience(roster: Roster, members: Iterable[tuple[Source, Sequence[str]]], *, guests_too: bool = False) -> Audience:
    """Those of `members` who can be asked. Somebody whom the roster doesn't know belongs to another organization."""
    asked: dict[str, str] = {}
    left_out: dict[str, LeftOut] = {}
    for source, person_ids in members:
        for person_id in person_ids:
            reason = roster.get(person_id, LeftOut.STRANGER)
            if reason is None or (guests_too and reason is LeftOut.GUEST):
                asked.setdefault(person_id, source.slack_id)
            else:
                left_out[person_id] = reason
    return Audience(tuple(asked.items()), Counter(left_out.values()))


def reason_left_out(member: Mapping[str, Any], team_id: str) -> LeftOut | None:
    """Why a member of users.list is not asked, or None."""
    if member.get("is_bot") or member.get("id") == "USLACKBOT":
        return LeftOut.BOT
    if member.get("deleted"):
        return LeftOut.DEACTIVATED
    if member.get("is_stranger") or (member.get("team_id") or team_id) != team_id:
        return LeftOut.STRANGER
    if member.get("is_restricted") or member.get("is_ultra_restricted"):
        return LeftOut.GUEST
    return None


@dataclass
class Directory:
    """Reads audiences from Slack, with the roster kept for a few minutes."""

    slack: Slack
    _roster: Roster = field(default_factory=dict)
    _zones: Mapping[str, str] = field(default_factory=dict)
    _read_at: datetime | None = None

    async def audience(
        self, sources: Iterable[Source], now: datetime, *, guests_too: bool = False
    ) -> Audience | Unreadable:
        """Who is asked. Waits where Slack asks us to; raises SlackApiError where the roster itself can't be read."""
        members = []
        for source in sources:
            try:
                members.append((source, await self._members(source)))
            except SlackApiError as error:
                return Unreadable(source, str(error.response.get("error", "")))
        found = audience(await self._everyone(now), members, guests_too=guests_too)
        return replace(found, zones={one: self._zones[one] for one, _ in found.people if one in self._zones})

    async def _members(self, source: Source) -> Sequence[str]:
        match source.kind:
            case SourceKind.CHANNEL:
                pages = self.slack.pages("conversations.members", "members", channel=source.slack_id)
                return [person_id async for page in pages for person_id in page]
            case SourceKind.GROUP:
                told = await self.slack.ask("usergroups.users.list", usergroup=source.slack_id)
                return list(told["users"])
            case SourceKind.PERSON:
                return [source.slack_id]

    async def _everyone(self, now: datetime) -> Roster:
        if self._read_at is None or not timedelta() <= now - self._read_at < FRESH:
            team_id = (await self.slack.identity()).team_id
            pages = self.slack.pages("users.list", "members")
            members = [member async for page in pages for member in page]
            self._roster = {member["id"]: reason_left_out(member, team_id) for member in members}
            self._zones = {member["id"]: member["tz"] for member in members if member.get("tz")}
            self._read_at = now
        return self._roster
