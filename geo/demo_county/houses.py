"""The buildings of a compound: bars along the streets with entrances on their north wall."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np
from shapely.geometry import Polygon

from geo.demo_county.compounds import SETBACK_M, Compound
from geo.demo_county.streets import Floats, Square, Streets

# From this many floors on a residential building needs a lift.
LIFT_FLOORS = 7
FLATS_PER_LANDING = 2
SLACK_RADIANS = math.radians(1.0)


@dataclass(frozen=True)
class House:
    """A building in metres: its outline, where its entrances are, and how high it is."""

    number: int
    floors: int
    outline: Polygon
    entrances: tuple[Floats, ...]

    @property
    def households(self) -> int:
        """Flats in the building."""
        return self.floors * FLATS_PER_LANDING * len(self.entrances)

    @property
    def has_lifts(self) -> bool:
        """Whether there is a lift at each entrance."""
        return self.floors >= LIFT_FLOORS


def build_houses(random: Random, streets: Streets, compound: Compound) -> Iterator[House]:
    """Yield the buildings of a compound, numbered square by square from north to south; none touch."""
    number = 0
    floors = _usual_floors(random, compound)
    for square in compound.squares:
        for v in rows_of_bars(streets, square):
            number += 1
            yield _house(random, streets, square, v, number, floors)


def rows_of_bars(streets: Streets, square: Square) -> tuple[float, ...]:
    """Return the shares from the north at which bars stand: three where the square is deep enough."""
    depth = float(np.linalg.norm(streets.point(square, 0.5, 1.0) - streets.point(square, 0.5, 0.0)))
    return (0.2, 0.5, 0.8) if depth >= 95 else (0.28, 0.72)


def _usual_floors(random: Random, compound: Compound) -> int:
    if compound.kind == "commodity":
        return random.choice((11, 17, 18)) if compound.built_year >= 2010 else random.choice((5, 6, 6, 11))
    return random.choice((4, 5, 5, 6))


def _house(random: Random, streets: Streets, square: Square, v: float, number: int, floors: int) -> House:
    west, east = streets.point(square, 0.0, v), streets.point(square, 1.0, v)
    width = float(np.linalg.norm(east - west)) - 2 * SETBACK_M
    length, depth = width * random.uniform(0.7, 0.8), random.uniform(11.0, 13.0)
    angle = math.atan2(*(east - west)[::-1]) + random.uniform(-SLACK_RADIANS, SLACK_RADIANS)
    along = np.array([math.cos(angle), math.sin(angle)]) * length / 2
    north = np.array([-math.sin(angle), math.cos(angle)]) * depth / 2
    middle = (west + east) / 2
    corners = [middle - along + north, middle + along + north, middle + along - north, middle - along - north]
    doors = 2 if floors >= LIFT_FLOORS else random.choice((3, 4))
    shares = [(2 * door + 1) / doors - 1 for door in range(doors)]
    return House(number, floors, Polygon(corners), tuple(middle + north + share * along for share in shares))
