"""Sums that open sites have to keep: a transformer's power, a site in every compound."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from geo.siting.errors import BadProblem, Conflict, Impossible, NoCandidates
from geo.siting.plan import plan_of
from geo.siting.reading import problem_of
from geo.siting.solving import solve
from geo.siting.values import Phase, Problem
from geo.siting_checker import faults_of
from tests.unit.geo.siting.brute import a_problem, choices, fair, some_sums
from tests.unit.geo.siting.test_files import stated
from tests.unit.geo.siting.test_objectives import OBJECTIVES

INSTANCES = 80
SUMMED = ("max_cover", "backup_cover", "capacitated_cover", "min_sites")


def a_summed(seed: int, **changes: Any) -> Problem:
    problem = a_problem(seed, **{"p": None, "budget": 20.0, "backup_weight": 0.4, **changes})
    return replace(problem, sums=some_sums(seed, problem))


def as_file(problem: Problem) -> dict[str, Any]:
    ids = problem.candidates.ids
    sums = [
        {
            "name": one.name,
            "of": {ids[site]: each for site, each in zip(one.sites.tolist(), one.each.tolist(), strict=True)},
            "least": one.least,
            "most": one.most,
        }
        for one in problem.sums
    ]
    told: dict[str, Any] = json.loads(json.dumps({**stated(problem), "sums": sums}))
    return told


@pytest.mark.parametrize("objective", SUMMED)
@pytest.mark.parametrize("rule", ["plain", "fair", "apart"])
def test_a_plan_that_keeps_sums_is_the_best_of_all_choices_that_keep_them(objective: str, rule: str) -> None:
    measure, best_of = OBJECTIVES[objective]
    outcomes = {"planned": 0, "impossible": 0}
    for seed in range(INSTANCES):
        changes: dict[str, Any] = {"objective": objective}
        if objective == "min_sites":
            changes["radius_m"] = 600.0
        if rule == "apart":
            changes["min_separation_m"] = 200.0
        if rule == "fair" and objective != "capacitated_cover":
            changes["equity"] = fair(seed)
        problem = a_summed(4000 + seed, **changes)
        allowed = choices(problem)
        values = [value for value in (measure(problem, one) for one in allowed) if np.isfinite(value)]
        try:
            found = solve(problem)
        except (Impossible, Conflict, NoCandidates):
            assert not values or not (problem.candidates.open | ~problem.candidates.forbidden).any()
            outcomes["impossible"] += 1
            continue
        assert found.optimal
        assert found.value == pytest.approx(best_of(values), abs=1e-5)
        assert any((found.chosen == one).all() for one in allowed)
        plan = json.loads(json.dumps(plan_of(problem, found, 0.1)))
        assert faults_of(as_file(problem), plan) == []
        outcomes["planned"] += 1
    assert min(outcomes.values()) > 3


def test_sums_hold_by_the_last_phase() -> None:
    planned = 0
    for seed in range(INSTANCES):
        problem = a_summed(seed, budget=None)
        phases = (Phase(budget=8.0), Phase(budget=20.0))
        allowed = choices(replace(problem, budget=20.0))
        try:
            found = solve(replace(problem, phases=phases))
        except (Impossible, Conflict, NoCandidates):
            continue
        assert any((found.chosen == one).all() for one in allowed)
        planned += 1
    assert planned > 20


def test_the_checker_sees_a_sum_that_is_not_kept() -> None:
    problem = a_summed(4)
    file = as_file(problem)
    plan = json.loads(json.dumps(plan_of(problem, solve(problem), 0.1)))
    chosen = plan["sites"][0]["id"]

    over = {**file, "sums": [{"name": "t", "of": {chosen: 9.0}, "least": None, "most": 8.0}]}
    under = {**file, "sums": [{"name": "c", "of": {chosen: 1.0}, "least": 2.0, "most": None}]}

    assert "sum" in {fault.rule for fault in faults_of(over, plan)}
    assert "sum" in {fault.rule for fault in faults_of(under, plan)}


def test_what_open_sites_alone_exceed_is_named() -> None:
    file = as_file(a_summed(4))
    first = file["candidates"][0]
    first |= {"forced": True, "existing": False, "forbidden": False}
    file["sums"] = [{"name": "2号变压器", "of": {first["id"]: 9.0}, "most": 8.0}]

    with pytest.raises(Impossible) as told:
        solve(problem_of(file))

    assert told.value.extra == {"sums_exceeded": ["2号变压器"]}


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"of": {"c0": 1}, "most": 1}, "/sums/0/name"),
        ({"name": "t", "of": {"nowhere": 1}, "most": 1}, "/sums/0/of"),
        ({"name": "t", "of": {}, "most": 1}, "/sums/0/of"),
        ({"name": "t", "of": {"c0": 1}}, "/sums/0"),
        ({"name": "t", "of": {"c0": -1}, "most": 1}, "/sums/0/of/c0"),
        ({"name": "t", "of": {"c0": 1}, "most": float("nan")}, "/sums/0/most"),
    ],
)
def test_sums_that_cannot_be_used_are_named(wrong: dict[str, Any], pointer: str) -> None:
    with pytest.raises(BadProblem) as told:
        problem_of({**as_file(a_summed(4)), "sums": [wrong]})
    assert told.value.errors[0]["pointer"] == pointer


def test_prices_of_sums_prove_what_the_checker_reckons_by_itself() -> None:
    needed = 0
    for seed in range(7000, 7060):
        problem = a_summed(seed)
        try:
            plan = plan_of(problem, solve(problem), 0.0)
        except (Impossible, NoCandidates, Conflict):
            continue
        file, proof = as_file(problem), plan["certificate"]
        assert faults_of(file, plan) == [], seed
        if plan["bound_by"] == "certificate" and any(proof["sums"]):
            without = {**plan, "certificate": {**proof, "sums": [0.0] * len(proof["sums"])}}
            needed += any(fault.rule == "certificate" for fault in faults_of(file, without))

    assert needed >= 3, "bounds that lean on the price of a sum"
