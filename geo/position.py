"""Judge one position: what is impossible is refused, what is merely odd is accepted with a warning."""

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geo.datum import DATUMS, Datum, known_datum, to_wgs84
from geo.errors import ImpossibleCoordinate, SwappedAxes

# Half the earth's circumference: a wider circle of error says nothing.
RANGES = {"lon": (-180.0, 180.0), "lat": (-90.0, 90.0), "accuracy_m": (0.0, 20_037_508.0)}


@dataclass(frozen=True)
class PositionWarning:
    """Something odd about an accepted position, with its mend in both languages."""

    code: str
    pointer: str
    detail: str
    detail_zh: str


@dataclass(frozen=True)
class Checked:
    """A position fit to be stored: WGS 84 beside what was received."""

    lon: float
    lat: float
    received_lon: float
    received_lat: float
    datum: Datum
    accuracy_m: float | None
    inside_county: bool
    warnings: tuple[PositionWarning, ...]


def check_position(
    lon: object, lat: object, datum: object, accuracy_m: object, outline: BaseGeometry
) -> Checked:
    """Return the position in WGS 84 with its warnings.

    Args:
        lon: degrees east in `datum`.
        lat: degrees north in `datum`.
        datum: one of `wgs84`, `cgcs2000`, `gcj02`, `bd09`.
        accuracy_m: radius of the circle of error in metres, or None when unknown.
        outline: the county in WGS 84; `shapely.prepare` it once, the check asks it several times.

    Raises:
        UnknownDatum: no such datum.
        SwappedAxes: the point lies in the county once longitude and latitude are exchanged.
        ImpossibleCoordinate: not a finite number, or out of range; NaN, infinity and booleans among them.
    """
    named = known_datum(datum)
    x, y = _finite("lon", lon), _finite("lat", lat)
    if not lies_in(outline, x, y, named) and lies_in(outline, y, x, named):
        raise SwappedAxes(x, y)
    x, y = _in_range("lon", x), _in_range("lat", y)
    accuracy = None if accuracy_m is None else _in_range("accuracy_m", accuracy_m)
    at_lon, at_lat = _in_wgs84(x, y, named)
    inside = bool(shapely.contains_xy(outline, at_lon, at_lat))
    warnings = () if inside else (_outside_warning(x, y, named, outline),)
    return Checked(at_lon, at_lat, x, y, named, accuracy, inside, warnings)


def lies_in(area: BaseGeometry, lon: float, lat: float, datum: Datum) -> bool:
    """Return whether a point given in `datum` lies in a WGS 84 area; false for what is no place on earth."""
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        return False
    return bool(shapely.contains_xy(area, *_in_wgs84(lon, lat, datum)))


def datums_that_fit(area: BaseGeometry, lon: float, lat: float, datum: Datum) -> tuple[Datum, ...]:
    """Return the other datums in which the same two numbers would lie in a WGS 84 area."""
    same = {"wgs84", "cgcs2000"}
    others = [other for other in DATUMS if other != datum and not {other, datum} <= same]
    return tuple(other for other in others if lies_in(area, lon, lat, other))


def _in_wgs84(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    x, y = to_wgs84(lon, lat, datum)
    return float(x), float(y)


def _finite(field: str, value: object) -> float:
    # abs() before float(): a thousand-digit integer does not fit in a double; NaN fails every comparison.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= 1e9:
        raise ImpossibleCoordinate(field, *RANGES[field])
    return float(value)


def _in_range(field: str, value: object) -> float:
    number = _finite(field, value)
    low, high = RANGES[field]
    if not low <= number <= high:
        raise ImpossibleCoordinate(field, low, high)
    return number


def _outside_warning(lon: float, lat: float, datum: Datum, outline: BaseGeometry) -> PositionWarning:
    fitting = datums_that_fit(outline, lon, lat, datum)
    if fitting:
        return PositionWarning(
            "datum-mismatch",
            "/location/datum",
            f"Outside the county as {datum}, inside as {' or '.join(fitting)}. Check the datum.",
            f"按 {datum} 计算在县域之外，按 {'、'.join(fitting)} 计算则在县域之内，请核对坐标系。",
        )
    return PositionWarning(
        "outside-county",
        "/location",
        "The position lies outside the county. The chosen community counts.",
        "点位在县域之外，以所选小区为准。",
    )
