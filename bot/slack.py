"""What the bot does in Slack: posts, edits, shares files, opens modals. What came of it is a value of outcomes.py."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import aiohttp
import orjson

from bot.blocks import Message, Upload, View
from bot.clock import Clock
from bot.outcomes import (
    NO_ANSWER,
    UNREACHABLE,
    CallFailed,
    NotNow,
    Outcome,
    Posted,
    Refused,
    Uploaded,
    UploadOutcome,
    retry_after,
    word_of,
)
from bot.pace import POSTING, Pace
from bot.refusals import About
from bot.user_groups import UserGroups
from bot.web_api import WebApi

log = logging.getLogger(__name__)

UPLOAD_TAKES = 30.0
"""Seconds for the three calls of an upload together; as many as the session gives any other call."""
PATIENCE = 3
"""How often a message that a person waits for is tried again when Slack asks us to wait."""
SOON = 5.0
"""Seconds that a person is let to wait for it; beyond that she gets a button that leads on."""
BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long"})
"""Words for blocks that Slack does not show; invalid_attachments is the one for a second table."""

What = TypeVar("What")


@dataclass(frozen=True)
class Identity:
    """Who we are, as auth.test says. `enterprise_id` is the organization's, on Enterprise Grid; else None."""

    team_id: str
    bot_user_id: str
    bot_id: str
    name: str
    enterprise_id: str | None = None


class Slack:
    """Our side of Slack, on one shared session. Nothing here is called inside a transaction."""

    def __init__(self, token: str, api_url: str, session: aiohttp.ClientSession, clock: Clock) -> None:
        self.api = WebApi(token, api_url, session, clock)
        self.groups = UserGroups(self.api, lambda: self._identity.team_id if self._identity else "")
        self._session = session
        self._clock = clock
        self._identity: Identity | None = None

    async def identity(self) -> Identity:
        """Who we are, as Slack last told. Raises CallFailed where it never has."""
        return self._identity or await self._ask_who_we_are()

    async def greet(self) -> Identity | NotNow | Refused:
        """Who we are as Slack says now, or why it does not say."""
        try:
            return await self._ask_who_we_are()
        except CallFailed as failed:
            return failed.outcome

    @property
    def posting(self) -> Pace:
        """How fast messages that nobody waits for may go out. One that a press brought goes at once; where Slack refuses
        that, these wait, too."""
        return self.api.paces.of(POSTING)

    # Messages.

    async def post(self, channel_id: str, message: Message) -> Outcome:
        """Posts `message` to a channel, or to a person by their member id. Links unfurl nothing."""
        outcome = await self._post(channel_id, message)
        if is_about_blocks(outcome) and message.has_table:
            log.warning("Slack takes no table; the message goes without it", extra={"error": "invalid_blocks"})
            return await self._post(channel_id, message.without_tables())
        return outcome

    async def reply(self, channel_id: str, ts: str, message: Message) -> Outcome:
        """Posts `message` in the thread of one of ours. It shows there only, and notifies those who follow it."""
        return await self._outcome(POSTING, channel=channel_id, thread_ts=ts, **message.payload())

    async def update(self, channel_id: str, ts: str, message: Message) -> Outcome:
        """Shows `message` in place of one of ours."""
        await self.api.turn("chat.update")
        return await self._outcome("chat.update", channel=channel_id, ts=ts, **message.payload())

    async def post_now(self, channel_id: str, message: Message) -> Outcome:
        """Posts what a person waits for: waits where Slack asks for a moment, a few times."""
        return await self._soon(partial(self.post, channel_id, message))

    async def post_for(self, person_id: str, message: Message) -> bool:
        """Posts what a person waits for to her messages; False where Slack won't."""
        return isinstance(await self.post_now(person_id, message), Posted)

    # Answers to a press or a command.

    async def edit(self, response_url: str | None, place: tuple[str, str] | None, message: Message) -> None:
        """Shows `message` in place of the one that was pressed.

        By the response_url, which no rate limits; where that fails, by one chat.update at `place` (channel, ts); then it
        is left: the message shows the old state, and pressing it again shows the true one.
        """
        if response_url and await self._respond(response_url, {"replace_original": True}, message):
            return
        if place:
            await self.update(*place, message)

    async def whisper(self, response_url: str, message: Message) -> bool:
        """Shows `message` to the one person who pressed or typed, and leaves what was there; False where Slack won't."""
        return await self._respond(response_url, {"response_type": "ephemeral", "replace_original": False}, message)

    # Files.

    async def upload(self, channel_id: str, upload: Upload) -> UploadOutcome:
        """Shares a file in a channel, or in a person's messages by the D... id that `post` answered.

        An address is asked for, the bytes go there, and the last of the three calls shares the file. What fails before that
        one was shown to nobody; each call is made once, so that nothing is shared twice.
        """
        try:
            async with asyncio.timeout(UPLOAD_TAKES):
                return await self._shared(channel_id, upload)
        except CallFailed as failed:
            return failed.outcome
        except UNREACHABLE:
            return NO_ANSWER

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

    # Modals and Home.

    async def open_modal(self, trigger_id: str, view: View) -> str | None:
        """None: it is open; else the reason in a word. The trigger lives three seconds."""
        return await self._shown("views.open", trigger_id=trigger_id, view=view)

    async def update_modal(self, view_id: str, view: View) -> str | None:
        """None: it shows; else the reason in a word. Whoever closed it meanwhile sees nothing."""
        return await self._shown("views.update", view_id=view_id, view=view)

    async def publish_home(self, person_id: str, view: View) -> str | None:
        """None: it shows; else the reason in a word."""
        await self.api.turn("views.publish")
        return await self._shown("views.publish", user_id=person_id, view=view)

    # Questions.

    async def member(self, person_id: str, *, at_once: bool = False) -> dict[str, Any] | None:
        """What Slack knows of a person; None where it does not say, or may not be asked `at_once`."""
        if at_once and not self.api.may_go_at_once("users.info"):
            return None
        try:
            told = await self.api.in_turn("users.info", "user", http_verb="GET", params={"user": person_id})
        except CallFailed:
            return None
        return told["user"]  # type: ignore[no-any-return]

    async def _ask_who_we_are(self) -> Identity:
        """Raises CallFailed."""
        told = await self.api.call("auth.test", "team_id", "user_id")
        team_id = told["team_id"]
        if told.get("is_enterprise_install"):
            # The app is installed for a whole organization, which is no workspace to work in.
            teams = await self.api.ask("auth.teams.list", "teams")
            team_id = teams["teams"][0]["id"] if teams["teams"] else team_id
        self._identity = Identity(
            team_id, told["user_id"], told.get("bot_id", ""), told.get("user", ""), told.get("enterprise_id")
        )
        return self._identity

    async def _post(self, channel_id: str, message: Message) -> Outcome:
        return await self._outcome(
            POSTING, channel=channel_id, **message.payload(), unfurl_links=False, unfurl_media=False
        )

    async def _outcome(self, method: str, **asked: Any) -> Outcome:
        try:
            told = await self.api.call(method, "channel", "ts", json=asked)
        except CallFailed as failed:
            return failed.outcome
        return Posted(told["channel"], told["ts"])

    async def _shown(self, method: str, **asked: Any) -> str | None:
        try:
            await self.api.call(method, json=asked)
        except CallFailed as failed:
            word = word_of(failed.outcome)
            log.warning("a window could not be shown", extra={"method": method, "error": word})
            return word
        return None

    async def _shared(self, channel_id: str, upload: Upload) -> UploadOutcome:
        """Raises CallFailed, and one of UNREACHABLE."""
        announced = {"filename": upload.name, "length": len(upload.content), "alt_txt": upload.alt_text}
        told = await self.api.call("files.getUploadURLExternal", "upload_url", "file_id", data=announced)
        if failed := await self._send(told["upload_url"], upload.content):
            return failed
        files = orjson.dumps([{"id": told["file_id"], "title": upload.title}]).decode()
        shared = {"files": files, "channel_id": channel_id, "initial_comment": upload.comment}
        await self.api.call("files.completeUploadExternal", data=shared)
        return Uploaded(told["file_id"])

    async def _send(self, upload_url: str, content: bytes) -> NotNow | Refused | None:
        """Sends a file's bytes to where Slack wants them; None: they have come. Raises one of UNREACHABLE."""
        headers = {"Content-Type": "application/octet-stream"}
        async with self._session.post(upload_url, data=content, headers=headers) as answer:
            if answer.status == 429:
                return NotNow(retry_after(answer.headers), by_limit=True)
            if answer.status >= 500:
                return NO_ANSWER
            return None if answer.status == 200 else Refused("upload_refused", About.MESSAGE)

    async def _soon(self, call: Callable[[], Awaitable[What | NotNow]]) -> What | NotNow:
        """What came of a call that a person waits for, once it needs no short wait any more."""
        for _ in range(PATIENCE):
            outcome = await call()
            if not isinstance(outcome, NotNow) or outcome.seconds > SOON:
                return outcome
            await self._clock.sleep(outcome.seconds)
        return await call()

    async def _respond(self, response_url: str, how: dict[str, Any], message: Message) -> bool:
        """Whether it shows; a table that Slack does not take is left out."""
        status = await self._sent(response_url, how | message.payload())
        if message.has_table and status >= 400:
            status = await self._sent(response_url, how | message.without_tables().payload())
        if status != 200:
            log.warning("an answer could not be shown", extra={"status": status})
        return status == 200

    async def _sent(self, response_url: str, body: dict[str, Any]) -> int:
        """The status with which it was taken; 0: Slack asks for a long wait, or can't be reached."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        for _ in range(PATIENCE):
            try:
                async with self._session.post(response_url, data=orjson.dumps(body), headers=headers) as answer:
                    if answer.status != 429:
                        return answer.status
                    seconds = retry_after(answer.headers)
            except UNREACHABLE:
                return 0
            if seconds > SOON:
                return 0
            await self._clock.sleep(seconds)
        return 0


def is_about_blocks(outcome: Outcome) -> bool:
    return isinstance(outcome, Refused) and outcome.error in BLOCKS
