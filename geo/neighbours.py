"""Who lies beside whom: binary neighbour lists in compressed rows, and square lattices of counts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.vertices import Floats

Name = TypeVar("Name", bound=Hashable)
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The neighbours of n places, without themselves.

    Attributes:
        starts: (n + 1,) where the neighbours of each place begin in `others`.
        others: places by number, ascending within a place.
    """

    starts: Ints
    others: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def counts(self) -> Ints:
        """Return (n,) how many neighbours each place has."""
        return np.diff(self.starts)

    def among(self, kept: NDArray[np.bool_]) -> Neighbours:
        """Return the neighbours that the kept places have among themselves, numbered anew in their order."""
        owners = np.repeat(np.arange(len(self)), self.counts)
        both = kept[owners] & kept[self.others]
        counts = np.bincount(owners[both], minlength=len(self))[kept]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Neighbours(starts, (np.cumsum(kept) - 1)[self.others[both]].astype(np.int64))

    def sums(self, values: Floats) -> Floats:
        """Return (n,) the sum of `values` over the neighbours of each place, itself left out."""
        owners = np.repeat(np.arange(len(self)), self.counts)
        return np.bincount(owners, weights=values[self.others], minlength=len(self)).astype(np.float64)


def by_name(neighbours: Mapping[Name, Iterable[Name]], order: Sequence[Name]) -> Neighbours:
    """Return neighbour lists given by name, in the order of `order`; names not in it are left out."""
    number = {name: index for index, name in enumerate(order)}
    rows = [sorted({number[n] for n in neighbours.get(name, ()) if n in number}) for name in order]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    return Neighbours(starts.astype(np.int64), np.array([n for row in rows for n in row], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Lattice:
    """Counts in square cells of a projected plane, empty cells inside the window included.

    Attributes:
        size_m: the side of a cell.
        west, south: the lower left corner of cell (0, 0), metres.
        counts: (columns, rows) points in each cell.
    """

    size_m: float
    west: float
    south: float
    counts: Floats

    def queen(self) -> Neighbours:
        """Return the up to eight cells around each, cells numbered as in `counts.ravel()`."""
        columns, rows = self.counts.shape
        column, row = (grid.ravel() for grid in np.indices((columns, rows)))
        steps = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)]
        beside = np.array([(column + a) * rows + row + b for a, b in steps]).T
        inside = np.array(
            [(column + a >= 0) & (column + a < columns) & (row + b >= 0) & (row + b < rows) for a, b in steps]
        ).T
        starts = np.concatenate([[0], np.cumsum(inside.sum(axis=1))])
        return Neighbours(starts.astype(np.int64), beside[inside].astype(np.int64))


def lattice(
    x: Floats,
    y: Floats,
    size_m: float,
    origin: tuple[float, float] = (0.0, 0.0),
    window: tuple[float, float, float, float] | None = None,
) -> Lattice:
    """Return how many points (metres of one projected CRS) lie in each square cell of their window.

    Cell borders lie at `origin` plus whole multiples of `size_m`, so that the same place is the same cell
    whatever else is drawn.

    Args:
        window: west, south, east, north, metres: covered even where no point lies.

    Raises:
        ValueError: there is neither point nor window, or `size_m` is not positive.
    """
    corners = np.array(window or (), dtype=np.float64)
    if len(x) + len(corners) == 0 or not size_m > 0:
        raise ValueError("a lattice needs a point and cells of a positive size")
    column = np.floor((x - origin[0]) / size_m).astype(np.int64)
    row = np.floor((y - origin[1]) / size_m).astype(np.int64)
    columns = np.concatenate([column, np.floor((corners[::2] - origin[0]) / size_m).astype(np.int64)])
    rows = np.concatenate([row, np.floor((corners[1::2] - origin[1]) / size_m).astype(np.int64)])
    first_column, first_row = int(columns.min()), int(rows.min())
    shape = (int(columns.max()) - first_column + 1, int(rows.max()) - first_row + 1)
    number = (column - first_column) * shape[1] + (row - first_row)
    counts = np.bincount(number, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    return Lattice(size_m, origin[0] + first_column * size_m, origin[1] + first_row * size_m, counts)
