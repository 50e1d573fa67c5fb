"""Who is asked: channels, people and groups become a list of people, each once, and a count of those left out."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.insiders import Insiders, is_insider
from bot.outcomes import CallFailed, word_of
from bot.slack import Identity, Slack
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


def audience(
    roster: Roster,
    members: Iterable[tuple[Source, Sequence[str]]],
    *,
    guests_too: bool = False,
    one_id: Callable[[str], str] = str,
) -> Audience:
    """Those of `members` who can be asked. Somebody whom the roster doesn't know belongs to another organization.

    `one_id` gives the roster's id of a person whom Slack names by another.
    """
    asked: dict[str, str] = {}
    left_out: dict[str, LeftOut] = {}
    for source, person_ids in members:
        for named in person_ids:
            person_id = one_id(named)
            reason = roster.get(person_id, LeftOut.STRANGER)
            if reason is None or (guests_too and reason is LeftOut.GUEST):
                asked.setdefault(person_id, source.slack_id)
            else:
                left_out[person_id] = reason
    return Audience(tuple(asked.items()), Counter(left_out.values()))


def reason_left_out(member: Mapping[str, Any], us: Identity, teams: Iterable[str] = ()) -> LeftOut | None:
    """Why a member of users.list is not asked, or None. `teams` are our organization's workspaces, as far as we know them."""
    if member.get("is_bot") or member.get("id") == "USLACKBOT":
        return LeftOut.BOT
    if member.get("deleted"):
        return LeftOut.DEACTIVATED
    if not is_insider(member, us, teams):
        return LeftOut.STRANGER
    if member.get("is_restricted") or member.get("is_ultra_restricted"):
        return LeftOut.GUEST
    return None


@dataclass
class Directory:
    """Reads audiences from Slack, with the roster kept for a few minutes."""

    slack: Slack
    insiders: Insiders
    _roster: Roster = field(default_factory=dict)
    _zones: Mapping[str, str] = field(default_factory=dict)
    _read_at: datetime | None = None

    async def audience(
        self, sources: Iterable[Source], now: datetime, *, guests_too: bool = False
    ) -> Audience | Unreadable:
        """Who is asked. Waits where Slack asks us to; raises CallFailed where the roster itself can't be read."""
        members = []
        for source in sources:
            try:
                members.append((source, await self._members(source)))
            except CallFailed as failed:
                return Unreadable(source, word_of(failed.outcome))
        everyone = await self._everyone(now)
        found = audience(everyone, members, guests_too=guests_too, one_id=self.insiders.one_id)
        return replace(found, zones={one: self._zones[one] for one, _ in found.people if one in self._zones})

    async def _members(self, source: Source) -> Sequence[str]:
        match source.kind:
            case SourceKind.CHANNEL:
                pages = self.slack.api.pages("conversations.members", "members", channel=source.slack_id)
                return [person_id async for page in pages for person_id in page]
            case SourceKind.GROUP:
                team_id = (await self.slack.identity()).team_id
                asked = {"usergroup": source.slack_id, "team_id": team_id}
                told = await self.slack.api.ask("usergroups.users.list", "users", **asked)
                return list(told["users"])
            case SourceKind.PERSON:
                return [source.slack_id]

    async def _everyone(self, now: datetime) -> Roster:
        if self._read_at is None or not timedelta() <= now - self._read_at < FRESH:
            us = await self.slack.identity()
            pages = self.slack.api.pages("users.list", "members", team_id=us.team_id)
            members = [member async for page in pages for member in page]
            await self.insiders.learn(members)
            teams = self.insiders.teams
            self._roster = {member["id"]: reason_left_out(member, us, teams) for member in members}
            self._zones = {member["id"]: member["tz"] for member in members if member.get("tz")}
            self._read_at = now
        return self._roster
