"""What may the bot still do about one press or command? Open a modal with its trigger, answer at its response_url."""

import asyncio
import secrets
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.refusals import Refused

TRIGGER_LIVES = 3.0
RESPONSE_URL_LIVES = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """`is_in_modal`: somebody acted in a modal. `reacted` is set when the bot makes use of it."""

    person_id: str
    made_at: float
    is_in_modal: bool
    reacted: asyncio.Event
    is_used: bool = False


@dataclass
class ResponseUrl:
    """`message_ts` is the message that was pressed; None for a command. `reacted` is set when the bot makes use of it."""

    channel_id: str
    person_id: str
    message_ts: str | None
    made_at: float
    reacted: asyncio.Event
    uses: int = 0


@dataclass
class Tickets:
    clock: Clock
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    _response_urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def trigger(self, person_id: str, reacted: asyncio.Event, *, is_in_modal: bool = False) -> str:
        """A trigger_id of the person's: good for one modal, within three seconds."""
        trigger_id = f"{len(self._triggers) + 1}.{secrets.token_hex(8)}"
        self._triggers[trigger_id] = Trigger(person_id, self.clock.now(), is_in_modal, reacted)
        return trigger_id

    def spend_trigger(self, trigger_id: str, *, to_push: bool = False) -> str:
        """The person for whom a modal may be opened. Raises Refused."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None or (to_push and not trigger.is_in_modal):
            raise Refused("invalid_trigger_id")
        if trigger.is_used:
            raise Refused("exchanged_trigger_id")
        if self.clock.now() - trigger.made_at > TRIGGER_LIVES:
            raise Refused("expired_trigger_id")
        trigger.is_used = True
        trigger.reacted.set()
        return trigger.person_id

    def response_url(self, channel_id: str, person_id: str, message_ts: str | None, reacted: asyncio.Event) -> str:
        """The token that a response_url ends with."""
        token = secrets.token_hex(12)
        self._response_urls[token] = ResponseUrl(channel_id, person_id, message_ts, self.clock.now(), reacted)
        return token

    def use_response_url(self, token: str) -> ResponseUrl:
        """Counts one use. Raises Refused for the sixth, and after half an hour."""
        found = self._response_urls.get(token)
        if found is None:
            raise Refused("no_such_url")
        if self.clock.now() - found.made_at > RESPONSE_URL_LIVES:
            raise Refused("expired_url")
        if found.uses >= RESPONSE_URL_USES:
            raise Refused("used_url")
        found.uses += 1
        return found
