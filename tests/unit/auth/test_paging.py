"""Cursors: what goes in comes out, and anything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.paging import CursorInvalid, cursor_of, page, place_of


@given(st.text().filter(lambda text: "\0" not in text), st.integers(-(2**53), 2**53))
def test_a_cursor_names_the_place_it_was_made_from(text: str, number: int) -> None:
    assert place_of(cursor_of([text, number]), str, int) == [text, number]


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(CursorInvalid):
        place_of(text, str, str, str)


def test_a_full_page_names_the_next_one_and_the_last_page_none() -> None:
    first = page(["a", "b", "c"], 2, lambda row: [row])
    last = page(["c"], 2, lambda row: [row])

    assert (first["items"], place_of(first["next"], str)) == (["a", "b"], ["b"])
    assert last == {"items": ["c"], "next": None}
