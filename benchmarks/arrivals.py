"""Notes every message as it was when it came, whatever is edited later, and finds what came twice."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.reminders.buttons import Do as Reminding
from bot.survey.buttons import Do as Surveying
from sandbox.driver import Sandbox
from sandbox.states import acting_in
from sandbox.workspace import Message

FOR_EVER = 1e6
"""Seconds; longer than any benchmark."""


class Kind(Enum):
    """What is sent without anybody's press. REPLY: all else."""

    INVITATION = auto()
    REMINDER = auto()
    RESULTS = auto()
    PICTURE = auto()
    NEWS = auto()
    """The results, to everyone who was asked."""
    REPLY = auto()


@dataclass(frozen=True)
class Arrival:
    """A message that came to a channel or a conversation (`place`), at so many seconds of time.monotonic()."""

    place: str
    kind: Kind
    text: str
    values: tuple[str, ...]
    at: float

    @property
    def same(self) -> tuple[object, ...]:
        """What two messages have in common where one repeats the other."""
        return self.place, self.text, self.values


@dataclass
class Arrivals:
    """All messages but those that only one person of a channel sees: these answer a press of hers, however often she presses."""

    sandbox: Sandbox
    results_channel: str
    all: list[Arrival] = field(default_factory=list)
    _known: set[tuple[str, str]] = field(default_factory=set)

    async def watch(self) -> None:
        """Looks at each change, until cancelled."""
        await self.sandbox.workspace.pulse.until(self._note, FOR_EVER)

    def of(self, *kinds: Kind) -> list[Arrival]:
        return [one for one in self.all if one.kind in kinds]

    def places(self, kind: Kind) -> set[str]:
        """Where one of this kind has come."""
        return {one.place for one in self.of(kind)}

    @property
    def repeats(self) -> int:
        """How many messages came once more to the same place."""
        return len(self.all) - len(Counter(one.same for one in self.all))

    def _note(self) -> bool:
        """Never true: what waits for it waits until the workspace ends."""
        for place, messages in self.sandbox.workspace.messages.items():
            for message in _newest_first(messages):
                if (place, message.ts) in self._known:
                    break
                self._known.add((place, message.ts))
                if message.only_for is None:
                    self.all.append(self._arrival(message))
        return False

    def _arrival(self, message: Message) -> Arrival:
        elements = [element for block in message.blocks for element in acting_in(block)]
        values = tuple(element["value"] for element in elements if "value" in element)
        kind = self._kind(message, {element["action_id"] for element in elements})
        return Arrival(message.channel_id, kind, message.text, values, time.monotonic())

    def _kind(self, message: Message, actions: set[str]) -> Kind:
        if message.channel_id == self.results_channel:
            return Kind.PICTURE if message.files else Kind.RESULTS
        goes_on = bool(actions & {Surveying.START.action_id, Surveying.CONTINUE.action_id})
        if Reminding.STOP.action_id in actions:
            return Kind.REMINDER if goes_on else Kind.NEWS
        return Kind.INVITATION if goes_on and Surveying.DECLINE.action_id in actions else Kind.REPLY


def _newest_first(messages: list[Message]) -> Iterable[Message]:
    return reversed(messages)
