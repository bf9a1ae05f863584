"""The linear relaxation of a covering, by HiGHS, kept warm for the next question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.siting.covering import Covering
from geo.siting.values import Floats, Ints

if TYPE_CHECKING:
    from highspy import HighsLp

INFINITE = float("inf")


class SolverFault(Exception):
    """HiGHS ended without an answer that can be used; `status` is its own word."""

    def __init__(self, status: str) -> None:
        super().__init__(f"HiGHS ended with: {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The optimum of the relaxation.

    Attributes:
        y: (m,) how far each column is chosen, 0…1.
        value: its value, an upper bound.
        multipliers: (n,) λ of the rows.
        reduced: (m,) what one more unit of a column would change in the value.
        equity: (rules,) μ.
    """

    y: Floats
    value: float
    multipliers: Floats
    reduced: Floats
    equity: Floats


def quiet(seed: int) -> Any:
    """Return a HiGHS that says nothing and answers alike every time."""
    # HiGHS is loaded with the first question that prices alone leave open.
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # its constructor has no annotations
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", seed)):
        solver.setOptionValue(name, value)
    return solver


def model(covering: Covering, *, whole: bool) -> HighsLp:
    """Return the covering as a HiGHS model: columns y, then z for rows, then u where a second site earns.

    Args:
        whole: y are to be 0 or 1.
    """
    import highspy

    n, m = covering.cover.shape
    double = np.flatnonzero(covering.second > 0)
    matrix, low, high = constraints(covering)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m + n + len(double), matrix.shape[0]
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.concatenate([np.zeros(m), covering.first, covering.second[double]])
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.ones(lp.num_col_)
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * m
        lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (n + len(double))
    return lp


def constraints(covering: Covering) -> tuple[csr_array, Floats, Floats]:
    """Return the constraints on y, z and u: a row a demand, then p, budget, equity, separation."""
    n, m = covering.cover.shape
    double = np.flatnonzero(covering.second > 0)
    size = m + n + len(double)
    at = np.arange(n)
    served = [
        _entries(covering.cover.tocoo().row, covering.cover.tocoo().col, -1.0, (n, size)),
        _entries(at, m + at, 1.0, (n, size)),
        _entries(double, m + n + np.arange(len(double)), 1.0, (n, size)),
    ]
    blocks, high = [sum(served[1:], served[0])], [np.zeros(n)]
    low = [np.full(n, -INFINITE)]
    for block, least, most in _limits(covering, size):
        blocks.append(block)
        low.append(np.broadcast_to(least, block.shape[0]))
        high.append(np.broadcast_to(most, block.shape[0]))
    whole = csr_array(vstack(blocks, format="csr"))
    return whole, np.concatenate(low), np.concatenate(high)


def _limits(covering: Covering, size: int) -> list[tuple[csr_array, float | Floats, float | Floats]]:
    m = len(covering.cost)
    zero, every = np.zeros(m, dtype=np.int64), np.arange(m)
    found: list[tuple[csr_array, float | Floats, float | Floats]] = []
    if covering.p is not None:
        found.append((_entries(zero, every, 1.0, (1, size)), -INFINITE, float(covering.p)))
    if covering.budget is not None:
        found.append((_entries(zero, every, covering.cost, (1, size)), -INFINITE, covering.budget))
    for number, need in enumerate(covering.needs):
        rows = np.flatnonzero(covering.rule == number)
        entries = _entries(np.zeros(len(rows), np.int64), m + rows, covering.share_of[rows], (1, size))
        found.append((entries, need, INFINITE))
    if len(covering.conflicts):
        pairs = len(covering.conflicts)
        twice = np.repeat(np.arange(pairs), 2)
        found.append((_entries(twice, covering.conflicts.ravel(), 1.0, (pairs, size)), -INFINITE, 1.0))
    return found + _sums(covering, size)


def _sums(covering: Covering, size: int) -> list[tuple[csr_array, float | Floats, float | Floats]]:
    if covering.sums is None:
        return []
    entries = covering.sums.each.tocoo()
    shape = (covering.sums.each.shape[0], size)
    return [
        (_entries(entries.row, entries.col, entries.data, shape), covering.sums.least, covering.sums.most)
    ]


def _entries(row: Ints, column: Ints, value: float | Floats, shape: tuple[int, int]) -> csr_array:
    values = np.broadcast_to(np.asarray(value, dtype=np.float64), len(row)).copy()
    return coo_array((values, (row, column)), shape=shape).tocsr()


def relax(covering: Covering, *, seed: int = 0, time_limit_s: float | None = None) -> Relaxed | None:
    """Return the optimum of the linear relaxation; None when even the relaxation has no answer.

    Raises:
        SolverFault: HiGHS gave up, for example at the time limit.
    """
    solver = quiet(seed)
    if time_limit_s is not None:
        solver.setOptionValue("time_limit", max(time_limit_s, 0.1))
    solver.passModel(model(covering, whole=False))
    return solved(solver, covering)


def solved(solver: Any, covering: Covering) -> Relaxed | None:
    """Run HiGHS on a relaxation it holds; None when it is infeasible.

    Raises:
        SolverFault: HiGHS gave up.
    """
    import highspy

    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverFault(solver.modelStatusToString(status))
    n, m = covering.cover.shape
    solution = solver.getSolution()
    dual = np.array(solution.row_dual)
    extra = n + (covering.p is not None) + (covering.budget is not None)
    equity = np.maximum(-dual[extra : extra + len(covering.needs)], 0.0)
    return Relaxed(
        y=np.array(solution.col_value[:m]),
        value=float(solver.getInfo().objective_function_value),
        multipliers=np.maximum(dual[:n], 0.0),
        reduced=np.array(solution.col_dual[:m]),
        equity=equity,
    )
