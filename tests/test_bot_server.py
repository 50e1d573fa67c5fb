"""What is let in over HTTP: Slack's own bytes, fresh, and nothing that makes no sense."""

import hashlib
import hmac
import json
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.server import decoded, is_signed

SECRET = b"a secret"
NOW = 1_790_000_000
FORM = b"application/x-www-form-urlencoded"


def signed(raw: bytes, stamp: bytes = str(NOW).encode(), secret: bytes = SECRET) -> dict[bytes, bytes]:
    digest = hmac.new(secret, b"v0:" + stamp + b":" + raw, hashlib.sha256).hexdigest()
    return {b"x-slack-request-timestamp": stamp, b"x-slack-signature": f"v0={digest}".encode()}


def test_what_slack_signed_is_let_in() -> None:
    assert is_signed(SECRET, signed(b"body"), b"body", NOW)


@pytest.mark.parametrize(
    ("fault", "headers"),
    [
        ("no headers", {}),
        ("another secret", signed(b"body", secret=b"another")),
        ("another body", signed(b"other")),
        ("five minutes and a second old", signed(b"body", str(NOW - 301).encode())),
        ("from the future", signed(b"body", str(NOW + 301).encode())),
        ("a timestamp that is no number", signed(b"body", b"yesterday")),
        ("a negative timestamp", signed(b"body", b"-5")),
        ("an endless timestamp", signed(b"body", b"9" * 400)),
        ("an empty signature", signed(b"body") | {b"x-slack-signature": b""}),
        ("a signature that is not ASCII", signed(b"body") | {b"x-slack-signature": b"v0=\xff"}),
    ],
)
def test_everything_else_stays_out(fault: str, headers: dict[bytes, bytes]) -> None:
    assert not is_signed(SECRET, headers, b"body", NOW), fault


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]))


# Slack's numbers are small; beyond 64 bits orjson would make them floating.
numbers = st.integers(-(2**63), 2**63 - 1)


@given(st.dictionaries(words, words | numbers | st.booleans() | st.none() | st.lists(words), min_size=1))
def test_a_click_is_decoded_as_urllib_would(payload: dict[str, object]) -> None:
    raw = ("payload=" + quote_plus(json.dumps(payload))).encode()

    assert decoded(FORM, raw) == payload


@given(st.dictionaries(words.filter(lambda word: word not in ("", "payload")), words, min_size=1))
def test_a_command_is_decoded_as_urllib_would(fields: dict[str, str]) -> None:
    assert decoded(FORM, urlencode(fields).encode()) == fields


@given(st.binary(max_size=200), st.sampled_from([FORM, b"application/json", b"", b"text/plain"]))
def test_nonsense_is_none_and_never_an_error(raw: bytes, content_type: bytes) -> None:
    body = decoded(content_type, raw)

    assert body is None or isinstance(body, dict)


@pytest.mark.parametrize("raw", [b"payload=%7B", b"payload=1", b"payload=%5B%5D", b"payload=", b"payload=%ff%fe"])
def test_a_payload_that_is_no_object_is_none(raw: bytes) -> None:
    assert decoded(FORM, raw) is None
