#!/usr/bin/env python3
"""Checks what a Slack app shows against Slack's published shapes and limits.

    check.py manifest manifest.yml
    check.py payloads FILE        one JSON object a line: {"surface": "message" | "modal" | "home", "payload": {...}}

A message's payload is what chat.postMessage gets: at least {"text": ..., "blocks": [...]}.
Prints a complaint a line and exits 1 where there is one. Needs jsonschema and PyYAML.
manifest.schema.json is Slack's own (slackapi/manifest-schema, version 2). blocks.schema.json is derived from @slack/types 3.2.0
with the limits of Slack's reference pages.
"""

import json
import sys
from pathlib import Path

import jsonschema

HERE = Path(__file__).parent
ROOTS = {"message": "Message", "modal": "ModalView", "home": "HomeView"}


def complaints(schema: dict, thing: object) -> list[str]:
    validator = jsonschema.Draft7Validator(schema)
    found = []
    for error in validator.iter_errors(thing):
        leaf = error
        while leaf.context:
            leaf = max(leaf.context, key=lambda e: len(e.absolute_path))
        found.append(f"{'/'.join(map(str, leaf.absolute_path)) or '(top)'}: {leaf.message[:200]}")
    return found


def beyond_the_schema(payload: dict, surface: str) -> list[str]:
    """What JSON Schema can't say: unique ids, one table, sizes, equal rows."""
    blocks = payload.get("blocks") or []
    out = []
    ids = [b["block_id"] for b in blocks if b.get("block_id")]
    out += [f"block_id {i!r} repeats" for i in set(ids) if ids.count(i) > 1]
    for n, b in enumerate(blocks):
        actions = [e.get("action_id") for e in b.get("elements") or [] if isinstance(e, dict) and e.get("action_id")]
        out += [f"blocks/{n}: action_id {a!r} repeats" for a in set(actions) if actions.count(a) > 1]
        if b.get("type") in ("table", "data_table") and len({len(r) for r in b.get("rows", [])}) > 1:
            out.append(f"blocks/{n}: rows of different lengths")
    if sum(b.get("type") == "table" for b in blocks) > 1:
        out.append("more than one table in a message")
    if surface == "message" and len(json.dumps(blocks)) > 12_000:
        out.append(f"blocks take {len(json.dumps(blocks))} characters: Slack refuses messages of about 13,000")
    return out


def main() -> int:
    kind, path = sys.argv[1:3]
    found = []
    if kind == "manifest":
        import yaml

        found = complaints(
            json.loads((HERE / "manifest.schema.json").read_text()), yaml.safe_load(Path(path).read_text())
        )
    else:
        blocks = json.loads((HERE / "blocks.schema.json").read_text())
        for number, line in enumerate(Path(path).read_text().splitlines(), 1):
            entry = json.loads(line)
            root = {
                "$schema": blocks["$schema"],
                "definitions": blocks["definitions"],
                "$ref": f"#/definitions/{ROOTS[entry['surface']]}",
            }
            found += [
                f"line {number}: {c}"
                for c in complaints(root, entry["payload"]) + beyond_the_schema(entry["payload"], entry["surface"])
            ]
    print("\n".join(found) or "ok")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
