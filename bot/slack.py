"""How do we speak to Slack? The calls that we make; what came of them is in outcomes.py."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import aiohttp
import orjson
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import Message, Upload, View
from bot.clock import Clock
from bot.outcomes import (
    NO_ANSWER,
    UNREACHABLE,
    NotNow,
    Outcome,
    Posted,
    Refused,
    Uploaded,
    UploadOutcome,
    outcome_of,
    retry_after,
)
from bot.pace import POSTING, Pace, Paces

UPLOAD_TAKES = 30.0
"""Seconds for the three calls of an upload together; as many as the session gives any other call."""
PAGE = 200
PATIENCE = 3
"""How often a message that a person waits for is tried again when Slack asks us to wait."""
SOON = 5.0
"""Seconds that a person is let to wait for it; beyond that she gets a button that leads on."""

What = TypeVar("What")


@dataclass(frozen=True)
class Identity:
    """Who we are, as auth.test says."""

    team_id: str
    bot_user_id: str
    bot_id: str
    name: str


class Slack:
    """Our side of the Web API, on one shared session. Nothing here is called inside a transaction."""

    def __init__(
        self,
        token: str,
        api_url: str,
        session: aiohttp.ClientSession,
        clock: Clock,
    ) -> None:
        # The default retry handler may post twice after a lost answer, hence none.
        self.client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])
        self._session = session
        self._clock = clock
        self._paces = Paces()
        self._identity: Identity | None = None

    async def identity(self) -> Identity:
        """Who we are, asked until Slack has told us. Raises SlackApiError where the token is wrong."""
        if self._identity is None:
            told = await self.client.auth_test()
            self._identity = Identity(told["team_id"], told["user_id"], told.get("bot_id", ""), told.get("user", ""))
        return self._identity

    async def greet(self) -> Identity | NotNow | Refused:
        """Who we are, or why Slack does not say."""
        try:
            return await self.identity()
        except SlackApiError as error:
            return outcome_of(error)
        except UNREACHABLE:
            return NO_ANSWER

    @property
    def posting(self) -> Pace:
        """How fast messages that nobody waits for may go out. One that a press brought goes at once; where Slack refuses
        that, these wait, too."""
        return self._paces.of(POSTING)

    async def post(self, channel_id: str, message: Message) -> Outcome:
        """Posts `message` to a channel, or to a person by their member id. Links unfurl nothing."""
        return await self._outcome(
            POSTING,
            channel=channel_id,
            **message.payload(),
            unfurl_links=False,
            unfurl_media=False,
        )

    async def reply(self, channel_id: str, ts: str, message: Message) -> Outcome:
        """Posts `message` in the thread of one of ours. It shows there only, and notifies those who follow it."""
        return await self._outcome("chat.postMessage", channel=channel_id, thread_ts=ts, **message.payload())

    async def update(self, channel_id: str, ts: str, message: Message) -> Outcome:
        """Shows `message` in place of one of ours."""
        await self._turn("chat.update")
        return await self._outcome("chat.update", channel=channel_id, ts=ts, **message.payload())

    async def post_now(self, channel_id: str, message: Message) -> Outcome:
        """Posts what a person waits for: waits where Slack asks for a moment, a few times."""
        return await self._soon(partial(self.post, channel_id, message))

    async def post_for(self, person_id: str, message: Message) -> bool:
        """Posts what a person waits for to her messages; False where Slack won't."""
        return isinstance(await self.post_now(person_id, message), Posted)

    async def upload(self, channel_id: str, upload: Upload) -> UploadOutcome:
        """Shares a file in a channel, or in a person's messages by the D... id that `post` answered.

        An address is asked for, the bytes go there, and the last of the three calls shares the file. What fails before that
        one was shown to nobody; each call is made once, so that nothing is shared twice.
        """
        try:
            async with asyncio.timeout(UPLOAD_TAKES):
                return await self._shared(channel_id, upload)
        except SlackApiError as error:
            return outcome_of(error)
        except UNREACHABLE:
            return NO_ANSWER

    async def _shared(self, channel_id: str, upload: Upload) -> UploadOutcome:
        """Raises SlackApiError, and one of UNREACHABLE."""
        announced = {"filename": upload.name, "length": len(upload.content), "alt_txt": upload.alt_text}
        told = await self.client.api_call("files.getUploadURLExternal", data=announced)
        if failed := await self._send(told["upload_url"], upload.content):
            return failed
        files = orjson.dumps([{"id": told["file_id"], "title": upload.title}]).decode()
        shared = {"files": files, "channel_id": channel_id, "initial_comment": upload.comment}
        await self.client.api_call("files.completeUploadExternal", data=shared)
        return Uploaded(told["file_id"])

    async def upload_now(self, channel_id: str, upload: Upload) -> UploadOutcome:
        """Shares what a person waits for: waits where Slack asks for a moment, a few times."""
        return await self._soon(partial(self.upload, channel_id, upload))

    async def bring(self, person_id: str, message: Message, uploads: Iterable[Upload]) -> bool:
        """Posts `message` to a person, and shares files under it; False where Slack won't, or can't be reached.

        The message's answer tells the conversation's id: files go to no member id, and asking for it needs a scope more.
        """
        outcome = await self.post_now(person_id, message)
        if not isinstance(outcome, Posted):
            return False
        shared = [await self.upload_now(outcome.channel_id, upload) for upload in uploads]
        return all(isinstance(one, Uploaded) for one in shared)

    async def edit(self, response_url: str | None, place: tuple[str, str] | None, message: Message) -> None:
        """Shows `message` in place of the one that was pressed.

        By the response_url, which no rate limits; where that fails, by one chat.update at `place` (channel, ts); then it
        is left: the message shows the old state, and pressing it again shows the true one.
        """
        if response_url and await self._respond(response_url, {"replace_original": True, **message.payload()}):
            return
        if place:
            await self.update(*place, message)

    async def whisper(self, response_url: str, message: Message) -> None:
        """Shows `message` to the one person who pressed or typed, and leaves what was there."""
        body = {"response_type": "ephemeral", "replace_original": False, **message.payload()}
        await self._respond(response_url, body)

    async def open_modal(self, trigger_id: str, view: View) -> None:
        await self.client.views_open(trigger_id=trigger_id, view=view)

    async def update_modal(self, view_id: str, view: View) -> None:
        await self.client.views_update(view_id=view_id, view=view)

    async def member(self, person_id: str, *, at_once: bool = False) -> dict[str, Any] | None:
        """What Slack knows of a person; None where it does not say, or may not be asked `at_once`."""
        now = self._clock.now()
        if at_once and self._paces.of("users.info").next_at(now) > now:
            return None
        await self._turn("users.info")
        try:
            told = await self.client.api_call("users.info", http_verb="GET", params={"user": person_id})
        except (SlackApiError, *UNREACHABLE):
            return None
        return told["user"]  # type: ignore[no-any-return]

    async def publish_home(self, person_id: str, view: View) -> None:
        await self._turn("views.publish")
        await self.client.views_publish(user_id=person_id, view=view)

    async def pages(self, method: str, key: str, **asked: Any) -> AsyncIterator[list[Any]]:
        """The pages of a listing, `key` of each; waits where Slack asks us to. Raises SlackApiError."""
        cursor = ""
        while True:
            told = await self._patiently(method, limit=PAGE, cursor=cursor, **asked)
            yield told[key]
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def ask(self, method: str, **asked: Any) -> dict[str, Any]:
        """One answer of Slack's; waits where Slack asks us to. Raises SlackApiError."""
        return await self._patiently(method, **asked)

    async def _patiently(self, method: str, **asked: Any) -> dict[str, Any]:
        asked = {name: value for name, value in asked.items() if value != ""}
        for _ in range(PATIENCE):
            await self._turn(method)
            try:
                told = await self.client.api_call(method, http_verb="GET", params=asked)
                return told.data  # type: ignore[return-value]
            except SlackApiError as error:
                if error.response.status_code != 429:
                    raise
                self._paces.of(method).refused(self._clock.now(), retry_after(error))
        await self._turn(method)
        told = await self.client.api_call(method, http_verb="GET", params=asked)
        return told.data  # type: ignore[return-value]

    async def _send(self, upload_url: str, content: bytes) -> NotNow | Refused | None:
        """Sends a file's bytes to where Slack wants them; None: they have come. Raises one of UNREACHABLE."""
        headers = {"Content-Type": "application/octet-stream"}
        async with self._session.post(upload_url, data=content, headers=headers) as answer:
            if answer.status == 429:
                return NotNow(float(answer.headers.get("Retry-After", 1)), by_limit=True)
            if answer.status >= 500:
                return NO_ANSWER
            return None if answer.status == 200 else Refused("upload_refused")

    async def _soon(self, call: Callable[[], Awaitable[What | NotNow]]) -> What | NotNow:
        """What came of a call that a person waits for, once it needs no short wait any more."""
        for _ in range(PATIENCE):
            outcome = await call()
            if not isinstance(outcome, NotNow) or outcome.seconds > SOON:
                return outcome
            await self._clock.sleep(outcome.seconds)
        return await call()

    async def _turn(self, method: str) -> None:
        """Returns when a call may go that nobody's press waits for."""
        pace = self._paces.of(method)
        at = pace.next_at(self._clock.now())
        pace.went(at)
        await self._clock.until(at)

    async def _outcome(self, method: str, **asked: Any) -> Outcome:
        try:
            told = await self.client.api_call(method, json=asked)
        except SlackApiError as error:
            outcome = outcome_of(error)
            if isinstance(outcome, NotNow) and outcome.by_limit:
                self._paces.of(method).refused(self._clock.now(), outcome.seconds)
            return outcome
        except UNREACHABLE:
            return NO_ANSWER
        return Posted(told["channel"], told["ts"])

    async def _respond(self, response_url: str, body: dict[str, Any]) -> bool:
        for _ in range(PATIENCE):
            try:
                async with self._session.post(
                    response_url, data=orjson.dumps(body), headers={"Content-Type": "application/json; charset=utf-8"}
                ) as answer:
                    if answer.status != 429:
                        return answer.status == 200
                    seconds = float(answer.headers.get("Retry-After", 1))
            except (aiohttp.ClientError, TimeoutError):
                return False
            await self._clock.sleep(seconds)
        return False
