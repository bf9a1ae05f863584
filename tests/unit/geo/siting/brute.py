"""Small problems and their answers by trying every choice of sites."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import numpy as np

from geo.siting.values import Candidates, Demand, Equity, Flags, Floats, Problem, Sum

SIDE_M = 1000.0


def a_problem(seed: int, **changes: Any) -> Problem:
    """A random problem of up to 14 demand points and 9 candidates on a square kilometre."""
    random = np.random.default_rng(seed)
    n, m = int(random.integers(1, 15)), int(random.integers(2, 10))
    kind = random.integers(0, 10, m)
    existing = kind == 0
    forced = kind == 1
    demand = Demand(
        ids=tuple(f"d{i}" for i in range(n)),
        xy=random.uniform(0, SIDE_M, (n, 2)),
        weight=random.integers(0, 20, n).astype(np.float64),
        group=random.integers(-1, 2, n),
        groups=("old", "new"),
    )
    candidates = Candidates(
        ids=tuple(f"c{j}" for j in range(m)),
        xy=random.uniform(0, SIDE_M, (m, 2)),
        cost=random.integers(1, 9, m).astype(np.float64),
        capacity=random.integers(5, 40, m).astype(np.float64),
        existing=existing,
        forced=forced,
        forbidden=(kind == 2) & ~existing & ~forced,
    )
    stated: dict[str, Any] = {
        "objective": "max_cover",
        "demand": demand,
        "candidates": candidates,
        "radius_m": float(random.uniform(150, 450)),
        "p": int(forced.sum() + random.integers(0, 4)),
    }
    return Problem(**{**stated, **changes})


def fair(seed: int) -> tuple[Equity, ...]:
    """A rule of equity that may or may not be kept."""
    return (Equity("old", float(np.random.default_rng(seed).uniform(0, 0.8))),)


def some_sums(seed: int, problem: Problem) -> tuple[Sum, ...]:
    """A transformer of some sites, and two compounds that want a site each; they may or may not be kept."""
    random = np.random.default_rng(seed)
    m = len(problem.candidates)
    owner = random.integers(0, 3, m)
    power = random.integers(1, 6, m).astype(np.float64)
    fed = np.flatnonzero(random.random(m) < 0.7)
    found = [Sum("t", fed, power[fed], most=float(random.integers(3, 15)))] if len(fed) else []
    for compound in (0, 1):
        members = np.flatnonzero(owner == compound)
        if len(members):
            found.append(Sum(f"c{compound}", members, np.ones(len(members)), least=1.0))
    return tuple(found)


def choices(problem: Problem) -> list[Flags]:
    """Every set of open sites that p, budget, separation, forced and forbidden sites allow."""
    sites = problem.candidates
    may = np.flatnonzero(~sites.open & ~sites.forbidden).tolist()
    found = []
    for extra in chain.from_iterable(combinations(may, k) for k in range(len(may) + 1)):
        chosen = sites.open.copy()
        chosen[list(extra)] = True
        if _allowed(problem, chosen):
            found.append(chosen)
    return found


def _allowed(problem: Problem, chosen: Flags) -> bool:
    sites = problem.candidates
    opened = chosen & ~sites.existing
    if problem.p is not None and opened.sum() > problem.p:
        return False
    if problem.budget is not None and sites.cost[opened].sum() > problem.budget:
        return False
    at = np.flatnonzero(chosen).tolist()
    for a, b in combinations(at, 2):
        apart = round(float(np.hypot(*(sites.xy[a] - sites.xy[b]))) * 100)
        both_old = sites.existing[a] and sites.existing[b]
        if apart < round(problem.min_separation_m * 100) and not both_old:
            return False
    if not all(_kept(one, chosen) for one in problem.sums):
        return False
    return all(_share(problem, chosen, rule) >= rule.min_share - 1e-9 for rule in problem.equity)


def _kept(one: Sum, chosen: Flags) -> bool:
    found = sum(
        each for site, each in zip(one.sites.tolist(), one.each.tolist(), strict=True) if chosen[site]
    )
    return (one.least is None or found >= one.least - 1e-9) and (one.most is None or found <= one.most + 1e-9)


def _share(problem: Problem, chosen: Flags, rule: Equity) -> float:
    members = problem.demand.group == problem.demand.groups.index(rule.group)
    whole = float(problem.demand.weight[members].sum())
    served = members & (reached(problem, chosen) >= 1)
    return float(problem.demand.weight[served].sum()) / whole if whole else 1.0


def metres(problem: Problem) -> Floats:
    """All distances in whole centimetres."""
    apart = problem.demand.xy[:, None, :] - problem.candidates.xy[None, :, :]
    found: Floats = np.rint(np.hypot(apart[..., 0], apart[..., 1]) * 100)
    return found


def reached(problem: Problem, chosen: Flags) -> Floats:
    """How many open sites each demand point has within the radius."""
    near = metres(problem) <= round(problem.radius_m * 100)
    found: Floats = (near & chosen).sum(axis=1).astype(np.float64)
    return found


def coverage(problem: Problem, chosen: Flags) -> float:
    """What a choice earns in `max_cover` or `backup_cover`."""
    counts, weight = reached(problem, chosen), problem.demand.weight
    alpha = problem.backup_weight if problem.objective == "backup_cover" else 0.0
    return float(weight[counts >= 1].sum() + alpha * weight[counts >= 2].sum())
