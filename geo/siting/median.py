"""The shortest walks in all: prices bound the walking, exchanges mend it, and HiGHS settles what is left.

Source: Cornuéjols, Fisher and Nemhauser 1977 (Lagrangian bound); Teitz and Bart 1968 (exchange).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from geo.siting.centre import Reach
from geo.siting.cover import Limits
from geo.siting.programs import Program, Rows, exclusions, minimised, selection
from geo.siting.relaxed import INFINITE
from geo.siting.values import Flags, Floats

ROUNDS = 600
PATIENCE = 12
TINY = 1e-7


@dataclass(frozen=True, slots=True)
class Walked:
    """Chosen columns (None when none serve everybody), weighted metres walked in all, and a bound on it."""

    chosen: Flags | None
    value: float
    bound: float
    ended: bool


class Walks:
    """Weighted metres from rows to columns, and to what is open already."""

    def __init__(self, reach: Reach, weight: Floats) -> None:
        self.reach = reach
        heavy = weight > 0
        self.metres = np.where(reach.cm >= 0, reach.cm / 100.0, np.inf)[heavy] * weight[heavy, None]
        self.base = np.where(reach.base >= 0, reach.base / 100.0, np.inf)[heavy] * weight[heavy]

    def value(self, chosen: Flags) -> float:
        """Return the weighted metres of a choice; inf where somebody cannot walk to any site."""
        if not len(self.base):
            return 0.0
        return float(self._nearest(chosen).sum())

    def _nearest(self, chosen: Flags) -> Floats:
        some = self.metres[:, chosen].min(axis=1, initial=np.inf)
        found: Floats = np.minimum(some, self.base)
        return found

    def allowed(self, chosen: Flags) -> bool:
        """Return whether a choice keeps within p, budget and separation."""
        r = self.reach
        if r.p is not None and int(chosen.sum()) > r.p:
            return False
        if r.budget is not None and float(r.cost[chosen].sum()) > r.budget + 1e-6:
            return False
        return not (len(r.conflicts) and bool((chosen[r.conflicts[:, 0]] & chosen[r.conflicts[:, 1]]).any()))


def best_median(reach: Reach, weight: Floats, limits: Limits) -> Walked:
    """Return the columns with the least weighted walking to the nearest open site."""
    walks = Walks(reach, weight)
    first = _greedy(walks)
    first = _exchanged(walks, first, limits)
    value = walks.value(first)
    bound, prices = _priced(walks, value, limits)
    limits.told(value, bound)
    if np.isfinite(value) and value - bound <= TINY * max(1.0, value):
        return Walked(first, value, value, True)
    return _settled(walks, first, value, bound, prices, limits)


def _greedy(walks: Walks) -> Flags:
    chosen = np.zeros(len(walks.reach.cost), dtype=np.bool_)
    far = 1e15
    nearest = np.minimum(walks.base, far)
    while True:
        saved = np.maximum(nearest[:, None] - walks.metres, 0.0).sum(axis=0)
        saved[chosen] = 0.0
        for column in np.argsort(-saved, kind="stable").tolist():
            if saved[column] <= 0:
                return chosen
            chosen[column] = True
            if walks.allowed(chosen):
                nearest = np.minimum(nearest, walks.metres[:, column])
                break
            chosen[column] = False
        else:
            return chosen


def _exchanged(walks: Walks, chosen: Flags, limits: Limits) -> Flags:
    best = chosen
    better = True
    while better and not limits.over():
        better = False
        for out in np.flatnonzero(best).tolist():
            tried = best.copy()
            tried[out] = False
            into = _best_addition(walks, tried)
            if into >= 0:
                tried[into] = True
                if walks.value(tried) < walks.value(best) - 1e-9:
                    best, better = tried, True
                    break
    return best


def _best_addition(walks: Walks, chosen: Flags) -> int:
    far = 1e15
    nearest = np.minimum(walks.base, far)
    if chosen.any():
        nearest = np.minimum(nearest, walks.metres[:, chosen].min(axis=1))
    saved = np.maximum(nearest[:, None] - walks.metres, 0.0).sum(axis=0)
    saved[chosen] = -1.0
    for column in np.argsort(-saved, kind="stable")[:20].tolist():
        if saved[column] <= 0:
            break
        tried = chosen.copy()
        tried[column] = True
        if walks.allowed(tried):
            return int(column)
    return -1


def _priced(walks: Walks, value: float, limits: Limits) -> tuple[float, Floats]:
    """Return the best bound that prices on being served prove, and the prices."""
    n = len(walks.base)
    if not n:
        return 0.0, np.zeros(0)
    cheapest = np.minimum(walks.metres.min(axis=1, initial=np.inf), walks.base)
    prices = np.where(np.isfinite(cheapest), cheapest, 0.0)
    best, best_prices, pace, idle = -np.inf, prices, 1.0, 0
    goal = value if np.isfinite(value) else float(prices.sum()) * 2 + 1
    for _ in range(ROUNDS):
        if limits.over() or pace < 1e-5:
            break
        saving = np.minimum(walks.metres - prices[:, None], 0.0).sum(axis=0)
        own = np.minimum(walks.base - prices, 0.0)
        picked = _picked(saving, walks.reach)
        bound = float(prices.sum() + own.sum()) + _worth(saving, walks.reach)
        idle = 0 if bound > best + 1e-4 * abs(best) else idle + 1
        if bound > best:
            best, best_prices = bound, prices
        served = (walks.metres[:, picked] < prices[:, None]).sum(axis=1) + (walks.base < prices)
        slope = 1.0 - served
        length = float((slope * slope).sum())
        if length == 0 or goal - best <= TINY * max(1.0, goal):
            break
        if idle >= PATIENCE:
            pace, idle, prices = pace * 0.7, 0, best_prices
        prices = np.maximum(prices + pace * (goal - bound) / length * slope, 0.0)
    return best, best_prices


def _picked(saving: Floats, reach: Reach) -> Flags:
    picked = np.zeros(len(saving), dtype=np.bool_)
    order = np.argsort(saving, kind="stable")
    order = order[saving[order] < 0]
    picked[order[: reach.p] if reach.p is not None else order] = True
    return picked


def _worth(saving: Floats, reach: Reach) -> float:
    """Return the most (negative) that columns within p can save."""
    order = np.sort(saving[saving < 0])
    return float(order[: reach.p].sum() if reach.p is not None else order.sum())


def _settled(
    walks: Walks, first: Flags, value: float, bound: float, prices: Floats, limits: Limits
) -> Walked:
    n, m = walks.metres.shape
    row, column = np.nonzero(np.isfinite(walks.metres))
    own = np.flatnonzero(np.isfinite(walks.base))
    size = m + len(row) + len(own)
    cost = np.concatenate([np.zeros(m), walks.metres[row, column], walks.base[own]])
    at = np.arange(len(row))
    each = csr_array(
        (
            np.ones(len(row) + len(own)),
            (np.concatenate([row, own]), np.concatenate([m + at, m + len(row) + np.arange(len(own))])),
        ),
        shape=(n, size),
    )
    by_open = csr_array(
        (
            np.concatenate([np.ones(len(row)), -np.ones(len(row))]),
            (np.concatenate([at, at]), np.concatenate([m + at, column])),
        ),
        shape=(len(row), size),
    )
    rows = [Rows(each, 1.0, 1.0), Rows(by_open, -INFINITE, 0.0), *_limits(walks.reach, size)]
    whole = np.zeros(size, dtype=np.bool_)
    whole[:m] = True
    answer = minimised(
        Program(cost, np.ones(size), whole, tuple(rows)),
        None,
        seed=limits.seed,
        time_limit_s=limits.left_s(),
        gap=limits.gap,
        heard=lambda best, low: limits.told(min(best, value), max(low, bound)) or limits.over(),
    )
    found = first
    if answer.x is not None and walks.value(answer.x[:m] > 0.5) < value - 1e-9:
        found = answer.x[:m] > 0.5
        value = walks.value(found)
    if not np.isfinite(value):
        return Walked(None, np.inf, max(bound, answer.bound), answer.ended)
    done = answer.ended and limits.gap == 0
    return Walked(found, value, value if done else min(max(bound, answer.bound), value), answer.ended)


def _limits(reach: Reach, size: int) -> list[Rows]:
    m = len(reach.cost)
    rows = []
    if reach.p is not None:
        rows.append(Rows(selection(np.ones(m), size), -INFINITE, float(reach.p)))
    if reach.budget is not None:
        rows.append(Rows(selection(reach.cost, size), -INFINITE, reach.budget))
    if len(reach.conflicts):
        rows.append(Rows(exclusions(reach.conflicts, size), -INFINITE, 1.0))
    return rows
