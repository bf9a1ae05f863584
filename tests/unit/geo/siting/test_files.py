"""Problem and plan files: what is read, what is refused and why, and a checker that shares no code."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

from geo.siting.errors import BadProblem, Conflict, CrsNotMetric, Impossible, NoCandidates
from geo.siting.plan import plan_of
from geo.siting.reading import problem_of, problem_of_arrays
from geo.siting.solving import solve
from geo.siting.values import OBJECTIVES, Problem
from geo.siting_checker import faults_of
from tests.unit.geo.siting.brute import a_problem, fair

INSTANCES = 60
# Six objectives: more than a thousand plans before the checker.
CHECKED = 170


def stated(problem: Problem) -> dict[str, Any]:
    """A problem as its file."""
    demand, sites = problem.demand, problem.candidates
    groups = [*demand.groups, None]
    return {
        "crs": "EPSG:4548",
        "radius_m": problem.radius_m,
        "objective": problem.objective,
        "p": problem.p,
        "budget": problem.budget,
        "min_separation_m": problem.min_separation_m,
        "backup_weight": problem.backup_weight,
        "demand": [
            {
                "id": demand.ids[k],
                "x": x,
                "y": y,
                "weight": demand.weight[k],
                "group": groups[demand.group[k]],
            }
            for k, (x, y) in enumerate(demand.xy.tolist())
        ],
        "candidates": [
            {
                "id": sites.ids[k],
                "x": x,
                "y": y,
                "cost": sites.cost[k],
                "capacity": sites.capacity[k] if np.isfinite(sites.capacity[k]) else None,
                "existing": bool(sites.existing[k]),
                "forced": bool(sites.forced[k]),
                "forbidden": bool(sites.forbidden[k]),
            }
            for k, (x, y) in enumerate(sites.xy.tolist())
        ],
        "equity": [{"group": rule.group, "min_share": rule.min_share} for rule in problem.equity],
    }


def planned(file: dict[str, Any]) -> dict[str, Any]:
    """The plan for a problem file, as its own file would be read back."""
    problem = problem_of(json.loads(json.dumps(file)))
    plan: dict[str, Any] = json.loads(json.dumps(plan_of(problem, solve(problem), 0.1)))
    return plan


def a_file(**changes: Any) -> dict[str, Any]:
    """A problem file that has a plan."""
    return stated(a_problem(5, **{"p": 3, **changes}))


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_checker_finds_no_fault_in_any_plan(objective: str) -> None:
    checked = 0
    for seed in range(CHECKED):
        changes: dict[str, Any] = {"objective": objective, "backup_weight": 0.5}
        if objective == "min_sites":
            changes |= {"p": None, "radius_m": 700.0}
        if seed % 3 == 1:
            changes |= {"budget": 20.0}
        if seed % 3 == 2:
            changes |= {"min_separation_m": 150.0}
        if seed % 4 == 3 and objective in ("max_cover", "backup_cover"):
            changes |= {"equity": fair(seed)}
        file = stated(a_problem(seed, **changes))
        if "old" not in {row["group"] for row in file["demand"]}:
            file["equity"] = []
        try:
            plan = planned(file)
        except (Impossible, Conflict, NoCandidates):
            continue
        assert faults_of(file, plan) == []
        checked += 1
    assert checked > CHECKED / 3


def spoil_a_site(file: dict[str, Any], plan: dict[str, Any]) -> None:
    plan["sites"].pop()


def spoil_the_value(file: dict[str, Any], plan: dict[str, Any]) -> None:
    plan["value"] += 1


def spoil_the_bound(file: dict[str, Any], plan: dict[str, Any]) -> None:
    plan["bound"] = plan["value"] - 1


def spoil_the_status(file: dict[str, Any], plan: dict[str, Any]) -> None:
    plan["bound"] = plan["value"] + 5


def spoil_the_prices(file: dict[str, Any], plan: dict[str, Any]) -> None:
    plan["certificate"]["multipliers"][0] = -1.0


def spoil_the_certificate(file: dict[str, Any], plan: dict[str, Any]) -> None:
    plan["bound_by"], plan["certificate"] = "certificate", None


def spoil_p(file: dict[str, Any], plan: dict[str, Any]) -> None:
    file["p"] = 0


def spoil_the_budget(file: dict[str, Any], plan: dict[str, Any]) -> None:
    file["budget"] = 0.5


def spoil_the_separation(file: dict[str, Any], plan: dict[str, Any]) -> None:
    file["min_separation_m"] = 5000


def spoil_a_permission(file: dict[str, Any], plan: dict[str, Any]) -> None:
    for site in file["candidates"]:
        site["forbidden"] = True


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (spoil_a_site, "value"),
        (spoil_the_value, "value"),
        (spoil_the_bound, "bound"),
        (spoil_the_status, "status"),
        (spoil_the_prices, "certificate"),
        (spoil_the_certificate, "certificate"),
        (spoil_p, "p"),
        (spoil_the_budget, "budget"),
        (spoil_the_separation, "separation"),
        (spoil_a_permission, "forbidden"),
    ],
)
def test_the_checker_finds_what_was_spoilt(spoil: Any, rule: str) -> None:
    file = a_file()
    plan = planned(file)
    assert faults_of(file, plan) == []

    file, plan = copy.deepcopy((file, plan))
    spoil(file, plan)

    assert rule in {fault.rule for fault in faults_of(file, plan)}


BAD = [
    ({"crs": "EPSG:4326"}, CrsNotMetric, "/crs"),
    ({"crs": None}, CrsNotMetric, "/crs"),
    ({"crs": "EPSG:2249"}, CrsNotMetric, "/crs"),
    ({"objective": "best"}, BadProblem, "/objective"),
    ({"radius_m": 0}, BadProblem, "/radius_m"),
    ({"radius_m": float("nan")}, BadProblem, "/radius_m"),
    ({"p": -1}, BadProblem, "/p"),
    ({"p": 1.5}, BadProblem, "/p"),
    ({"budget": float("inf")}, BadProblem, "/budget"),
    ({"gap": "0"}, BadProblem, "/gap"),
    ({"backup_weight": 2}, BadProblem, "/backup_weight"),
    ({"demand": {}}, BadProblem, "/demand"),
    ({"candidates": [1]}, BadProblem, "/candidates"),
    ({"equity": [{"group": "nobody", "min_share": 0.5}]}, BadProblem, "/equity/0/group"),
    ({"equity": [{"group": "old", "min_share": 1.5}]}, BadProblem, "/equity/0/min_share"),
    ({"distances": [["d0", "nowhere", 3]]}, BadProblem, "/distances/0"),
    ({"distances": [["d0", "c0", -3]]}, BadProblem, "/distances/0/2"),
    ({"distances": "far"}, BadProblem, "/distances"),
    ({"colour": "red"}, BadProblem, "/colour"),
    ({"seed": "x"}, BadProblem, "/seed"),
    ({"allow_unreachable": "no"}, BadProblem, "/allow_unreachable"),
]


@pytest.mark.parametrize(("changes", "error", "pointer"), BAD, ids=lambda value: str(value)[:40])
def test_bad_fields_are_named(changes: dict[str, Any], error: type[Exception], pointer: str) -> None:
    with pytest.raises(error) as caught:
        problem_of({**a_file(), **changes})

    assert pointer in [fault["pointer"] for fault in caught.value.errors]  # type: ignore[attr-defined]  # of GeoError


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("demand", "weight", float("nan")),
        ("demand", "weight", float("inf")),
        ("demand", "weight", -1),
        ("demand", "x", "east"),
        ("demand", "id", ""),
        ("demand", "group", 3),
        ("candidates", "cost", -5),
        ("candidates", "cost", None),
        ("candidates", "y", float("inf")),
        ("candidates", "capacity", -1),
        ("candidates", "existing", "yes"),
        ("candidates", "id", "c1"),
    ],
)
def test_bad_rows_are_named(table: str, field: str, value: Any) -> None:
    file = a_file()
    file[table][0][field] = value
    at = 1 if (field, value) == ("id", "c1") else 0

    with pytest.raises(BadProblem) as caught:
        problem_of(file)

    assert f"/{table}/{at}/{field}" in [fault["pointer"] for fault in caught.value.errors]


@pytest.mark.parametrize("swapped", [False, True])
def test_degrees_are_never_taken_for_metres(swapped: bool) -> None:
    file = a_file()
    for row in file["demand"] + file["candidates"]:
        place = (117.2 + row["x"] / 1e5, 35.6 + row["y"] / 1e5)
        row["x"], row["y"] = place[::-1] if swapped else place

    with pytest.raises(CrsNotMetric):
        problem_of(file)


def test_forced_sites_above_the_budget_are_answered_with_the_least_budget() -> None:
    file = a_file(p=None)
    for site in file["candidates"][:3]:
        site.update(forced=True, existing=False, forbidden=False)
    least = sum(site["cost"] for site in file["candidates"] if site["forced"] and not site["existing"])

    with pytest.raises(Impossible) as caught:
        solve(problem_of({**file, "budget": 1.0}))

    assert caught.value.extra["least_budget"] == least


def test_sites_forced_and_forbidden_are_named() -> None:
    file = a_file()
    file["candidates"][2].update(forced=True, forbidden=True)

    with pytest.raises(Conflict) as caught:
        solve(problem_of(file))

    assert caught.value.extra["ids"] == [["c2"]]


def test_where_nothing_may_be_opened_it_says_so() -> None:
    file = a_file()
    for site in file["candidates"]:
        site.update(forced=False, existing=False, forbidden=True)

    with pytest.raises(NoCandidates):
        solve(problem_of(file))


def test_demand_out_of_reach_is_listed_with_the_nearest_candidate() -> None:
    file = a_file()
    file["demand"].append({"id": "hermit", "x": 90_000.0, "y": 0.0, "weight": 7, "group": None})

    plan = planned(file)

    left = {row["id"]: row for row in plan["unserved"]["demand"]}
    assert left["hermit"]["straight_m"] > 80_000
    assert left["hermit"]["nearest_candidate"].startswith("c")


def test_fewest_sites_need_everybody_in_reach_unless_told_otherwise() -> None:
    file = {**a_file(), "objective": "min_sites", "p": None, "radius_m": 800}
    file["demand"].append({"id": "hermit", "x": 90_000.0, "y": 0.0, "weight": 7, "group": None})

    with pytest.raises(Impossible) as caught:
        solve(problem_of(file))

    assert caught.value.extra["unreachable"] == ["hermit"]
    assert solve(problem_of({**file, "allow_unreachable": True})).optimal


def test_p_above_the_candidates_is_told_as_used() -> None:
    plan = planned(a_file(p=500))

    assert plan["p_used"] == sum(not (s["existing"] or s["forbidden"]) for s in a_file()["candidates"])


def test_out_of_time_is_never_told_as_optimal() -> None:
    file = {**stated(a_problem(8, p=3)), "time_limit_s": 0}

    plan = planned(file)

    assert plan["value"] <= plan["bound"]
    assert plan["status"] == "feasible" or plan["value"] == plan["bound"]


def test_the_same_file_gives_the_same_plan() -> None:
    first, second = (planned(a_file()) for _ in range(2))

    assert first == second


def test_arrays_say_the_same_as_rows() -> None:
    problem = problem_of(a_file())
    arrays = {
        "dem_xy": problem.demand.xy,
        "weight": problem.demand.weight,
        "cand_xy": problem.candidates.xy,
        "cost": problem.candidates.cost,
        "existing": problem.candidates.existing,
        "forced": problem.candidates.forced,
        "forbidden": problem.candidates.forbidden,
    }

    same = problem_of_arrays(
        arrays, {"crs": "EPSG:4548", "objective": "max_cover", "p": 3, "radius_m": problem.radius_m}
    )

    assert solve(same).value == solve(problem).value


@pytest.mark.parametrize("name", ["dem_xy", "weight", "cand_xy", "cost"])
def test_arrays_of_the_wrong_shape_are_named(name: str) -> None:
    problem = problem_of(a_file())
    arrays = {
        "dem_xy": problem.demand.xy,
        "weight": problem.demand.weight,
        "cand_xy": problem.candidates.xy,
        "cost": problem.candidates.cost,
    }
    del arrays[name]

    with pytest.raises(BadProblem):
        problem_of_arrays(arrays, {"crs": "EPSG:4548", "objective": "max_cover"})
