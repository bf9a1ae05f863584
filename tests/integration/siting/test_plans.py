"""Siting plans over HTTP: asked for, solved by a worker, stopped, varied, compared, frozen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.siting.values import Problem
from geo.siting_checker import faults_of
from server.problems import InvalidInput
from server.siting.plans.service import varied
from server.wiring import JOBS, PERIODIC
from server.work import Work
from tests.build import County, a_person
from tests.unit.geo.siting.brute import a_problem
from tests.unit.geo.siting.test_files import stated as stated_anywhere

PLANS = "/api/v1/siting/plans"
EAST_M, NORTH_M = 525_000.0, 3_949_000.0


def stated(problem: Problem) -> dict[str, Any]:
    """A problem as its file, in the county."""
    file = stated_anywhere(problem)
    for row in file["demand"] + file["candidates"]:
        row["x"], row["y"] = row["x"] + EAST_M, row["y"] + NORTH_M
    return file


class Planner:
    """A planner with a client, and a worker that does what was asked."""

    def __init__(self, county: County, client: FlaskClient, role: str = "planner") -> None:
        self.county, self.client = county, client
        with county.transaction() as session:
            self.headers = county.bearer(a_person(session, role, "construction_hq"))

    def ask(self, problem: Any = None, name: str = "老旧小区一期") -> Any:
        body = {"name": name, "problem": problem or stated(a_problem(5, p=3))}
        return self.client.post(PLANS, json=body, headers=self.headers)

    def get(self, path: str) -> Any:
        return self.client.get(f"{PLANS}{path}", headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"{PLANS}{path}", json=body, headers=self.headers)

    def work(self, plan_id: str, later: timedelta = timedelta(0)) -> None:
        settings = self.county.settings
        with Redis.from_url(settings.redis_url) as redis:
            JOBS["solve-siting"](
                Work(self.county.database, settings, redis, datetime.now(UTC) + later), plan_id
            )

    def solved(self, **changes: Any) -> Any:
        """A plan that is there."""
        plan_id = self.ask(stated(a_problem(5, **{"p": 3, **changes}))).json["plan_id"]
        self.work(plan_id)
        return self.get(f"/{plan_id}").json


@pytest.fixture
def planner(county: County) -> Any:
    with county.client() as client:
        yield Planner(county, client)


def test_a_plan_is_asked_for_solved_and_holds_before_the_checker(planner: Planner) -> None:
    asked = planner.ask()
    plan_id = asked.json["plan_id"]
    assert (asked.status_code, asked.json["state"]) == (202, "waiting")
    assert planner.get(f"/{plan_id}").json["plan"] is None

    planner.work(plan_id)

    found = planner.get(f"/{plan_id}").json
    assert found["state"] == "solved"
    assert found["plan"]["status"] == "optimal"
    assert found["value"] == found["plan"]["value"]
    assert faults_of(found["problem"], found["plan"]) == []
    [listed] = planner.get("").json["items"]
    assert (listed["plan_id"], "problem" in listed) == (plan_id, False)


def test_a_plan_that_is_there_is_not_solved_again(planner: Planner) -> None:
    first = planner.solved()

    planner.work(first["plan_id"])

    assert planner.get(f"/{first['plan_id']}").json == first


def test_a_problem_with_faults_is_refused_and_nothing_is_kept(planner: Planner) -> None:
    problem = stated(a_problem(5, p=3))
    problem["demand"][0]["weight"] = -1

    refused = planner.ask(problem)

    assert refused.status_code == 422
    assert refused.json["type"].endswith("/bad-problem")
    assert refused.json["errors"][0]["pointer"] == "/demand/0/weight"
    assert planner.get("").json["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": "x"}, 422),
        ({"name": " ", "problem": {}}, 422),
        ({"name": "x", "problem": []}, 422),
        ({"name": "x", "problem": {"crs": "EPSG:4326"}}, 422),
        ({"name": "x\0", "problem": {}}, 422),
        ({"name": "x", "problem": {"crs": "EPSG:4548", "demand": [{"id": "a\0"}]}}, 422),
    ],
)
def test_bodies_that_cannot_be_used_are_told(planner: Planner, body: Any, status: int) -> None:
    assert planner.post("", body).status_code == status


def test_what_no_plan_can_do_says_why_and_what_would_be_enough(planner: Planner) -> None:
    problem = {**stated(a_problem(5, p=None)), "budget": 0.5}
    problem["candidates"][0].update(forced=True, existing=False, forbidden=False)

    plan_id = planner.ask(problem).json["plan_id"]
    planner.work(plan_id)

    found = planner.get(f"/{plan_id}").json
    assert found["state"] == "impossible"
    assert found["because"]["least_budget"] == problem["candidates"][0]["cost"]


def test_a_plan_nobody_began_is_stopped_at_once(planner: Planner) -> None:
    plan_id = planner.ask().json["plan_id"]

    stopped = planner.post(f"/{plan_id}/stop")
    planner.work(plan_id)

    assert stopped.json["state"] == "cancelled"
    assert planner.get(f"/{plan_id}").json["plan"] is None
    again = planner.post(f"/{plan_id}/stop")
    assert (again.status_code, again.json["type"].rpartition("/")[2]) == (409, "plan-finished")


def test_stopping_keeps_the_best_plan_so_far(planner: Planner, county: County) -> None:
    plan_id = planner.ask(stated(a_problem(9, p=2))).json["plan_id"]
    with county.transaction() as session:
        session.execute(text("UPDATE server.siting_plan SET stop_asked = true"))

    planner.work(plan_id)

    found = planner.get(f"/{plan_id}").json
    assert found["state"] == "cancelled"
    assert faults_of(found["problem"], found["plan"]) == []


def test_a_variant_keeps_what_was_pinned_and_leaves_out_what_was_forbidden(planner: Planner) -> None:
    first = planner.solved()
    chosen = [site["id"] for site in first["plan"]["sites"] if not (site["existing"] or site["forced"])]
    others = [
        site["id"]
        for site in first["problem"]["candidates"]
        if site["id"] not in chosen and not site["existing"]
    ]

    changes = {"name": "甲方案改", "pinned": others[:1], "forbidden": chosen[:1]}
    varied = planner.post(f"/{first['plan_id']}/variants", changes)
    planner.work(varied.json["plan_id"])

    second = planner.get(f"/{varied.json['plan_id']}").json
    ids = {site["id"] for site in second["plan"]["sites"]}
    assert varied.json["based_on"] == first["plan_id"]
    assert others[0] in ids
    assert chosen[0] not in ids
    assert (
        planner.post(f"/{first['plan_id']}/variants", {"name": "x", "pinned": ["nowhere"]}).status_code == 404
    )


def test_two_plans_are_put_side_by_side(planner: Planner) -> None:
    one, other = planner.solved(p=1), planner.solved(p=4)

    both = planner.get(f"/compare?first={one['plan_id']}&second={other['plan_id']}").json

    figures = {figure["name"]: figure for figure in both["figures"]}
    assert figures["value"]["change"] == other["value"] - one["value"] >= 0
    ids = {site["id"] for site in other["plan"]["sites"]}
    assert set(both["both"]) | set(both["only_second"]) == ids
    waiting = planner.ask().json["plan_id"]
    assert planner.get(f"/compare?first={waiting}&second={one['plan_id']}").status_code == 409


def test_a_plan_left_by_a_dead_worker_is_solved_by_another(planner: Planner, county: County) -> None:
    plan_id = planner.ask().json["plan_id"]
    with county.transaction() as session:
        begun = "UPDATE server.siting_plan SET state = 'solving', begun_at = asked_at"
        session.execute(text(begun))

    planner.work(plan_id)
    assert planner.get(f"/{plan_id}").json["state"] == "solving"
    planner.work(plan_id, later=timedelta(hours=2))

    assert planner.get(f"/{plan_id}").json["state"] == "solved"


def test_a_plan_whose_word_was_lost_is_handed_over_again(planner: Planner) -> None:
    planner.ask()
    settings = planner.county.settings
    with Redis.from_url(settings.redis_url) as redis:
        redis.flushdb()
        again, _ = PERIODIC["ask-siting-again"]
        again(Work(planner.county.database, settings, redis, datetime.now(UTC) + timedelta(minutes=5)))

        assert redis.llen("rq:queue:wangge") == 1


@pytest.mark.parametrize("role", ["property_company", "grid_worker"])
def test_who_plans_nothing_sees_no_plans(county: County, role: str) -> None:
    with county.client() as client:
        other = Planner(county, client, role)

        assert other.get("").status_code == 403
        assert other.ask().status_code == 403


ATTACKS = {
    "another plan": "UPDATE server.siting_plan SET plan = '{}'",
    "another problem": "UPDATE server.siting_plan SET problem = '{}'",
    "opened again": "UPDATE server.siting_plan SET state = 'waiting', finished_at = NULL, plan = NULL",
    "taken away": "DELETE FROM server.siting_plan",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_finished_plan_stays_as_it_is_against_plain_sql(
    planner: Planner, county: County, attack: str
) -> None:
    planner.solved()

    with pytest.raises(DBAPIError), county.transaction() as session:
        session.execute(text(ATTACKS[attack]))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE server.siting_plan SET state = 'solved', finished_at = now()",
        "UPDATE server.siting_plan SET state = 'failed', finished_at = now()",
        "UPDATE server.siting_plan SET state = 'solving'",
        "UPDATE server.siting_plan SET finished_at = now()",
        "UPDATE server.siting_plan SET problem = '{\"p\": 3}'",
        "UPDATE server.siting_plan SET state = 'dreamt'",
    ],
)
def test_an_unfinished_plan_cannot_be_made_up_by_plain_sql(
    planner: Planner, county: County, attack: str
) -> None:
    planner.ask()

    with pytest.raises(DBAPIError), county.transaction() as session:
        session.execute(text(attack))


def a_stated() -> dict[str, Any]:
    sites = [{"id": "a", "forced": True}, {"id": "b", "forbidden": True}]
    return {"candidates": [{"x": 0.0, "y": 0.0, "cost": 1, **site} for site in sites]}


def test_a_released_site_is_neither_pinned_nor_forbidden() -> None:
    sites = varied(a_stated(), {"released": ["a", "b"]})["candidates"]

    assert [(one["forced"], one["forbidden"]) for one in sites] == [(False, False), (False, False)]


def test_swapped_axes_and_mixed_references_are_never_silent(planner: Planner) -> None:
    swapped, mixed = stated(a_problem(5, p=3)), stated(a_problem(5, p=3))
    for row in swapped["demand"] + swapped["candidates"]:
        row["x"], row["y"] = row["y"], row["x"]
    mixed["candidates"][0].update(x=117.21, y=35.61)

    answers = [planner.ask(problem) for problem in (swapped, mixed)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert [answer.json["type"] for answer in answers] == [
        "/problems/outside-county",
        "/problems/crs-not-metric",
    ]


def test_no_site_moves_away_from_its_listed_walks() -> None:
    with pytest.raises(InvalidInput):
        varied({**a_stated(), "distances": [["d", "a", 5]]}, {"moved": {"a": [1, 1]}})
