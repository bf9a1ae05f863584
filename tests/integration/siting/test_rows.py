"""The rows that siting reckons with: set from a day on, ended once, listed with their history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.cli import main
from tests.build import County, a_person
from tests.integration.siting.scenarios import NEIGHBOURHOOD, Planner


@pytest.fixture
def planner(county: County) -> Iterator[Planner]:
    with county.client() as client:
        yield Planner(county, client)


WALL = {"rule_set": "default", "name": "outer_wall", "source": "县消防大队会议纪要"}


def in_force(listed: Any, **key: str) -> list[Any]:
    rows = [row for row in listed["items"] if all(row[name] == value for name, value in key.items())]
    return [row for row in rows if row["in_force"]]


def test_a_rule_set_anew_moves_the_next_scenario_and_leaves_its_history(planner: Planner) -> None:
    before = planner.built(solve=False)["answer"]

    listed = planner.post("/rules", {**WALL, "value": 9})
    assert listed.status_code == 200, listed.text
    [row] = in_force(listed.json, rule_set="default", name="outer_wall")
    assert (row["value"], row["kind"], row["hard"]) == (9, "building", True)
    assert planner.post("/rules", {**WALL, "value": 8}).status_code == 200

    after = planner.built(solve=False)["answer"]
    assert after["places"]["rejected"] > before["places"]["rejected"]
    assert {rule["value"] for rule in after["rules"] if rule["name"] == "outer_wall"} == {8}
    assert planner.post("/rules", {**WALL, "value": None}).status_code == 200
    assert in_force(planner.get("/rules").json, rule_set="default", name="outer_wall") == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/rules", {**WALL, "value": -1}, 422),
        ("/rules", {**WALL, "value": 3, "valid_from": "2020-01-01"}, 422),
        ("/rules", {**WALL, "name": "fresh", "value": 3}, 422),
        (
            "/rules",
            {**WALL, "name": "fresh", "value": 3, "kind": "building", "unit": "m2", "hard": True},
            422,
        ),
        ("/rules", {**WALL, "name": "fresh", "value": None}, 422),
        ("/prices", {"item": "moon", "yuan": 1, "source": "x"}, 422),
        ("/rates", {"name": "share_outside", "value": 0.5, "source": " "}, 422),
        ("/rates", {"name": "share_outside", "value": 2, "source": "x"}, 422),
        ("/rates", {"name": "cable_detour", "value": 0.5, "source": "x"}, 422),
        (
            "/rates",
            {
                "name": "share_outside",
                "value": 0.5,
                "place": "01980000-0000-7000-8000-00000000c001",
                "source": "x",
            },
            404,
        ),
        (
            "/power",
            {"facility_id": "01980000-0000-7000-8000-00000000c001", "spare_kva": 5, "source": "x"},
            404,
        ),
        ("/forbidden", {"reason": "x", "geometry": {"type": "Point", "coordinates": [117.2, 35.6]}}, 422),
    ],
)
def test_rows_that_cannot_be_set_are_refused(planner: Planner, path: str, body: Any, status: int) -> None:
    refused = planner.post(path, body)

    assert refused.status_code == status, refused.text


def test_forbidden_ground_takes_places_away_until_it_is_lifted(planner: Planner) -> None:
    scenario = planner.built(solve=False)
    places = planner.get(f"/scenarios/{scenario['scenario_id']}/places").json["features"]
    lon, lat = next(one["geometry"]["coordinates"] for one in places if one["properties"]["status"] == "free")
    box = [
        [lon - 1e-4, lat - 1e-4],
        [lon + 1e-4, lat - 1e-4],
        [lon + 1e-4, lat + 1e-4],
        [lon - 1e-4, lat - 1e-4],
    ]

    drawn = planner.post(
        "/forbidden", {"reason": "燃气调压箱", "geometry": {"type": "Polygon", "coordinates": [box]}}
    )
    assert drawn.status_code == 200, drawn.text
    after = planner.built(solve=False)["answer"]
    assert after["rejected_by"].get("forbidden_ground", 0) > 0
    [area] = drawn.json["features"]
    assert planner.post(f"/forbidden/{area['id']}/lift").json["features"] == []
    assert planner.post(f"/forbidden/{area['id']}/lift").status_code == 404


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ("/rules", {"rule_set": "default", "name": "outer_wall"}, {"value": 9}),
        ("/rules", {"rule_set": "default", "name": "outer_wall"}, {"value": None}),
        ("/prices", {"item": "port"}, {"yuan": 900}),
        ("/rates", {"name": "share_outside"}, {"value": 0.5}),
    ],
)
def test_what_is_to_hold_later_can_be_taken_back_until_its_day(
    planner: Planner, path: str, key: dict[str, str], value: dict[str, Any]
) -> None:
    later = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    before = [row for row in planner.get(path).json["items"] if row.items() >= key.items()]
    # Twice for one day: the second replaces the first, and both are gone when it is taken back.
    for source in ("纪要", "更正"):
        told = planner.post(path, {**key, **value, "source": source, "valid_from": later})
        if value != {"value": None}:
            assert told.status_code == 200, told.text

    taken = planner.post(f"{path}/withdraw", {**key, "valid_from": later})

    assert taken.status_code == 200, taken.text
    assert [row for row in taken.json["items"] if row.items() >= key.items()] == before
    assert planner.post(f"{path}/withdraw", {**key, "valid_from": later}).status_code == 404
    [held] = in_force(taken.json, **key)
    assert planner.post(f"{path}/withdraw", {**key, "valid_from": held["valid_from"]}).status_code == 404


def test_only_the_last_row_to_come_is_taken_back(planner: Planner) -> None:
    days = [(datetime.now(UTC) + timedelta(days=n)).date().isoformat() for n in (5, 9)]
    for day in days:
        planner.post("/rules", {**WALL, "value": 9, "valid_from": day})
    key = {name: WALL[name] for name in ("rule_set", "name")}

    taken = [planner.post("/rules/withdraw", {**key, "valid_from": day}) for day in (*days, days[0])]

    assert [answer.status_code for answer in taken] == [404, 200, 200]


def test_a_row_is_never_rewritten_whoever_tries(county: County) -> None:
    tries = (
        "UPDATE server.siting_rule SET value = 1 WHERE name = 'outer_wall'",
        "UPDATE server.siting_price SET paid_by = 'budget'",
        "INSERT INTO server.siting_rate (name, value, source, valid_from)"
        " VALUES ('share_outside', 2, 'x', '2030-01-01')",
        "INSERT INTO server.siting_rule (rule_set, name, kind, value, unit, hard, source, valid_from)"
        " VALUES ('default', 'outer_wall', 'building', 1, 'm', true, 'x', '2026-01-01')",
        "DELETE FROM server.siting_rule",
        "DELETE FROM server.siting_price",
        "DELETE FROM server.charging_work_limit",
        "UPDATE server.charging_work_limit SET days = 900",
        "UPDATE server.siting_rule SET valid_to = '2020-01-01', source = 'x'",
    )
    for attack in tries:
        with pytest.raises(DBAPIError), county.transaction() as session:
            session.execute(text(attack))


@pytest.fixture
def console(county: County, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line upon this county."""
    for name, value in {
        "DATABASE_URL": county.database_url,
        "DATABASE_OWNER_URL": county.owner_url,
        "REDIS_URL": county.settings.redis_url,
        "SECRET_KEY": county.settings.secret_key,
        "PHOTO_STORE": str(county.settings.photo_store),
    }.items():
        monkeypatch.setenv(name, value)
    return CliRunner()


def test_the_command_line_sets_a_price(console: CliRunner) -> None:
    later = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    run = console.invoke(
        main, ["siting", "rows", "price", "port", "410", "--source", "中标通知书", "--from", later]
    )
    assert run.exit_code == 0, run.output

    listed = console.invoke(main, ["siting", "rows", "list", "prices"])

    assert f"port  410  investor  from {later}  中标通知书" in listed.output


def test_the_command_line_plans_an_area_and_says_why_when_it_cannot(
    console: CliRunner, county: County, tmp_path: Path
) -> None:
    with county.transaction() as session:
        a_person(session, "planner", "construction_hq", username="zhao")
    area = ["siting", "plan", "--neighbourhood", NEIGHBOURHOOD, "--by", "zhao"]
    file = tmp_path / "plan.json"

    planned = console.invoke(main, [*area, "--sites", "4", "--out", str(file)])
    assert planned.exit_code == 0, planned.output
    assert "of e-bikes reached on foot" in planned.output
    assert console.invoke(main, ["siting", "check", str(file)]).exit_code == 0

    hopeless = console.invoke(main, [*area, "--budget", "1"])
    assert hopeless.exit_code == 2
    assert "least_budget" in hopeless.output
