"""People who answer steadily, one statement after the other, and press again where the bot did not take it."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from benchmarks.prepared import INSTRUMENT
from benchmarks.presses import LABELS
from bot.survey.buttons import ANSWER, Do
from sandbox.driver import Actor
from sandbox.refusals import Json
from sandbox.states import acting_in, options_of
from sandbox.workspace import Message

MEANT = "012nd"
"""What people mean. Nobody means 3: whoever is shown an acknowledged item again answers 3, so that a loss can be seen."""
KIND_OF_WORK = "Nursing"
AGAIN = 0.25
"""Seconds after an error until somebody presses again."""
LOOKS_ON = 3.0
"""Seconds that somebody waits for what comes next before she presses again."""
LEADS_ON = (Do.SUBMIT, Do.START, Do.WORK, Do.CONTINUE, Do.SCORES)


@dataclass(frozen=True)
class Press:
    """When a press was acknowledged, or an error was read, in seconds of time.monotonic()."""

    at: float
    is_taken: bool


@dataclass(frozen=True)
class Step:
    """What leads on from a message as it stands: a button, or the kind of work. `number`: the item's, where it is an answer."""

    message: Message
    text: str
    block_id: str
    element: Json
    number: int | None = None

    @property
    def is_continue(self) -> bool:
        return bool(self.element["action_id"] == Do.CONTINUE.action_id)

    @property
    def is_the_end(self) -> bool:
        return bool(self.element["action_id"] == Do.SCORES.action_id)


@dataclass
class Pace:
    """Seconds that each person takes for a statement. They hurry once it is 0."""

    seconds: float


@dataclass
class Respondent:
    """Somebody who answers what she means, a mark for each item. `acknowledged` has her marks by the item's number."""

    person: Actor
    means: str
    pace: Pace
    acknowledged: dict[int, str] = field(default_factory=dict)
    presses: list[Press] = field(default_factory=list)
    has_finished: bool = False

    async def answer(self) -> None:
        """From the invitation until everything is answered and submitted."""
        while not self.has_finished:
            await self._take(await self._next_step())

    async def look_on(self) -> None:
        """Asks who sees her answers, again and again, until cancelled: on the message as she first saw it, as on an old screen."""
        step = None
        while True:
            step = step or _first(self.person.dm, Do.PRIVACY)
            if step is None or await self._press(step, step.element):
                await asyncio.sleep(AGAIN)

    def lost(self, strip: str) -> int:
        """How many acknowledged answers are not what stands there."""
        return sum(strip[number - 1 : number] != mark for number, mark in self.acknowledged.items())

    async def _next_step(self) -> Step:
        step = way_on(self.person.dm)
        while step is None:
            with suppress(TimeoutError):
                await self.person.sandbox.until(lambda: way_on(self.person.dm), LOOKS_ON)
            step = way_on(self.person.dm)
        return step

    async def _take(self, step: Step) -> None:
        """Presses what leads on, and looks for what comes next."""
        if step.is_the_end:
            self.has_finished = True
            self.person.sandbox.workspace.touch()
            return
        mark = self._mark(step.number)
        element = _labelled(step.message, LABELS[mark]) if mark else step.element
        told = len(self._told)
        if not await self._press(step, element):
            return
        is_new = step.number is not None and step.number not in self.acknowledged
        if step.number and is_new:
            self.acknowledged[step.number] = mark
        with suppress(TimeoutError):
            await self.person.sandbox.until(lambda: self._leads_on_from(step), LOOKS_ON)
        if step.number and is_new and len(self._told) > told and not self._leads_on_from(step):
            del self.acknowledged[step.number]
        await asyncio.sleep(self.pace.seconds)

    @property
    def _told(self) -> list[Message]:
        """What only she sees. Where nothing leads on after a press, it tells her that her answer does not count."""
        return [one for one in self.person.dm if one.only_for]

    def _mark(self, number: int | None) -> str:
        if number is None:
            return ""
        return "3" if number in self.acknowledged else self.means[number - 1]

    def _leads_on_from(self, before: Step) -> bool:
        """Whether something else leads on. Continue is only for when nothing comes by itself."""
        step = way_on(self.person.dm)
        return step is not None and step.text != before.text and not step.is_continue

    async def _press(self, step: Step, element: Json) -> bool:
        """Whether it was acknowledged. After an error she waits a moment."""
        chosen = None
        if options := options_of(element):
            chosen = {"selected_option": next(one for one in options if one["text"]["text"] == KIND_OF_WORK)}
        client = self.person.sandbox.client
        done = await client.press(self.person.id, step.message, element, step.block_id, chosen)
        self.presses.append(Press(time.monotonic(), done.error is None))
        if done.error is not None:
            await asyncio.sleep(AGAIN)
        return done.error is None


def way_on(shown: Sequence[Message]) -> Step | None:
    """What leads on in the newest message that does. None: nothing does."""
    for message in reversed(shown):
        steps = {}
        for block in message.blocks:
            for element in acting_in(block):
                if ANSWER.match(element["action_id"]):
                    position = INSTRUMENT.item(element["value"].split(":")[2])
                    number = position.position + 1 if position else None
                    return Step(message, message.text, block["block_id"], element, number)
                steps[element["action_id"]] = Step(message, message.text, block["block_id"], element)
        for do in LEADS_ON:
            if do.action_id in steps:
                return steps[do.action_id]
    return None


def _first(shown: Sequence[Message], do: Do) -> Step | None:
    """The first message with this button."""
    for message in shown:
        for block in message.blocks:
            for element in acting_in(block):
                if element["action_id"] == do.action_id:
                    return Step(message, message.text, block["block_id"], element)
    return None


def _labelled(message: Message, label: str) -> Json:
    elements = (element for block in message.blocks for element in acting_in(block))
    found: Json = next(one for one in elements if one["type"] == "button" and one["text"]["text"] == label)
    return found
