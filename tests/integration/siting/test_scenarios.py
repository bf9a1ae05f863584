"""Scenarios over HTTP: the county's own places become a problem, and the problem a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from geo.siting_checker import faults_of
from server.siting.scenarios import queries
from tests.build import County
from tests.integration.siting.scenarios import NEIGHBOURHOOD, Planner


@pytest.fixture
def planner(county: County) -> Iterator[Planner]:
    with county.client() as client:
        yield Planner(county, client)


def test_an_area_becomes_a_plan_that_the_checker_agrees_with(planner: Planner) -> None:
    scenario = planner.built(p=3)

    assert scenario["state"] == "built", scenario["because"]
    answer = scenario["answer"]
    assert answer["total_weight"] > 0
    assert answer["places"]["free"] > 0
    places = planner.get(f"/scenarios/{scenario['scenario_id']}/places").json["features"]
    rejected = [one["properties"] for one in places if one["properties"]["status"] == "rejected"]
    assert {one["rejected_by"] for one in rejected} <= {rule["name"] for rule in answer["rules"]}
    assert len(rejected) == answer["places"]["rejected"]
    [plan_id] = scenario["plans"]
    planner.work("solve-siting", plan_id)
    plan = planner.get(f"/plans/{plan_id}").json
    assert plan["state"] == "solved", plan["because"]
    assert plan["scenario_id"] == scenario["scenario_id"]
    assert faults_of(plan["problem"], plan["plan"]) == []


def test_a_scenario_is_stopped_before_and_while_it_is_built(planner: Planner, county: County) -> None:
    before = planner.ask(p=3).json["scenario_id"]
    assert planner.post(f"/scenarios/{before}/stop", None).json["state"] == "stopped"
    planner.work("build-siting", before)
    again = planner.post(f"/scenarios/{before}/stop", None)
    assert (again.status_code, again.json["type"].rsplit("/", 1)[1]) == (409, "scenario-finished")

    during = planner.ask(p=3).json["scenario_id"]
    with county.transaction() as session:
        number = UUID(during)
        assert queries.take(session, number, datetime.now(UTC), datetime.now(UTC))
        assert queries.note_stage(session, number, "places", 1)
    assert planner.post(f"/scenarios/{during}/stop", None).status_code == 200
    with county.transaction() as session:
        assert not queries.note_stage(session, number, "demand", 2)

    for one in (before, during):
        scenario = planner.get(f"/scenarios/{one}").json
        assert (scenario["state"], scenario["plans"]) == ("stopped", [])


def test_no_place_that_is_offered_breaks_a_hard_rule(planner: Planner) -> None:
    scenario = planner.built(solve=False)

    places = planner.get(f"/scenarios/{scenario['scenario_id']}/places").json["features"]
    free = [one for one in places if one["properties"]["status"] == "free"]
    by_sql = planner.sql(
        "SELECT min(ST_Distance(ST_Transform(b.geom, 4548), ST_SetSRID(ST_MakePoint(:x, :y), 4548)))"
        " FROM geo.building b",
        x=free[0]["properties"]["x"],
        y=free[0]["properties"]["y"],
    )[0][0]

    assert scenario["plans"] == []
    assert min(one["properties"]["distance_m"]["outer_wall"] or 99 for one in free) >= 3.0
    assert min(one["properties"]["distance_m"]["building_exit"] or 99 for one in free) >= 6.0
    assert free[0]["properties"]["distance_m"]["outer_wall"] == pytest.approx(by_sql, abs=0.01)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"p": 1, "one_per_community": True}, "least_p"),
        ({"p": None, "budget": 1, "one_per_community": True}, "least_budget"),
        ({"pinned": ["nowhere"]}, "ids"),
        ({"open_gates": ["01980000-0000-7000-8000-00000000c001"]}, "ids"),
        ({"equity": [{"group": "moon", "min_share": 0.5}]}, "faults"),
        ({"ground_kinds": [], "outline_as_ground": False}, "lost"),
    ],
)
def test_what_no_plan_can_do_says_what_stands_in_the_way(
    planner: Planner, asked: dict[str, Any], told: str
) -> None:
    scenario = planner.built(**asked)

    assert (scenario["state"], scenario["plans"]) == ("impossible", [])
    assert told in scenario["because"]
    assert scenario["because"]["detail_zh"]


def test_a_gate_that_is_opened_lets_more_people_reach_a_site(planner: Planner) -> None:
    gates = planner.sql(
        "SELECT gate_id::text FROM geo.gate JOIN geo.community USING (community_id)"
        " WHERE geo.gate.kind = 'emergency' AND neighbourhood_code = :code",
        code=NEIGHBOURHOOD,
    )

    shut = planner.built(solve=False)
    opened = planner.built(solve=False, open_gates=[row.gate_id for row in gates])

    assert opened["answer"]["pairs"] > shut["answer"]["pairs"]
    assert planner.built(solve=False, distances="straight")["answer"]["distances_by"] == "straight"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"neighbourhoods": []}, "/communities"),
    ({"communities": ["01980000-0000-7000-8000-00000000c001"]}, "/communities/0"),
    ({"rule_set": "of_nowhere"}, "/rule_set"),
    ({"p": None}, "/budget"),
    ({"budget": -1}, "/budget"),
    ({"step_m": 1}, "/step_m"),
    ({"objective": "most_beautiful"}, "/objective"),
    ({"drawn": [{"lon": 35.65, "lat": 117.27}]}, "/drawn/0/lat"),
    ({"drawn": [{"lon": 116.4, "lat": 39.9}]}, "/drawn/0"),
    ({"unheard_of": 1}, "/unheard_of"),
    ({"pinned": ["a"], "forbidden": ["a"]}, "/forbidden"),
]


@pytest.mark.parametrize(("wrong", "pointer"), BAD)
def test_what_cannot_be_planned_is_refused_with_its_place(
    planner: Planner, wrong: dict[str, Any], pointer: str
) -> None:
    refused = planner.ask(**wrong)

    assert refused.status_code == 422, refused.text
    assert refused.json["errors"][0]["pointer"].startswith(pointer)
    assert planner.get("/scenarios").json["items"] == []


def shut_gates(planner: Planner) -> list[str]:
    """The gates that a planner could open, as the list of gates tells them."""
    gates = planner.get(f"/gates?neighbourhood={NEIGHBOURHOOD}").json["features"]
    assert {one["properties"]["kind"] for one in gates if one["properties"]["shut"]} == {"emergency"}
    return [one["id"] for one in gates if one["properties"]["shut"]]


def test_a_gate_is_opened_as_a_what_if_and_kept_as_a_scenario(planner: Planner) -> None:
    plan, gates = planner.planned(p=3, objective="p_median"), shut_gates(planner)

    told = planner.post(f"/plans/{plan['plan_id']}/trials", {"open_gates": gates})

    assert told.status_code == 200, told.text
    found, walks = told.json["plan"], told.json["distances"]
    assert found["value"] < plan["plan"]["value"], "people walk less"
    assert {site for _, site, _ in walks} <= {site["id"] for site in found["sites"]}
    kept = planner.planned(p=3, objective="p_median", open_gates=gates)
    assert kept["plan"]["value"] == pytest.approx(found["value"], rel=1e-6)
    assert planner.post(f"/plans/{plan['plan_id']}/trials", {}).json["distances"] is None


def test_a_gate_that_is_not_there_and_a_plan_that_does_not_walk_open_nothing(planner: Planner) -> None:
    plan, gates = planner.planned(p=3), shut_gates(planner)
    straight = planner.planned(p=3, distances="straight")

    nowhere = planner.post(
        f"/plans/{plan['plan_id']}/trials", {"open_gates": ["01980000-0000-7000-8000-00000000c001"]}
    )
    crow = planner.post(f"/plans/{straight['plan_id']}/trials", {"open_gates": gates[:1]})

    assert (nowhere.status_code, nowhere.json["errors"][0]["pointer"]) == (422, "/open_gates/0")
    assert (crow.status_code, crow.json["type"].rsplit("/", 1)[1]) == (409, "no-walks")
