"""Which candidate reaches which demand: sparse pairs, compared as whole centimetres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.siting.grid import beside
from geo.siting.incidence import Incidence
from geo.siting.values import Floats, Ints, Problem

CENTIMETRES = 100.0
# A double's own rounding must not lose a pair that is just in reach.
SLACK_M = 0.01


@dataclass(frozen=True, slots=True)
class Pairs:
    """Distances of pairs.

    Attributes:
        demand, candidate: (k,) positions, ordered by demand, then candidate.
        cm: (k,) whole centimetres.
    """

    demand: Ints
    candidate: Ints
    cm: Ints

    def within(self, radius_m: float) -> Pairs:
        """Return the pairs not farther apart than a radius."""
        near = self.cm <= round(radius_m * CENTIMETRES)
        return Pairs(self.demand[near], self.candidate[near], self.cm[near])

    def cover(self, rows: int, columns: int) -> Incidence:
        """Return the (rows, columns) matrix with 1 for every pair."""
        starts = np.searchsorted(self.demand, np.arange(rows + 1))
        return Incidence(starts, self.candidate, (rows, columns))


def pairs_of(problem: Problem, radius_m: float | None) -> Pairs:
    """Return the pairs in reach: the listed distances where the problem lists some, else straight lines.

    Args:
        radius_m: None for every pair.
    """
    if problem.distances is not None:
        listed = problem.distances
        found = _ordered(listed.demand, listed.candidate, listed.metres)
    elif radius_m is None:
        found = _all(problem)
    else:
        found = _near(problem, radius_m)
    return found if radius_m is None else found.within(radius_m)


def whole_cm(metres: Floats) -> Ints:
    """Return metres as whole centimetres, halves to even."""
    return np.rint(metres * CENTIMETRES).astype(np.int64)


def _near(problem: Problem, radius_m: float) -> Pairs:
    at, sites = problem.demand.xy, problem.candidates.xy
    if not len(at) or not len(sites):
        return _ordered(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    demand, candidate, metres = beside(at, sites, radius_m + SLACK_M)
    return _ordered(demand, candidate, metres)


def _all(problem: Problem) -> Pairs:
    rows, columns = len(problem.demand), len(problem.candidates)
    demand, candidate = np.repeat(np.arange(rows), columns), np.tile(np.arange(columns), rows)
    metres = _metres(problem.demand.xy[demand], problem.candidates.xy[candidate])
    return _ordered(demand, candidate, metres)


def _metres(start: Floats, end: Floats) -> Floats:
    apart: Floats = np.hypot(start[:, 0] - end[:, 0], start[:, 1] - end[:, 1])
    return apart


def _ordered(demand: Ints, candidate: Ints, metres: Floats) -> Pairs:
    order = np.argsort(demand * (int(candidate.max(initial=0)) + 1) + candidate, kind="stable")
    return Pairs(demand[order], candidate[order], whole_cm(metres)[order])


def too_close(xy: Floats, separation_m: float) -> Ints:
    """Return (k, 2) the pairs of sites closer together than a separation, the lower position first."""
    if separation_m <= 0 or len(xy) < 2:
        return np.empty((0, 2), dtype=np.int64)
    one, other, metres = beside(xy, xy, separation_m + SLACK_M)
    close = (one < other) & (whole_cm(metres) < round(separation_m * CENTIMETRES))
    found = np.column_stack([one[close], other[close]])
    return found[np.lexsort((found[:, 1], found[:, 0]))]
