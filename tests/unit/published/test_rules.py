"""Codes of notice boards and names of published photos."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.published.rules import LENGTH, by_step, new_code, photo_name, read_code

A_CASE, ANOTHER = UUID(int=1), UUID(int=2)


@given(st.binary(min_size=LENGTH, max_size=LENGTH))
def test_every_new_code_can_be_read_back_however_it_is_typed(random: bytes) -> None:
    code = new_code(random)

    assert read_code(f" {code.lower()} ") == code


@pytest.mark.parametrize(
    "typed", ["", "ABCDEFG", "ABCDEFGHJ", "ABCDEFG0", "ABCDEFGI", "ÄBCDEFGH", "A\0CDEFGH"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_a_photo_has_another_name_in_every_case_and_none_tells_its_digest() -> None:
    digest = bytes(32)

    names = {photo_name(A_CASE, digest), photo_name(ANOTHER, digest), photo_name(A_CASE, bytes([1]) * 32)}

    assert len(names) == 3
    assert not any(digest.hex() in name for name in names)


def test_states_are_told_as_steps_in_the_order_of_a_cases_life() -> None:
    told = by_step({"closed": 4, "dispatched": 1, "filed": 2, "check_passed": 3})

    assert [(one["step"], one["cases"]) for one in told] == [("assigned", 3), ("checking", 3), ("closed", 4)]
