"""Sums that open sites have to keep: a transformer's power at most, a compound's sites at least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.siting.errors import Impossible
from geo.siting.values import Flags, Floats, Ints, Sum

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over columns.

    Attributes:
        names: (k,)
        each: (k, m) what a column counts.
        least, most: (k,) −inf and inf for no such limit.
    """

    names: tuple[str, ...]
    each: csr_array
    least: Floats
    most: Floats

    def of(self, chosen: Flags) -> Floats:
        """Return (k,) what chosen columns come to."""
        found: Floats = self.each @ chosen.astype(np.float64)
        return found

    def kept(self, chosen: Flags) -> bool:
        """Return whether chosen columns keep every sum."""
        found = self.of(chosen)
        return bool(((found >= self.least - TINY) & (found <= self.most + TINY)).all())

    def only(self, columns: Ints) -> Sums:
        """Return the same over some columns."""
        return Sums(self.names, self.each.tocsc()[:, columns].tocsr(), self.least, self.most)

    def after(self, opened: Flags) -> Sums:
        """Return what is left to keep once some columns are open."""
        found = self.of(opened)
        return Sums(self.names, self.each, self.least - found, self.most - found)

    def may_join(self, chosen: Flags, leaving: int | None = None) -> Flags:
        """Return (m,) the columns that may join chosen ones, of which one may leave, without breaking a sum.

        A least sum that is not met counts only where a column leaves: a choice may still be growing.
        """
        rest = chosen
        if leaving is not None:
            rest = chosen.copy()
            rest[leaving] = False
        found = self.of(rest)
        fits = self._within(found)
        if leaving is not None:
            short = np.flatnonzero((found < self.least - TINY) & (self.of(chosen) >= self.least - TINY))
            for row in short.tolist():
                fits &= self._row(row) >= self.least[row] - found[row] - TINY
        return fits

    def _within(self, found: Floats) -> Flags:
        entries = self.each.tocoo()
        over = entries.data > (self.most - found + TINY)[entries.row]
        fits = np.ones(self.each.shape[1], dtype=np.bool_)
        fits[entries.col[over & (entries.data > 0)]] = False
        return fits

    def _row(self, row: int) -> Floats:
        found: Floats = self.each[[row]].toarray().ravel()
        return found

    def short(self, chosen: Flags) -> list[tuple[int, Floats]]:
        """Return the sums that chosen columns do not reach, each with what every column counts for it."""
        unmet = np.flatnonzero(self.of(chosen) < self.least - TINY)
        return [(row, self._row(row)) for row in unmet.tolist()]

    def kinds(self) -> Ints:
        """Return (m,) a number for each column; columns of one number count alike in every sum."""
        found: dict[tuple[bytes, bytes], int] = {}
        by = self.each.tocsc()
        by.sort_indices()
        kinds = np.zeros(self.each.shape[1], dtype=np.int64)
        for column in range(self.each.shape[1]):
            part = slice(by.indptr[column], by.indptr[column + 1])
            key = (by.indices[part].tobytes(), by.data[part].tobytes())
            kinds[column] = found.setdefault(key, len(found))
        return kinds


def sums_of(stated: Sequence[Sum], columns: int) -> Sums | None:
    """Return sums as one matrix over all candidates; None when there is none."""
    if not stated:
        return None
    # scipy is loaded only for problems that have sums.
    from scipy.sparse import csr_array

    row = np.concatenate([np.full(len(one.sites), at) for at, one in enumerate(stated)])
    column = np.concatenate([one.sites for one in stated])
    each = np.concatenate([one.each for one in stated])
    return Sums(
        tuple(one.name for one in stated),
        csr_array((each, (row, column)), shape=(len(stated), columns)),
        np.array([-np.inf if one.least is None else one.least for one in stated]),
        np.array([np.inf if one.most is None else one.most for one in stated]),
    )


def reachable(sums: Sums, free: Flags) -> None:
    """Hold that no sum is broken before anything is chosen.

    Args:
        sums: what is left once open sites count.
        free: (m,) the columns that may still be chosen.

    Raises:
        Impossible: open sites alone are above a most, or all free ones together below a least; `extra` names
            the sums.
    """
    over = np.flatnonzero((sums.most < -TINY) & (sums.each.min(axis=1).toarray().ravel() >= 0))
    under = np.flatnonzero(sums.of(free) < sums.least - TINY)
    for rows, en, zh, key in (
        (over, "sites that are open already exceed", "已设点位超出限额", "sums_exceeded"),
        (under, "all candidates together do not reach", "全部候选点位也达不到最低要求", "sums_out_of_reach"),
    ):
        if len(rows):
            names = [sums.names[row] for row in rows[:20].tolist()]
            raise Impossible(f"{en} {', '.join(names)}", f"{zh}：{'、'.join(names)}", **{key: names})
