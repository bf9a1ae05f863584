"""A receipt says what it said when it was signed, or nothing at all."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import ReceiptInvalid
from sync.receipt import Receipt, SigningKey, as_jwk, check, from_jwk, items_sha256, key_id

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
RECEIPT = Receipt(
    device_id=UUID("0198a000-0000-7000-8000-000000000001"),
    batch_id="the morning's",
    first_seq=41,
    last_seq=60,
    items_sha256=items_sha256([b"d" * 32]),
    acked_through=60,
    received_at=datetime(2026, 11, 22, 0, 14, 3, 120_000, tzinfo=UTC),
)
TEXT = KEY.sign(RECEIPT)
ALPHABET = string.ascii_letters + string.digits + "-_."


@given(
    st.builds(
        Receipt,
        device_id=st.uuids(),
        batch_id=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
        first_seq=st.integers(1, 2**53),
        last_seq=st.integers(0, 2**53),
        items_sha256=st.lists(st.binary(min_size=32, max_size=32), max_size=3).map(items_sha256),
        acked_through=st.integers(0, 2**53),
        received_at=st.datetimes(timezones=st.just(UTC)),
    )
)
def test_what_was_signed_is_what_is_read(receipt: Receipt) -> None:
    assert check(KEY.sign(receipt), [OTHER.public_key, KEY.public_key]) == receipt


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(ALPHABET + " =+/\n\x00é"))
def test_any_altered_character_is_noticed(at: int, other: str) -> None:
    altered = TEXT[:at] + other + TEXT[at + 1 :]

    if altered == TEXT:
        assert check(altered, [KEY.public_key]) == RECEIPT
    else:
        with pytest.raises(ReceiptInvalid):
            check(altered, [KEY.public_key])


@given(st.integers(0, len(TEXT) - 1))
def test_a_receipt_cut_anywhere_proves_nothing(length: int) -> None:
    with pytest.raises(ReceiptInvalid):
        check(TEXT[:length], [KEY.public_key])


@given(st.text(max_size=300))
def test_no_other_text_is_a_receipt(text: str) -> None:
    with pytest.raises(ReceiptInvalid):
        check(text, [KEY.public_key])


def test_a_receipt_signed_by_another_key_proves_nothing() -> None:
    claims_of_ours = TEXT.split(".")[1]
    forged = OTHER.sign(replace(RECEIPT, acked_through=10**6))
    head, _, signature = forged.split(".")

    with pytest.raises(ReceiptInvalid, match="not among"):
        check(forged, [KEY.public_key])
    with pytest.raises(ReceiptInvalid, match="does not fit"):
        check(f"{head}.{claims_of_ours}.{signature}", [OTHER.public_key])


def test_a_signed_text_of_another_kind_is_no_receipt() -> None:
    token = jwt.encode({"sub": "1"}, "s" * 32, algorithm="HS256")

    with pytest.raises(ReceiptInvalid, match="no receipt"):
        check(token, [KEY.public_key])


def test_any_library_for_jws_can_check_it() -> None:
    public = Ed25519PublicKey.from_public_bytes(KEY.public_key)

    told = jwt.api_jws.decode_complete(TEXT, public, algorithms=["EdDSA"])

    assert told["header"] == {"alg": "EdDSA", "kid": KEY.key_id, "typ": "wangge-receipt+jws"}
    assert b'"received_at":"2026-11-22T00:14:03.120000Z"' in told["payload"]


def test_the_key_id_is_the_thumbprint_of_rfc_8037() -> None:
    x = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}

    assert key_id(from_jwk(x)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(
    "document", [None, [], {}, {"kty": "EC"}, {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}]
)
def test_what_is_no_key_is_told_apart(document: object) -> None:
    with pytest.raises(ReceiptInvalid):
        from_jwk(document)


def test_a_key_survives_the_way_through_a_file() -> None:
    assert from_jwk(as_jwk(KEY.public_key)) == KEY.public_key
