"""The best choice and the proof of it: branch and bound by HiGHS on what the prices left over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.siting.covering import Covering
from geo.siting.relaxed import model, quiet
from geo.siting.values import Flags

Heard = Callable[[float, float], bool]
"""Told the best value and the bound so far; returns whether to stop."""


@dataclass(frozen=True, slots=True)
class Branched:
    """What branch and bound found.

    Attributes:
        chosen: the best choice; None when none is allowed or none was found in time.
        bound: no choice earns more.
        ended: whether it ran to its end, so that `chosen` is the best and None means that there is none.
    """

    chosen: Flags | None
    bound: float
    ended: bool


def branch(
    covering: Covering, start: Flags | None, *, seed: int, time_limit_s: float, gap: float, heard: Heard
) -> Branched:
    """Search among all choices of columns.

    Args:
        start: an allowed choice to begin with.
        gap: the relative gap at which the search ends.
        heard: see `Heard`.
    """
    if not len(covering.cost) or (not covering.cover.shape[0] and covering.sums is None):
        return _nothing(covering)
    solver = quiet(seed)
    solver.setOptionValue("time_limit", max(time_limit_s, 0.05))
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_abs_gap", 1e-6)
    solver.passModel(model(covering, whole=True))
    if start is not None:
        solver.setSolution(_begun(covering, start))
    _listen(solver, heard)
    solver.run()
    return _read(solver, covering)


def _nothing(covering: Covering) -> Branched:
    none = np.zeros(len(covering.cost), dtype=np.bool_)
    return Branched(none if covering.allowed(none) else None, 0.0, True)


def _begun(covering: Covering, start: Flags) -> Any:
    import highspy

    counts = covering.counts(start)
    solution = highspy.HighsSolution()
    double = covering.second > 0
    parts = [start.astype(np.float64), np.minimum(counts, 1.0), np.clip(counts[double] - 1.0, 0.0, 1.0)]
    solution.col_value = np.concatenate(parts).tolist()
    return solution


def _listen(solver: Any, heard: Heard) -> None:
    def on_interrupt(event: Any) -> None:
        if heard(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound):
            event.interrupt()

    solver.cbMipInterrupt.subscribe(on_interrupt)


def _read(solver: Any, covering: Covering) -> Branched:
    import highspy

    status = solver.getModelStatus()
    info = solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Branched(None, -np.inf, True)
    ended = status == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Branched(None, float(info.mip_dual_bound), False)
    chosen = np.array(solver.getSolution().col_value[: len(covering.cost)]) > 0.5
    return Branched(chosen, float(info.mip_dual_bound), ended)
