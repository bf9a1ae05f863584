"""The heart of every coverage plan: rows that pay for a first and a second site, columns that cost.

What is open already has been settled before: its columns are gone and the rows it serves pay no more for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geo.siting.incidence import Incidence
from geo.siting.sums import Sums
from geo.siting.values import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Covering:
    """Choose columns to earn rows.

    Attributes:
        cover: (n, m) 1 where a column serves a row.
        first, second: (n,) what the first and the second chosen column of a row earn.
        cost: (m,)
        p, budget: the most columns and the most cost; None for no such limit.
        conflicts: (k, 2) columns that exclude each other.
        share_of: (n,) the row's own weight within its rule of equity.
        rule: (n,) the rule of equity a row counts for, −1 for none.
        needs: what the first covers of each rule's rows must add up to, in `share_of`.
        sums: what chosen columns must come to, None for no such rule.
    """

    cover: Incidence
    first: Floats
    second: Floats
    cost: Floats
    p: int | None
    budget: float | None
    conflicts: Ints
    rule: Ints
    share_of: Floats
    needs: tuple[float, ...] = ()
    sums: Sums | None = None

    def counts(self, chosen: Flags) -> Ints:
        """Return (n,) how many chosen columns serve each row."""
        return self.cover.T.counts(chosen)

    def worth(self, prices: Floats) -> Floats:
        """Return (m,) what each column collects of the rows' prices."""
        return self.cover.T @ prices

    def value(self, chosen: Flags) -> float:
        """Return what chosen columns earn."""
        counts = self.counts(chosen)
        return float(self.first[counts >= 1].sum() + self.second[counts >= 2].sum())

    def allowed(self, chosen: Flags) -> bool:
        """Return whether chosen columns keep within p, budget, separation, sums and equity."""
        if self.p is not None and int(chosen.sum()) > self.p:
            return False
        if self.budget is not None and float(self.cost[chosen].sum()) > self.budget + 1e-6:
            return False
        if len(self.conflicts) and bool((chosen[self.conflicts[:, 0]] & chosen[self.conflicts[:, 1]]).any()):
            return False
        return self.fair(chosen) and (self.sums is None or self.sums.kept(chosen))

    def fair(self, chosen: Flags) -> bool:
        """Return whether every rule of equity is kept."""
        if not self.needs:
            return True
        served = (self.counts(chosen) >= 1) & (self.rule >= 0)
        got = np.bincount(self.rule[served], weights=self.share_of[served], minlength=len(self.needs))
        return bool((got >= np.array(self.needs) - 1e-6).all())

    def only(self, columns: Ints) -> Covering:
        """Return the same with some columns only; conflicts are renumbered."""
        place = np.full(self.cover.shape[1], -1)
        place[columns] = np.arange(len(columns))
        conflicts = place[self.conflicts]
        conflicts = conflicts[(conflicts >= 0).all(axis=1)] if len(conflicts) else conflicts
        return replace(
            self,
            cover=self.cover.only(columns),
            cost=self.cost[columns],
            conflicts=conflicts,
            sums=None if self.sums is None else self.sums.only(columns),
        )


def beside(covering: Covering) -> tuple[Ints, Ints]:
    """Return the columns that exclude each column, as starts and others of compressed rows."""
    both = np.vstack([covering.conflicts, covering.conflicts[:, ::-1]]) if len(covering.conflicts) else None
    m = len(covering.cost)
    if both is None:
        return np.zeros(m + 1, dtype=np.int64), np.empty(0, dtype=np.int64)
    order = np.argsort(both[:, 0], kind="stable")
    starts = np.searchsorted(both[order, 0], np.arange(m + 1))
    return starts.astype(np.int64), both[order, 1]
