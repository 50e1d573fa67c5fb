"""The workspace's user groups, for the form: as they were a moment ago where Slack takes longer than a person can wait."""

import asyncio
from collections.abc import Callable

from bot.outcomes import CallFailed
from bot.web_api import WebApi

SOON = 1.0
"""Seconds: the form has to open within three."""
FRESH = 600.0
"""Seconds for which a list serves: usergroups.list may be asked twenty times a minute in a workspace."""

Groups = tuple[tuple[str, str], ...]
"""(id, handle), by handle."""


class UserGroups:
    def __init__(self, api: WebApi, team_id: Callable[[], str]) -> None:
        """`team_id` tells the workspace, "" while Slack has not said which it is."""
        self._api, self._team_id, self._clock = api, team_id, api.clock
        self._known: Groups = ()
        self._read_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def soon(self) -> Groups:
        """The groups; what was known before, perhaps nothing, where Slack does not tell them within a second."""
        if self._read_at is None or self._clock.monotonic() - self._read_at > FRESH:
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._read())
            await asyncio.wait([self._reading], timeout=SOON)
        return self._known

    async def _read(self) -> None:
        try:
            told = await self._api.ask("usergroups.list", "usergroups", team_id=self._team_id())
        except CallFailed:
            return  # the app may not read them, or Slack is slow: the form leaves the field out
        named = [(group["id"], group["handle"]) for group in told["usergroups"]]
        self._known = tuple(sorted(named, key=lambda group: group[1]))
        self._read_at = self._clock.monotonic()
