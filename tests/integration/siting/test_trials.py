"""What-ifs upon a finished plan: answered while the planner looks on, by a process beside the web."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from server.siting.trials.beside import Beside, Silent
from tests.build import County
from tests.integration.siting.test_plans import Planner, planner

__all__ = ["planner"]
Answer = Any
ECHO = "import sys\nfor line in sys.stdin: print(line.strip()[::-1], flush=True)"
DEAF = "import time\ntime.sleep(60)"


def opened(plan: Answer) -> set[str]:
    return {site["id"] for site in plan["sites"]}


def tried(planner: Planner, plan: Answer, **changes: Any) -> Answer:
    return planner.post(f"/{plan['plan_id']}/trials", changes)


def test_a_what_if_answers_what_the_variant_would_be_and_stores_nothing(planner: Planner) -> None:
    parent = planner.solved()
    gone = next(site["id"] for site in parent["plan"]["sites"] if not site["existing"])
    taken = next(
        site["id"]
        for site in parent["problem"]["candidates"]
        if site["id"] not in opened(parent["plan"]) and not site["forbidden"]
    )

    answer = tried(planner, parent, forbidden=[gone], pinned=[taken])

    assert (answer.status_code, answer.json["because"]) == (200, None)
    found = answer.json["plan"]
    assert gone not in opened(found)
    assert taken in opened(found)
    assert "certificate" not in found
    assert [one["plan_id"] for one in planner.get("").json["items"]] == [parent["plan_id"]]
    kept = planner.post(
        f"/{parent['plan_id']}/variants", {"name": "留下", "forbidden": [gone], "pinned": [taken]}
    ).json
    planner.work(kept["plan_id"])
    solved = planner.get(f"/{kept['plan_id']}").json["plan"]
    assert found["status"] == solved["status"] == "optimal"
    assert (found["value"], found["cost"], opened(found)) == (
        solved["value"],
        solved["cost"],
        opened(solved),
    )


def test_what_is_ready_is_not_sent_again(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = planner.solved()
    assert planner.post(f"/{parent['plan_id']}/trials/ready").status_code == 204
    sent: list[bytes] = []
    ask = Beside.ask

    def heard(desk: Beside, order: bytes, patience_s: float) -> bytes:
        sent.append(order)
        return ask(desk, order, patience_s)

    monkeypatch.setattr(Beside, "ask", heard)

    assert tried(planner, parent, p=2).json["plan"]["p_used"] == 2

    [order] = sent
    assert b"demand" not in order


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"pinned": ["nowhere"]}, 422, "/pinned"),
        ({"moved": {"nowhere": [525000.0, 3949000.0]}}, 422, "/moved"),
        ({"moved": {"c0": [1.0]}}, 422, "/moved/c0/value"),
        ({"p": -1}, 422, "/p"),
        ({"budget": "NaN"}, 422, "/budget"),
        ({"name": "x"}, 422, "/name"),
        ([], 422, ""),
    ],
)
def test_changes_that_do_not_fit_are_named(planner: Planner, changes: Any, status: int, pointer: str) -> None:
    parent = planner.solved()

    refused = planner.post(f"/{parent['plan_id']}/trials", changes)

    assert refused.status_code == status, refused.json
    assert refused.json["errors"][0]["pointer"] == pointer


def test_a_what_if_that_cannot_be_says_why(planner: Planner) -> None:
    parent = planner.solved(p=2)
    names = [site["id"] for site in parent["problem"]["candidates"] if not site["existing"]]

    answer = tried(planner, parent, pinned=names[:4]).json

    assert answer["plan"] is None
    assert answer["because"]["least_p"] > 2


def test_a_plan_without_sites_and_a_foreign_one_try_nothing(planner: Planner, county: County) -> None:
    waiting = planner.ask().json["plan_id"]
    assert planner.post(f"/{waiting}/trials", {}).json["type"].endswith("/plan-not-ready")
    assert planner.post("/01980000-0000-7000-8000-000000000000/trials", {}).status_code == 404
    with county.client() as client:
        street = Planner(county, client, role="subdistrict")
        assert street.post(f"/{waiting}/trials", {}).status_code == 403


class TooSlow:
    """A desk that never answers in time."""

    def ask(self, order: bytes, patience_s: float) -> bytes:
        raise Silent


def test_what_takes_longer_is_said_and_a_variant_still_goes(planner: Planner, monkeypatch: Any) -> None:
    parent = planner.solved()
    monkeypatch.setattr(Beside, "ask", TooSlow.ask)

    refused = tried(planner, parent, p=2)

    assert refused.status_code == 409
    assert refused.json["type"].endswith("/takes-longer")
    assert planner.post(f"/{parent['plan_id']}/variants", {"name": "慢", "p": 2}).status_code == 202


def test_a_process_that_died_or_fell_silent_is_begun_anew() -> None:
    desk = Beside((sys.executable, "-c", ECHO))
    assert desk.ask(b"abc", 20) == b"cba\n"
    process = desk._process
    assert process is not None
    process.kill()
    process.wait()
    assert desk.ask(b"def", 20) == b"fed\n"

    deaf = Beside((sys.executable, "-c", DEAF))
    with pytest.raises(Silent):
        deaf.ask(b"abc", 0.2)
    assert deaf._process is None
