"""Who somebody is: one person under any of their ids, and whether they belong to our workspace or its organization.

On Enterprise Grid a payload's `user.team_id` is any one workspace of the person, the organization, or missing, and ids are
U... or W... (bolt-js#1875, lookerbot#184). So each payload is read here first, and leaves with our workspace and the id of our
roster; who belongs to another organization keeps the team that was named, and is a stranger everywhere.
"""

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from bot.outcomes import CallFailed
from bot.slack import Identity, Slack
from storage import aliases
from storage.database import Database

Payload = dict[str, Any]
Member = Mapping[str, Any]

SOON = 1.0
"""Seconds that Slack may take to tell of somebody whom we don't know: a press has to be acknowledged in three."""
REMEMBERED = 600.0
"""Seconds for which it counts that somebody is a stranger."""
LOOK_AGAIN = 60.0
"""Seconds until the stored ids are read again: another process may have learned some."""
NOBODY = "of nobody we know"


def is_insider(member: Member, us: Identity, teams: Iterable[str] = ()) -> bool:
    """Whether a profile of Slack's is one of ours. `teams` are workspaces that are known to be our organization's."""
    if member.get("is_stranger"):
        return False
    organization = member.get("enterprise_user") or {}
    if us.enterprise_id and organization.get("enterprise_id"):
        return bool(organization["enterprise_id"] == us.enterprise_id)
    return member.get("team_id") in (None, us.team_id, us.enterprise_id, *teams)


class Insiders:
    """What we know of our organization's workspaces, and of people's ids."""

    def __init__(self, slack: Slack, database: Database) -> None:
        self._slack, self._database = slack, database
        self._teams: set[str] = set()
        self._strangers: dict[str, float] = {}
        self._ids: dict[str, str] = {}
        self._read_at: float | None = None

    @property
    def teams(self) -> frozenset[str]:
        """Workspaces that are known to be our organization's."""
        return frozenset(self._teams)

    def one_id(self, person_id: str) -> str:
        """The id by which our roster knows the person."""
        return self._ids.get(person_id, person_id)

    async def learn(self, members: Iterable[Member]) -> None:
        """What profiles tell of workspaces and ids."""
        us = await self._slack.identity()
        if us.enterprise_id is None:
            return
        found = {}
        for member in members:
            organization = member.get("enterprise_user") or {}
            if organization.get("enterprise_id") != us.enterprise_id:
                continue
            self._teams.update(organization.get("teams") or ())
            if organization.get("id") not in (None, member["id"]):
                found[organization["id"]] = member["id"]
        if new := {alias: one for alias, one in found.items() if self._ids.get(alias) != one}:
            self._ids |= new
            await self._database.write(partial(aliases.keep, team_id=us.team_id, ids=new))

    async def settle(self, body: Payload) -> None:
        """Makes a payload name our workspace, and people by the ids of our roster.

        Raises CallFailed where Slack has never told who we are.
        """
        us = await self._slack.identity()
        if us.enterprise_id is not None:
            await self._read_ids(us)
            _rename(body, self.one_id)
        user = body.get("user")
        if isinstance(user, dict) and isinstance(user.get("id"), str):
            team = body.get("team") if isinstance(body.get("team"), dict) else {}
            home = user.get("team_id")
            if home != us.team_id or not team or team.get("id") != us.team_id:
                user["team_id"] = us.team_id if await self._belongs(us, user["id"], home) else home or NOBODY
                body["team"] = {**(team or {}), "id": us.team_id}
        elif "team_id" in body or "event" in body or "command" in body:
            body["team_id"] = us.team_id

    async def _belongs(self, us: Identity, person_id: str, home: str | None) -> bool:
        if home == us.team_id or (home is None and us.enterprise_id is None):
            return True
        if us.enterprise_id is None:
            return False
        if home == us.enterprise_id or home in self._teams:
            return True
        now = self._slack.api.clock.monotonic()
        if self._strangers.get(person_id, now) > now:
            return False
        return await self._ask(us, person_id, now)

    async def _ask(self, us: Identity, person_id: str, now: float) -> bool:
        """What the person's profile says. Where Slack does not tell in time they count as strangers, for this once."""
        try:
            async with asyncio.timeout(SOON):
                told = await self._slack.api.call("users.info", "user", http_verb="GET", params={"user": person_id})
        except (CallFailed, TimeoutError):
            return False
        await self.learn([told["user"]])
        belongs = is_insider(told["user"], us, self._teams)
        if not belongs:
            self._strangers[person_id] = now + REMEMBERED
        return belongs

    async def _read_ids(self, us: Identity) -> None:
        now = self._slack.api.clock.monotonic()
        if self._read_at is None or now - self._read_at > LOOK_AGAIN:
            self._read_at = now
            self._ids |= await self._database.read(partial(aliases.of, team_id=us.team_id))


def _rename(body: Payload, one_id: Any) -> None:
    """People by one id each: who acted, and whom they chose."""
    for place in (body.get("user"), body.get("event")):
        if isinstance(place, dict):
            for name in ("id", "user"):
                if isinstance(place.get(name), str):
                    place[name] = one_id(place[name])
    if isinstance(body.get("user_id"), str):
        body["user_id"] = one_id(body["user_id"])
    view = body.get("view")
    values = ((view or {}).get("state") or {}).get("values") if isinstance(view, dict) else None
    for states in (values or {}).values() if isinstance(values, dict) else ():
        for state in states.values() if isinstance(states, dict) else ():
            if isinstance(state, dict) and isinstance(state.get("selected_user"), str):
                state["selected_user"] = one_id(state["selected_user"])
            if isinstance(state, dict) and isinstance(state.get("selected_users"), list):
                state["selected_users"] = [one_id(one) for one in state["selected_users"]]
