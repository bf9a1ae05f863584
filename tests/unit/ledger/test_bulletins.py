"""The periods of reports."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger.bulletins.periods import KINDS, before, period_of


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("day", "2026-02-28", "2026-02-28", "2026-02-28"),
        ("week", "2026-11-30", "2026-11-30", "2026-12-06"),
        ("week", "2026-11-29", "2026-11-23", "2026-11-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("month", "2028-02-10", "2028-02-01", "2028-02-29"),
    ],
)
def test_a_period_is_the_day_the_week_from_monday_or_the_month(
    kind: str, day: str, first: str, last: str
) -> None:
    found = period_of(kind, date.fromisoformat(day))

    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@given(st.sampled_from(KINDS), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_periods_follow_one_another_without_gap(kind: str, day: date) -> None:
    found = period_of(kind, day)

    assert found.first <= day <= found.last
    assert (found.first - before(found).last).days == 1
    assert period_of(kind, found.last) == found
