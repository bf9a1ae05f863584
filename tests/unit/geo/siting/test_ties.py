"""Of plans that serve as much the cheapest, of those the one with the shortest walks: beside all choices."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from geo.siting.errors import Conflict, Impossible, NoCandidates
from geo.siting.plan import plan_of
from geo.siting.solving import solve
from geo.siting.values import Flags, Objective, Phase, Problem
from geo.siting_checker import faults_of
from tests.unit.geo.siting.brute import a_problem, choices, coverage, fair, metres, reached
from tests.unit.geo.siting.test_files import stated
from tests.unit.geo.siting.test_objectives import shared

INSTANCES = 50


def price(problem: Problem, chosen: Flags) -> float:
    """What a choice costs, existing sites excepted."""
    return float(problem.candidates.price[chosen].sum())


def walking(problem: Problem, chosen: Flags) -> float:
    """What all who are served walk to the nearest open site, weighted."""
    cm = np.where(metres(problem) <= round(problem.radius_m * 100), metres(problem), np.inf)
    nearest = cm[:, chosen].min(axis=1, initial=np.inf) / 100
    served = np.isfinite(nearest)
    return float((nearest[served] * problem.demand.weight[served]).sum())


def first_of(problem: Problem, chosen: Flags) -> float:
    """The first objective, small for good."""
    if problem.objective != "min_sites":
        return -coverage(problem, chosen)
    everybody = bool((reached(problem, chosen) >= 1).all())
    return float((chosen & ~problem.candidates.existing).sum()) if everybody else np.inf


def best_by_hand(problem: Problem) -> tuple[float, float, float] | None:
    """The three values of the best choice, by trying all; None without any."""
    tried = [
        (round(first_of(problem, c), 6), round(price(problem, c), 6), round(walking(problem, c), 4))
        for c in choices(problem)
    ]
    return min(tried, default=None)


@pytest.mark.parametrize("objective", ["max_cover", "backup_cover", "min_sites"])
def test_among_plans_as_good_the_cheapest_then_the_nearest_wins(objective: Objective) -> None:
    solved = 0
    for seed in range(INSTANCES):
        changes: list[dict[str, Any]] = [{}, {"p": None, "budget": 14.0}, {"min_separation_m": 220.0}]
        change = changes[seed % 3] | ({"p": None, "radius_m": 650.0} if objective == "min_sites" else {})
        equity = fair(seed) if seed % 5 == 4 and objective == "max_cover" else ()
        problem = a_problem(3000 + seed, objective=objective, backup_weight=0.5, equity=equity, **change)
        try:
            found = solve(problem)
        except (Impossible, Conflict, NoCandidates):
            continue
        by_hand = best_by_hand(problem)
        assert by_hand is not None
        first, cost, walked = by_hand
        assert first_of(problem, found.chosen) == pytest.approx(first, abs=1e-5)
        assert price(problem, found.chosen) == pytest.approx(cost, abs=1e-5)
        assert walking(problem, found.chosen) == pytest.approx(walked, abs=1e-3)
        for stage, value in zip(found.later, (cost, walked), strict=False):
            assert stage.optimal
            assert stage.value == pytest.approx(value, abs=1e-3)
            assert stage.bound == pytest.approx(value, abs=1e-3)
        solved += 1
    assert solved > INSTANCES / 3


def test_of_plans_that_serve_as_much_within_capacity_or_by_phases_the_cheapest_wins() -> None:
    told = 0
    for seed in range(INSTANCES):
        problem = a_problem(5000 + seed, objective="capacitated_cover", p=4)
        try:
            found = solve(problem)
        except (Impossible, Conflict, NoCandidates):
            continue
        served = [(round(-shared(problem, one), 5), price(problem, one)) for one in choices(problem)]
        cost, walks = found.later
        assert cost.optimal
        assert walks.optimal
        assert (round(-found.value, 5), cost.value) == pytest.approx(min(served), abs=1e-4)
        assert price(problem, found.chosen) == pytest.approx(cost.value)
        told += 1
    assert told > INSTANCES / 3

    dear = replace(a_problem(5, p=None), phases=(Phase(p=2), Phase(p=9)))
    [cost] = solve(dear).later
    most = max(map(partial(coverage, dear), choices(dear)))
    assert cost.value == min(price(dear, one) for one in choices(dear) if coverage(dear, one) == most)


def test_a_plan_tells_its_objectives_in_their_order() -> None:
    problem = a_problem(5, p=3)

    plan = plan_of(problem, solve(problem), 0.0)

    assert [stage["objective"] for stage in plan["stages"]] == ["max_cover", "cost", "walking"]
    assert plan["stages"][0]["value"] == plan["value"]
    assert plan["stages"][1]["value"] == plan["cost"]


def test_whoever_wants_coverage_alone_says_so() -> None:
    plan = plan_of(problem := replace(a_problem(5, p=3), then=()), solve(problem), 0.0)

    assert [stage["objective"] for stage in plan["stages"]] == ["max_cover"]


@pytest.mark.parametrize(("stage", "name"), [(1, "value"), (2, "value"), (2, "bound")])
def test_the_checker_adds_up_cost_and_walks_by_itself(stage: int, name: str) -> None:
    problem = a_problem(5, p=3)
    file = stated(problem)
    plan = json.loads(json.dumps(plan_of(problem, solve(problem), 0.0)))
    assert faults_of(file, plan) == []

    spoilt = copy.deepcopy(plan)
    spoilt["stages"][stage][name] += 3

    assert {fault.rule for fault in faults_of(file, spoilt)} == {"stages"}
