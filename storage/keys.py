"""Whose answers are these? Only both halves of a round's key can tell: one in the database, one in a file outside it.

The key is HMAC-SHA256(the file's secret, the database's half), so either half alone opens nothing, and a copy of the
database, or PostgreSQL's log, is not enough. At closing both go (REVIEW, 4 and 30).
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

BYTES = 32


@dataclass(frozen=True)
class NewKey:
    """The name of the secret's file, and the half that the round keeps."""

    name: str
    half: bytes = field(repr=False)


class MissingSecret(Exception):
    """The file with a round's secret is not there, or is not what we wrote. Without it no respondent is known again."""


class Keyring:
    """The secrets of open rounds, a file each, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[tuple[str, bytes], bytes] = {}

    def make(self) -> NewKey:
        """A new key, whose secret lies safely on the disk before the round can begin. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = secrets.token_hex(8)
        file = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _write(file, secrets.token_bytes(BYTES))
        _sync(self._folder)
        return NewKey(name, secrets.token_bytes(BYTES))

    def tag(self, name: str, half: bytes, person_id: str) -> str:
        """The code under which the person's response is found in this round, 64 hex digits. Raises MissingSecret."""
        key = self._keys.get((name, half))
        if key is None:
            key = self._keys[name, half] = hmac.digest(self._secret(name), half, hashlib.sha256)
        return hmac.digest(key, person_id.encode(), hashlib.sha256).hex()

    def has(self, name: str) -> bool:
        """Whether the secret's file is there."""
        return self._path(name).is_file()

    def keep_only(self, names: Iterable[str]) -> None:
        """Forgets every key but these: another process may have closed a round whose key this one still knows."""
        kept = frozenset(names)
        self._keys = {known: key for known, key in self._keys.items() if known[0] in kept}

    def destroy(self, name: str) -> None:
        """Overwrites and removes the secret, and forgets the key. Harmless where it is gone already."""
        self._keys = {known: key for known, key in self._keys.items() if known[0] != name}
        try:
            file = os.open(self._path(name), os.O_WRONLY)
        except FileNotFoundError:
            return
        _write(file, bytes(BYTES))
        self._path(name).unlink(missing_ok=True)
        _sync(self._folder)

    def _secret(self, name: str) -> bytes:
        try:
            secret = self._path(name).read_bytes()
        except FileNotFoundError:
            secret = b""
        if len(secret) != BYTES:
            raise MissingSecret(
                f"{self._path(name)}: the secret of an open self-assessment is missing; restore it, or set HTA_KEY_DIR"
            )
        return secret

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.key"


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
