"""What can a person do in Slack? Type a command, press, choose, fill in and submit, open Home: as Slack's own client does it.

Each act becomes a payload; what the bot acknowledges becomes what the person sees next. Whether she sees what she presses
is looked after by the page and the driver: here anything can be tried.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox import payloads
from sandbox.acks import Ack, Kind
from sandbox.payloads import Act
from sandbox.people import Person
from sandbox.refusals import Json, Refused
from sandbox.states import wrong_fields
from sandbox.strictness import complaints
from sandbox.workspace import Message, Workspace

RETRIES = ((0, 1), (60, 2), (300, 3))
"""Seconds after which an event that was not acknowledged is sent again, and the how manieth time that is."""


class Link(Protocol):
    """What carries a payload to the bot: signed HTTP, or a socket."""

    async def deliver(self, kind: Kind, payload: Json, retry: tuple[int, str] | None = None) -> Ack: ...

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Done:
    """What came of an act: `error` as a person reads it, `errors` beside the fields of a modal by block_id.

    `reacted` is set once the bot has opened a modal with the act's trigger, or used its response_url.
    """

    error: str | None = None
    errors: dict[str, str] | None = None
    ack: Ack | None = None
    reacted: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


@dataclass
class Client:
    """Slack's client for everybody in the workspace. `acks` has every acknowledgement of the bot, in order."""

    workspace: Workspace
    link: Link
    address: str
    acks: list[Ack] = field(default_factory=list)
    _retrying: set["asyncio.Task[None]"] = field(default_factory=set)

    # Commands and presses.

    async def command(self, person_id: str, channel_id: str, word: str, text: str = "") -> Done:
        if problem := self._why_no_command(self.workspace.person(person_id), channel_id, word):
            return Done(problem)
        reacted = asyncio.Event()
        act = self._act(person_id, reacted, channel_id)
        ack = await self.send(Kind.COMMAND, payloads.command(self.workspace, act, channel_id, word, text))
        body = ack.body
        if body and ack.fault is None:
            only_for = None if body.get("response_type") == "in_channel" else person_id
            self._shown(ack, lambda: self.workspace.post(channel_id, body, only_for=only_for))
        return self._done(ack, reacted)

    async def press(
        self, person_id: str, message: Message, element: Json, block_id: str, chosen: Json | None = None
    ) -> Done:
        """Presses a button of a message, or chooses in a select of one (`chosen` as in Slack's state)."""
        payload, reacted = self.press_payload(person_id, message, element, block_id, chosen)
        return self._done(await self.send(Kind.INTERACTION, payload), reacted)

    def press_payload(
        self, person_id: str, message: Message, element: Json, block_id: str, chosen: Json | None = None
    ) -> tuple[Json, asyncio.Event]:
        """A press that may still be changed, or sent twice, and what is set when the bot reacts to it."""
        reacted = asyncio.Event()
        act = self._act(person_id, reacted, message.channel_id, message.ts)
        return payloads.press_in_message(self.workspace, act, message, element, block_id, chosen), reacted

    async def press_in_view(
        self, person_id: str, view: Json, element: Json, block_id: str, chosen: Json | None, values: Json
    ) -> Done:
        """Presses or chooses in a modal or on Home, in whose fields `values` stand."""
        reacted = asyncio.Event()
        self._fill(view, values)
        act = self._act(person_id, reacted, is_in_modal=view["type"] == "modal")
        payload = payloads.press_in_view(self.workspace, act, view, element, block_id, chosen)
        return self._done(await self.send(Kind.INTERACTION, payload), reacted)

    async def suggestions(self, person_id: str, view: Json, element: Json, block_id: str, typed: str) -> list[Json]:
        """What the bot offers in a select that asks it while somebody types."""
        act = self._act(person_id, asyncio.Event())
        payload = payloads.suggestion(self.workspace, act, view, element, block_id, typed)
        ack = await self.send(Kind.INTERACTION, payload)
        offered: list[Json] = (ack.body or {}).get("options", [])
        select = {"type": "static_select", "options": offered}
        if ack.fault is None and (found := complaints("message", _message_with(select))):
            self.workspace.refuse(ack.kind, Refused("invalid_options", *found))
            return []
        return offered

    # Modals and Home.

    async def submit(self, person_id: str, view: Json, values: Json) -> Done:
        """Submits a modal with what stands in its fields."""
        self._fill(view, values)
        if wrong := wrong_fields(view["blocks"], view["state"]["values"]):
            return Done(errors=wrong)
        reacted = asyncio.Event()
        act = self._act(person_id, reacted, is_in_modal=True)
        ack = await self.send(Kind.INTERACTION, payloads.submission(self.workspace, act, view))
        if ack.fault is not None:
            return self._done(ack, reacted)
        return Done(errors=self._after_submission(person_id, view, ack), ack=ack, reacted=reacted)

    async def close(self, person_id: str, view: Json) -> Done:
        """Closes the modal on top; the bot hears of it where it asked to."""
        self.workspace.views.close(person_id)
        self.workspace.touch()
        if not view.get("notify_on_close"):
            return Done()
        reacted = asyncio.Event()
        closing = payloads.closing(self.workspace, self._act(person_id, reacted), view)
        return self._done(await self.send(Kind.INTERACTION, closing), reacted)

    async def open_home(self, person_id: str) -> Done:
        if "app_home_opened" not in self.workspace.manifest.events:
            return Done()
        event = payloads.home_opened(self.workspace, person_id)
        ack = await self.send(Kind.EVENT, event)
        if ack.fault is not None:
            retrying = asyncio.create_task(self._retry(event, ack.fault))
            self._retrying.add(retrying)
            retrying.add_done_callback(self._retrying.discard)
        return self._done(ack, asyncio.Event())

    async def send(self, kind: Kind, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        """Carries any payload to the bot, and remembers how it was acknowledged."""
        with self.workspace.pulse.counting():
            ack = await self.link.deliver(kind, payload, retry)
        self.acks.append(ack)
        if ack.fault is not None:
            self.workspace.refuse(ack.kind, Refused(ack.fault, f"status {ack.status} after {ack.seconds:.1f} s"))
        return ack

    async def stop(self) -> None:
        """Gives up what would be sent again."""
        for retrying in list(self._retrying):
            retrying.cancel()
        await asyncio.gather(*self._retrying, return_exceptions=True)
        await self.link.close()

    async def _retry(self, event: Json, why: str) -> None:
        failed_at = self.workspace.clock.now()
        for seconds, number in RETRIES:
            await self.workspace.clock.sleep_until(failed_at + seconds)
            reason = "http_timeout" if why == "operation_timeout" else "http_error"
            ack = await self.send(Kind.EVENT, event, (number, reason))
            if ack.fault is None:
                return
            why = ack.fault

    def _after_submission(self, person_id: str, view: Json, ack: Ack) -> dict[str, str] | None:
        """Does with the modal what the bot asked for; complaints about fields, by block_id, where that is what it said."""
        body, views = ack.body or {}, self.workspace.views
        match body.get("response_action"):
            case "errors":
                return self._complained(view, ack, body.get("errors"))
            case "update":
                self._shown(ack, lambda: views.update(view, body.get("view")))
            case "push":
                self._shown(ack, lambda: views.push(person_id, body.get("view")))
            case "clear":
                views.close(person_id, all_of_them=True)
            case None if not body:
                views.close(person_id)
            case _:
                self.workspace.refuse(ack.kind, Refused("invalid_response", "no such response_action"))
        self.workspace.touch()
        return None

    def _complained(self, view: Json, ack: Ack, errors: Any) -> dict[str, str]:
        fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or set(errors) - fields:
            unknown = ", ".join(sorted(set(errors) - fields)) if isinstance(errors, dict) else "no object"
            self.workspace.refuse(ack.kind, Refused("invalid_response", f"errors name no field: {unknown}"))
        return errors if isinstance(errors, dict) else {}

    def _shown(self, ack: Ack, show: Callable[[], object]) -> None:
        """Shows what came with an acknowledgement; Slack drops what it can't show, and here it counts as refused."""
        try:
            show()
        except Refused as refused:
            self.workspace.refuse(f"acknowledgement of {ack.kind}", refused)

    def _why_no_command(self, person: Person, channel_id: str, word: str) -> str | None:
        """What Slack's client says in place of sending a command."""
        channel = self.workspace.channels.get(channel_id)
        known = any(one.command == word for one in self.workspace.manifest.commands)
        if not known or person.is_stranger:
            return f"{word} is not a valid command."
        if not self.workspace.is_member(person.id, channel_id) or (channel and channel.is_archived):
            return "You can't write in this conversation."
        if channel is None and self.workspace.manifest.is_read_only:
            return "Sending messages to this app has been turned off."
        return None

    def _act(
        self,
        person_id: str,
        reacted: asyncio.Event,
        channel_id: str | None = None,
        message_ts: str | None = None,
        *,
        is_in_modal: bool = False,
    ) -> Act:
        tickets = self.workspace.tickets
        trigger_id = tickets.trigger(person_id, reacted, is_in_modal=is_in_modal)
        if channel_id is None:
            return Act(person_id, trigger_id)
        token = tickets.response_url(channel_id, person_id, message_ts, reacted)
        return Act(person_id, trigger_id, f"{self.address}/response/{token}")

    def _done(self, ack: Ack, reacted: asyncio.Event) -> Done:
        """What a person reads of it, as Slack's client words it."""
        name = self.workspace.bot.name
        match ack.fault:
            case None:
                return Done(ack=ack, reacted=reacted)
            case "operation_timeout":
                return Done(f"{name} did not answer in time (operation_timeout).", ack=ack, reacted=reacted)
            case fault:
                return Done(f"{name} had a problem ({fault}, status {ack.status}).", ack=ack, reacted=reacted)

    @staticmethod
    def _fill(view: Json, values: Json) -> None:
        """Puts what was typed and chosen into the fields that the view has."""
        standing = view["state"]["values"]
        for block_id, states in standing.items():
            standing[block_id] = {
                action_id: values.get(block_id, {}).get(action_id, now) for action_id, now in states.items()
            }


def may_choose(person: Person) -> bool:
    """Whether one can be this person on the page."""
    return not person.is_bot and not person.is_deactivated


def _message_with(select: Json) -> Json:
    return {"text": "options", "blocks": [{"type": "actions", "elements": [select]}]}
