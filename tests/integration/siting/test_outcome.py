"""What came of a plan: its report, plans side by side, files, and its sites as charging sites."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest

from server.siting.outcome.comparing import compared
from tests.build import County
from tests.integration.siting.scenarios import Planner


@pytest.fixture
def planner(county: County) -> Iterator[Planner]:
    with county.client() as client:
        yield Planner(county, client)


def _file(planner: Planner, path: str, body: Any) -> bytes:
    asked = planner.post(path, body)
    assert asked.status_code == 202, asked.text
    planner.work("sheet-task", asked.json["task_id"])
    task = planner.told("GET", asked.json["status"])
    assert task["state"] == "done", task
    with planner.client.get(task["file"], headers=planner.headers) as answer:
        return bytes(answer.data)


def test_a_plan_is_told_compared_written_down_adopted_and_taken_back(planner: Planner) -> None:
    one = planner.planned(p=3)
    report = planner.get(f"/plans/{one['plan_id']}/report").json
    totals = report["totals"]
    served = sum(community["served_weight"] for community in report["communities"])
    assert totals["served_weight"] == served == one["plan"]["covered_weight"]
    assert totals["new_sites"] <= 3
    assert report["distances_by"] == "walking"
    assert totals["served_share_straight"] >= totals["served_share"]
    for site in report["sites"]:
        assert all(rule["kept"] or not rule["hard"] for rule in site["rules"])

    changes = {"name": "乙方案", "forbidden": [s["id"] for s in report["sites"] if not s["existing"]][:1]}
    other = planner.post(f"/plans/{one['plan_id']}/variants", changes).json["plan_id"]
    planner.work("solve-siting", other)
    both = planner.get(f"/comparison?plan={one['plan_id']}&plan={other}").json
    figures = {figure["name"]: figure["values"] for figure in both["figures"]}
    assert figures["served_weight"][0] >= figures["served_weight"][1]
    assert planner.get(f"/comparison?plan={other}").status_code == 422

    for form, begins in (
        ("gpkg", b"SQLite format 3"),
        ("geojson", b'{"type":"FeatureCollection"'),
        ("xlsx", b"PK"),
        ("sheets", b"PK"),
        ("notice", b"PK"),
    ):
        written = _file(planner, f"/plans/{one['plan_id']}/exports", {"format": form})
        assert written.startswith(begins), form
        if form == "notice":
            with ZipFile(io.BytesIO(written)) as notice:
                assert any(name.endswith(".png") for name in notice.namelist())
    for form in ("xlsx", "docx"):
        asked = {"plans": [one["plan_id"], other], "format": form}
        assert _file(planner, "/comparison/exports", asked).startswith(b"PK")

    path = f"/plans/{one['plan_id']}/adoption"
    adopted = planner.post(path)
    assert adopted.status_code == 201, adopted.text
    sites = planner.told("GET", "/api/v1/charging-sites")["items"]
    assert {site["site_id"] for site in sites} == set(adopted.json["sites"])
    assert {site["status"] for site in sites} == {"proposed"}
    assert planner.post(path).json["type"] == "/problems/plan-adopted"
    undone = planner.told("DELETE", f"/api/v1/siting{path}")
    assert undone["withdrawn"] == len(sites)
    assert planner.told("GET", "/api/v1/charging-sites")["items"] == []

    again = planner.post(path).json["sites"]
    taken = planner.client.post(
        "/api/v1/charging-works", json={"plan_id": one["plan_id"]}, headers=planner.headers
    )
    assert taken.status_code == 201, taken.text
    assert taken.json is not None
    assert {work["site_id"] for work in taken.json["items"]} == set(again)
    assert {work["state"] for work in taken.json["items"]} == {"planned"}
    of_plan = planner.told("GET", f"/api/v1/charging-works?plan_id={one['plan_id']}")["items"]
    assert len(of_plan) == len(again)


def test_a_subdistrict_sees_the_plans_for_its_own_area_alone(planner: Planner, county: County) -> None:
    plan = planner.planned(p=2)
    with county.client() as client:
        own = Planner(county, client, "subdistrict", "sihe_subdistrict")
        other = Planner(county, client, "subdistrict", "jihe_subdistrict")

        assert own.get(f"/plans/{plan['plan_id']}/report").status_code == 200
        assert [one["plan_id"] for one in own.get("/plans").json["items"]] == [plan["plan_id"]]
        assert other.get(f"/plans/{plan['plan_id']}").status_code == 404
        assert other.get(f"/scenarios/{plan['scenario_id']}").status_code == 404
        assert other.get("/plans").json["items"] == other.get("/scenarios").json["items"] == []
        assert own.ask().status_code == 403


def test_figures_of_plans_stand_in_the_order_of_the_plans() -> None:
    zeros = "weight served_share served_share_straight new_sites existing_sites new_ports yuan"
    none = dict.fromkeys(("mean_walk_m", "longest_walk_m"))

    def report(name: str, served: float) -> dict[str, Any]:
        told = dict.fromkeys(("plan_id", "name", "scenario_id", "status", "distances_by"), name)
        totals = {
            **dict.fromkeys([*zeros.split(), "budget_yuan", "warnings"], 0),
            **none,
            "yuan_by_fund": {"investor": served},
        }
        return {
            **told,
            "budget": None,
            "radius_m": 300,
            "gap": 0.0,
            "totals": {**totals, "served_weight": served},
            "communities": [],
            "sites": [],
        }

    told = compared([report("b", 5.0), report("a", 7.0)])

    values = {figure["name"]: figure["values"] for figure in told["figures"]}
    assert [plan["name"] for plan in told["plans"]] == ["b", "a"]
    assert values["served_weight"] == values["investor"] == [5.0, 7.0]
