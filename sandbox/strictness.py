"""What would Slack refuse of what a bot shows? Slack's published shapes and limits, as far as they are written down."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError, validators

from sandbox.slack.check import ROOTS, beyond_the_schema

SCHEMA = Path(__file__).parent / "slack" / "blocks.schema.json"


def complaints(surface: str, payload: dict[str, Any]) -> list[str]:
    """What Slack would refuse about a "message", "modal" or "home"; empty where it would show it.

    The complaints are those of slack/check.py, found ten times as fast: a block is compared with its own type only.
    """
    found = []
    for error in _validator(surface).iter_errors(payload):
        leaf = error
        while leaf.context:
            leaf = max(leaf.context, key=lambda inner: len(inner.absolute_path))
        found.append(f"{'/'.join(map(str, leaf.absolute_path)) or '(top)'}: {leaf.message[:200]}")
    return found or beyond_the_schema(payload, surface)


@cache
def _definitions() -> dict[str, Any]:
    definitions: dict[str, Any] = _by_type(json.loads(SCHEMA.read_text())["definitions"])
    return definitions


@cache
def _validator(surface: str) -> Any:
    extend: Any = validators.extend
    return extend(Draft7Validator, {"$ref": _referred, "thenByType": _of_its_type})(_definitions()[ROOTS[surface]])


def _by_type(schema: Any) -> Any:
    """The same schema with one look-up in place of each list of "if it is a button, then"."""
    if isinstance(schema, list):
        return [_by_type(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _by_type(part) for name, part in schema.items()}
    branches = plain.get("allOf", [])
    if not branches or not all("if" in branch for branch in branches):
        return plain
    del plain["allOf"]
    return plain | {"thenByType": {one["if"]["properties"]["type"]["const"]: one["then"] for one in branches}}


def _referred(validator: Any, reference: str, instance: object, _: object) -> Iterator[ValidationError]:
    yield from validator.descend(instance, _definitions()[reference.rpartition("/")[2]])


def _of_its_type(validator: Any, branches: dict[str, Any], instance: object, _: object) -> Iterator[ValidationError]:
    kind = instance.get("type") if isinstance(instance, dict) else None
    if isinstance(kind, str) and kind in branches:
        yield from validator.descend(instance, branches[kind])
