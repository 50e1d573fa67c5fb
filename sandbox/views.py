"""What modals are open, and what is on each Home tab? A modal belongs to one person, and up to three lie on each other."""

import itertools
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.people import APP_ID, BOT_APP_ID, TEAM_ID
from sandbox.refusals import Json, Refused
from sandbox.states import initial_state, kept_state
from sandbox.strictness import complaints

MOST_IN_A_STACK = 3
LARGEST = 250_000
"""Characters of a view (docs.slack.dev, views.open: view_too_large)."""


@dataclass
class Views:
    """`modals`: each person's stack, the top last. Views are as Slack gives them back, with an id and a hash."""

    modals: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def open(self, person_id: str, shown: Any) -> Json:
        """A new modal in place of what was open. Raises Refused, as all that follow."""
        view = self._made(shown, "modal")
        self.modals[person_id] = [view]
        return view

    def push(self, person_id: str, shown: Any) -> Json:
        """A new modal over the one that is open."""
        stack = self.modals.get(person_id)
        if not stack:
            raise Refused("invalid_arguments", "there is no modal to push onto")
        if len(stack) >= MOST_IN_A_STACK:
            raise Refused("push_limit_reached")
        view = self._made(shown, "modal")
        view |= {"previous_view_id": stack[-1]["id"], "root_view_id": stack[0]["id"]}
        stack.append(view)
        return view

    def update(self, view: Json, shown: Any) -> Json:
        """The same window with something else in it: the id stays, the hash changes, and what was typed in fields that stay."""
        changed = self._made(shown, "modal", but=view)
        changed["state"] = {"values": kept_state(view, changed)}
        kept = {name: view[name] for name in ("id", "root_view_id", "previous_view_id")}
        view.clear()
        view.update(changed | kept)
        return view

    def publish(self, person_id: str, shown: Any, if_hash: str | None = None) -> Json:
        standing = self.homes.get(person_id)
        if if_hash and standing and standing["hash"] != if_hash:
            raise Refused("hash_conflict")
        home = self._made(shown, "home")
        # A person has one Home tab: its id stays.
        self.homes[person_id] = home | ({"id": standing["id"], "root_view_id": standing["id"]} if standing else {})
        return self.homes[person_id]

    def find(self, view_id: object, external_id: object = None) -> Json:
        """An open modal."""
        for stack in self.modals.values():
            for view in stack:
                if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                    return view
        raise Refused("not_found")

    def own(self, person_id: str, view_id: object) -> Json:
        """A person's modal on top, or Home tab: what she can press."""
        home = self.homes.get(person_id)
        return home if home and home["id"] == view_id else self.top(person_id, view_id)

    def top(self, person_id: str, view_id: object) -> Json:
        """A person's modal on top: what she can submit or close."""
        stack = self.modals.get(person_id)
        if stack and stack[-1]["id"] == view_id:
            return stack[-1]
        raise Refused("not_found")

    def close(self, person_id: str, *, all_of_them: bool = False) -> list[Json]:
        """Takes away the modal on top; what lies below shows again. What was closed, the top first."""
        stack = self.modals.get(person_id, [])
        closed = stack[0 if all_of_them else -1 :]
        del stack[len(stack) - len(closed) :]
        return closed[::-1]

    def _made(self, shown: Any, surface: str, but: Json | None = None) -> Json:
        """A view as Slack gives it back. `but` is the one whose external_id it may share."""
        if not isinstance(shown, dict):
            raise Refused("invalid_arguments", "view: must be an object")
        if found := complaints(surface, shown):
            raise Refused("invalid_arguments", *(f"/view/{complaint}" for complaint in found))
        if len(json.dumps(shown)) > LARGEST:
            raise Refused("view_too_large")
        if name := shown.get("external_id"):
            others = [view for stack in self.modals.values() for view in stack if view is not but]
            if any(view["external_id"] == name for view in others):
                raise Refused("duplicate_external_id")
        view_id = f"V{next(self._numbers):09d}"
        view: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
        view |= {"clear_on_close": False, "notify_on_close": False}
        view |= shown | {
            "id": view_id,
            "team_id": TEAM_ID,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_APP_ID,
            "hash": f"{next(self._numbers)}.{secrets.token_hex(4)}",
            "previous_view_id": None,
            "root_view_id": view_id,
            "blocks": with_ids(shown["blocks"]),
        }
        return view | {"state": {"values": initial_state(view["blocks"])}}


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with an id made up for each block and element that has none, as Slack does."""
    return [_with_id(block, "block_id") | _with_inner_ids(block) for block in blocks]


def _with_inner_ids(block: Json) -> Json:
    inner: Json = {name: _with_action_id(block[name]) for name in ("element", "accessory") if name in block}
    if block["type"] == "actions":
        inner["elements"] = [_with_action_id(element) for element in block["elements"]]
    return inner


def _with_action_id(element: Json) -> Json:
    return element if element["type"] == "image" else _with_id(element, "action_id")


def _with_id(thing: Json, name: str) -> Json:
    return thing if thing.get(name) else thing | {name: secrets.token_urlsafe(4)}
