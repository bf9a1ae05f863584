"""Every objective beside all choices tried by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from geo.siting.errors import Conflict, Impossible, NoCandidates
from geo.siting.solving import solve
from geo.siting.values import Distances, Flags, Problem
from tests.unit.geo.siting.brute import a_problem, choices, coverage, fair, metres, reached

INSTANCES = 60


def served_sites(problem: Problem, chosen: Flags) -> float:
    """The opened sites of a choice that serves everybody in reach of some candidate; inf otherwise."""
    served = reached(problem, chosen) >= 1
    return float((chosen & ~problem.candidates.existing).sum()) if served.all() else np.inf


def walked(problem: Problem, chosen: Flags) -> float:
    """Weighted metres to the nearest open site."""
    nearest = metres(problem)[:, chosen].min(axis=1, initial=np.inf) / 100
    heavy = problem.demand.weight > 0
    return float((nearest[heavy] * problem.demand.weight[heavy]).sum())


def farthest(problem: Problem, chosen: Flags) -> float:
    """The longest walk to the nearest open site."""
    nearest = metres(problem)[:, chosen].min(axis=1, initial=np.inf) / 100
    heavy = problem.demand.weight > 0
    return float(nearest[heavy].max(initial=0.0))


def shared(problem: Problem, chosen: Flags) -> float:
    """The most weight that sites of limited capacity serve: by the least cut over all sets of sites."""
    near = metres(problem) <= round(problem.radius_m * 100)
    weight, capacity = problem.demand.weight, problem.candidates.capacity
    best = np.inf
    sites = np.flatnonzero(chosen)
    for cut in product((False, True), repeat=len(sites)):
        full = np.array(cut, dtype=np.bool_)
        others = near[:, sites[~full]].any(axis=1)
        best = min(best, float(capacity[sites[full]].sum() + weight[others].sum()))
    return best


OBJECTIVES: dict[str, tuple[Any, Any]] = {
    "max_cover": (coverage, max),
    "backup_cover": (coverage, max),
    "capacitated_cover": (shared, max),
    "min_sites": (served_sites, min),
    "p_median": (walked, min),
    "p_center": (farthest, min),
}


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("kind", range(3))
def test_a_plan_is_the_best_of_all_choices(objective: str, kind: int) -> None:
    measure, best_of = OBJECTIVES[objective]
    solved = 0
    for seed in range(INSTANCES):
        money = float(np.random.default_rng(seed).integers(3, 30))
        changes: list[dict[str, Any]] = [{}, {"p": None, "budget": money}, {"min_separation_m": 220.0}]
        if objective == "min_sites":
            changes = [{"p": None, "radius_m": 650.0, **change} for change in ({}, changes[1], changes[2])]
        problem = a_problem(1000 + seed, objective=objective, backup_weight=0.3, **changes[kind])
        allowed = choices(problem)
        values = [measure(problem, chosen) for chosen in allowed]
        finite = [value for value in values if np.isfinite(value)]
        try:
            found = solve(problem)
        except (Impossible, Conflict, NoCandidates):
            assert not finite or not (problem.candidates.open | ~problem.candidates.forbidden).any()
            continue
        assert found.optimal
        assert found.value == pytest.approx(best_of(finite), abs=1e-5)
        assert found.bound == pytest.approx(found.value, abs=1e-5)
        assert any((found.chosen == chosen).all() for chosen in allowed)
        assert measure(problem, found.chosen) == pytest.approx(found.value, abs=1e-5)
        solved += 1
    assert solved > INSTANCES / 4


@pytest.mark.parametrize("objective", ["max_cover", "capacitated_cover"])
def test_a_group_gets_its_share_or_the_answer_says_that_it_cannot(objective: str) -> None:
    outcomes = set()
    for seed in range(INSTANCES):
        problem = a_problem(seed, objective=objective, equity=fair(seed))
        if objective == "capacitated_cover":
            roomy = replace(problem.candidates, capacity=np.full(len(problem.candidates), np.inf))
            problem = replace(problem, candidates=roomy)
        allowed = choices(problem)
        try:
            found = solve(problem)
        except (Impossible, NoCandidates, Conflict):
            outcomes.add("impossible")
            assert not allowed
            continue
        outcomes.add("planned")
        assert found.value == pytest.approx(max(coverage(problem, c) for c in allowed), abs=1e-5)
    assert outcomes == {"impossible", "planned"}


def test_listed_distances_take_the_place_of_straight_lines() -> None:
    problem = a_problem(4, p=2)
    n, m = len(problem.demand), len(problem.candidates)
    walk = metres(problem).ravel() / 100 * 1.4
    listed = Distances(np.repeat(np.arange(n), m), np.tile(np.arange(m), n), walk)

    found = solve(replace(problem, distances=listed))
    shorter = solve(replace(problem, radius_m=problem.radius_m / 1.4))

    assert found.value == shorter.value


def test_a_pair_exactly_at_the_radius_is_in_reach() -> None:
    problem = a_problem(4)
    at = replace(
        problem.demand, ids=("d",), xy=np.array([[0.0, 0.0]]), weight=np.ones(1), group=np.array([-1])
    )
    there = np.tile([180.0, 240.0], (len(problem.candidates), 1))
    sites = replace(problem.candidates, xy=there, forbidden=np.zeros(len(there), dtype=np.bool_))

    assert solve(replace(problem, demand=at, candidates=sites, radius_m=300.0, p=9)).value == 1
    assert solve(replace(problem, demand=at, candidates=sites, radius_m=299.99, p=9)).value == 0
