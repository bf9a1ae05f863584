"""The window a map asks for."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from server.maps.errors import BadBbox


class Bbox(NamedTuple):
    """A window in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float


def bbox_of(given: str | None) -> Bbox | None:
    """Return the window that `west,south,east,north` names; None when none was given.

    Raises:
        BadBbox: not four finite numbers on earth, or south above north, or west beyond east.
    """
    if given is None:
        return None
    try:
        box = Bbox(*(float(part) for part in given.split(",")))
    except (TypeError, ValueError) as error:
        raise BadBbox from error
    if not all(map(isfinite, box)) or box.south > box.north or box.west > box.east:
        raise BadBbox
    if max(abs(box.west), abs(box.east)) > 180 or max(abs(box.south), abs(box.north)) > 90:
        raise BadBbox
    return box
