"""The streets: a slightly irregular net of corners, and which block of it belongs to which neighbourhood."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon

from geo.county_data import Division
from geo.metric import to_degrees, to_metres

Floats = NDArray[np.float64]
Square = tuple[int, int]

# The two subdistricts lie side by side, each two neighbourhoods wide and three deep.
BLOCKS_WIDE = 2
BLOCKS_DEEP = 3
SPACING_M = 100.0
JITTER_M = 4.0
TILT = math.radians(-1.0)
# On the street where the two subdistricts meet, in the middle of the county seat.
MEETING_POINT = Point(117.2672, 35.6590)
METRIC_SRID = 4548
DEGREE_DECIMALS = 7


@dataclass(frozen=True)
class Streets:
    """Corners of the street net in metres, (rows + 1, columns + 1, 2), the first row farthest north."""

    corners: Floats

    def square(self, square: Square) -> Polygon:
        """Return one square of the net in metres, by row and column."""
        row, column = square
        around = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        return Polygon([self.corners[at] for at in around])

    def point(self, square: Square, u: float, v: float) -> Floats:
        """Return the point in metres at shares `u` from the west and `v` from the north of a square."""
        row, column = square
        north, south = self.corners[row, column : column + 2], self.corners[row + 1, column : column + 2]
        upper, lower = north[0] + u * (north[1] - north[0]), south[0] + u * (south[1] - south[0])
        return np.asarray(upper + v * (lower - upper), dtype=np.float64)


def block_size(cells: int, neighbourhoods: int) -> tuple[int, int]:
    """Return rows and columns of squares in a neighbourhood so that all together come nearest to `cells`."""
    each = max(1, round(cells / neighbourhoods))
    rows = max(1, round(math.sqrt(each)))
    return rows, max(1, round(each / rows))


def lay_streets(random: Random, rows: int, columns: int) -> Streets:
    """Return a street net of that many squares, about 10,000 m² each, around the county seat."""
    x = _spaced(random, columns) - columns * SPACING_M / 2
    y = rows * SPACING_M / 2 - _spaced(random, rows)
    net = np.stack(np.meshgrid(x, y), axis=-1)
    flat = [random.uniform(-JITTER_M, JITTER_M) for _ in range(net.size)]
    turn = np.array([[math.cos(TILT), math.sin(TILT)], [-math.sin(TILT), math.cos(TILT)]])
    middle = to_metres(MEETING_POINT, METRIC_SRID)
    return Streets((net + np.reshape(flat, net.shape)) @ turn + np.array([middle.x, middle.y]))


def share_out(
    random: Random, rows: int, columns: int, west: list[Division], east: list[Division]
) -> dict[str, list[Square]]:
    """Return the squares of each neighbourhood, by code: two blocks wide and three deep on either side.

    The borders between blocks side by side follow the streets in steps of one square.
    """
    owned: dict[str, list[Square]] = {division.code: [] for division in west + east}
    for row in range(rows * BLOCKS_DEEP):
        edges = [_step(random, columns) + columns * block for block in range(1, BLOCKS_WIDE * 2)]
        for column in range(columns * BLOCKS_WIDE * 2):
            block = sum(column >= edge for edge in edges)
            side, across = (west, block) if block < BLOCKS_WIDE else (east, block - BLOCKS_WIDE)
            owned[side[row // rows * BLOCKS_WIDE + across].code].append((row, column))
    return owned


def outline_in_degrees(metres: Polygon) -> Polygon:
    """Return an outline in WGS 84; equal corners stay equal, so neighbours share them exactly."""
    exact = to_degrees(metres, METRIC_SRID)
    return Polygon(np.round(np.asarray(exact.exterior.coords), DEGREE_DECIMALS))


def line_in_degrees(metres: LineString) -> LineString:
    """Return a line in WGS 84; equal corners stay equal, so lines meet exactly."""
    exact = to_degrees(metres, METRIC_SRID)
    return LineString(np.round(np.asarray(exact.coords), DEGREE_DECIMALS))


def point_in_degrees(metres: Floats | Point) -> Point:
    """Return a point in WGS 84."""
    exact = to_degrees(Point(metres), METRIC_SRID)
    return Point(round(exact.x, DEGREE_DECIMALS), round(exact.y, DEGREE_DECIMALS))


def _spaced(random: Random, count: int) -> Floats:
    steps = np.array([random.uniform(0.85, 1.15) for _ in range(count)])
    return np.concatenate([[0.0], np.cumsum(steps * (SPACING_M * count / steps.sum()))])


def _step(random: Random, columns: int) -> int:
    # Narrower blocks could fall apart when both their borders move.
    return random.choice((-1, 0, 0, 1)) if columns >= 4 else 0
