"""What did a call ask for? Its arguments, wherever they stand, and pages of what it asks for."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from sandbox.refusals import Json, Refused

WRITTEN_AS_JSON = {
    "blocks": "invalid_blocks_format",
    "view": "invalid_arguments",
    "attachments": "invalid_attachments",
    "files": "invalid_arguments",
}
"""Arguments that a form or an address holds as JSON, and Slack's word where they are none."""
PAGE, LARGEST_PAGE = 100, 1000


async def arguments(request: web.Request, *, takes_json: bool) -> Json:
    """The arguments of a call: in the address, as a form, or as JSON where the method takes that. Raises Refused.

    Methods that only read take no JSON: Slack passes over such a body (docs.slack.dev, using the Web API).
    """
    asked: Json = dict(request.query)
    if request.content_type != "application/json":
        form = await request.post()
        asked |= {name: value for name, value in form.items() if isinstance(value, str)}
    elif takes_json:
        asked |= await json_object(request)
    for name, word in WRITTEN_AS_JSON.items():
        if isinstance(asked.get(name), str):
            asked[name] = _read(asked[name], word)
    return asked


async def json_object(request: web.Request) -> Json:
    """Raises Refused where the body is none."""
    body = _read(await request.text() or "{}", "invalid_json")
    if not isinstance(body, dict):
        raise Refused("json_not_object")
    return body


def needed(asked: Json, name: str) -> str:
    """An argument without which a call makes no sense. Raises Refused."""
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise Refused("invalid_arguments", f"[ERROR] missing required field: {name}")
    return value


def is_true(value: object) -> bool:
    """Whether a flag is set: Slack takes true, "true", 1 and "1"."""
    return str(value).lower() in ("true", "1")


def page(asked: Json, key: str, everything: Sequence[Any], drawn: Callable[[Any], Any] = lambda one: one) -> Json:
    """The page that was asked for, each of its things `drawn`, and the cursor of the next one. Raises Refused."""
    limit = str(asked.get("limit", PAGE))
    if not limit.isdecimal() or not 1 <= int(limit) <= LARGEST_PAGE:
        raise Refused("invalid_limit")
    start, size = _start(str(asked.get("cursor") or "")), int(limit)
    following = _cursor(start + size) if start + size < len(everything) else ""
    return {
        key: [drawn(one) for one in everything[start : start + size]],
        "response_metadata": {"next_cursor": following},
    }


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str) -> int:
    try:
        word, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        raise Refused("invalid_cursor") from None
    if cursor and (word != "next" or not start.isdecimal()):
        raise Refused("invalid_cursor")
    return int(start or 0)


def _read(written: str, word: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        raise Refused(word) from None
