"""What is in the workspace now? Its places and messages, and what may be posted where.

Everything that a bot asks for comes through here and is refused as Slack would refuse it, with Slack's word for it.
"""

import itertools
import re
from dataclasses import dataclass, field, replace

from sandbox.arguments import is_true
from sandbox.clock import Clock
from sandbox.files import File, Files
from sandbox.image_rules import Images
from sandbox.manifest import Manifest
from sandbox.people import Cast, Channel, Person
from sandbox.pulse import Pulse
from sandbox.refusals import Json, Refusal, Refused
from sandbox.strictness import complaints, refusal_word
from sandbox.tickets import Tickets
from sandbox.views import Views, with_ids

__all__ = ["Json", "Message", "Refused", "Workspace"]

LONGEST_TEXT = 4000
"""Slack refuses texts from 40,000 characters on, and asks for 4,000 at most (docs.slack.dev, chat.postMessage)."""
TIMESTAMP = re.compile(r"[0-9]+\.[0-9]+")
"""A message's ts (docs.slack.dev, chat.postMessage: thread_ts)."""


@dataclass
class Message:
    """A message as it stands.

    `only_for` is the one person who sees an ephemeral one; `files` what is shared with it; `thread_ts` what it replies to.
    """

    ts: str
    channel_id: str
    author_id: str
    text: str
    blocks: list[Json]
    only_for: str | None = None
    is_edited: bool = False
    files: list[File] = field(default_factory=list)
    thread_ts: str | None = None


@dataclass
class Workspace:
    """The state of the workspace. What can be seen to change makes `pulse` beat."""

    cast: Cast
    manifest: Manifest
    clock: Clock = field(default_factory=Clock)
    pulse: Pulse = field(default_factory=Pulse)
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bot = replace(self.cast.bot, name=self.manifest.bot_name)
        self.scopes = self.manifest.scopes
        self.people = {person.id: person for person in (*self.cast.people, self.bot)}
        self.channels = {channel.id: channel for channel in self.cast.channels}
        self.groups = {group.id: group for group in self.cast.groups}
        self.messages: dict[str, list[Message]] = {channel_id: [] for channel_id in self.channels}
        self.read_until: dict[tuple[str, str], str] = {}
        self.views = Views()
        self.files = Files()
        self.tickets = Tickets(self.clock)
        self._direct: dict[str, str] = {}
        self._stamps = itertools.count(1)

    @property
    def version(self) -> int:
        """Grows with each change."""
        return self.pulse.version

    @property
    def modals(self) -> dict[str, list[Json]]:
        return self.views.modals

    @property
    def homes(self) -> dict[str, Json]:
        return self.views.homes

    def touch(self) -> None:
        """Something changed."""
        self.pulse.beat()

    def refuse(self, method: str, refused: Refused) -> None:
        """Remembers what the bot did that Slack would refuse."""
        self.refusals.append(Refusal(method, refused.error, refused.details))
        self.touch()

    # Places.

    def person(self, person_id: str) -> Person:
        return self.people[person_id]

    def direct_channel(self, person_id: str) -> str:
        """The D... id of the bot's conversation with a person, made on first use."""
        channel_id = self.conversation(person_id)
        if channel_id not in self._direct:
            self._direct[channel_id] = person_id
            self.messages[channel_id] = []
        return channel_id

    def conversation(self, target: str) -> str:
        """The id of the conversation that is meant by a channel's id, or by a person's."""
        return f"D{target[1:]}" if target in self.people else target

    def is_member(self, person_id: str, channel_id: str) -> bool:
        """Whether the conversation is one of the person's: a channel that she is in, or her own with the bot."""
        channel = self.channels.get(channel_id)
        return person_id in channel.members if channel else self._direct.get(channel_id) == person_id

    def place_to_post(self, target: str) -> str:
        """The conversation that a post to `target` (a channel or a person) goes to. Raises Refused."""
        if person := self.people.get(self._direct.get(target, target)):
            return self._direct_to_post(person)
        channel = self.channel_the_bot_knows(target)
        if channel.is_archived:
            raise Refused("is_archived")
        if self.bot.id not in channel.members and "chat:write.public" not in self.scopes:
            raise Refused("not_in_channel")
        return target

    def place_to_share(self, channel_id: str) -> str:
        """The conversation that a file goes to: by its own id, and the bot is in it, whatever its scopes. Raises Refused."""
        if channel_id in self.people:
            raise Refused("channel_not_found", "channel_id is a conversation's id: D..., not a person's")
        place = self.place_to_post(channel_id)
        if (channel := self.channels.get(place)) and self.bot.id not in channel.members:
            raise Refused("not_in_channel")
        return place

    def _direct_to_post(self, person: Person) -> str:
        if person.is_bot:
            raise Refused("cannot_dm_bot")
        if person.is_deactivated:
            raise Refused("user_disabled")
        if not self.manifest.has_messages:
            raise Refused("messages_tab_disabled")
        return self.direct_channel(person.id)

    def channel_the_bot_knows(self, channel_id: str) -> Channel:
        """A public channel, or a private one that the bot is in. Raises Refused."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.is_private and self.bot.id not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def channel_the_bot_may_read(self, channel_id: str) -> Channel:
        """Raises Refused where the bot lacks the scope for this kind of conversation, too."""
        if channel_id in self._direct:
            raise Refused("missing_scope", needed="im:read")
        channel = self.channel_the_bot_knows(channel_id)
        scope = "groups:read" if channel.is_private else "channels:read"
        if scope not in self.scopes:
            raise Refused("missing_scope", needed=scope)
        return channel

    # Messages.

    def post(self, channel_id: str, shown: Json, *, only_for: str | None = None) -> Message:
        """Posts what the bot shows. Raises Refused."""
        text, blocks = self.checked_message(shown)
        message = Message(self._stamp(), channel_id, self.bot.id, text, blocks, only_for)
        if thread_ts := shown.get("thread_ts"):
            # Slack takes a number, too, and then shows the message to nobody (python-slack-sdk#840).
            if not isinstance(thread_ts, str) or not TIMESTAMP.fullmatch(thread_ts):
                raise Refused("invalid_thread_ts", f"{thread_ts} is not a valid thread_ts")
            message.thread_ts = self.message(channel_id, thread_ts).ts
        return self._added(message)

    def share(self, channel_id: str, files: list[File], comment: str) -> Message:
        """Posts files, with what the bot says of them. Raises Refused."""
        if len(comment) > LONGEST_TEXT:
            raise Refused("msg_too_long")
        return self._added(Message(self._stamp(), channel_id, self.bot.id, comment, [], files=files))

    def update(self, message: Message, shown: Json) -> None:
        """Shows something else in its place. Raises Refused."""
        message.text, message.blocks = self.checked_message(shown)
        # Slack marks a message as edited only where it has no blocks (docs.slack.dev, chat.update).
        message.is_edited = not message.blocks
        self.touch()

    def delete(self, message: Message) -> None:
        self.messages[message.channel_id].remove(message)
        self.touch()

    def message(self, channel_id: str, ts: object) -> Message:
        """Raises Refused where there is none."""
        for message in reversed(self.messages.get(channel_id, [])):
            if message.ts == ts:
                return message
        raise Refused("message_not_found")

    def seen_by(self, person_id: str, channel_id: str) -> list[Message]:
        """What the person sees in a conversation, the oldest first; what is in a thread shows there only."""
        shown = [one for one in self.messages.get(channel_id, ()) if one.only_for in (None, person_id)]
        return [one for one in shown if one.thread_ts is None]

    def thread(self, message: Message) -> list[Message]:
        """The replies to a message, the oldest first."""
        return [one for one in self.messages[message.channel_id] if one.thread_ts == message.ts]

    def respond(self, token: str, body: Json) -> None:
        """What a bot posts to a response_url: replace, delete, tell one person, or tell all. Raises Refused."""
        ticket = self.tickets.use_response_url(token)
        ticket.reacted.set()
        original = self.message(ticket.channel_id, ticket.message_ts) if ticket.message_ts else None
        if is_true(body.get("delete_original")) and original:
            self.delete(original)
        elif is_true(body.get("replace_original")) and original:
            self.update(original, body)
        elif body.get("response_type") == "in_channel":
            self.post(ticket.channel_id, body)
        else:
            self.post(ticket.channel_id, body, only_for=ticket.person_id)

    def _stamp(self) -> str:
        return f"{int(self.clock.now())}.{next(self._stamps):06d}"

    def _added(self, message: Message) -> Message:
        self.messages[message.channel_id].append(message)
        self.touch()
        return message

    def checked_message(self, shown: Json) -> tuple[str, list[Json]]:
        """Text and blocks, with made-up ids where there are none. Raises Refused for what Slack would not show.

        Text is asked for beside blocks, too: Slack only warns, but a screen reader then has nothing to read.
        """
        text, blocks = shown.get("text") or "", shown.get("blocks") or []
        if not isinstance(text, str):
            raise Refused("invalid_arguments", "text must be a string")
        if not isinstance(blocks, list):
            raise Refused("invalid_blocks_format", "blocks must be a list")
        if not text.strip():
            raise Refused("no_text", *(["blocks need a text beside them, for screen readers"] if blocks else []))
        if len(text) > LONGEST_TEXT:
            raise Refused("msg_too_long")
        if shown.get("attachments"):
            raise Refused("invalid_attachments", "attachments are not modelled here; use blocks")
        if blocks and (found := complaints("message", {"text": text, "blocks": blocks}, self._images())):
            raise Refused(refusal_word(found), *found)
        return text, with_ids(blocks)

    def _images(self) -> Images:
        """Those that Slack could fetch: from this workspace's own server, or shared here as a file."""
        return Images(self.files.address.rpartition("/")[0], self._is_shared_image)

    def _is_shared_image(self, file_id: str) -> bool:
        shared = (file for messages in self.messages.values() for message in messages for file in message.files)
        return any(file.id == file_id and file.is_picture for file in shared)
