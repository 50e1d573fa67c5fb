"""Does what a person can do in Slack, as Slack's own client does it: types commands, presses, fills in, submits, opens Home.

Each act becomes a payload; what the bot acknowledges becomes what the person sees next. Whether she sees what she presses
is looked after by the page and the driver: here anything can be tried.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sandbox import payloads
from sandbox.acks import Ack, Kind
from sandbox.faults import Faults
from sandbox.payloads import Act
from sandbox.people import Person
from sandbox.refusals import Json, Refused
from sandbox.states import filled_state, wrong_fields
from sandbox.strictness import complaints
from sandbox.workspace import Message, Workspace

RETRIES = ((0, 1), (60, 2), (300, 3))
"""Seconds after which an event that was not acknowledged is sent again, and the how manieth time that is."""
TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack shows in a modal whose submission was acknowledged with something that it can't follow."""


class Link(Protocol):
    """What carries a payload to the bot: signed HTTP, or a socket. `patience`: seconds that the bot has to acknowledge it."""

    patience: float

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
    faults: Faults
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
            try:
                self.workspace.post(channel_id, body, only_for=only_for)
            except Refused as refused:
                self.workspace.refuse(f"acknowledgement of {ack.kind}", refused)
        return self._done(ack, reacted)

    async def press(
        self, person_id: str, message: Message, element: Json, block_id: str, chosen: Json | None = None
    ) -> Done:
        """Presses a button of a message, or chooses in a select of one (`chosen` as in Slack's state)."""
        return await self._interact(*self.press_payload(person_id, message, element, block_id, chosen))

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
        return await self._interact(payload, reacted)

    async def suggestions(self, person_id: str, view: Json, element: Json, block_id: str, typed: str) -> list[Json]:
        """What the bot offers in a select that asks it while somebody types."""
        act = self._act(person_id, asyncio.Event())
        payload = payloads.suggestion(self.workspace, act, view, element, block_id, typed)
        ack = await self.send(Kind.INTERACTION, payload)
        if ack.fault is not None:
            return []
        offered: list[Json] = (ack.body or {}).get("options", [])
        select = {"type": "static_select", "options": offered}
        if offered and (found := complaints("message", _message_with(select))):
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
        done = await self._interact(payloads.submission(self.workspace, act, view), reacted)
        if done.error is not None or done.ack is None:
            return done
        try:
            return replace(done, errors=self._after_submission(person_id, view, done.ack.body or {}))
        except Refused as refused:
            self.workspace.refuse("acknowledgement of view_submission", refused)
            return replace(done, error=TROUBLE)

    async def close(self, person_id: str, view: Json) -> Done:
        """Closes the modal on top, or all where it says so; the bot hears of those for which it asked to."""
        closed = self.workspace.views.close(person_id, all_of_them=view["clear_on_close"])
        self.workspace.touch()
        done = Done()
        for one in closed:
            if one["notify_on_close"]:
                act = Act(person_id, "")
                payload = payloads.closing(self.workspace, act, one, is_cleared=view["clear_on_close"])
                done = await self._interact(payload, done.reacted)
        return done

    async def open_home(self, person_id: str) -> Done:
        """Opens the Home tab of the app."""
        return await self._opened(person_id, "home", self.workspace.manifest.has_home)

    async def open_messages(self, person_id: str) -> Done:
        """Opens the Messages tab: Slack tells of it by the same event."""
        return await self._opened(person_id, "messages", self.workspace.manifest.has_messages)

    async def revoke_tokens(self) -> Done:
        """Somebody revokes the bot's token. That its calls are refused from then on is a fault of its own to plan."""
        return await self._event(payloads.tokens_revoked(self.workspace))

    async def uninstall(self) -> Done:
        """Somebody uninstalls the app. That its calls are refused from then on is a fault of its own to plan."""
        return await self._event(payloads.app_uninstalled(self.workspace))

    async def _opened(self, person_id: str, tab: str, is_there: bool) -> Done:
        return await self._event(payloads.home_opened(self.workspace, person_id, tab)) if is_there else Done()

    async def _event(self, event: Json) -> Done:
        """Sends an event that the app's manifest subscribes to; where it was not acknowledged, again."""
        if event["event"]["type"] not in self.workspace.manifest.events:
            return Done()
        ack = await self.send(Kind.EVENT, event)
        if ack.fault is not None:
            retrying = asyncio.create_task(self._retry(event, ack))
            self._retrying.add(retrying)
            retrying.add_done_callback(self._retrying.discard)
        return self._done(ack, asyncio.Event())

    async def send(self, kind: Kind, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        """Carries any payload to the bot, and remembers how it was acknowledged."""
        with self.workspace.pulse.counting():
            ack = await self.link.deliver(kind, payload, retry)
            ack = await self.faults.acknowledged(ack, self.link.patience)
        self.acks.append(ack)
        if ack.fault is not None and not ack.is_planned:
            self.workspace.refuse(ack.kind, Refused(ack.fault, f"status {ack.status} after {ack.seconds:.1f} s"))
        return ack

    async def stop(self) -> None:
        """Gives up what would be sent again."""
        for retrying in list(self._retrying):
            retrying.cancel()
        await asyncio.gather(*self._retrying, return_exceptions=True)
        await self.link.close()

    async def _interact(self, payload: Json, reacted: asyncio.Event) -> Done:
        if not self.workspace.manifest.is_interactive:
            return Done("This app is not configured to handle interactive responses.")
        return self._done(await self.send(Kind.INTERACTION, payload), reacted)

    async def _retry(self, event: Json, ack: Ack) -> None:
        failed_at = self.workspace.clock.now()
        for seconds, number in RETRIES:
            await self.workspace.clock.sleep_until(failed_at + seconds)
            ack = await self.send(Kind.EVENT, event, (number, _why_again(ack)))
            if ack.fault is None:
                return

    def _after_submission(self, person_id: str, view: Json, body: Json) -> dict[str, str] | None:
        """Does with the modal what the bot asked for; the errors beside its fields where there are. Raises Refused."""
        views = self.workspace.views
        match body.get("response_action"):
            case "errors":
                return _errors(view, body.get("errors"))
            case "update":
                views.update(view, body.get("view"))
            case "push":
                views.push(person_id, body.get("view"))
            case "clear":
                views.close(person_id, all_of_them=True)
            case None if not body:
                views.close(person_id)
            case _:
                raise Refused("invalid_response", "no such response_action")
        self.workspace.touch()
        return None

    def _why_no_command(self, person: Person, channel_id: str, word: str) -> str | None:
        """What Slack's client says in place of sending a command."""
        channel = self.workspace.channels.get(channel_id)
        known = "commands" in self.workspace.scopes
        known = known and any(one.command == word for one in self.workspace.manifest.commands)
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
        """What a person reads of it: Slack's word for the fault, in a sentence of ours."""
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
        view["state"]["values"] = filled_state(view["state"]["values"], values)


def may_choose(person: Person) -> bool:
    """Whether one can be this person on the page."""
    return not person.is_bot and not person.is_deactivated


def _why_again(ack: Ack) -> str:
    """Why an event is sent again, in Slack's words (docs.slack.dev, Events API: retries)."""
    if ack.fault == "operation_timeout":
        return "http_timeout"
    return "connection_failed" if ack.is_planned or not ack.status else "http_error"


def _errors(view: Json, errors: Any) -> dict[str, str]:
    """What the bot says beside fields, by their block_id. Raises Refused where it names none, or others."""
    fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise Refused("invalid_response", "errors name no field")
    if unknown := set(errors) - fields:
        raise Refused("invalid_response", f"errors name no field of the modal: {', '.join(sorted(unknown))}")
    return errors


def _message_with(select: Json) -> Json:
    return {"text": "options", "blocks": [{"type": "actions", "elements": [select]}]}
