"""Plans that are as good told apart by one further goal after another, each with its bound.

For programs that HiGHS solves whole; coverage with merged rows and prices has `ties`, which asks less of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from geo.siting.cover import Limits
from geo.siting.programs import Answer, Program, Rows, minimised
from geo.siting.relaxed import INFINITE
from geo.siting.values import Floats, Later, Stage

TINY = 1e-6
# Ties are worth seconds, not minutes: a count of branches ends the search alike on every machine.
MOST_BRANCHES = 300


def told_apart(
    program: Program, best: Answer, goals: Mapping[Later, Floats], limits: Limits
) -> tuple[Floats, tuple[Stage, ...]]:
    """Return the x that is best by all goals in their order, and what is proved of each.

    Args:
        best: the program's own answer, with an x; no later goal makes it worse.
        goals: (k,) coefficients of x, to be as small as can be.
    """
    assert best.x is not None
    x, later = best.x, []
    rows = (*program.rows, _no_more(program.cost, best.x))
    for name, goal in goals.items():
        if limits.over():
            break
        value, bound = float((goal * x).sum()), 0.0
        found = _least(replace(program, cost=goal, rows=rows), x, limits)
        bound = max(min(found.bound, value), 0.0)
        if found.x is not None and float((goal * found.x).sum()) < value - TINY:
            x, value = found.x, float((goal * found.x).sum())
        later.append(Stage(name, value, min(bound, value), value - bound <= TINY * max(1.0, value)))
        rows = (*rows, _no_more(goal, x))
    return x, tuple(later)


def _least(program: Program, start: Floats, limits: Limits) -> Answer:
    return minimised(
        program,
        start,
        seed=limits.seed,
        time_limit_s=limits.left_s(),
        gap=0.0,
        heard=lambda value, bound: limits.over(),
        most_branches=MOST_BRANCHES,
    )


def _no_more(goal: Floats, x: Floats) -> Rows:
    """Return the row that keeps a goal as small as it is."""
    value = float((goal * x).sum())
    return Rows(csr_array(goal[None, :]), -INFINITE, value + 1e-9 * max(1.0, abs(value)))


def spread(values: Floats, size: int, first: int = 0) -> Floats:
    """Return a goal over `size` variables that counts those from `first` on."""
    goal = np.zeros(size)
    goal[first : first + len(values)] = values
    return goal
