"""A bound that anybody can check without a solver: one number λ a row, some additions and a sort.

For every λ ≥ 0 no choice earns more than what rows pay above λ, plus the best that columns can collect of λ.
A price ν on a sum, such as a transformer's power, takes from each column what it counts there, and gives the
limit back.

Source: Lagrangian relaxation of the cover rows, Galvão and ReVelle 1996; fractional knapsack for the budget.
"""

from __future__ import annotations

import numpy as np

from geo.siting.covering import Covering
from geo.siting.sums import Sums
from geo.siting.values import Floats


def bound(
    covering: Covering,
    multipliers: Floats,
    equity: Floats | None = None,
    sums: Floats | None = None,
) -> float:
    """Return a value that no allowed choice of columns can exceed.

    Args:
        multipliers: (n,) λ ≥ 0.
        equity: (rules,) μ ≥ 0: what the last unit that a rule asks for is worth.
        sums: (k,) ν: what one more unit of a sum's most is worth; below zero of its least. A price for a
            limit that is not there counts as none.
    """
    first = covering.first
    pledged = 0.0
    if equity is not None and len(equity):
        at = np.where(covering.rule >= 0, equity[covering.rule], 0.0)
        first = first + at * covering.share_of
        pledged = float(equity @ np.array(covering.needs))
    above = np.maximum(first - multipliers, 0.0).sum()
    above += np.maximum(covering.second - multipliers, 0.0).sum()
    collected = covering.worth(multipliers)
    if sums is not None and covering.sums is not None:
        paid, limits = _priced(covering.sums, sums)
        collected = np.maximum(collected - covering.sums.each.T @ paid, 0.0)
        pledged -= float(paid @ limits)
    return float(above) + best_of(collected, covering.cost, covering.p, covering.budget) - pledged


def _priced(sums: Sums, prices: Floats) -> tuple[Floats, Floats]:
    """Return the prices that stand for a limit, and (k,) that limit."""
    limits = np.where(prices > 0, sums.most, sums.least)
    there = np.isfinite(limits)
    return np.where(there, prices, 0.0), np.where(there, limits, 0.0)


def best_of(worth: Floats, cost: Floats, p: int | None, budget: float | None) -> float:
    """Return an upper bound on the worth of columns within p and a budget."""
    limits = [float(worth[worth > 0].sum())]
    if p is not None:
        limits.append(float(_largest(worth, p).sum()))
    if budget is not None:
        limits.append(_knapsack(worth, cost, budget))
    return min(limits)


def _largest(worth: Floats, p: int) -> Floats:
    """Return the p largest, in no order."""
    if p >= len(worth) or p == 0:
        return worth[: p or 0]
    return np.partition(worth, len(worth) - p)[len(worth) - p :]


def _knapsack(worth: Floats, cost: Floats, budget: float) -> float:
    """Return the worth of the best fractional filling of a budget."""
    free = (cost <= 0) & (worth > 0)
    paid = np.flatnonzero((cost > 0) & (worth > 0))
    order = paid[np.argsort(-worth[paid] / cost[paid], kind="stable")]
    spent = np.cumsum(cost[order])
    whole = int(np.searchsorted(spent, budget, side="right"))
    total = float(worth[free].sum() + worth[order[:whole]].sum())
    if whole < len(order):
        left = budget - (float(spent[whole - 1]) if whole else 0.0)
        total += float(worth[order[whole]] * max(left, 0.0) / cost[order[whole]])
    return total
