"""Numbers of grid cells inside a neighbourhood: rows from north to south, in each row from west to east."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon

from geo.errors import TooManyCells

LAST_NUMBER = 999


def cell_numbers(outlines: Sequence[Polygon]) -> list[int]:
    """Return the number of each cell, from 1, in the order the cells were given.

    A row is led by the cell whose centroid lies farthest north among those not yet numbered (of several the
    most western); it holds every cell whose centroid lies at most half the leader's height farther south.
    Within a row the centroid farthest west comes first, of several the most northern. Positions are
    compared along one axis at a time, so degrees do as well as metres.

    Source: the coding rule of the unit-grid standard, "west to east, north to south".
    """
    centroids = shapely.get_coordinates(shapely.centroid(np.asarray(outlines, dtype=object)))
    waiting = sorted(range(len(outlines)), key=lambda i: (-centroids[i, 1], centroids[i, 0]))
    order: list[int] = []
    while waiting:
        _, south, _, north = outlines[waiting[0]].bounds
        limit = centroids[waiting[0], 1] - (north - south) / 2
        row = [i for i in waiting if centroids[i, 1] >= limit]
        order += sorted(row, key=lambda i: (centroids[i, 0], -centroids[i, 1]))
        waiting = waiting[len(row) :]
    return [number for _, number in sorted(zip(order, range(1, len(order) + 1), strict=True))]


def cell_codes(neighbourhood_code: str, outlines: Sequence[Polygon]) -> list[str]:
    """Return the 15-digit code of each cell: the neighbourhood's twelve digits and its number in three.

    Raises:
        TooManyCells: more than 999 cells.
    """
    if len(outlines) > LAST_NUMBER:
        raise TooManyCells(neighbourhood_code, len(outlines), LAST_NUMBER)
    return [f"{neighbourhood_code}{number:03d}" for number in cell_numbers(outlines)]
