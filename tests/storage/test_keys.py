"""Two halves make a key, and one is not enough."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keys import Fault, Keyring, LostKey, RoundKey


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def test_a_person_has_the_same_tag_every_time_and_in_every_process(folder: Path) -> None:
    key = Keyring(folder).make()

    tags = {Keyring(folder).cipher(key).tag("U1") for _ in range(3)}

    assert len(tags) == 1
    assert all(len(tag) == 64 for tag in tags)


@given(people=st.sets(st.text(min_size=1, max_size=12), min_size=2, max_size=20))
def test_two_people_never_share_a_tag(people: set[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    keyring = Keyring(tmp_path_factory.mktemp("keys"))
    key = keyring.make()

    assert len({keyring.cipher(key).tag(person) for person in people}) == len(people)


def test_either_half_alone_makes_another_tag(keyring: Keyring) -> None:
    ours, other = keyring.make(), keyring.make()

    keys = [RoundKey(name, half) for name in (ours.name, other.name) for half in (ours.half, other.half)]
    tags = {keyring.cipher(key).tag("U1") for key in keys}

    assert len(tags) == 4


def test_nothing_shows_a_half_by_accident(folder: Path) -> None:
    key = Keyring(folder).make()

    assert key.half.hex() not in repr(key)
    assert str(key.half) not in repr(key)


def test_secrets_are_nobody_elses_to_read(folder: Path) -> None:
    key = Keyring(folder).make()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"{key.name}.key").stat().st_mode) == 0o600


def test_a_destroyed_secret_is_gone_from_the_folder_and_from_memory(keyring: Keyring) -> None:
    key, other = keyring.make(), keyring.make()
    keyring.cipher(key)

    keyring.destroy(key.name)

    assert keyring.fault(key) is Fault.MISSING
    with pytest.raises(LostKey):
        keyring.cipher(key)
    assert keyring.fault(other) is None


def test_the_key_of_a_round_that_another_process_closed_is_forgotten(folder: Path) -> None:
    here, elsewhere = Keyring(folder), Keyring(folder)
    closed, still_open = here.make(), here.make()
    before = here.cipher(still_open).tag("U1")
    here.cipher(closed)

    elsewhere.destroy(closed.name)
    here.keep_only([still_open.name])

    with pytest.raises(LostKey):
        here.cipher(closed)
    assert here.cipher(still_open).tag("U1") == before


def test_the_secrets_bytes_are_overwritten_before_the_file_goes(folder: Path) -> None:
    keyring = Keyring(folder)
    key = keyring.make()
    path = folder / f"{key.name}.key"

    with path.open("rb") as still_open:
        keyring.destroy(key.name)
        assert still_open.read() == bytes(32)


def test_destroying_twice_is_harmless(folder: Path, keyring: Keyring) -> None:
    key = keyring.make()

    keyring.destroy(key.name)
    keyring.destroy(key.name)

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("left", [None, b"", b"short"])
def test_a_secret_that_is_missing_or_torn_is_said_and_not_replaced(folder: Path, left: bytes | None) -> None:
    keyring = Keyring(folder)
    key = keyring.make()
    path = folder / f"{key.name}.key"
    path.unlink()
    if left is not None:
        path.write_bytes(left)

    with pytest.raises(LostKey, match=f"{path}.*restore the file, or set HTA_KEY_DIR"):
        keyring.cipher(key)


def test_a_file_with_another_secret_is_told_from_the_right_one(folder: Path) -> None:
    keyring = Keyring(folder)
    key = keyring.make()
    (folder / f"{key.name}.key").write_bytes(b"thirty-two bytes, of another key")

    assert keyring.fault(key) is Fault.WRONG
    with pytest.raises(LostKey, match="is wrong; restore the file"):
        keyring.cipher(key)


def test_the_check_value_is_no_persons_tag(keyring: Keyring) -> None:
    key = keyring.make()

    assert key.check == keyring.check(key)
    assert key.check not in {keyring.cipher(key).tag(person) for person in ("", "U1", "check")}
    assert key.check not in repr(key)
