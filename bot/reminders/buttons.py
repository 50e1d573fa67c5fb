"""What can be pressed about reminders, and how it travels: `<format>:<round>[:<best time>]`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.payloads import Press
from bot.reminders.times import BestTime, Later

FORMAT = "1"
PATTERN = re.compile(r"^reminders\.v1\.[a-z0-9_]+$")
_ROUND = re.compile(r"^[0-9]{1,9}$")


class Do(StrEnum):
    IN_2_HOURS = Later.IN_2_HOURS.value
    TOMORROW = Later.TOMORROW.value
    NEXT_WEEK = Later.NEXT_WEEK.value
    BEST_TIME = "best_time"
    STOP = "stop"
    RESUME = "resume"

    @property
    def action_id(self) -> str:
        return f"reminders.v1.{self.value}"


@dataclass(frozen=True)
class ReminderPressed:
    """`best` is the time of day that was chosen, with BEST_TIME; else None."""

    do: Do
    round_id: int
    best: BestTime | None = None

    @property
    def value(self) -> str:
        return f"{FORMAT}:{self.round_id}" + (f":{self.best.value}" if self.best else "")

    @classmethod
    def read(cls, press: Press) -> "ReminderPressed | None":
        """None where it is not of this format."""
        word = press.action_id.rpartition(".")[2]
        parts = (press.value or "").split(":")
        if word not in list(Do) or len(parts) < 2 or parts[0] != FORMAT or not _ROUND.match(parts[1]):
            return None
        match parts[2:]:
            case [] if word != Do.BEST_TIME:
                return cls(Do(word), int(parts[1]))
            case [best] if word == Do.BEST_TIME and best in list(BestTime):
                return cls(Do(word), int(parts[1]), BestTime(best))
            case _:
                return None
