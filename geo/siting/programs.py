"""Whole-number programs for HiGHS, built of sparse blocks and answered in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array, vstack

from geo.siting.exact import Heard
from geo.siting.relaxed import INFINITE, quiet
from geo.siting.values import Flags, Floats

if TYPE_CHECKING:
    from highspy import HighsLp


@dataclass(frozen=True, slots=True)
class Rows:
    """Constraints least ≤ matrix · x ≤ most, the same limits for every row or one each."""

    matrix: csr_array
    least: float | Floats
    most: float | Floats


@dataclass(frozen=True, slots=True)
class Program:
    """Minimise cost · x.

    Attributes:
        cost, upper: (k,) x lies between 0 and `upper`.
        whole: (k,) x has to be a whole number.
    """

    cost: Floats
    upper: Floats
    whole: Flags
    rows: tuple[Rows, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What HiGHS found.

    Attributes:
        x: (k,) None when nothing is allowed or nothing was found in time.
        value: of x; inf without one.
        bound: no allowed x costs less; inf when none is allowed.
        ended: the search ran to its end.
    """

    x: Floats | None
    value: float
    bound: float
    ended: bool


def minimised(
    program: Program,
    start: Floats | None,
    *,
    seed: int,
    time_limit_s: float,
    gap: float,
    heard: Heard,
    most_branches: int | None = None,
) -> Answer:
    """Return the best x that was found in time.

    Args:
        start: an allowed x to begin with.
        heard: told the best value and the bound; returns whether to stop.
        most_branches: nodes of the search at most, so that it ends alike on every machine; None for no limit.
    """
    solver = quiet(seed)
    for name, value in (("time_limit", max(time_limit_s, 0.05)), ("mip_rel_gap", gap), ("mip_abs_gap", 1e-6)):
        solver.setOptionValue(name, value)
    if most_branches is not None:
        solver.setOptionValue("mip_max_nodes", most_branches)
    solver.passModel(_model(program))
    if start is not None:
        import highspy

        begun = highspy.HighsSolution()
        begun.col_value = start.tolist()
        solver.setSolution(begun)

    def on_interrupt(event: Any) -> None:
        if heard(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound):
            event.interrupt()

    solver.cbMipInterrupt.subscribe(on_interrupt)
    solver.run()
    return _answer(solver, len(program.cost))


def _model(program: Program) -> HighsLp:
    import highspy

    matrix = csr_array(vstack([block.matrix for block in program.rows], format="csr"))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), matrix.shape[0]
    lp.col_cost_, lp.col_upper_ = program.cost, program.upper
    lp.col_lower_ = np.zeros(len(program.cost))
    lp.row_lower_ = np.concatenate([np.broadcast_to(r.least, r.matrix.shape[0]) for r in program.rows])
    lp.row_upper_ = np.concatenate([np.broadcast_to(r.most, r.matrix.shape[0]) for r in program.rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in program.whole]
    return lp


def _answer(solver: Any, size: int) -> Answer:
    import highspy

    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer(None, INFINITE, INFINITE, True)
    ended = status == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, INFINITE, float(info.mip_dual_bound), False)
    x = np.array(solver.getSolution().col_value[:size])
    return Answer(x, float(info.objective_function_value), float(info.mip_dual_bound), ended)


def selection(columns: Flags | Floats, size: int) -> csr_array:
    """Return the (1, size) row of coefficients of the first columns."""
    row = np.zeros((1, size))
    row[0, : len(columns)] = columns
    return csr_array(row)


def exclusions(conflicts: Any, size: int) -> csr_array:
    """Return one row a pair of columns that exclude each other."""
    pairs = len(conflicts)
    at = np.repeat(np.arange(pairs), 2)
    return csr_array((np.ones(2 * pairs), (at, conflicts.ravel())), shape=(pairs, size))


def widened(matrix: csr_array, size: int, first: int = 0) -> csr_array:
    """Return a matrix over the columns from `first` on as one over `size` columns."""
    entries = matrix.tocoo()
    return csr_array((entries.data, (entries.row, entries.col + first)), shape=(matrix.shape[0], size))
