"""When a photo's own time or place disagrees with its record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import from_wgs84
from server.photos.comparing import odd_place, odd_time
from server.photos.oddities import WORDS, Oddity
from server.photos.told import Told

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HERE = (117.2736, 35.6571)
METRE_EAST = 1 / 90_560


def gcj02(point: tuple[float, float], east_m: float = 0) -> tuple[float, float]:
    lon, lat = from_wgs84(*point, "gcj02")
    return float(lon) + east_m * METRE_EAST, float(lat)


@pytest.mark.parametrize(
    ("apart", "found"),
    [
        (timedelta(0), []),
        (timedelta(hours=24), []),
        (timedelta(hours=24, seconds=1), [24]),
        (-timedelta(days=3), [72]),
    ],
)
def test_a_photo_dated_more_than_a_day_away_is_odd(apart: timedelta, found: list[int]) -> None:
    assert [one.told["hours"] for one in odd_time(NOON + apart, NOON)] == found


def test_a_time_that_nobody_tells_disagrees_with_nothing() -> None:
    assert odd_time(None, NOON) == odd_time(NOON, None) == []


@pytest.mark.parametrize(
    ("camera", "told", "found"),
    [
        ((HERE[0] + 199 * METRE_EAST, HERE[1]), [HERE], []),
        ((HERE[0] + 230 * METRE_EAST, HERE[1]), [HERE], ["photo-place-differs"]),
        ((HERE[0] + 540 * METRE_EAST, HERE[1] + 0.004), [HERE], ["photo-place-differs"]),
        (gcj02(HERE), [HERE], ["photo-in-gcj02"]),
        (gcj02(HERE, 45), [HERE], ["photo-in-gcj02"]),
        (gcj02(HERE, 60), [HERE], ["photo-place-differs"]),
        (HERE, [gcj02(HERE)], ["position-in-gcj02"]),
        (HERE, [(HERE[0] + 0.1, HERE[1]), HERE], []),
        (None, [HERE], []),
        (HERE, [], []),
    ],
)
def test_a_photo_far_from_every_place_that_is_told_is_odd(
    camera: tuple[float, float] | None, told: list[tuple[float, float]], found: list[str]
) -> None:
    assert [one.type for one in odd_place(camera, told)] == found


@given(st.floats(117.0, 117.6), st.floats(35.4, 35.9))
def test_a_gcj02_position_is_known_as_one_all_over_the_county(lon: float, lat: float) -> None:
    [odd] = odd_place(gcj02((lon, lat)), [(lon, lat)])

    assert odd.type == "photo-in-gcj02"
    assert 500 < odd.told["distance_m"] < 580


@pytest.mark.parametrize(
    ("claimed", "at", "taken"),
    [(NOON, None, NOON - timedelta(hours=2)), (None, NOON, NOON - timedelta(hours=2)), (None, None, None)],
)
def test_what_the_tablet_says_is_corrected_by_its_clock(
    claimed: datetime | None, at: datetime | None, taken: datetime | None
) -> None:
    assert Told(at, timedelta(hours=2)).taken_at(claimed) == taken


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_oddity_is_said_in_two_languages(kind: str) -> None:
    said = Oddity(kind, {"hours": 30, "distance_m": 540}).as_json()

    assert "{" not in said["detail"] + said["detail_zh"]
    assert said["detail"].isascii()
    assert not said["detail_zh"].isascii()
