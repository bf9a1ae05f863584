"""What more money buys: the best coverage at each of several budgets or numbers of sites, with its gap.

Source: the ε-constraint method, Haimes, Lasdon and Wismer 1971.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.siting.errors import Impossible
from geo.siting.solving import Told, solve
from geo.siting.values import Problem, Solution


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the front; `solution` is None where nothing keeps what is asked within the limit."""

    limit: float
    solution: Solution | None


def front(
    problem: Problem, steps: Sequence[float], *, by: str = "budget", told: Told = lambda value, bound: False
) -> list[Point]:
    """Return the best plan at each limit, the limits ascending; a plan is never worse than at a lower limit.

    Args:
        steps: budgets in yuan, or numbers of sites.
        by: `budget` or `p`.
        told: hears of each point; returns whether to stop, which leaves the rest out.
    """
    points: list[Point] = []
    each = replace(problem, time_limit_s=problem.time_limit_s / max(len(steps), 1))
    for limit in sorted(steps):
        found = _at(each, limit, by)
        points.append(Point(limit, _no_worse(found, points)))
        if found is not None and told(found.value, found.bound):
            break
    return points


def _at(problem: Problem, limit: float, by: str) -> Solution | None:
    limited = replace(problem, budget=limit) if by == "budget" else replace(problem, p=int(limit))
    try:
        return solve(limited)
    except Impossible:
        return None


def _no_worse(found: Solution | None, before: Sequence[Point]) -> Solution | None:
    """Return the plan, or the one of a lower limit where time ran out too early for a better one."""
    last = before[-1].solution if before else None
    if last is None or (found is not None and found.value >= last.value):
        return found
    return last if found is None else replace(found, chosen=last.chosen, value=last.value, optimal=False)
