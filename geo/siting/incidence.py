"""Which row is served by which column: a sparse matrix of ones, in plain numpy.

All that a covering asks of a matrix is sums over rows and columns. Without a number for each one these take
half the memory; and a third of a small problem's time would go into loading scipy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.siting.values import Flags, Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array


MOST_SHORT = 1 << 16


class Incidence:
    """A matrix with ones at some places.

    Attributes:
        shape: rows and columns.
        starts: (rows + 1,) where the columns of each row begin in `columns`.
        columns: (k,) those of the first row, then those of the second, each ascending.
    """

    __slots__ = ("_filled", "_turned", "columns", "shape", "starts")

    def __init__(self, starts: Ints, columns: Ints, shape: tuple[int, int]) -> None:
        self.shape, self.starts, self.columns = shape, starts, columns
        self._filled = np.flatnonzero(starts[1:] > starts[:-1])
        self._turned: Incidence | None = None

    @classmethod
    def of(cls, row: Ints, column: Ints, shape: tuple[int, int]) -> Incidence:
        """Return the matrix with ones at some places, each named once."""
        order = np.argsort(row * max(shape[1], 1) + column, kind="stable")
        counts = np.bincount(row, minlength=shape[0])
        return cls(_starts(counts), column[order], shape)

    @property
    def sizes(self) -> Ints:
        """Return (rows,) how many columns each row has."""
        found: Ints = np.diff(self.starts)
        return found

    @property
    def row(self) -> Ints:
        """Return (k,) the row of each one."""
        return np.repeat(np.arange(self.shape[0]), self.sizes)

    @property
    def T(self) -> Incidence:  # noqa: N802  # as matrices have it
        """Return the matrix by columns."""
        if self._turned is None:
            order = np.argsort(_small(self.columns, self.shape[1]), kind="stable")
            counts = np.bincount(self.columns, minlength=self.shape[1])
            self._turned = Incidence(_starts(counts), self.row[order], self.shape[::-1])
            self._turned._turned = self
        return self._turned

    def __matmul__(self, values: Floats) -> Floats:
        """Return (rows,) the sum of a row's columns' values."""
        found = np.zeros(self.shape[0])
        if len(self._filled):
            each = values.take(self.columns)
            found[self._filled] = np.add.reduceat(each, self.starts[:-1][self._filled])
        return found

    def at(self, row: int) -> Ints:
        """Return the columns of a row."""
        return self.columns[self.starts[row] : self.starts[row + 1]]

    def counts(self, rows: Flags) -> Ints:
        """Return (columns,) in how many of some rows each column is; cheap where few rows are asked for."""
        some = [self.at(row) for row in np.flatnonzero(rows).tolist()]
        if not some:
            return np.zeros(self.shape[1], dtype=np.int64)
        return np.bincount(np.concatenate(some), minlength=self.shape[1])

    def rows(self, rows: Ints) -> Incidence:
        """Return some rows, in this order."""
        sizes = self.sizes[rows]
        starts = _starts(sizes)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        columns = self.columns[np.repeat(self.starts[rows], sizes) + within]
        return Incidence(starts, columns, (len(rows), self.shape[1]))

    def only(self, columns: Ints) -> Incidence:
        """Return the same rows with some columns, which are numbered anew; they have to ascend."""
        place = np.full(self.shape[1], -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        anew = place[self.columns]
        kept = anew >= 0
        before = np.concatenate([[0], np.cumsum(kept)])
        return Incidence(before[self.starts], anew[kept], (self.shape[0], len(columns)))

    def csr(self) -> csr_array:
        """Return the matrix as scipy has it."""
        from scipy.sparse import csr_array

        return csr_array((np.ones(len(self.columns)), self.columns, self.starts), shape=self.shape)


def _small(numbers: Ints, most: int) -> Ints | NDArray[np.uint16]:
    """Return numbers as short ones where they fit: those numpy sorts digit by digit, ten times as fast."""
    return numbers.astype(np.uint16) if most <= MOST_SHORT else numbers


def _starts(sizes: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
