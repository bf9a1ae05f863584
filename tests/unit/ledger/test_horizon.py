"""What people name for the future lies there, and not beyond what can be meant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from server.ledger.horizon import check_ahead, check_day_ahead, check_day_not_ahead
from server.problems import InvalidInput
from tests.unit.ledger.casting import NOW


@pytest.mark.parametrize("away", [timedelta(), timedelta(days=-1), timedelta(days=365 * 11)])
def test_a_moment_that_passed_or_cannot_be_meant_is_pointed_at(away: timedelta) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_ahead("/data/due_at", NOW + away, NOW)

    assert refused.value.errors[0]["pointer"] == "/data/due_at"


def test_days_are_those_of_the_county() -> None:
    evening = NOW.replace(hour=17)  # 01:00 of the next day in the county

    with pytest.raises(InvalidInput):
        check_day_ahead("/data/resume_on", date(2026, 11, 21), evening)
    check_day_ahead("/data/resume_on", date(2026, 11, 22), evening)
    check_day_not_ahead("/data/decided_on", date(2026, 11, 21), evening)
    with pytest.raises(InvalidInput):
        check_day_not_ahead("/data/decided_on", date(2026, 11, 22), evening)
