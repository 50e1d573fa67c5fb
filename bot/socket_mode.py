"""Hears Slack by a socket that the bot opens itself, so that it needs no address of its own."""

import asyncio
import logging
from contextlib import suppress

from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler

from bot.app import Bot
from bot.outcomes import CallFailed, NotNow, Refused, word_of
from bot.problems import app_token_refused
from bot.refusals import CONNECT, TOKEN, About

log = logging.getLogger(__name__)

RETRY, LONGEST_RETRY = 0.5, 60.0
"""Seconds until Slack's socket is tried again: twice as long each time."""
CONNECT_WITHIN = 15.0
CLOSE_WITHIN = 3.0


class Socket:
    """One socket to Slack, that is opened again whenever it is lost."""

    def __init__(self, bot: Bot, app_token: str) -> None:
        self._bot, self._token = bot, app_token
        self._handler = AsyncSocketModeHandler(bot.bolt, app_token)

    async def connect(self, stop: asyncio.Event) -> None:
        """Connects as soon as Slack lets us, or returns once `stop` is set. Raises CannotRun."""
        wait = RETRY
        while not stop.is_set():
            trouble = await self._connected()
            if trouble is None:
                return
            log.warning("Slack's socket can't be opened yet; the bot goes on trying", extra={"error": trouble})
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(2 * wait, LONGEST_RETRY)

    async def is_connected(self) -> bool:
        return bool(await self._handler.client.is_connected())

    async def close(self) -> None:
        """Hears nothing more."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._handler.close_async(), CLOSE_WITHIN)  # type: ignore[no-untyped-call]

    async def _connected(self) -> str | None:
        """None: it is open; else why not, in a word. Raises CannotRun."""
        client = self._handler.client
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                # With a new address each time: one is good for one socket.
                told = await self._bot.context.slack.api.call(CONNECT, "url", params={"token": self._token})
                client.wss_uri = told["url"]
                await client.connect()  # type: ignore[no-untyped-call]
        except CallFailed as failed:
            match failed.outcome:
                case Refused(error, About.APP) if error in TOKEN or error == "missing_scope":
                    raise app_token_refused(error) from None
                case Refused() | NotNow():
                    return word_of(failed.outcome)
        except Exception as error:  # whatever the way to Slack comes up with
            return type(error).__name__
        return None
