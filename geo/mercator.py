"""Web Mercator (EPSG:3857) without PROJ: what tiles are measured in."""

from __future__ import annotations

import numpy as np

from geo.vertices import Floats

HALF_M = 20_037_508.342789244
"""Half the side of the world, metres."""

_RADIUS_M = HALF_M / np.pi


def to_mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return x and y in metres of positions in degrees (of whatever datum: a map is drawn in its own)."""
    return _RADIUS_M * np.radians(lon), _RADIUS_M * np.arctanh(np.sin(np.radians(lat)))


def from_mercator(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return longitude and latitude in degrees of positions in metres."""
    return np.degrees(x / _RADIUS_M), np.degrees(np.arcsin(np.tanh(y / _RADIUS_M)))
