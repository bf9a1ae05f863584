from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.communities.rosters.columns import ROSTERS
from server.communities.rosters.rules import codes_in, credit_code_holds, day_after, overlapping


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("91350100M000100Y43", True),
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("91350100I000100Y43", False),
        ("", False),
    ],
)
def test_a_credit_code_has_its_check_sign(code: str, holds: bool) -> None:
    assert credit_code_holds(code) is holds


@pytest.mark.parametrize("cell", ["a、b", "a, b", "a b；b", "a\nb,a"])
def test_codes_are_listed_in_any_of_the_usual_ways(cell: str) -> None:
    assert codes_in(cell) == ["a", "b"]


spans = st.tuples(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.none() | st.dates(date(2000, 1, 1), date(2040, 1, 1))
)


@given(spans, spans)
def test_overlap_does_not_depend_on_who_comes_first(
    one: tuple[date, date | None], other: tuple[date, date | None]
) -> None:
    spans = [(a, b) for a, b in (one, other) if b is None or a < b]
    if len(spans) == 2:
        assert (overlapping(spans[0], [spans[1]]) is None) == (overlapping(spans[1], [spans[0]]) is None)


def test_the_last_day_counts() -> None:
    january = (date(2026, 1, 1), day_after(date(2026, 1, 31)))

    assert overlapping(january, [(date(2026, 2, 1), None)]) is None
    assert overlapping(january, [(date(2026, 1, 31), None)]) is not None


@pytest.mark.parametrize("kind", ROSTERS)
def test_every_roster_has_an_example_for_each_column(kind: str) -> None:
    assert len(ROSTERS[kind].example) == len(ROSTERS[kind].columns)
