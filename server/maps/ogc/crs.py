"""The coordinate reference systems in which features are asked for, told and sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType

from server.maps.ogc.errors import BadQuery


@dataclass(frozen=True, slots=True)
class Crs:
    """A reference system.

    Attributes:
        uri: its name on the wire.
        srid: its EPSG code in PostGIS, which keeps easting or longitude first.
        turned: on the wire northing or latitude come first, as its authority has it.
        decimals: the digits after the point that a coordinate is told with (about a centimetre).
        world: west, south, east, north within which it can be computed with.
    """

    uri: str
    srid: int
    turned: bool
    decimals: int
    world: tuple[float, float, float, float]


_DEGREES = (-180.0, -90.0, 180.0, 90.0)
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False, 7, _DEGREES)
LISTED: tuple[Crs, ...] = (
    CRS84,
    Crs(_EPSG + "4326", 4326, True, 7, _DEGREES),
    Crs(_EPSG + "4490", 4490, True, 7, _DEGREES),
    Crs(_EPSG + "3857", 3857, False, 3, (-20037509.0, -20048967.0, 20037509.0, 20048967.0)),
    # Three degrees wide; twelve degrees to both sides the formulas still hold to a centimetre.
    Crs(_EPSG + "4548", 4548, True, 3, (-600000.0, -10002000.0, 1600000.0, 10002000.0)),
)
_BY_URI: Mapping[str, Crs] = MappingProxyType({crs.uri: crs for crs in LISTED})

Box = tuple[float, float, float, float]


def crs_named(uri: str | None, parameter: str) -> Crs:
    """Return the reference system of this name (in angle brackets or not), CRS84 without one.

    Raises:
        BadQuery: it is none of those listed.
    """
    if uri is None:
        return CRS84
    found = _BY_URI.get(uri.strip().removeprefix("<").removesuffix(">"))
    if found is None:
        listed = ", ".join(_BY_URI)
        raise BadQuery(parameter, f"must be one of {listed}", f"须为下列之一：{listed}")
    return found


def boxes_of(given: str, crs: Crs, parameter: str = "bbox") -> tuple[Box, ...]:
    """Return the windows (west, south, east, north) that a bbox in this system names.

    Heights are read and left out. Degrees over the date line make two windows.

    Raises:
        BadQuery: not four or six finite numbers in the axis order of the system, or beyond it.
    """
    try:
        numbers = [float(part) for part in given.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(isfinite, numbers)):
        raise _unreadable(parameter)
    return windows(numbers, crs, parameter)


def windows(numbers: Sequence[float], crs: Crs, parameter: str) -> tuple[Box, ...]:
    """Return the windows that four numbers in the axis order of the system name.

    Raises:
        BadQuery: the lower edge lies above the upper, or a number beyond the system.
    """
    first, second, third, fourth = numbers
    west, south, east, north = (
        (second, first, fourth, third) if crs.turned else (first, second, third, fourth)
    )
    low_x, low_y, high_x, high_y = crs.world
    beyond = min(west, east) < low_x or max(west, east) > high_x or south < low_y or north > high_y
    if south > north or beyond or (west > east and crs.world != _DEGREES):
        raise _unreadable(parameter)
    if west > east:
        return ((west, south, high_x, north), (low_x, south, east, north))
    return ((west, south, east, north),)


def within(crs: Crs, bounds: Sequence[float]) -> bool:
    """Return whether bounds (west, south, east, north) lie where the system can be computed with."""
    west, south, east, north = bounds
    low_x, low_y, high_x, high_y = crs.world
    return low_x <= west and east <= high_x and low_y <= south and north <= high_y


def _unreadable(parameter: str) -> BadQuery:
    return BadQuery(
        parameter,
        "must be four numbers, the lower corner first, within the reference system and in its axis order,"
        " such as 117,35.5,117.5,36",
        "须为四个数值，先左下角后右上角，按坐标系的轴序且在其范围内，例如 117,35.5,117.5,36",
    )
