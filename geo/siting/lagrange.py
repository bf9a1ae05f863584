"""The bound without a solver: prices λ on the rows, moved until no column earns more than it should.

Two orders of magnitude less work than a linear program of the same covering, and nearly as tight; what is
left for the solver is then small. Rules of equity and separation are not priced, which loosens the bound.

Source: Fisher 1981 (subgradients, Polyak's step); Galvão and ReVelle 1996 for maximal covering.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.siting.certificate import best_of
from geo.siting.covering import Covering
from geo.siting.greedy import EPSILON, Choice, Stop, filled, pledged
from geo.siting.values import Flags, Floats

ROUNDS = 800
PATIENCE = 15
MENDING_PACE = 0.1
SHRINK = 0.7
SMALLEST_STEP = 1e-5
# Prices of a good round point at columns that greed alone does not see; rounding each of them costs more.
ROUNDED_EVERY = 25


@dataclass(frozen=True, slots=True)
class Priced:
    """Prices and what they show.

    Attributes:
        multipliers: (n,) λ of the lowest bound.
        bound: no choice earns more.
        chosen: (m,) the best allowed choice met on the way.
        value: what it earns.
    """

    multipliers: Floats
    bound: float
    chosen: Flags
    value: float


def priced(
    covering: Covering,
    start: Flags,
    stop: Stop,
    multipliers: Floats | None = None,
    *,
    rounds: int = ROUNDS,
    enough: float = -np.inf,
) -> Priced:
    """Move prices until they stop lowering the bound.

    Args:
        start: an allowed choice, or one that breaks only rules of equity.
        multipliers: good prices to mend in small steps; without them all begins at half of what rows earn.
        rounds: how often prices are moved at most.
        enough: a bound below this is as good as any.
    """
    search = _Search(covering, start, multipliers)
    for turn in range(rounds):
        if stop() or search.step(turn) or search.pace < SMALLEST_STEP or search.lowest < enough:
            break
    return Priced(search.lowest_at, search.lowest, search.best, search.best_value)


class _Search:
    """The state of one descent."""

    def __init__(self, covering: Covering, start: Flags, multipliers: Floats | None) -> None:
        self.covering = covering
        self.prices = 0.5 * covering.first if multipliers is None else np.minimum(multipliers, covering.first)
        self._most, self._twice = float(covering.first.sum()), bool(covering.second.any())
        # Prices of nothing prove that nobody earns more than everything.
        self.lowest_at = np.zeros(len(covering.first))
        self.lowest = self._most + float(covering.second.sum())
        self.best, self.best_value = start, covering.value(start) if covering.allowed(start) else 0.0
        self.pace, self._idle = (1.0 if multipliers is None else MENDING_PACE), 0

    def step(self, turn: int) -> bool:
        """Move the prices once; return whether the bound is met or cannot be lowered."""
        c = self.covering
        worth = c.worth(self.prices)
        picked = _picked(worth, c)
        bound = self._above() + best_of(worth, c.cost, c.p, c.budget)
        self._note(bound)
        if turn % ROUNDED_EVERY == 0:
            self._round(worth)
        slope = self._slope(picked)
        # Not a dot product: BLAS would set threads to work on it that cost more than they save.
        length = float((slope * slope).sum())
        if length == 0 or bound - self.best_value <= EPSILON * max(1.0, bound):
            return True
        if self._idle >= PATIENCE:
            self.pace, self._idle, self.prices = self.pace * SHRINK, 0, self.lowest_at
        slope *= -self.pace * (bound - self.best_value) / length
        slope += self.prices
        np.maximum(slope, 0.0, out=slope)
        self.prices = np.minimum(slope, c.first, out=slope)
        return False

    def _above(self) -> float:
        """Return what rows pay above their prices, none of which is above what the row earns first."""
        above = self._most - float(self.prices.sum())
        if self._twice:
            above += float(np.maximum(self.covering.second - self.prices, 0).sum())
        return above

    def _slope(self, picked: Flags) -> Floats:
        """Return (n,) what the bound would change by for one more unit of each price."""
        c = self.covering
        slope = c.counts(picked).astype(np.float64)
        slope -= c.first > self.prices
        if self._twice:
            slope -= c.second > self.prices
        slope[(slope > 0) & (self.prices <= 0)] = 0
        return slope

    def _note(self, bound: float) -> None:
        better = bound < self.lowest
        self._idle = 0 if bound < self.lowest * (1 - 1e-4) else self._idle + 1
        if better:
            self.lowest, self.lowest_at = bound, self.prices.copy()

    def _round(self, worth: Floats) -> None:
        found = rounded(self.covering, worth)
        value = self.covering.value(found)
        if value > self.best_value and self.covering.allowed(found):
            self.best, self.best_value = found, value


def _picked(worth: Floats, covering: Covering) -> Flags:
    """Return (m,) the columns that the best relaxed choice for their worth takes whole."""
    picked = np.zeros(len(worth), dtype=np.bool_)
    if covering.budget is None and covering.p is not None and 0 < covering.p < len(worth):
        best = np.argpartition(worth, len(worth) - covering.p)[len(worth) - covering.p :]
        picked[best[worth[best] > 0]] = True
        return picked
    by = worth if covering.budget is None else worth / np.maximum(covering.cost, EPSILON)
    order = np.argsort(-by, kind="stable")
    order = order[worth[order] > 0]
    if covering.p is not None:
        order = order[: covering.p]
    if covering.budget is not None:
        spent = np.cumsum(covering.cost[order])
        order = order[spent <= covering.budget]
    picked[order] = True
    return picked


def rounded(covering: Covering, liking: Floats) -> Flags:
    """Return a choice (allowed but for equity and least sums) in the order of a liking, then filled up."""
    choice = pledged(Choice(covering), liking)
    most = len(liking) if covering.p is None else min(covering.p, len(liking))
    order = np.argsort(-liking, kind="stable")[: max(most, 1) * 2]
    for column in order.tolist():
        if liking[column] > EPSILON and not choice.chosen[column] and choice.fits(column):
            choice.add(column)
    return filled(choice, by_price=False).chosen


def still_possible(covering: Covering, found: Priced, least: float) -> Flags:
    """Return (m,) the columns that some choice earning at least `least` may contain, by the prices alone.

    Putting a column into the best relaxed choice lowers the bound by what it displaces: the least worthy
    chosen column, or with a budget its cost at the going rate.
    """
    worth = covering.worth(found.multipliers)
    losses = [np.zeros(len(worth))]
    if covering.p is not None and covering.p < len(worth):
        losses.append(np.maximum(np.sort(worth)[::-1][max(covering.p - 1, 0)] - worth, 0.0))
    if covering.budget is not None:
        losses.append(_displaced(worth, covering.cost, covering.budget))
    loss = losses[1] if len(losses) == 2 else losses[0]
    if len(losses) == 3:
        by_p = best_of(worth, covering.cost, covering.p, None)
        by_budget = best_of(worth, covering.cost, None, covering.budget)
        loss = losses[1] if by_p <= by_budget else losses[2]
    return np.asarray(found.bound - loss >= least - EPSILON * max(1.0, found.bound))


def _displaced(worth: Floats, cost: Floats, budget: float) -> Floats:
    """Return what taking each column whole costs the fractional knapsack, at most."""
    paid = np.flatnonzero((cost > 0) & (worth > 0))
    order = paid[np.argsort(-worth[paid] / cost[paid], kind="stable")]
    spent = np.cumsum(cost[order])
    if not len(order) or spent[-1] <= budget:
        return np.zeros(len(worth))
    at = order[int(np.searchsorted(spent, budget, side="right"))]
    rate = worth[at] / cost[at]
    displaced: Floats = np.maximum(rate * cost - worth, 0.0)
    return displaced
