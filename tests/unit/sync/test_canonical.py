"""Canonical JSON by the fast way equals RFC 8785's reference; envelopes are read or refused, never crash."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sync import envelope
from sync.canonical import SAFE_INTEGER, canonical, digest
from sync.errors import TooManyMutations, UnreadableEnvelope

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-SAFE_INTEGER, SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, JSON))
def test_canonical_bytes_are_those_of_rfc_8785(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [
        {"n": 1.0},
        {"n": -0.0},
        {"n": 1e21},
        {"n": 1e-7},
        {"n": 1e16},
        {"\ue000": 1, "\U0001f600": 2},
        {"t": ",1e5"},
    ],
)
def test_where_the_fast_writer_differs_the_slow_one_writes(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_the_order_of_keys_makes_no_other_item() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})


def test_integers_beyond_two_to_the_53_are_written_as_javascript_would() -> None:
    assert canonical({"n": 2**60}) == b'{"n":1152921504606846976}'.replace(b"6976", b"7000")


@given(st.binary(max_size=200))
def test_bytes_are_an_envelope_or_refused(body: bytes) -> None:
    with pytest.raises(UnreadableEnvelope):
        envelope.read(body, max_mutations=10)


@given(JSON, JSON, st.lists(JSON, max_size=3))
def test_any_json_is_an_envelope_or_refused(device: Any, first: Any, mutations: list[Any]) -> None:
    body = orjson.dumps({"device_id": device, "first_seq": first, "mutations": mutations})
    with pytest.raises(UnreadableEnvelope):
        envelope.read(body, max_mutations=10)


@given(st.lists(JSON.filter(lambda sent: not isinstance(sent, dict) or "seq" not in sent), max_size=4))
def test_any_items_are_read_each_with_a_result_to_come(mutations: list[Any]) -> None:
    body = orjson.dumps({"device_id": str(uuid4()), "first_seq": 7, "mutations": mutations})

    read = envelope.read(body, max_mutations=10)

    assert [item.seq for item in read.items] == list(range(7, 7 + len(mutations)))
    assert all((item.mutation is None) == (item.problem is not None) for item in read.items)


@pytest.mark.parametrize("seq", [6, 8, "7", True])
def test_a_seq_that_is_not_first_seq_plus_index_makes_the_envelope_unreadable(seq: Any) -> None:
    body = orjson.dumps({"device_id": str(uuid4()), "first_seq": 7, "mutations": [{"seq": seq}]})

    with pytest.raises(UnreadableEnvelope) as refused:
        envelope.read(body, max_mutations=10)

    assert refused.value.errors[0]["pointer"] == "/mutations/0/seq"


FAULTY = [
    (b"", ""),
    (b"[]", ""),
    (b'{"mutations": {}}', "/mutations"),
    (b'{"mutations": [], "first_seq": 0}', "/first_seq"),
    (b'{"mutations": [], "first_seq": true}', "/first_seq"),
    (b'{"mutations": [], "first_seq": 9223372036854775807}', "/first_seq"),
    (b'{"mutations": [], "first_seq": 1, "device_id": 7}', "/device_id"),
    (b"[" * 100_000, ""),
    (b'{"a": NaN}', ""),
    ('{"mutations": []}'.encode("utf-16"), ""),
]


@pytest.mark.parametrize(("body", "pointer"), FAULTY)
def test_an_unreadable_envelope_names_the_place(body: bytes, pointer: str) -> None:
    with pytest.raises(UnreadableEnvelope) as refused:
        envelope.read(body, max_mutations=10)

    assert not pointer or refused.value.errors[0]["pointer"] == pointer


def test_more_mutations_than_one_push_may_carry_are_refused() -> None:
    body = orjson.dumps({"device_id": str(uuid4()), "first_seq": 1, "mutations": [{}] * 11})

    with pytest.raises(TooManyMutations):
        envelope.read(body, max_mutations=10)
