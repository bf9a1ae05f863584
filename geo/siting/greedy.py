"""A first answer at once, and mending it by exchanges: steepest gain, then swaps while any helps.

Source: Minoux 1978 (lazy greedy); Khuller, Moss and Naor 1999 (gain for money); Teitz and Bart 1968 (swap).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np

from geo.siting.covering import Covering, beside
from geo.siting.values import Flags, Floats, Ints

Stop = Callable[[], bool]
EPSILON = 1e-9


class Choice:
    """Chosen columns while they change: how often each row is served, and what another column would earn."""

    def __init__(self, covering: Covering, chosen: Flags | None = None) -> None:
        self.covering = covering
        self._by_column = covering.cover.T
        self._beside = beside(covering)
        self.chosen = np.zeros(len(covering.cost), dtype=np.bool_)
        self.counts = np.zeros(covering.cover.shape[0], dtype=np.int64)
        for column in np.flatnonzero(chosen) if chosen is not None else ():
            self.add(int(column))

    def rows(self, column: int) -> Ints:
        """Return the rows that a column serves."""
        return self._by_column.at(column)

    def foes(self, column: int) -> Ints:
        """Return the columns that a column excludes."""
        starts, others = self._beside
        return others[starts[column] : starts[column + 1]]

    def add(self, column: int) -> None:
        """Choose a column."""
        self.chosen[column] = True
        self.counts[self.rows(column)] += 1

    def drop(self, column: int) -> None:
        """Choose it no more."""
        self.chosen[column] = False
        self.counts[self.rows(column)] -= 1

    def marginal(self) -> Floats:
        """Return (n,) what one more column earns at each row."""
        c = self.covering
        return np.where(self.counts == 0, c.first, np.where(self.counts == 1, c.second, 0.0))

    def gain(self, column: int) -> float:
        """Return what choosing a column would earn."""
        rows, c = self.rows(column), self.covering
        counts = self.counts[rows]
        return float(c.first[rows][counts == 0].sum() + c.second[rows][counts == 1].sum())

    def gains(self) -> Floats:
        """Return (m,) what choosing each column would earn."""
        return self.covering.worth(self.marginal())

    def fits(self, column: int) -> bool:
        """Return whether a column may be added."""
        c = self.covering
        if c.p is not None and int(self.chosen.sum()) >= c.p:
            return False
        if c.budget is not None and self.spent + c.cost[column] > c.budget + EPSILON:
            return False
        if c.sums is not None and not c.sums.may_join(self.chosen)[column]:
            return False
        return not bool(self.chosen[self.foes(column)].any())

    @property
    def keeps(self) -> bool:
        """Return whether every sum is kept."""
        return self.covering.sums is None or self.covering.sums.kept(self.chosen)

    @property
    def spent(self) -> float:
        """Return what the chosen columns cost."""
        return float(self.covering.cost[self.chosen].sum())

    @property
    def value(self) -> float:
        """Return what the chosen columns earn."""
        c = self.covering
        return float(c.first[self.counts >= 1].sum() + c.second[self.counts >= 2].sum())


def filled(choice: Choice, *, by_price: bool) -> Choice:
    """Add the column that earns most (for its price) until none fits or earns; the choice is changed."""
    gains = choice.gains()
    divisor = np.maximum(choice.covering.cost, EPSILON) if by_price else np.ones(len(gains))
    some = np.flatnonzero((gains > 0) & ~choice.chosen)
    heap = list(zip((-gains[some] / divisor[some]).tolist(), some.tolist(), strict=True))
    heapq.heapify(heap)
    while heap:
        _, column = heapq.heappop(heap)
        if not choice.fits(column):
            if choice.covering.p is not None and int(choice.chosen.sum()) >= choice.covering.p:
                break
            continue
        fresh = choice.gain(column) / float(divisor[column])
        if fresh <= 0:
            continue
        if heap and fresh < -heap[0][0] - EPSILON:
            heapq.heappush(heap, (-fresh, column))
            continue
        choice.add(column)
    return choice


def pledged(choice: Choice, liking: Floats) -> Choice:
    """Add the columns best liked that least sums still ask for, as far as they fit; the choice is changed."""
    c = choice.covering
    for row, each in [] if c.sums is None else c.sums.short(choice.chosen):
        for column in np.argsort(-np.where(each > 0, liking, -np.inf), kind="stable").tolist():
            if each[column] <= 0 or c.sums is None or c.sums.of(choice.chosen)[row] >= c.sums.least[row]:
                break
            if not choice.chosen[column] and choice.fits(column):
                choice.add(column)
    return choice


def pruned(covering: Covering, chosen: Flags) -> Flags:
    """Return the choice without columns that earn nothing beside the others, the dearest dropped first."""
    choice = Choice(covering, chosen)
    for column in sorted(np.flatnonzero(chosen).tolist(), key=lambda at: -covering.cost[at]):
        choice.drop(column)
        if choice.gain(column) > EPSILON or not choice.keeps:
            choice.add(column)
    return choice.chosen


def greedy(covering: Covering) -> Flags:
    """Return a good choice at once; with a budget the better of most gain and most gain for the money."""
    tries = [_begun(covering, by_price=False)]
    if covering.budget is not None:
        tries.append(_begun(covering, by_price=True))
    return max(tries, key=lambda tried: (covering.sums is None or tried.keeps, tried.value)).chosen


def _begun(covering: Covering, *, by_price: bool) -> Choice:
    choice = Choice(covering)
    if covering.sums is not None:
        price = np.maximum(covering.cost, EPSILON) if by_price else np.ones(len(covering.cost))
        pledged(choice, choice.gains() / price)
    return filled(choice, by_price=by_price)


def swapped(covering: Covering, chosen: Flags, stop: Stop, most: int = 200) -> Flags:
    """Return the choice after exchanging one column for another while that earns more.

    Args:
        most: exchanges at most.
    """
    choice = Choice(covering, chosen)
    for _ in range(most):
        if stop() or not _exchange(choice):
            break
        filled(choice, by_price=False)
    return choice.chosen


def _exchange(choice: Choice) -> bool:
    """Make the best exchange that earns something; return whether there was one."""
    c, gains = choice.covering, choice.gains()
    best: tuple[float, int, int] = (EPSILON, -1, -1)
    marginal = choice.marginal()
    for column in np.flatnonzero(choice.chosen).tolist():
        rows = choice.rows(column)
        counts = choice.counts[rows] - 1
        after = np.where(counts == 0, c.first[rows], np.where(counts == 1, c.second[rows], 0.0))
        more = gains + c.cover.rows(rows).T @ (after - marginal[rows])
        more[choice.chosen] = -np.inf
        if c.budget is not None:
            more[choice.spent - c.cost[column] + c.cost > c.budget + EPSILON] = -np.inf
        if c.sums is not None:
            more[~c.sums.may_join(choice.chosen, column)] = -np.inf
        total = more - after.sum()
        incoming = _free(choice, column, total)
        if total[incoming] > best[0]:
            best = (float(total[incoming]), column, incoming)
    _, out, into = best
    if into < 0:
        return False
    choice.drop(out)
    choice.add(into)
    return True


def _free(choice: Choice, leaving: int, total: Floats) -> int:
    """Return the best column to come in that no other chosen one excludes."""
    if not len(choice.covering.conflicts):
        return int(np.argmax(total))
    blocked = np.zeros(len(total), dtype=np.int64)
    for column in np.flatnonzero(choice.chosen).tolist():
        if column != leaving:
            blocked[choice.foes(column)] += 1
    return int(np.argmax(np.where(blocked > 0, -np.inf, total)))
