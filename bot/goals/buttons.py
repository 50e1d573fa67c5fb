"""What can be pressed about goals, and how it travels."""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.payloads import Press, Submission, id_in, reads
from instrument.goals import Horizon

FORMAT = "1"
SET_GOAL = "results.v1.set_goal"
"""Stands under results; its value is `1:<round>[:item]`."""
SETTING = re.compile(r"^results\.v1\.set_goal$")
PATTERN = re.compile(r"^goals\.v1\.[a-z_]+$")
MORE = "goals.v1.more"
"""The overflow beside a goal; what was chosen in it says what to do."""
NEW, DETAILS, MOVE, NOTE, HAND_OVER, DROP = (
    f"goals.{word}.v1" for word in ("new", "details", "move", "note", "hand_over", "drop")
)
CHANNEL = "goals.v1.channel"
NEW_CHANNEL = "goals.channel.v1"
PAGE = "goals.v1.page"
REHEARSE = "goals.v1.rehearse"
RETAKE = "goals.v1.retake"
TELL = "goals.v1.tell"
TOLD = "goals.tell.v1"
_NUMBER = re.compile(r"^[0-9]{1,9}$")
_ITEM = re.compile(r"^[a-z0-9_]{1,20}$")
_SURFACE = re.compile(r"^[chfp][0-9]{0,3}$")


class Do(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BLOCKED = "blocked"
    DONE = "done"
    MOVE = "move"
    NOTE = "note"
    HAND_OVER = "hand_over"
    DROP = "drop"
    UNDO = "undo"

    @property
    def action_id(self) -> str:
        return f"goals.v1.{self.value}"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Do.ON_TRACK: "On track",
    Do.AT_RISK: "At risk",
    Do.BLOCKED: "Blocked",
    Do.DONE: "Done",
    Do.MOVE: "Move date",
    Do.NOTE: "Add note",
    Do.HAND_OVER: "Hand over",
    Do.DROP: "Drop",
    Do.UNDO: "Undo",
}


class Kind(StrEnum):
    """In which message a goal stands."""

    CHECK_IN = "c"
    HEADS_UP = "h"
    FOLLOW_UP = "f"
    PLAN = "p"


@dataclass(frozen=True)
class Surface:
    """The message in which a goal stands: which one, of which day, and which part of it."""

    kind: Kind
    day: date
    page: int = 0


@dataclass(frozen=True)
class GoalPressed:
    """A press on a goal. What follows `surface` travels in the modal that it opens; `place` is (channel, ts)."""

    do: Do
    goal_id: int
    surface: Surface
    event_id: int = 0
    place: tuple[str, str] | None = None
    response_url: str = ""

    @property
    def value(self) -> str:
        shown = self.surface
        return f"{FORMAT}:{self.goal_id}:{shown.day:%Y%m%d}:{shown.kind}{shown.page}"

    @property
    def choice(self) -> str:
        """The value of an option in the overflow."""
        return f"{self.value}:{self.do}"

    @property
    def metadata(self) -> str:
        channel_id, ts = self.place or ("", "")
        return f"{self.choice}:{self.event_id}:{channel_id}:{ts}:{self.response_url}"

    @classmethod
    def read(cls, press: Press) -> "GoalPressed | None":
        """None where it is not of this format."""
        parts = (press.value or "").split(":")
        if press.action_id == MORE:
            *parts, word = parts
        else:
            word = press.action_id.rpartition(".")[2]
        read = _read(parts, word)
        if read and press.channel_id and press.message_ts:
            place = (press.channel_id, press.message_ts)
            return replace(read, place=place, response_url=press.response_url or "")
        return read

    @classmethod
    @reads
    def carried(cls, submitted: Submission) -> "GoalPressed":
        """What a modal carries. Raises payloads.Unreadable."""
        *parts, word, event_id, channel_id, ts, response_url = submitted.metadata.split(":", 8)
        read = _read(parts, word)
        if read is None:
            raise ValueError("a modal of another version")
        place = (channel_id, ts) if ts else None
        return replace(read, event_id=id_in(event_id), place=place, response_url=response_url)


def numbered(value: str | None) -> int | None:
    """The one number that a button carries: a page's, a round's, a plan's; None where it is not of this format."""
    match (value or "").split(":"):
        case [version, number] if version == FORMAT and _NUMBER.match(number):
            return int(number)
        case _:
            return None


def _read(parts: list[str], word: str) -> GoalPressed | None:
    match parts:
        case [version, goal_id, day, surface] if (
            version == FORMAT and word in list(Do) and _NUMBER.match(goal_id) and _SURFACE.match(surface)
        ):
            try:
                on = date.fromisoformat(day)
            except ValueError:
                return None
            return GoalPressed(Do(word), int(goal_id), Surface(Kind(surface[0]), on, int(surface[1:] or 0)))
        case _:
            return None


@dataclass(frozen=True)
class SetGoal:
    """Somebody wants to set a goal for a round's results, about `item` where it is named."""

    round_id: int
    item: str | None = None

    @property
    def value(self) -> str:
        return f"{FORMAT}:{self.round_id}" + (f":{self.item}" if self.item else "")

    @classmethod
    def read(cls, value: str | None) -> "SetGoal | None":
        """None where it is not of this format."""
        match (value or "").split(":"):
            case [version, round_id] if version == FORMAT and _NUMBER.match(round_id):
                return cls(int(round_id))
            case [version, round_id, item] if version == FORMAT and _NUMBER.match(round_id) and _ITEM.match(item):
                return cls(int(round_id), item)
            case _:
                return None


@dataclass(frozen=True)
class Telling:
    """What is told at one of a plan's dates."""

    plan_id: int
    horizon: Horizon

    @property
    def value(self) -> str:
        return f"{FORMAT}:{self.plan_id}:{self.horizon}"

    @classmethod
    def read(cls, value: str | None) -> "Telling | None":
        """None where it is not of this format."""
        match (value or "").split(":"):
            case [version, plan_id, horizon] if (
                version == FORMAT and _NUMBER.match(plan_id) and horizon in list(Horizon)
            ):
                return cls(int(plan_id), Horizon(horizon))
            case _:
                return None
