"""The least that serves everybody: a set cover, reduced and then solved exactly.

Source: Toregas, Swain, ReVelle and Bergman 1971 (location set covering); its row and column reductions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from geo.siting.cover import Limits
from geo.siting.programs import Answer, Program, Rows, exclusions, minimised, selection
from geo.siting.relaxed import INFINITE
from geo.siting.sums import Sums
from geo.siting.values import Flags, Floats, Ints

# Comparing every pair of rows that share a column would cost more than it saves beyond this.
MOST_COMPARED = 30_000_000


@dataclass(frozen=True, slots=True)
class SetCover:
    """Serve every row at the least cost.

    Attributes:
        cover: (n, m) 1 where a column serves a row; every row is served by some column.
        cost: (m,) what is minimised.
        conflicts: (k, 2) columns that exclude each other.
        limits: further sums of columns with the most they may come to.
        sums: what chosen columns must come to, None for no such rule.
    """

    cover: csr_array
    cost: Floats
    conflicts: Ints
    limits: tuple[tuple[Floats, float], ...] = ()
    sums: Sums | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """Chosen columns (None when nothing serves everybody), their cost, and a bound on it."""

    chosen: Flags | None
    value: float
    bound: float
    ended: bool


def least_cover(problem: SetCover, limits: Limits) -> Served:
    """Return the cheapest columns that serve every row."""
    if not problem.cover.shape[0] and problem.sums is None:
        return Served(np.zeros(len(problem.cost), dtype=np.bool_), 0.0, 0.0, True)
    rows = hardest_rows(problem.cover)
    program = _program(problem, problem.cover[rows])
    answer = minimised(
        program,
        None,
        seed=limits.seed,
        time_limit_s=limits.left_s(),
        gap=limits.gap,
        heard=lambda value, bound: limits.told(value, bound) or limits.over(),
    )
    return _served(answer, problem)


def hardest_rows(cover: csr_array) -> Ints:
    """Return the rows that matter: who is served whenever an easier-to-miss row is served is left out."""
    sizes = np.diff(cover.indptr)
    order = np.argsort(sizes, kind="stable")
    columns = cover.tocsc()
    if float((np.diff(columns.indptr).astype(np.float64) ** 2).sum()) > MOST_COMPARED:
        return np.sort(order).astype(np.int64)
    shared = (cover @ cover.T).tocoo()
    a, b, both = shared.row, shared.col, shared.data
    implied = (a != b) & (both == sizes[b]) & ((sizes[b] < sizes[a]) | ((sizes[b] == sizes[a]) & (b < a)))
    kept = np.ones(cover.shape[0], dtype=np.bool_)
    kept[a[implied]] = False
    return np.flatnonzero(kept).astype(np.int64)


def _program(problem: SetCover, cover: csr_array) -> Program:
    m = len(problem.cost)
    rows = [Rows(cover, 1.0, INFINITE)]
    rows += [Rows(selection(sums, m), -INFINITE, most) for sums, most in problem.limits]
    if len(problem.conflicts):
        rows.append(Rows(exclusions(problem.conflicts, m), -INFINITE, 1.0))
    if problem.sums is not None:
        rows.append(Rows(problem.sums.each, problem.sums.least, problem.sums.most))
    return Program(problem.cost, np.ones(m), np.ones(m, dtype=np.bool_), tuple(rows))


def _served(answer: Answer, problem: SetCover) -> Served:
    if answer.x is None:
        return Served(None, answer.value, answer.bound, answer.ended)
    bound = answer.bound
    if bool((problem.cost == np.rint(problem.cost)).all()):
        bound = float(np.ceil(bound - 1e-6))
    return Served(answer.x > 0.5, answer.value, bound, answer.ended)
