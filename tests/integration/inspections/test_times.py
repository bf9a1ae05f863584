"""An inspection is shown with the tablet's times, with what they were in truth, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from sync.clock import ItemTime
from tests.integration.inspections.making import an_inspection, push
from tests.integration.ledger.acting import Cast

NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
AHEAD = timedelta(hours=2)
SHIFTED = ItemTime(NINE + AHEAD, NINE, 7_200_000, "shifted")


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as opened:
        yield opened


def taken(cast: Cast, client: FlaskClient, version: str, time: ItemTime, **data: Any) -> tuple[Any, Any]:
    """Take an inspection in that was made at this time; return its warnings and its times as shown."""
    mutation = replace(an_inspection(cast, version, **data), time=time, device_time=time.made_at)
    [outcome] = push(cast, [mutation])
    assert outcome.status == "applied"
    path = f"/api/v1/inspections/{mutation.entity_id}"
    shown: Any = client.get(path, headers=cast.county.bearer(cast.dispatcher)).json
    return [warning.type for warning in outcome.warnings], shown["times"]


def test_all_three_times_are_corrected_by_the_skew(cast: Cast, client: FlaskClient, version: str) -> None:
    start, end = "2026-11-20T10:30:00+08:00", "2026-11-20T10:50:00+08:00"

    _, times = taken(cast, client, version, SHIFTED, started_at=start, finished_at=end)

    assert times == {
        "confidence": "shifted",
        "skew_ms": 7_200_000,
        "time_travel": [],
        "corrected": {
            "started_at": "2026-11-20T00:30:00+00:00",
            "finished_at": "2026-11-20T00:50:00+00:00",
            "device_time": NINE.isoformat(),
        },
    }


def test_an_end_before_the_beginning_is_flagged_and_taken(
    cast: Cast, client: FlaskClient, version: str
) -> None:
    time = replace(SHIFTED, travels=("after-receipt",))
    start, end = "2026-11-20T10:50:00+08:00", "2026-11-20T10:30:00+08:00"

    warnings, times = taken(cast, client, version, time, started_at=start, finished_at=end)

    assert "time-travel" in warnings
    assert times["time_travel"] == ["after-receipt", "finished-before-started"]


def test_without_a_clock_no_time_is_corrected(cast: Cast, client: FlaskClient, version: str) -> None:
    _, times = taken(cast, client, version, ItemTime(NINE))

    assert (times["confidence"], times["skew_ms"]) == ("unknown", None)
    assert set(times["corrected"].values()) == {None}


def test_a_time_at_the_end_of_all_days_breaks_nothing(cast: Cast, client: FlaskClient, version: str) -> None:
    time = ItemTime(NINE, NINE + timedelta(days=2000 * 366), -2000 * 366 * 86_400_000, "doubtful")

    _, times = taken(cast, client, version, time, finished_at="8999-12-31T23:59:59Z")

    assert times["corrected"]["finished_at"] is None
