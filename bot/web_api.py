"""Calls to Slack's Web API: one way in for all of them, with their limits kept, and every odd answer made a value."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.outcomes import NO_ANSWER, CallFailed, NotNow, outcome_of
from bot.pace import Paces

PAGE = 200
PATIENCE = 3
"""How often a listing is asked for again when Slack asks us to wait."""


class WebApi:
    """The Web API on one shared session. `granted` are the scopes that Slack says we have; None until it has said so."""

    def __init__(self, token: str, api_url: str, session: aiohttp.ClientSession, clock: Clock) -> None:
        # The default retry handler may post twice after a lost answer, hence none.
        self.client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])
        self.paces = Paces()
        self.granted: frozenset[str] | None = None
        self._told_at: datetime | None = None
        self.clock = clock

    async def call(self, method: str, *keys: str, **asked: Any) -> dict[str, Any]:
        """What Slack answered, with at least these `keys`. Raises CallFailed, and nothing else that Slack could cause."""
        try:
            told = await self.client.api_call(method, **asked)
        except Exception as error:
            outcome = outcome_of(error, method)
            self._listen(getattr(error, "response", None))
            if isinstance(outcome, NotNow) and outcome.by_limit:
                self.paces.of(method).refused(self.clock.monotonic(), outcome.seconds)
            raise CallFailed(outcome) from error
        self._listen(told)
        answer = told.data
        if not isinstance(answer, dict) or any(answer.get(key) is None for key in keys):
            raise CallFailed(NO_ANSWER)
        return answer

    async def in_turn(self, method: str, *keys: str, **asked: Any) -> dict[str, Any]:
        """The same, as soon as the method's limit allows one that nobody waits for. Raises CallFailed."""
        await self.turn(method)
        return await self.call(method, *keys, **asked)

    async def ask(self, method: str, *keys: str, **asked: Any) -> dict[str, Any]:
        """The answer to a question; waits where Slack asks us to. Raises CallFailed."""
        params = {name: value for name, value in asked.items() if value != ""}
        for _ in range(PATIENCE):
            try:
                return await self.in_turn(method, *keys, http_verb="GET", params=params)
            except CallFailed as failed:
                if not (isinstance(failed.outcome, NotNow) and failed.outcome.by_limit):
                    raise
        return await self.in_turn(method, *keys, http_verb="GET", params=params)

    async def pages(self, method: str, key: str, **asked: Any) -> AsyncIterator[list[Any]]:
        """The pages of a listing, `key` of each; waits where Slack asks us to. Raises CallFailed."""
        cursor = ""
        while True:
            told = await self.ask(method, key, limit=PAGE, cursor=cursor, **asked)
            yield told[key]
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def turn(self, method: str) -> None:
        """Returns when a call may go that nobody's press waits for."""
        pace = self.paces.of(method)
        at = pace.next_at(self.clock.monotonic())
        pace.went(at)
        await self.clock.until(at)

    async def time(self) -> datetime | None:
        """What time Slack says it is, just now, in an answer or a refusal; None where it can't be reached."""
        self._told_at = None
        with suppress(CallFailed):
            await self.call("auth.test")
        return self._told_at

    def may_go_at_once(self, method: str) -> bool:
        now = self.clock.monotonic()
        return self.paces.of(method).next_at(now) <= now

    def _listen(self, answer: object) -> None:
        """Slack says the time, and what was granted to us, with every answer of its own."""
        data, headers = getattr(answer, "data", None), getattr(answer, "headers", None)
        if not (isinstance(data, dict) and "ok" in data and isinstance(headers, Mapping)):
            return  # a proxy, or something else on the way
        if told := _instant(str(headers.get("Date", ""))):
            self._told_at = told
            self.clock.heard(told)
        scopes = headers.get("X-OAuth-Scopes")
        if scopes is not None:
            self.granted = frozenset(scope.strip() for scope in str(scopes).split(",") if scope.strip())


def _instant(date: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return told if told.tzinfo else None
