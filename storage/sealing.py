"""Seals a response while its round is open: state, kind of work and marks are one value that only the round's key opens.

The database alone, its logs, statistics, dead rows, replicas and backups hold nothing else of a response than the tag that
finds it. AES-256-GCM with a random nonce: a key seals some 70 times each of at most 100,000 people, far below the 2^32
values that NIST SP 800-38D (8.3) allows a key with random nonces.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass

from instrument.progress import State

FORMAT = b"1"
NONCE, FUNCTION = 12, 40
"""Bytes. A kind of work that is shorter is filled up, so that sealed values are as long whatever is in them."""
STATES = {State.ANSWERING: b"a", State.SUBMITTED: b"s"}
OF_STATE = {byte[0]: state for state, byte in STATES.items()}
SEALS = b"the key that seals responses"


class BrokenSeal(Exception):
    """A sealed value is not what this round's key sealed for this response: damaged, moved, or of another key."""


@dataclass(frozen=True)
class Sheet:
    """What somebody answered. function: their kind of work. `strip` has a mark for each item of the round's instrument."""

    state: State
    function: str
    strip: str


class RoundCipher:
    """All that the key of one round is for: it finds a person's response, and seals and opens it."""

    def __init__(self, round_key: bytes) -> None:
        from cryptography.exceptions import InvalidTag  # 12 ms, which a start need not wait for
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._round_key = round_key
        self._cipher = AESGCM(hmac.digest(round_key, SEALS, hashlib.sha256))
        self._invalid = InvalidTag

    def tag(self, person_id: str) -> str:
        """The code under which the person's response is found in this round, 64 hex digits."""
        return hmac.digest(self._round_key, person_id.encode(), hashlib.sha256).hex()

    def seal(self, sheet: Sheet, round_id: int, tag: str) -> bytes:
        """The sealed value of this response, and of no other. Raises ValueError for a kind of work of over 40 bytes."""
        function = sheet.function.encode()
        if len(function) > FUNCTION or b"\0" in function:
            raise ValueError(f"the id of a kind of work has {FUNCTION} bytes at most")
        told = STATES[sheet.state] + function.ljust(FUNCTION, b"\0") + sheet.strip.encode()
        nonce = os.urandom(NONCE)
        return FORMAT + nonce + self._cipher.encrypt(nonce, told, _bound(round_id, tag))

    def open(self, sealed: bytes, round_id: int, tag: str) -> Sheet:
        """What was sealed. Raises BrokenSeal."""
        if sealed[:1] != FORMAT:
            raise BrokenSeal("a response was sealed by a version of the bot that this one does not know")
        try:
            told = self._cipher.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], _bound(round_id, tag))
        except (self._invalid, ValueError):
            raise BrokenSeal("a response can't be opened with its round's key") from None
        function = told[1 : 1 + FUNCTION].rstrip(b"\0").decode()
        return Sheet(OF_STATE[told[0]], function, told[1 + FUNCTION :].decode())


def _bound(round_id: int, tag: str) -> bytes:
    """What the value is sealed together with: moved to another row or round, it does not open."""
    return b"%s:%d:%s" % (FORMAT, round_id, tag.encode())
