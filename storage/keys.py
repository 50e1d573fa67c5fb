"""The keys of open rounds, each of two halves: one in the database, one in a file outside it.

The key is HMAC-SHA256(the file's secret, the database's half), so either half alone opens nothing, and a copy of the
database, or PostgreSQL's log, is not enough. At closing both go (REVIEW, 4 and 30).
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from storage.sealing import RoundCipher

BYTES = 32


@dataclass(frozen=True)
class RoundKey:
    """What a round keeps of its key: the name of the secret's file, the database's half, and what tells the right key.

    check: None where the round is older than check values.
    """

    name: str
    half: bytes = field(repr=False)
    check: str | None = field(default=None, repr=False)


class Fault(StrEnum):
    """Why a round's key can't be made."""

    MISSING = "missing"
    WRONG = "wrong"


class LostKey(Exception):
    """The file with a round's secret is not there, or is not what we wrote. Without it no respondent is known again."""

    def __init__(self, path: Path, fault: Fault) -> None:
        super().__init__(
            f"{path}: the secret of an open self-assessment is {fault}; restore the file, or set HTA_KEY_DIR to its folder"
        )
        self.fault = fault


class Keyring:
    """The secrets of open rounds, a file each, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ciphers: dict[tuple[str, bytes], RoundCipher] = {}

    def make(self) -> RoundKey:
        """A new key, whose secret lies safely on the disk before the round can begin. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name, secret, half = secrets.token_hex(8), secrets.token_bytes(BYTES), secrets.token_bytes(BYTES)
        file = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _write(file, secret)
        _sync(self._folder)
        return RoundKey(name, half, _check(_derived(secret, half)))

    def cipher(self, key: RoundKey) -> RoundCipher:
        """What finds, seals and opens the round's responses. Raises LostKey."""
        cipher = self._ciphers.get((key.name, key.half))
        if cipher is None:
            cipher = self._ciphers[key.name, key.half] = RoundCipher(self._read(key))
        return cipher

    def fault(self, key: RoundKey) -> Fault | None:
        """What is wrong with the secret's file as it lies there now; None: it makes the round's key."""
        try:
            self._read(key)
        except LostKey as lost:
            return lost.fault
        return None

    def check(self, key: RoundKey) -> str:
        """The check value of the key that the file makes now. Raises LostKey."""
        return _check(self._read(key))

    def keep_only(self, names: Iterable[str]) -> None:
        """Forgets every key but these: another process may have closed a round whose key this one still knows."""
        kept = frozenset(names)
        self._ciphers = {known: cipher for known, cipher in self._ciphers.items() if known[0] in kept}

    def destroy(self, name: str) -> None:
        """Overwrites and removes the secret, and forgets the key. Harmless where it is gone already."""
        self._ciphers = {known: cipher for known, cipher in self._ciphers.items() if known[0] != name}
        try:
            file = os.open(self._path(name), os.O_WRONLY)
        except FileNotFoundError:
            return
        _write(file, bytes(BYTES))
        self._path(name).unlink(missing_ok=True)
        _sync(self._folder)

    def _read(self, key: RoundKey) -> bytes:
        """Raises LostKey."""
        path = self._path(key.name)
        try:
            secret = path.read_bytes()
        except OSError:
            raise LostKey(path, Fault.MISSING) from None
        derived = _derived(secret, key.half)
        if len(secret) != BYTES or key.check not in (None, _check(derived)):
            raise LostKey(path, Fault.WRONG)
        return derived

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.key"


def _derived(secret: bytes, half: bytes) -> bytes:
    return hmac.digest(secret, half, hashlib.sha256)


def _check(derived: bytes) -> str:
    """It tells nothing of the key, nor of any tag: those are made of people's ids, which have no space in them."""
    return hmac.digest(derived, b"the check value of this key", hashlib.sha256).hex()


def _write(file: int, content: bytes) -> None:
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)


def _sync(folder: Path) -> None:
    """A file's name is safe only once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
