"""How the bot acknowledged what it was sent."""

import json
from dataclasses import dataclass
from enum import StrEnum

from sandbox.refusals import Json

PATIENCE = 3.0
"""Seconds in which a bot has to acknowledge (docs.slack.dev, handling user interaction)."""


class Kind(StrEnum):
    """What is sent, by the names that Socket Mode has for it."""

    COMMAND = "slash_commands"
    INTERACTION = "interactive"
    EVENT = "events_api"


@dataclass(frozen=True)
class Ack:
    """`status` is HTTP's (0: no answer), after `seconds`, with `body` where there was one.

    `kind` is the command, the type of the interaction, or the type of the event. `fault` is Slack's word for what was wrong,
    None where all is well. `is_planned`: the bot did it right, and it was planned that this reaches Slack late or never.
    """

    kind: str
    status: int
    seconds: float
    body: Json | None = None
    fault: str | None = None
    is_planned: bool = False


def unanswered(payload: Json, seconds: float, *, in_time: bool) -> Ack:
    """No answer: none within three seconds, or none at all since the bot can't be reached."""
    return Ack(name_of(payload), 0, seconds, fault="dispatch_failed" if in_time else "operation_timeout")


def answered(payload: Json, seconds: float, status: int = 200, content_type: str = "", text: str = "") -> Ack:
    """What the bot answered over HTTP."""
    if status != 200:
        return Ack(name_of(payload), status, seconds, fault="dispatch_failed")
    if content_type != "application/json" or not text:
        return Ack(name_of(payload), status, seconds, {"text": text} if text else None)
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Ack(name_of(payload), status, seconds, fault="invalid_response")
    return Ack(name_of(payload), status, seconds, body)


def name_of(payload: Json) -> str:
    """The command, or the type of the interaction or event."""
    return str(payload.get("command") or payload.get("event", payload).get("type", ""))
