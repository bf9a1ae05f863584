"""One position: refused, accepted with a warning, or accepted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from geo.county_data import county
from geo.datum import DATUMS, Datum, from_wgs84, to_wgs84
from geo.errors import GeoError, ImpossibleCoordinate, SwappedAxes
from geo.position import Checked, check_position, datums_that_fit
from geo.vertices import Floats

SEAT = (117.2736, 35.6571)
OUTLINE = county().outline


def check(lon: object, lat: object, datum: object = "wgs84", accuracy_m: object = 6.5) -> Checked:
    """Check a position against the county."""
    return check_position(lon, lat, datum, accuracy_m, OUTLINE)


def pair(arrays: tuple[Floats, Floats]) -> tuple[float, float]:
    """The two numbers of a converted point."""
    return float(arrays[0]), float(arrays[1])


@pytest.mark.parametrize("datum", DATUMS)
def test_a_position_in_the_county_is_kept_in_wgs84_beside_what_was_received(datum: Datum) -> None:
    sent = pair(from_wgs84(*SEAT, datum))

    checked = check(sent[0], sent[1], datum)

    assert (checked.lon, checked.lat) == pytest.approx(SEAT, abs=1e-10)
    assert (checked.received_lon, checked.received_lat, checked.datum) == (*sent, datum)
    assert checked.inside_county
    assert checked.warnings == ()


@pytest.mark.parametrize(
    ("lon", "lat", "accuracy_m", "pointer"),
    [
        (math.nan, 35.66, 5, "/location/lon"),
        (117.27, math.nan, 5, "/location/lat"),
        (math.inf, 35.66, 5, "/location/lon"),
        (117.27, -math.inf, 5, "/location/lat"),
        (180.1, 35.66, 5, "/location/lon"),
        (117.27, 90.1, 5, "/location/lat"),
        (-1e308, 35.66, 5, "/location/lon"),
        (10**400, 35.66, 5, "/location/lon"),
        (True, 35.66, 5, "/location/lon"),
        ("117.27", 35.66, 5, "/location/lon"),
        (None, 35.66, 5, "/location/lon"),
        (117.27, [35.66], 5, "/location/lat"),
        (117.27, 35.66, -1, "/location/accuracy_m"),
        (117.27, 35.66, math.nan, "/location/accuracy_m"),
        (117.27, 35.66, 1e8, "/location/accuracy_m"),
        (117.27, 35.66, "6", "/location/accuracy_m"),
    ],
)
def test_an_impossible_number_is_refused_by_name(
    lon: object, lat: object, accuracy_m: object, pointer: str
) -> None:
    with pytest.raises(ImpossibleCoordinate) as caught:
        check(lon, lat, accuracy_m=accuracy_m)

    assert [error["pointer"] for error in caught.value.errors] == [pointer]


@pytest.mark.parametrize("datum", DATUMS)
def test_exchanged_axes_are_refused_with_the_mend(datum: Datum) -> None:
    lon, lat = map(float, from_wgs84(*SEAT, datum))

    with pytest.raises(SwappedAxes) as caught:
        check(lat, lon, datum)

    assert caught.value.extra == {"lon": lon, "lat": lat}
    assert f"lon {lon}" in caught.value.detail
    assert f"lon {lon}" in caught.value.detail_zh


@pytest.mark.parametrize(("lon", "lat"), [(116.4, 39.9), (0, 0), (-117.2736, 35.6571), (180, -90)])
def test_a_position_elsewhere_is_accepted_with_a_warning(lon: float, lat: float) -> None:
    checked = check(lon, lat)

    assert not checked.inside_county
    assert [(w.code, w.pointer) for w in checked.warnings] == [("outside-county", "/location")]


def test_unknown_accuracy_is_accepted() -> None:
    assert check(*SEAT, accuracy_m=None).accuracy_m is None


def test_a_gcj02_position_called_wgs84_just_outside_the_border_hints_at_its_datum() -> None:
    east = max(OUTLINE.geoms[0].exterior.coords)
    sent = pair(from_wgs84(east[0] - 0.001, east[1], "gcj02"))

    checked = check(sent[0], sent[1], "wgs84")

    assert [w.code for w in checked.warnings] == ["datum-mismatch"]
    assert "gcj02" in checked.warnings[0].detail
    assert "gcj02" in checked.warnings[0].detail_zh


def test_a_wgs84_position_called_gcj02_hints_at_its_datum() -> None:
    west = min(OUTLINE.geoms[0].exterior.coords)

    checked = check(west[0] + 0.001, west[1], "gcj02")

    assert [w.code for w in checked.warnings] == ["datum-mismatch"]
    assert "wgs84" in checked.warnings[0].detail


def test_the_hint_works_for_any_area_such_as_a_workers_cell() -> None:
    cell = box(117.2730, 35.6566, 117.2742, 35.6576)
    lon, lat = map(float, from_wgs84(*SEAT, "bd09"))

    assert datums_that_fit(cell, lon, lat, "wgs84") == ("bd09",)


@given(
    lon=st.one_of(st.floats(), st.integers(), st.booleans(), st.none(), st.text()),
    lat=st.one_of(st.floats(), st.integers()),
    datum=st.one_of(st.sampled_from(DATUMS), st.text()),
    accuracy_m=st.one_of(st.none(), st.floats(), st.integers()),
)
def test_whatever_is_sent_either_stands_or_is_named(
    lon: object, lat: object, datum: object, accuracy_m: object
) -> None:
    outcome: Checked | GeoError
    try:
        outcome = check(lon, lat, datum, accuracy_m)
    except GeoError as fault:
        outcome = fault

    if isinstance(outcome, GeoError):
        assert all([outcome.detail, outcome.detail_zh, outcome.errors])
    else:
        again = to_wgs84(outcome.received_lon, outcome.received_lat, outcome.datum)
        assert (outcome.lon, outcome.lat) == pair(again)
