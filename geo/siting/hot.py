"""A solved problem kept at hand, so that what-ifs are answered while the planner looks on.

The old plan mended gives an answer and a bound at once; the solver then has what is left of the time. Most
problems of a county it solves to the end, and then the answer is the one that a plan of its own would be.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from geo.siting.errors import Impossible
from geo.siting.pairs import Pairs, pairs_of
from geo.siting.solving import solve
from geo.siting.values import Problem, Solution
from geo.siting.whatif import Changes, again, changed

MENDED = frozenset({"max_cover", "backup_cover"})
# What mending the old plan may take of the time.
SHARE_OF_MENDING = 0.5
TINY = 1e-9


class TakesLonger(Exception):
    """No plan was found in the time given."""


class Hot:
    """A problem, its plan, and who reaches whom.

    Args:
        plan: the plan file of the problem; its sites and certificate are where every what-if begins.
    """

    def __init__(self, problem: Problem, plan: Mapping[str, Any]) -> None:
        self._problem, self._last = problem, _last(problem, plan)
        self._near: dict[float, Pairs] = {}

    def tried(self, changes: Changes, seconds: float) -> tuple[Problem, Solution]:
        """Return the changed problem and the best plan found for it.

        Raises:
            BadProblem: the changes do not fit the problem.
            Conflict, NoCandidates, Impossible: no plan does what is asked.
            TakesLonger: none was found in time.
        """
        end = time.monotonic() + seconds
        problem = changed(self._problem, changes)
        mended = None
        if problem.objective in MENDED and not problem.phases:
            near = pairs_of(problem, problem.radius_m) if changes.moved else self._pairs(problem)
            mended = again(problem, near, self._last, seconds * SHARE_OF_MENDING)
        return problem, _better(problem, mended, _solved(problem, end - time.monotonic()))

    def _pairs(self, problem: Problem) -> Pairs:
        found = self._near.get(problem.radius_m)
        if found is None:
            found = self._near[problem.radius_m] = pairs_of(problem, problem.radius_m)
        return found


def _last(problem: Problem, plan: Mapping[str, Any]) -> Solution:
    opened = {site["id"] for site in plan["sites"]}
    proof = plan.get("certificate")
    return Solution(
        chosen=np.array([name in opened for name in problem.candidates.ids], dtype=np.bool_),
        value=plan["value"],
        bound=plan["bound"],
        bound_by=plan["bound_by"],
        optimal=plan["status"] == "optimal",
        multipliers=np.array(proof["multipliers"], dtype=np.float64) if proof else None,
    )


def _solved(problem: Problem, seconds: float) -> Solution | None:
    """Return what the solver finds in some seconds; None for nothing.

    Raises:
        Conflict, NoCandidates, Impossible: no plan does what is asked.
    """
    if seconds <= 0:
        return None
    try:
        return solve(replace(problem, time_limit_s=seconds))
    except Impossible as fault:
        # That none was found in time says nothing about whether there is one.
        if "time_limit_s" in fault.extra:
            return None
        raise


def _better(problem: Problem, mended: Solution | None, solved: Solution | None) -> Solution:
    """Return the better of two plans, of equal ones the cheaper, with the better of two bounds.

    Raises:
        TakesLonger: there is neither.
    """
    plans = [one for one in (solved, mended) if one is not None and one.keeps_equity]
    if not plans:
        raise TakesLonger
    best = max(plans, key=lambda one: (one.value, -float(problem.candidates.price[one.chosen].sum())))
    if best.optimal or mended is None or solved is None:
        return best
    tight = min((solved, mended), key=lambda one: one.bound)
    return replace(
        best,
        bound=max(tight.bound, best.value),
        bound_by=tight.bound_by,
        optimal=tight.bound - best.value <= TINY * max(1.0, best.value),
        multipliers=tight.multipliers,
        equity_multipliers=tight.equity_multipliers,
        sum_multipliers=tight.sum_multipliers,
        certificate=tight.certificate,
    )
