"""The plan as planners and files have it: what opens, whom each site alone serves, who is left, the proof."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np

from geo.siting.grid import nearest
from geo.siting.pairs import Pairs, pairs_of
from geo.siting.settling import limits
from geo.siting.values import COVERAGE, Flags, Floats, Problem, Solution

MOST_UNSERVED = 5_000


def plan_of(problem: Problem, solution: Solution, seconds: float) -> dict[str, Any]:
    """Return a plan as JSON values.

    `sites[].alone_serves` is the weight that no other open site reaches; `price_of_forbidding` is the range
    in which the coverage lost lies when a site is forbidden and all others may move.
    """
    near = pairs_of(problem, problem.radius_m)
    chosen = solution.chosen
    gap = _gap(problem, solution)
    return {
        "status": "optimal" if solution.optimal else "feasible",
        "objective": problem.objective,
        "value": _tidy(solution.value),
        "bound": _tidy(solution.bound),
        "bound_by": solution.bound_by,
        "gap": gap,
        "stages": _stages(problem, solution),
        "p_used": _p_used(problem),
        "binding": binding(problem, chosen),
        "cost": _tidy(float(problem.candidates.price[chosen].sum())),
        "sites": _sites(problem, near, solution),
        "sums": _sums(problem, chosen),
        "covered_weight": _tidy(float(problem.demand.weight[_counts(problem, near, chosen) >= 1].sum())),
        "total_weight": _tidy(float(problem.demand.weight.sum())),
        "unserved": _unserved(problem, near, chosen),
        "certificate": _certificate(solution),
        "assignments": _assignments(problem, solution),
        "solver": f"HiGHS {version('highspy')}",
        "seed": problem.seed,
        "seconds": round(seconds, 3),
    }


def _sums(problem: Problem, chosen: Flags) -> list[dict[str, Any]]:
    """Return what the open sites come to in each sum, beside its limits."""
    return [
        {
            "name": one.name,
            "value": _tidy(float(one.each[chosen[one.sites]].sum())),
            "least": one.least,
            "most": one.most,
        }
        for one in problem.sums
    ]


def _tidy(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 6)


def _gap(problem: Problem, solution: Solution) -> float:
    """Return how far the value may be from the best, relative to the bound."""
    apart = abs(solution.bound - solution.value)
    return 0.0 if apart == 0 else apart / max(abs(solution.bound), abs(solution.value))


def _stages(problem: Problem, solution: Solution) -> list[dict[str, Any]]:
    """Return the objectives in their order, each with its value and bound among plans as good before it."""
    status = {True: "optimal", False: "feasible"}
    first = (problem.objective, solution.value, solution.bound, solution.optimal)
    rest = [(stage.name, stage.value, stage.bound, stage.optimal) for stage in solution.later]
    return [
        {"objective": name, "value": _tidy(value), "bound": _tidy(bound), "status": status[optimal]}
        for name, value, bound, optimal in (first, *rest)
    ]


def _p_used(problem: Problem) -> int | None:
    """Return p, or the number of sites that can be opened at all when p is larger."""
    if problem.p is None:
        return None
    sites = problem.candidates
    return min(problem.p, int((~sites.existing & ~sites.forbidden).sum()))


def _counts(problem: Problem, near: Pairs, chosen: Flags) -> Floats:
    """Return (n,) how many open sites each demand point has in reach."""
    inside = chosen[near.candidate]
    return np.bincount(near.demand[inside], minlength=len(problem.demand)).astype(np.float64)


def _sites(problem: Problem, near: Pairs, solution: Solution) -> list[dict[str, Any]]:
    sites, chosen = problem.candidates, solution.chosen
    counts = _counts(problem, near, chosen)
    weight = problem.demand.weight[near.demand]
    size = len(sites)
    reached = np.bincount(near.candidate, weights=weight, minlength=size)
    alone = np.bincount(near.candidate, weights=weight * (counts[near.demand] == 1), minlength=size)
    slack = max(solution.bound - solution.value, 0.0)
    found = []
    for at in np.flatnonzero(chosen).tolist():
        site: dict[str, Any] = {
            "id": sites.ids[at],
            "x": float(sites.xy[at, 0]),
            "y": float(sites.xy[at, 1]),
            "cost": _tidy(float(sites.price[at])),
            "existing": bool(sites.existing[at]),
            "forced": bool(sites.forced[at]),
            "reaches": _tidy(float(reached[at])),
            "alone_serves": _tidy(float(alone[at])),
        }
        if problem.objective == "max_cover" and not sites.open[at]:
            site["price_of_forbidding"] = [0, _tidy(float(alone[at]) + slack)]
        if solution.opened_in is not None:
            site["phase"] = int(solution.opened_in[at])
        found.append(site)
    return found


def _unserved(problem: Problem, near: Pairs, chosen: Flags) -> dict[str, Any]:
    """Return the demand out of reach of every open site, with the nearest candidate that may be opened."""
    left = np.flatnonzero((_counts(problem, near, chosen) == 0) & (problem.demand.weight > 0))
    may = np.flatnonzero(~problem.candidates.forbidden)
    rows: list[dict[str, Any]] = []
    if len(may) and len(left):
        shown = left[:MOST_UNSERVED]
        which, apart = nearest(problem.demand.xy[shown], problem.candidates.xy[may])
        rows = [
            {
                "id": problem.demand.ids[at],
                "weight": _tidy(float(problem.demand.weight[at])),
                "nearest_candidate": problem.candidates.ids[int(may[place])],
                "straight_m": round(float(metres), 2),
            }
            for at, metres, place in zip(shown.tolist(), apart, which, strict=True)
        ]
    return {"count": len(left), "weight": _tidy(float(problem.demand.weight[left].sum())), "demand": rows}


def _certificate(solution: Solution) -> dict[str, Any] | None:
    if solution.multipliers is None or solution.certificate is None:
        return None
    return {
        "bound": solution.certificate,
        "multipliers": [round(value, 9) for value in solution.multipliers.tolist()],
        "equity": list(solution.equity_multipliers),
        "sums": list(solution.sum_multipliers),
    }


def _assignments(problem: Problem, solution: Solution) -> list[list[Any]] | None:
    """Return [demand, site, weight] where a site serves only so many."""
    if solution.shares is None:
        return None
    demand, sites = problem.demand.ids, problem.candidates.ids
    rows, columns, served = (part.tolist() for part in solution.shares)
    triples = zip(rows, columns, served, strict=True)
    return [[demand[row], sites[column], round(weight, 6)] for row, column, weight in triples]


def binding(problem: Problem, chosen: Flags) -> str | None:
    """Return which limit keeps another site from opening: `p`, `budget` or none."""
    p, budget = limits(problem)
    extra = chosen & ~problem.candidates.open
    if p is not None and int(extra.sum()) >= p and problem.objective in COVERAGE:
        return "p"
    rest = problem.candidates.cost[~chosen & ~problem.candidates.forbidden]
    if budget is not None and len(rest):
        left = budget - float(problem.candidates.cost[extra].sum())
        return "budget" if left < float(rest.min()) else None
    return None
