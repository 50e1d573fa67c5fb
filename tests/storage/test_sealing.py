"""Only a round's key opens its responses, each where it belongs, and a sealed value shows nothing of what is in it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument.progress import MARKS, OPEN, State
from storage.sealing import FUNCTION, BrokenSeal, RoundCipher, Sheet

SHEET = Sheet(State.ANSWERING, "nursing", "0123nd." * 8 + "......")
CIPHER = RoundCipher(b"the key of a round")
TAG = CIPHER.tag("U1")
ANY_SHEET = st.builds(
    Sheet,
    st.sampled_from([State.ANSWERING, State.SUBMITTED]),
    st.text("abcdefghijklmnopqrstuvwxyz_", max_size=FUNCTION),
    st.text(MARKS + OPEN, min_size=62, max_size=62),
)


@given(sheet=ANY_SHEET)
def test_what_was_sealed_opens_as_it_was(sheet: Sheet) -> None:
    assert CIPHER.open(CIPHER.seal(sheet, 1, TAG), 1, TAG) == sheet


@given(one=ANY_SHEET, other=ANY_SHEET)
def test_sealed_values_are_as_long_whatever_is_in_them(one: Sheet, other: Sheet) -> None:
    assert len(CIPHER.seal(one, 1, TAG)) == len(CIPHER.seal(other, 12_345, CIPHER.tag("U2")))


def test_the_same_answers_are_never_sealed_to_the_same_bytes() -> None:
    sealed = [CIPHER.seal(SHEET, 1, TAG) for _ in range(100)]

    assert len(set(sealed)) == 100
    # 128 bytes that are as good as random share a byte at a place now and then, and never ten in a row.
    assert not any(one[16:26] in other for one in sealed for other in sealed if one is not other)


@pytest.mark.parametrize(
    ("cipher", "round_id", "tag"),
    [
        (RoundCipher(b"the key of another round"), 1, TAG),
        (CIPHER, 2, TAG),
        (CIPHER, 1, CIPHER.tag("U2")),
        (CIPHER, 11, TAG),
    ],
    ids=["another key", "another round", "another person", "a longer number"],
)
def test_it_does_not_open_anywhere_else(cipher: RoundCipher, round_id: int, tag: str) -> None:
    with pytest.raises(BrokenSeal):
        cipher.open(CIPHER.seal(SHEET, 1, TAG), round_id, tag)


@pytest.mark.parametrize("place", [0, 1, 12, 13, 40, -17, -1])
def test_a_single_bit_that_is_changed_is_noticed(place: int) -> None:
    sealed = bytearray(CIPHER.seal(SHEET, 1, TAG))
    sealed[place] ^= 1

    with pytest.raises(BrokenSeal):
        CIPHER.open(bytes(sealed), 1, TAG)


@pytest.mark.parametrize("left", [0, 1, 12, 13, 28])
def test_what_is_cut_off_is_noticed(left: int) -> None:
    with pytest.raises(BrokenSeal):
        CIPHER.open(CIPHER.seal(SHEET, 1, TAG)[:left], 1, TAG)


@pytest.mark.parametrize("function", ["x" * (FUNCTION + 1), "é" * FUNCTION, "a\0b"])
def test_a_kind_of_work_that_would_make_it_longer_is_refused(function: str) -> None:
    with pytest.raises(ValueError, match="40 bytes at most"):
        CIPHER.seal(replace(SHEET, function=function), 1, TAG)
