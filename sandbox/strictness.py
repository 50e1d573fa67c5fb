"""Finds what Slack would refuse of what a bot shows: by Slack's published shapes and limits, then by its rules beyond them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from sandbox.block_rules import ONE_TABLE
from sandbox.image_rules import NO_IMAGES, Images
from sandbox.rules import broken_rules
from sandbox.slack import check

SCHEMA = Path(__file__).parent / "slack" / "blocks.schema.json"


def complaints(surface: str, payload: dict[str, Any], images: Images = NO_IMAGES) -> list[str]:
    """What Slack would refuse about a "message", "modal" or "home"; empty where it would show it.

    The complaints are those of slack/check.py and of rules.py. The first takes its time, so it is asked for the schema only
    where something is wrong. `images` are those that Slack could fetch.
    """
    schema, quick = _reader(surface)
    found = [] if _fits(quick, payload) else check.complaints(schema, payload)
    return found or check.beyond_the_schema(payload, surface) + broken_rules(surface, payload, images)


def refusal_word(found: list[str]) -> str:
    """The word with which the chat methods refuse a message with these complaints.

    Sources: docs.slack.dev, table block; bolt-js#2509.
    """
    if any(complaint.endswith(ONE_TABLE) for complaint in found):
        return "invalid_attachments"
    return "msg_blocks_too_long" if all(map(_is_about_length, found)) else "invalid_blocks"


def _is_about_length(complaint: str) -> bool:
    return complaint.startswith("blocks take ")


@cache
def _reader(surface: str) -> tuple[dict[str, Any], jsonschema_rs.Validator]:
    whole = json.loads(SCHEMA.read_text())
    schema = {name: whole[name] for name in ("$schema", "definitions")}
    schema["$ref"] = f"#/definitions/{check.ROOTS[surface]}"
    return schema, jsonschema_rs.validator_for(schema)


def _fits(quick: jsonschema_rs.Validator, payload: dict[str, Any]) -> bool:
    try:
        return quick.is_valid(payload)
    except ValueError:  # half a surrogate pair, which JSON can hold and UTF-8 can't
        return False
