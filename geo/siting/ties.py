"""Of plans that serve as much the cheapest, of those the one with the shortest walks; each with its bound.

What the first objective has proved goes on proving: a site that no plan of that coverage can contain is out
of these questions, too, so that they stay small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, hstack

from geo.siting.cover import Limits
from geo.siting.covering import Covering
from geo.siting.greedy import pruned
from geo.siting.lagrange import Priced, priced, still_possible
from geo.siting.programs import Program, Rows, minimised, selection
from geo.siting.reduce import merge_rows, reduce
from geo.siting.relaxed import INFINITE, constraints
from geo.siting.values import Flags, Floats, Ints, Stage
from geo.siting.walked import Walks, exchanged

TINY = 1e-6
# Summing must not fail what is asked; much more would let somebody go unserved in part.
SLACK = 1e-10
# Ties are worth seconds, not minutes: a count of branches ends the search alike on every machine.
MOST_BRANCHES = 300
MOST_WALKS = 4000


@dataclass(frozen=True, slots=True)
class Tied:
    """What a search for the best coverage has left behind.

    Attributes:
        chosen: (m,) its columns; `value` what they earn.
        multipliers: (n,) prices of its certificate and what they prove; None where there are none.
    """

    covering: Covering
    chosen: Flags
    value: float
    multipliers: Floats | None
    certificate: float

    @property
    def columns(self) -> Ints:
        """Return the columns that some choice earning as much may contain."""
        every = np.arange(len(self.covering.cost), dtype=np.int64)
        if self.multipliers is None or self.covering.needs:
            return every
        found = Priced(self.multipliers, self.certificate, self.chosen, self.value)
        left = every[still_possible(self.covering, found, self.value) | self.chosen]
        # Among what is left alone, prices prove more.
        small, _ = merge_rows(self.covering.only(left))
        chosen = self.chosen[left]
        finer = priced(small, chosen, lambda: False, enough=self.value)
        return left[still_possible(small, finer, self.value) | chosen]


def only_one(tied: Tied, limits: Limits) -> bool:
    """Return whether it is proved that no other columns earn as much, so that nothing is tied."""
    keep = tied.columns
    small, _ = merge_rows(tied.covering.only(keep))
    chosen = tied.chosen[keep]
    spent = float(small.cost.sum())
    program = _program(small, _earned_by(small, tied.value), spent)
    size = len(program.cost)
    # Some chosen column is left out, or some other is taken in.
    other = Rows(selection(np.where(chosen, -1.0, 1.0), size), 1.0 - float(chosen.sum()), INFINITE)
    asked = Program(np.zeros(size), program.upper, program.whole, (*program.rows, other))
    answer = minimised(
        asked,
        None,
        seed=limits.seed,
        time_limit_s=limits.left_s(),
        gap=0.0,
        heard=lambda value, low: limits.told(value, low) or limits.over(),
        most_branches=MOST_BRANCHES,
    )
    return answer.x is None and answer.ended


def cheapest(tied: Tied, limits: Limits) -> tuple[Flags, Stage]:
    """Return the cheapest columns found that earn as much, and what is proved of their cost."""
    cost = tied.covering.cost
    tied = replace(tied, chosen=pruned(tied.covering, tied.chosen))
    spent, bound = float(cost[tied.chosen].sum()), _least_cost(tied)
    if spent - bound <= TINY:
        return tied.chosen, Stage("cost", spent, spent, optimal=True)
    keep = tied.columns
    small = reduce(tied.covering.only(keep))
    columns = keep[small.columns]
    # Merged rows count for what they are worth together, so the sum stays the same.
    program = _program(small.covering, _earned_by(small.covering, tied.value), spent)
    answer = minimised(
        program,
        _started(small.covering, tied.chosen[columns], program),
        seed=limits.seed,
        time_limit_s=limits.left_s(),
        gap=limits.gap,
        heard=lambda value, low: limits.told(value, low) or limits.over(),
        most_branches=MOST_BRANCHES,
    )
    chosen = tied.chosen
    if answer.x is not None:
        found = _widened(answer.x[: len(columns)] > 0.5, columns, len(cost))
        if _as_good(tied, found) and float(cost[found].sum()) < spent - TINY:
            chosen, spent = found, float(cost[found].sum())
    bound = min(max(bound, _rounded_up(answer.bound, cost)), spent)
    return chosen, Stage("cost", spent, bound, optimal=spent - bound <= TINY * max(1.0, spent))


def _least_cost(tied: Tied) -> float:
    """Return what the cheapest parts of columns cost that collect enough of the prices to earn as much."""
    c = tied.covering
    if tied.multipliers is None or c.needs:
        return 0.0
    above = float(
        np.maximum(c.first - tied.multipliers, 0).sum() + np.maximum(c.second - tied.multipliers, 0).sum()
    )
    worth = c.worth(tied.multipliers)
    need = tied.value - above - float(worth[c.cost <= 0].sum()) - TINY
    paid = np.flatnonzero((c.cost > 0) & (worth > 0))
    order = paid[np.argsort(-worth[paid] / c.cost[paid], kind="stable")]
    if need <= 0 or not len(order):
        return 0.0
    collected = np.cumsum(worth[order])
    whole = int(np.searchsorted(collected, need, side="left"))
    if whole >= len(order):
        return float(c.cost[order].sum())
    before = float(collected[whole - 1]) if whole else 0.0
    part = (need - before) / float(worth[order[whole]])
    return _rounded_up(float(c.cost[order[:whole]].sum()) + part * float(c.cost[order[whole]]), c.cost)


def _rounded_up(bound: float, cost: Floats) -> float:
    """Return the next value that sums of whole costs can have."""
    whole = bool((cost == np.rint(cost)).all()) and np.isfinite(bound)
    return float(np.ceil(bound - TINY)) if whole else bound


def _earned_by(small: Covering, value: float) -> float:
    """Return what the rows of a reduced covering must earn: all that is asked but what no column serves."""
    return min(value, float(small.first.sum() + small.second.sum())) - SLACK * max(1.0, value)


def _program(covering: Covering, value: float, spent: float, walks: int = 0) -> Program:
    """Minimise cost among choices that earn at least `value`; `walks` variables more stand at the end."""
    matrix, low, high = constraints(covering)
    matrix = _padded(matrix, walks)
    m, double = len(covering.cost), covering.second > 0
    size = matrix.shape[1]
    earned = np.concatenate([np.zeros(m), covering.first, covering.second[double]])
    whole = np.zeros(size, dtype=np.bool_)
    whole[:m] = True
    cost = np.concatenate([covering.cost, np.zeros(size - m)])
    rows = (
        Rows(matrix, low, high),
        Rows(selection(earned, size), value, INFINITE),
        Rows(selection(covering.cost, size), -INFINITE, spent + TINY),
    )
    return Program(cost, np.ones(size), whole, rows)


def _padded(matrix: csr_array, columns: int) -> csr_array:
    if not columns:
        return matrix
    return csr_array(hstack([matrix, csr_array((matrix.shape[0], columns))], format="csr"))


def _started(
    covering: Covering, chosen: Flags, program: Program, walks: Floats | None = None
) -> Floats | None:
    """Return the variables of a choice, None when a reduction has dropped one of its columns."""
    counts = covering.counts(chosen)
    if not covering.allowed(chosen):
        return None
    double = covering.second > 0
    parts = [chosen.astype(np.float64), np.minimum(counts, 1.0), np.clip(counts[double] - 1.0, 0.0, 1.0)]
    start = np.concatenate(parts if walks is None else [*parts, walks])
    earned = program.rows[1]
    return start if float((earned.matrix @ start)[0]) >= float(np.min(earned.least)) else None


def _as_good(tied: Tied, chosen: Flags) -> bool:
    return tied.covering.allowed(chosen) and tied.covering.value(chosen) >= tied.value - TINY


def _widened(chosen: Flags, columns: Ints, size: int) -> Flags:
    whole = np.zeros(size, dtype=np.bool_)
    whole[columns[chosen]] = True
    return whole


def nearest(tied: Tied, walks: Walks, limits: Limits) -> tuple[Flags, Stage]:
    """Return the columns found with the shortest walks among those that earn as much for no more money."""
    spent, keep = float(tied.covering.cost[tied.chosen].sum()), tied.columns
    tied = replace(tied, chosen=exchanged(tied.covering, tied.chosen, walks, keep, spent, limits.over))
    value = walks.value(tied.chosen)
    row, column, metres = walks.among(keep, len(tied.covering.cost))
    if len(row) > MOST_WALKS:
        least = min(_shortest(tied, walks), value)
        return tied.chosen, Stage("walking", value, least, optimal=value - least <= TINY * max(1.0, value))
    kept = tied.covering.only(keep)
    merged, into = merge_rows(kept)
    program, fixed = _walking(merged, tied.value, spent, walks, into[row], row, column, metres)
    answer = minimised(
        program,
        _started(merged, tied.chosen[keep], program, _walked(tied.chosen[keep], row, column, metres)),
        seed=limits.seed,
        time_limit_s=limits.left_s(),
        gap=limits.gap,
        heard=lambda best, low: limits.told(best, low) or limits.over(),
        most_branches=MOST_BRANCHES,
    )
    chosen = tied.chosen
    if answer.x is not None:
        found = _widened(answer.x[: len(keep)] > 0.5, keep, len(tied.covering.cost))
        better = walks.value(found) < value - TINY and float(tied.covering.cost[found].sum()) <= spent + TINY
        if better and _as_good(tied, found):
            chosen, value = found, walks.value(found)
    bound = max(min(answer.bound + fixed, value), 0.0)
    return chosen, Stage("walking", value, bound, optimal=value - bound <= TINY * max(1.0, value))


def _shortest(tied: Tied, walks: Walks) -> float:
    """Return what all who are served must walk at least: each to the nearest place there is.

    Where not everybody is served, only those count whom an open site serves already.
    """
    nearest = walks.base.copy()
    np.minimum.at(nearest, walks.row, walks.metres)
    everybody = tied.value >= float((tied.covering.first + tied.covering.second).sum()) - TINY
    sure = np.isfinite(nearest) & (np.isfinite(walks.base) | everybody)
    return float(nearest[sure].sum())


def _walking(
    covering: Covering,
    value: float,
    spent: float,
    walks: Walks,
    merged: Ints,
    row: Ints,
    column: Ints,
    metres: Floats,
) -> tuple[Program, float]:
    """Minimise walks; return the program and what everybody walks whatever is chosen.

    Whoever an open site serves walks by how much less a chosen one is nearer; everybody else walks when the
    row they were `merged` into is served.
    """
    cheap = _program(covering, _earned_by(covering, value), spent, len(row))
    size, at = len(cheap.cost), np.arange(len(row))
    first = size - len(row)
    base = walks.base[row]
    served = np.isfinite(base)
    cost = np.zeros(size)
    cost[first:] = np.where(served, metres - base, metres)
    to_open = csr_array(
        (np.repeat([1.0, -1.0], len(row)), (np.tile(at, 2), np.concatenate([first + at, column]))),
        shape=(len(row), size),
    )
    _, who = np.unique(row, return_inverse=True)
    each = csr_array((np.ones(len(row)), (who, first + at)), shape=(int(who.max(initial=-1)) + 1, size))
    rows = (*cheap.rows, Rows(to_open, -INFINITE, 0.0), Rows(each, -INFINITE, 1.0))
    firsts = np.unique(who, return_index=True)[1]
    must = np.flatnonzero(~served[firsts] & (merged[firsts] >= 0))
    if len(must):
        at_row = (np.ones(len(must)), (np.arange(len(must)), len(covering.cost) + merged[firsts][must]))
        needed = csr_array(at_row, shape=(len(must), size))
        rows = (*rows, Rows(csr_array(each[must] - needed), 0.0, INFINITE))
    return Program(cost, cheap.upper, cheap.whole, rows), float(walks.base[np.isfinite(walks.base)].sum())


def _walked(chosen: Flags, row: Ints, column: Ints, metres: Floats) -> Floats:
    """Return the walks taken: each row's shortest one to a chosen column."""
    taken = np.zeros(len(row))
    some = np.flatnonzero(chosen[column])
    order = some[np.lexsort((metres[some], row[some]))]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = row[order][1:] != row[order][:-1]
    taken[order[first]] = 1.0
    return taken
