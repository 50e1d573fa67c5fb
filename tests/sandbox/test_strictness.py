"""What check.py refuses is refused here with the same complaints: the quicker way round the schema changes no verdict."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.slack import check
from sandbox.strictness import complaints, refusal_word
from sandbox_counterpart import button, field_of, message, modal, options, typed
from sandbox_payloads import GOOD, table, with_blocks

SCHEMA = json.loads((Path(check.__file__).parent / "blocks.schema.json").read_text())
MRKDWN = {"type": "mrkdwn", "text": "a"}
TABLE = table()
LONG = with_blocks(*message(text="x" * 3000)["blocks"] * 5)


def official(surface: str, payload: Any) -> list[str]:
    """The complaints of check.py itself."""
    root = {
        "$schema": SCHEMA["$schema"],
        "definitions": SCHEMA["definitions"],
        "$ref": f"#/definitions/{check.ROOTS[surface]}",
    }
    return check.complaints(root, payload) or check.beyond_the_schema(payload, surface)


BAD = [
    ("no text", "message", {"blocks": message("Never")["blocks"]}),
    ("an empty text", "message", {"text": ""}),
    ("51 blocks", "message", with_blocks(*[{"type": "divider"}] * 51)),
    ("a block of no known type", "message", with_blocks({"type": "marquee"})),
    ("a block without a type", "message", with_blocks({"text": "?"})),
    ("a modal's block in a message", "message", with_blocks({"type": "alert", "text": {"type": "plain_text", "text": "!"}})),
    ("a key that Slack doesn't know", "message", with_blocks({"type": "divider", "colour": "red"})),
    ("a button's label of 76", "message", with_blocks({"type": "actions", "elements": [button("x" * 76)]})),
    ("a button's label in mrkdwn", "message", with_blocks({"type": "actions", "elements": [button("a", text=MRKDWN)]})),
    ("a value of 2,001", "message", with_blocks({"type": "actions", "elements": [button("a", value="x" * 2001)]})),
    ("26 buttons in a row", "message", with_blocks({"type": "actions", "elements": [button(str(n)) for n in range(26)]})),
    ("a row without buttons", "message", with_blocks({"type": "actions", "elements": []})),
    ("the same action_id twice in a block", "message", with_blocks({"type": "actions", "elements": [button("a"), button("a")]})),
    ("the same block_id twice", "message", with_blocks({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"})),
    ("a section of 3,001 with half a surrogate pair", "message", message(text="\ud83d" + "x" * 3000)),
    ("a section of 3,001", "message", message(text="x" * 3001)),
    ("a header of 151", "message", with_blocks({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}})),
    ("two tables", "message", with_blocks(TABLE, TABLE)),
    ("rows of different lengths", "message", with_blocks({"type": "table", "rows": [TABLE["rows"][0], TABLE["rows"][0][:1]]})),
    ("12,000 characters of blocks", "message", LONG),
    ("a title of 25", "modal", modal(field_of("Name", typed()), title={"type": "plain_text", "text": "x" * 25})),
    ("a field without a submit button", "modal", {k: v for k, v in modal(field_of("Name", typed())).items() if k != "submit"}),
    ("private_metadata of 3,001", "modal", modal(field_of("Name", typed()), private_metadata="x" * 3001)),
    ("a callback_id of 256", "modal", modal(field_of("Name", typed()), callback_id="x" * 256)),
    ("an external_id of 256", "modal", modal(field_of("Name", typed()), external_id="x" * 256)),
    ("notify_on_close that is no flag", "modal", modal(field_of("Name", typed()), notify_on_close="yes")),
    ("101 blocks", "modal", modal(*[{"type": "divider"}] * 101)),
    ("an option's text of 76", "modal", modal(field_of("Kind", {"type": "static_select", "options": options("x" * 76)}))),
    ("a table in a modal", "modal", modal(TABLE)),
    ("a modal on Home", "home", modal(field_of("Name", typed()))),
]  # fmt: skip


@pytest.mark.parametrize(("surface", "payload"), GOOD.values(), ids=GOOD)
def test_what_slack_shows_is_let_through(surface: str, payload: dict[str, Any]) -> None:
    assert official(surface, payload) == []
    assert complaints(surface, payload) == []


@pytest.mark.parametrize(("why", "surface", "payload"), BAD, ids=[why for why, _, _ in BAD])
def test_what_check_refuses_is_refused_with_the_same_complaints(
    why: str, surface: str, payload: dict[str, Any]
) -> None:
    assert official(surface, payload) != []
    assert set(official(surface, payload)) <= set(complaints(surface, payload))


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (with_blocks({"type": "marquee"}), "invalid_blocks"),
        (with_blocks(TABLE, TABLE), "invalid_attachments"),
        (LONG, "msg_blocks_too_long"),
        (
            with_blocks(*LONG["blocks"], {"type": "header", "text": {"type": "plain_text", "text": " "}}),
            "invalid_blocks",
        ),
    ],
)
def test_a_message_is_refused_with_slacks_word_for_what_is_wrong(payload: dict[str, Any], word: str) -> None:
    assert refusal_word(complaints("message", payload)) == word


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["type", "text", "value"]), inner),
    max_leaves=4,
)


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, Any]:
    """Something that Slack shows, with one thing in it replaced or taken away."""
    surface, payload = draw(st.sampled_from(list(GOOD.values())))
    payload = json.loads(json.dumps(payload))
    place: Any = payload
    while True:
        key = draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            break
        place = inner
    if draw(st.booleans()):
        del place[key]
    else:
        place[key] = draw(anything)
    return surface, payload


@given(broken())
@settings(max_examples=200, deadline=None)
def test_broken_messages_meet_the_complaints_of_check(one: tuple[str, Any]) -> None:
    surface, payload = one

    assert set(official(surface, payload)) <= set(complaints(surface, payload))
