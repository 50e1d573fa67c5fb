"""Uses the workspace as people do, for tests and benchmarks: by the words on a button, the label of a field.

async with Sandbox(hospital(), manifest.read(path), bot_url=url) as sandbox:
    nurse = sandbox.person("U02AMARA")
    await nurse.command("/hta")
    await nurse.press("Start")
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox import payloads
from sandbox.acks import PATIENCE, Ack, Kind
from sandbox.client import Client, Done
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.files import File
from sandbox.finding import NotThere, as_chosen, found_button, found_choice, found_field
from sandbox.http_link import encoded, signed
from sandbox.limits import Limits
from sandbox.manifest import Manifest
from sandbox.people import Cast
from sandbox.refusals import Json, Refusal
from sandbox.server import Server, Tokens
from sandbox.states import initial_state, state
from sandbox.workspace import Message, Workspace

__all__ = ["Actor", "NotThere", "Sandbox", "found_button"]

LONG = 10.0
"""Seconds after which what does not come counts as not coming."""
QUIET = 0.05
"""Seconds without a call after which a bot in another process counts as idle."""


class Sandbox:
    """A workspace, served on a free port while the context lasts."""

    def __init__(
        self,
        cast: Cast,
        allowed: Manifest,
        *,
        bot_url: str | None = None,
        clock_file: Path | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Without `bot_url` the bot comes by a socket. `patience`: seconds that it has for an acknowledgement."""
        self.tokens = Tokens()
        self.server = Server(cast, allowed, self.tokens, bot_url=bot_url, clock_file=clock_file, patience=patience)

    async def __aenter__(self) -> "Sandbox":
        await self.server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.server.stop()

    # What there is.

    @property
    def address(self) -> str:
        return self.server.address

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    @property
    def workspace(self) -> Workspace:
        return self.server.workspace

    @property
    def client(self) -> Client:
        return self.server.client

    @property
    def clock(self) -> Clock:
        return self.workspace.clock

    @property
    def faults(self) -> Faults:
        """Plan here what goes wrong with calls and acknowledgements."""
        return self.server.faults

    @property
    def limits(self) -> Limits:
        """Switch Slack's rate limits on here: `limits.are_on = True`."""
        return self.server.limits

    @property
    def acks(self) -> list[Ack]:
        """Every acknowledgement of the bot, in order."""
        return self.client.acks

    @property
    def refusals(self) -> list[Refusal]:
        """What the bot did that Slack would refuse: method, error, details."""
        return self.workspace.refusals

    def person(self, person_id: str) -> "Actor":
        """Somebody by the id of the roster: on a Grid, too, whichever id payloads name."""
        return Actor(self, person_id)

    def channel(self, channel_id: str) -> list[Message]:
        """What is said to everybody in a channel. Files that are shared there: `shares`. Replies: `thread`."""
        shown = self.workspace.messages[channel_id]
        return [one for one in shown if one.only_for is None and not one.files and one.thread_ts is None]

    def thread(self, message: Message) -> list[Message]:
        """The replies to a message."""
        return self.workspace.thread(message)

    def shares(self, channel_id: str) -> list[Message]:
        """The messages of a channel with which files are shared."""
        return [one for one in self.workspace.messages[channel_id] if one.files]

    def files(self, channel_id: str) -> list[File]:
        """What was shared in a channel, the first first."""
        return [file for message in self.shares(channel_id) for file in message.files]

    # Waiting.

    async def until(self, condition: Callable[[], Any], seconds: float = LONG) -> Any:
        """What `condition` gives, as soon as that is true of the workspace. Raises TimeoutError."""
        if not await self.workspace.pulse.until(condition, seconds):
            raise TimeoutError(f"not true of the workspace within {seconds} s")
        return condition()

    async def settled(self, quiet: float = QUIET) -> None:
        """Waits until nothing is under way in either direction, and the bot has begun nothing new for `quiet` seconds."""
        await self.workspace.pulse.settled(quiet)

    async def reacted(self, done: Done, seconds: float = LONG) -> None:
        """Waits until the bot has used the act's response_url or trigger. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await done.reacted.wait()

    # What no person can do, and an attacker tries.

    async def forge(
        self, kind: Kind, payload: Json, *, secret: str | None = None, stamp: str | None = None, **headers: str
    ) -> Ack:
        """Posts a payload that Slack did not send: signed with another `secret`, at another `stamp`, with other `headers`.

        A bot refuses it; that it does is not held against it.
        """
        raw, content_type = encoded(kind, payload)
        signature = signed(self.tokens.signing_secret if secret is None else secret, raw, stamp)
        sent = (
            {"Content-Type": content_type}
            | signature
            | {name.replace("_", "-"): text for name, text in headers.items()}
        )
        return await self.server.http.post(payload, raw, {name: text for name, text in sent.items() if text})

    async def verify_url(self, challenge: str = "3eZbrw1aB") -> bool:
        """Whether the bot answers the challenge with which Slack tries a new Request URL."""
        ack = await self.client.send(Kind.EVENT, payloads.url_verification(challenge))
        return ack.body in ({"challenge": challenge}, {"text": challenge})

    async def disconnect(self) -> None:
        """Asks the bot's sockets to connect anew."""
        await self.server.sockets.disconnect()


@dataclass(frozen=True)
class Actor:
    """One person at her Slack. What she does not see she can't press: NotThere is raised."""

    sandbox: Sandbox
    id: str

    @property
    def dm(self) -> list[Message]:
        """Her conversation with the bot, ephemeral messages included."""
        workspace = self.sandbox.workspace
        return workspace.seen_by(self.id, workspace.direct_channel(self.id))

    @property
    def files(self) -> list[File]:
        """What was shared in her conversation with the bot, the first first."""
        return [file for message in self.dm for file in message.files]

    @property
    def ephemerals(self) -> list[Message]:
        """What only she sees, everywhere."""
        everywhere = self.sandbox.workspace.messages.values()
        return [one for messages in everywhere for one in messages if one.only_for == self.id]

    @property
    def modal(self) -> Json | None:
        """The modal on top."""
        stack = self.sandbox.workspace.modals.get(self.id)
        return stack[-1] if stack else None

    @property
    def home(self) -> Json | None:
        return self.sandbox.workspace.homes.get(self.id)

    def sees(self, channel_id: str) -> list[Message]:
        """What she sees in a channel."""
        return self.sandbox.workspace.seen_by(self.id, channel_id)

    async def command(self, word: str, text: str = "", channel_id: str = "C01ALLSTAFF") -> Done:
        return await self.sandbox.client.command(self.id, channel_id, word, text)

    async def open_home(self) -> Done:
        return await self.sandbox.client.open_home(self.id)

    async def open_messages(self) -> Done:
        return await self.sandbox.client.open_messages(self.id)

    async def press(self, label: str, message: Message | None = None) -> Done:
        """Presses the button with this label: in the newest message of the DM, or in `message`."""
        message = self._seen(message)
        element, block_id = found_button(message.blocks, label)
        return await self.sandbox.client.press(self.id, message, element, block_id)

    async def choose(self, label: str, message: Message | None = None) -> Done:
        """Chooses the option with this label in a select of a message."""
        message = self._seen(message)
        element, block_id, option = found_choice(message.blocks, label)
        return await self.sandbox.client.press(self.id, message, element, block_id, {"selected_option": option})

    async def press_on_home(self, label: str) -> Done:
        if self.home is None:
            raise NotThere("Home shows nothing yet")
        return await self._press_in(self.home, label)

    async def press_in_modal(self, label: str) -> Done:
        return await self._press_in(self._open_modal(), label)

    async def choose_in_modal(self, label: str) -> Done:
        """Chooses in a select of the modal that the bot hears of at once."""
        view = self._open_modal()
        element, block_id, option = found_choice(view["blocks"], label)
        chosen = {"selected_option": option}
        values = view["state"]["values"] | {block_id: {element["action_id"]: {"type": element["type"]} | chosen}}
        return await self.sandbox.client.press_in_view(self.id, view, element, block_id, chosen, values)

    async def suggestions(self, label: str, typed: str) -> list[str]:
        """The labels that the bot offers in the field with this label while she types."""
        view = self._open_modal()
        block = found_field(view["blocks"], label)
        client = self.sandbox.client
        offered = await client.suggestions(self.id, view, block["element"], block["block_id"], typed)
        return [option["text"]["text"] for option in offered]

    async def submit(self, fields: dict[str, Any] | None = None) -> Done:
        """Fills in fields by their labels and submits the modal.

        Options go by their labels; people and channels by their ids; dates as 2027-03-31; None empties a field. What is
        not named stays as it was typed, or as the bot set it at first.
        """
        view = self._open_modal()
        if not view["submit"]:
            raise NotThere("the modal has no button to submit it")
        values = initial_state(view["blocks"]) | view["state"]["values"]
        for label, chosen in (fields or {}).items():
            block = found_field(view["blocks"], label)
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: state(element, as_chosen(element, chosen))}
        return await self.sandbox.client.submit(self.id, view, values)

    async def close_modal(self) -> Done:
        return await self.sandbox.client.close(self.id, self._open_modal())

    async def _press_in(self, view: Json, label: str) -> Done:
        element, block_id = found_button(view["blocks"], label)
        values = view["state"]["values"]
        return await self.sandbox.client.press_in_view(self.id, view, element, block_id, None, values)

    def _seen(self, message: Message | None) -> Message:
        seen = self.dm if message is None else self.sees(message.channel_id)
        member = message is None or self.sandbox.workspace.is_member(self.id, message.channel_id)
        if not seen or not member or message not in (None, *seen):
            raise NotThere("the message is gone, or is not for this person" if message else "there is no message")
        return message or seen[-1]

    def _open_modal(self) -> Json:
        if self.modal is None:
            raise NotThere("no modal is open")
        return self.modal
