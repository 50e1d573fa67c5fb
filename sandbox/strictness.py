"""What would Slack refuse of what a bot shows? Slack's published shapes and limits, as far as they are written down."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from sandbox.slack import check

SCHEMA = Path(__file__).parent / "slack" / "blocks.schema.json"


def complaints(surface: str, payload: dict[str, Any]) -> list[str]:
    """What Slack would refuse about a "message", "modal" or "home"; empty where it would show it.

    The complaints are those of slack/check.py. It takes its time, so it is asked only where something is wrong.
    """
    schema, quick = _reader(surface)
    found = [] if _fits(quick, payload) else check.complaints(schema, payload)
    return found or check.beyond_the_schema(payload, surface)


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
