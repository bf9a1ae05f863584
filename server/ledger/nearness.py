"""How far two places of a case lie apart, and how much a GPS may err. Pure."""

from __future__ import annotations

import math

from server.ledger.facts import Place

# A circle of error wider than this says nothing about being on the spot.
ACCURACY_COUNTED_M = 100.0
EARTH_RADIUS_M = 6_371_008.8


def error_of(place: Place) -> float:
    """Return the radius of error in metres that counts for a place."""
    return min(place.accuracy_m or 0.0, ACCURACY_COUNTED_M)


def metres_between(one: Place, other: Place) -> float:
    """Return the distance in metres on the sphere (haversine); 0.3 % off at most, far below a GPS's error."""
    lat_1, lat_2 = math.radians(one.lat), math.radians(other.lat)
    chord = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
