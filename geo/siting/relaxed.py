"""The linear relaxation of a covering, by HiGHS, kept warm for the next question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.siting.covering import Covering
from geo.siting.values import Floats, Ints

if TYPE_CHECKING:
    from highspy import HighsLp
    from scipy.sparse import csr_array

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
        sums: (k,) ν, above zero for a most that holds back, below zero for a least.
    """

    y: Floats
    value: float
    multipliers: Floats
    reduced: Floats
    equity: Floats
    sums: Floats


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
    blocks = _blocks(covering)
    starts, columns, values = _compressed(blocks)
    low, high = _sides(blocks)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m + n + len(double), len(low)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.concatenate([np.zeros(m), covering.first, covering.second[double]])
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.ones(lp.num_col_)
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, columns, values
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * m
        lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (n + len(double))
    return lp


def constraints(covering: Covering) -> tuple[csr_array, Floats, Floats]:
    """Return the constraints on y, z and u as scipy has them: a row a demand, then all limits."""
    from scipy.sparse import csr_array

    blocks = _blocks(covering)
    starts, columns, values = _compressed(blocks)
    size = sum(covering.cover.shape) + int((covering.second > 0).sum())
    return csr_array((values, columns, starts), shape=(len(starts) - 1, size)), *_sides(blocks)


@dataclass(frozen=True, slots=True)
class _Block:
    """Some constraints least ≤ a · x ≤ most: entries by row, column and value."""

    rows: int
    row: Ints
    column: Ints
    value: Floats
    least: float | Floats
    most: float | Floats


def _blocks(covering: Covering) -> list[_Block]:
    """Return a row a demand, then p, budget, equity, separation and sums, over y, z and u."""
    n, m = covering.cover.shape
    double = np.flatnonzero(covering.second > 0)
    at = np.arange(n)
    row = np.concatenate([covering.cover.row, at, double])
    column = np.concatenate([covering.cover.columns, m + at, m + n + np.arange(len(double))])
    value = np.concatenate([np.full(len(covering.cover.columns), -1.0), np.ones(n + len(double))])
    return [_Block(n, row, column, value, -INFINITE, 0.0), *_limits(covering)]


def _limits(covering: Covering) -> list[_Block]:
    m = len(covering.cost)
    zero, every = np.zeros(m, dtype=np.int64), np.arange(m)
    found = []
    if covering.p is not None:
        found.append(_Block(1, zero, every, np.ones(m), -INFINITE, float(covering.p)))
    if covering.budget is not None:
        found.append(_Block(1, zero, every, covering.cost, -INFINITE, covering.budget))
    for number, need in enumerate(covering.needs):
        rows = np.flatnonzero(covering.rule == number)
        share = covering.share_of[rows]
        found.append(_Block(1, np.zeros(len(rows), np.int64), m + rows, share, need, INFINITE))
    if len(covering.conflicts):
        pairs = len(covering.conflicts)
        twice = np.repeat(np.arange(pairs), 2)
        found.append(_Block(pairs, twice, covering.conflicts.ravel(), np.ones(2 * pairs), -INFINITE, 1.0))
    if covering.sums is not None:
        sums, each = covering.sums, covering.sums.each.tocoo()
        found.append(_Block(each.shape[0], each.row, each.col, each.data, sums.least, sums.most))
    return found


def _compressed(blocks: Sequence[_Block]) -> tuple[Ints, Ints, Floats]:
    """Return all blocks below each other by rows: where each row begins, columns, values."""
    first = np.cumsum([0, *(block.rows for block in blocks)])
    row = np.concatenate([block.row + above for block, above in zip(blocks, first[:-1], strict=True)])
    column, value = (np.concatenate([getattr(one, of) for one in blocks]) for of in ("column", "value"))
    order = np.argsort(row, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=int(first[-1])))])
    return starts, column[order], value[order]


def _sides(blocks: Sequence[_Block]) -> tuple[Floats, Floats]:
    """Return the least and the most of every row."""
    low, high = (
        np.concatenate([np.broadcast_to(getattr(one, of), one.rows) for one in blocks])
        for of in ("least", "most")
    )
    return low, high


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
    after = extra + len(covering.needs) + len(covering.conflicts)
    return Relaxed(
        y=np.array(solution.col_value[:m]),
        value=float(solver.getInfo().objective_function_value),
        multipliers=np.maximum(dual[:n], 0.0),
        reduced=np.array(solution.col_dual[:m]),
        equity=equity,
        sums=dual[after:],
    )
