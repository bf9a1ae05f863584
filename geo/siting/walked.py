"""Who walks how far to the nearest open site, and exchanges of sites that shorten it and cost no coverage.

Source: Teitz and Bart 1968 (vertex exchange).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from geo.siting.covering import Covering
from geo.siting.greedy import Choice
from geo.siting.pairs import Pairs
from geo.siting.values import Flags, Floats, Ints

TINY = 1e-6
# A table of all walks has to fit: beyond it nothing is exchanged.
MOST_CELLS = 4_000_000
MOST_EXCHANGES = 200


class Walks:
    """Weighted metres from whom is served to the nearest open site.

    Attributes:
        row, column, metres: (k,) walks to columns, in weighted metres, only where they are shorter than to
            what is open already.
        base: (n,) weighted metres to what is open already, inf for out of reach.
    """

    def __init__(self, near: Pairs, weight: Floats, opened: Flags, columns: Ints) -> None:
        place = np.full(len(opened), -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        walked = near.cm / 100.0 * weight[near.demand]
        self.base = np.full(len(weight), np.inf)
        old = opened[near.candidate]
        np.minimum.at(self.base, near.demand[old], walked[old])
        new = (place[near.candidate] >= 0) & (weight[near.demand] > 0) & (walked < self.base[near.demand])
        self.row, self.column, self.metres = near.demand[new], place[near.candidate[new]], walked[new]

    def value(self, chosen: Flags) -> float:
        """Return what all who are served walk together."""
        nearest = self.base.copy()
        some = chosen[self.column]
        np.minimum.at(nearest, self.row[some], self.metres[some])
        return float(nearest[np.isfinite(nearest)].sum())

    def among(self, columns: Ints, size: int) -> tuple[Ints, Ints, Floats]:
        """Return the walks to some columns, numbered anew."""
        place = np.full(size, -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        kept = place[self.column] >= 0
        return self.row[kept], place[self.column[kept]], self.metres[kept]


def exchanged(
    covering: Covering, chosen: Flags, walks: Walks, keep: Ints, spent: float, stop: Callable[[], bool]
) -> Flags:
    """Return the choice after exchanges that shorten walks, none of which loses coverage or costs more.

    Args:
        keep: the columns that may come in.
        spent: what the choice may cost.
    """
    row, column, metres = walks.among(keep, len(covering.cost))
    who, at = np.unique(row, return_inverse=True)
    if not len(who) or len(who) * len(keep) > MOST_CELLS:
        return chosen
    table = np.full((len(who), len(keep)), np.inf)
    table[at, column] = metres
    for _ in range(MOST_EXCHANGES):
        better = None if stop() else _better(covering, chosen, table, walks.base[who], keep, spent)
        if better is None:
            break
        chosen = better
    return chosen


def _better(
    covering: Covering, chosen: Flags, table: Floats, base: Floats, keep: Ints, spent: float
) -> Flags | None:
    """Return the choice after the exchange that shortens walks most; None when none does."""
    choice, inside = Choice(covering, chosen), np.flatnonzero(chosen[keep])
    least = _sum(np.minimum(base, table[:, inside].min(axis=1, initial=np.inf))) - TINY
    found = None
    for out in inside.tolist():
        rest = np.minimum(base, table[:, inside[inside != out]].min(axis=1, initial=np.inf))
        walked = np.where(np.isfinite(both := np.minimum(table, rest[:, None])), both, 0.0).sum(axis=0)
        walked[~_keeps(choice, int(keep[out]), keep, spent)] = np.inf
        for into in np.argsort(walked, kind="stable")[:3].tolist():
            if walked[into] >= least:
                break
            tried = chosen.copy()
            tried[keep[[out, into]]] = [False, True]
            if covering.allowed(tried):
                least, found = float(walked[into]) - TINY, tried
                break
    return found


def _sum(metres: Floats) -> float:
    return float(metres[np.isfinite(metres)].sum())


def _keeps(choice: Choice, out: int, keep: Ints, spent: float) -> Flags:
    """Return which columns may replace one without loss of coverage or more cost."""
    c, before = choice.covering, choice.value
    choice.drop(out)
    gains, lost = choice.gains()[keep], before - choice.value
    cheap = choice.spent + c.cost[keep] <= spent + TINY
    fits = cheap & (gains >= lost - TINY) & ~choice.chosen[keep] & (keep != out)
    choice.add(out)
    return np.asarray(fits, dtype=np.bool_)
