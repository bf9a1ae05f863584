"""Boxes in which it stands who complained: opened by the right keys, for the right record, and unaltered."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.complaints.errors import IdentityUnreadable
from server.complaints.identities import COMPLAINT, ORDER, Keyring, digits_of

OLD, NEW = "the key of last year, thirty-two and more", "the key of this year, thirty-two and more"
ONE, OTHER = UUID(int=1), UUID(int=2)
TOLD = {"name": "欧阳小明", "phone": "138 1234 5678", "address": "3号楼2单元502室"}


@given(name=st.text(), phone=st.text(), address=st.text())
def test_what_is_sealed_opens_as_it_was(name: str, phone: str, address: str) -> None:
    keys = Keyring([NEW])
    told = {"name": name, "phone": phone, "address": address}

    assert keys.open(COMPLAINT, ONE, keys.seal(COMPLAINT, ONE, told)) == told


def test_no_word_of_it_stands_in_the_box_and_no_two_boxes_are_alike() -> None:
    keys = Keyring([NEW])
    first, second = (keys.seal(COMPLAINT, ONE, TOLD) for _ in range(2))

    assert first != second
    assert not any(word.encode() in first for word in TOLD.values())


@pytest.mark.parametrize(
    ("kind", "about", "secrets"),
    [(ORDER, ONE, [NEW]), (COMPLAINT, OTHER, [NEW]), (COMPLAINT, ONE, [OLD])],
    ids=["of another kind", "of another record", "without its key"],
)
def test_a_box_opens_only_where_it_belongs(kind: str, about: UUID, secrets: list[str]) -> None:
    sealed = Keyring([NEW]).seal(COMPLAINT, ONE, TOLD)

    with pytest.raises(IdentityUnreadable):
        Keyring(secrets).open(kind, about, sealed)


@given(place=st.integers(0, 60), bit=st.integers(0, 7))
def test_a_box_in_which_one_bit_was_turned_does_not_open(place: int, bit: int) -> None:
    keys = Keyring([NEW])
    sealed = bytearray(keys.seal(COMPLAINT, ONE, TOLD))
    sealed[place] ^= 1 << bit

    with pytest.raises(IdentityUnreadable):
        keys.open(COMPLAINT, ONE, bytes(sealed))


def test_an_earlier_key_still_opens_and_finds_but_seals_no_more() -> None:
    before, now = Keyring([OLD]), Keyring([NEW, OLD])
    sealed = before.seal(COMPLAINT, ONE, TOLD)

    assert now.open(COMPLAINT, ONE, sealed) == TOLD
    assert before.digest(TOLD["phone"]) in now.digests(TOLD["phone"])
    assert now.seal(COMPLAINT, ONE, TOLD).startswith(now.newest)
    assert not sealed.startswith(now.newest)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("138 1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("0537-4220000", "05374220000"),
        ("８６", ""),
        ("电话不详", ""),
    ],
)
def test_a_number_is_found_however_it_is_written(written: str, digits: str) -> None:
    assert digits_of(written) == digits
    assert (Keyring([NEW]).digest(written) is None) == (digits == "")
