"""What waits for each person's hand, as the desk's first page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server.auth.actor import Actor
from server.ledger import requests
from server.ledger.queries import facts_of
from tests.integration.ledger.acting import Cast


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as client:
        yield client


def _ids(client: FlaskClient, cast: Cast, actor: Actor, kind: str) -> set[str]:
    path = f"/api/v1/cases?waiting={kind}&limit=200"
    answer: Any = client.get(path, headers=cast.county.bearer(actor)).get_json()
    return {case["case_id"] for case in answer["items"]}


def _work(client: FlaskClient, cast: Cast, actor: Actor) -> dict[str, int]:
    answer: Any = client.get("/api/v1/work", headers=cast.county.bearer(actor)).get_json()
    return {wait["kind"]: wait["count"] for wait in answer["items"] if wait["count"]}


def test_a_case_waits_for_one_hand_after_the_other(cast: Cast, client: FlaskClient) -> None:
    case_id, _ = cast.report()
    assert _work(client, cast, cast.dispatcher) == {"dispatch": 1}
    assert _ids(client, cast, cast.dispatcher, "dispatch") == {str(case_id)}
    assert _work(client, cast, cast.fixer) == {}

    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")
    assert _work(client, cast, cast.dispatcher) == {}
    assert _work(client, cast, cast.fixer) == {"receipt": 1}

    cast.order(cast.fixer, "case.accept", case_id)
    assert _work(client, cast, cast.fixer) == {"repair": 1}


def test_who_checked_does_not_find_the_case_among_those_to_sign(cast: Cast, client: FlaskClient) -> None:
    case_id = cast.to_checking()
    assert _work(client, cast, cast.checker) == {"check": 1}

    cast.check(case_id)

    assert _work(client, cast, cast.checker) == {}
    assert _ids(client, cast, cast.shift_leader, "signature") == {str(case_id)}


@pytest.mark.parametrize(
    ("asked", "data"),
    [
        ("case.return", {"reason": "不属于我司"}),
        ("case.request_extension", {"reason": "等待配件", "until": "2026-11-27T17:30:00+08:00"}),
        ("case.suspend", {"reason": "冬季不能施工", "resume_on": "2027-03-01"}),
    ],
)
def test_a_request_waits_for_those_whose_word_it_needs(
    cast: Cast, client: FlaskClient, asked: str, data: dict[str, Any]
) -> None:
    case_id, _ = cast.report()
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")
    cast.order(cast.fixer, "case.accept", case_id)
    with cast.county.transaction() as session:
        due: Any = facts_of(session, case_id).due_at
    if "until" in data:
        data = {**data, "until": due.replace(year=due.year + 1).isoformat()}

    cast.order(cast.fixer, asked, case_id, **data)

    for person in (cast.dispatcher, cast.shift_leader, cast.headquarters, cast.fixer, cast.worker):
        waits = str(case_id) in _ids(client, cast, person, "request")
        assert waits == _may_speak(cast, case_id, person), person.role


def _may_speak(cast: Cast, case_id: UUID, person: Actor) -> bool:
    with cast.county.transaction() as session:
        case = facts_of(session, case_id)
    return any(requests.may_speak(case, request, person) for request in case.pending)


def test_a_shift_leader_signs_many_at_once_with_a_result_for_each(cast: Cast, client: FlaskClient) -> None:
    ready = [cast.to_checking(), cast.to_checking(category="small_ad_not_cleared")]
    for case_id in ready:
        cast.check(case_id)
    unready = cast.to_claimed(category="green_poor_upkeep")
    named = []
    with cast.county.transaction() as session:
        for case_id in [*ready, unready]:
            sql = text('SELECT version FROM server."case" WHERE case_id = :id')
            version = session.execute(sql, {"id": case_id}).scalar_one()
            named.append({"case_id": str(case_id), "base_version": version})

    answer: Any = client.post(
        "/api/v1/cases/commands",
        json={"type": "case.close", "data": {}, "cases": named},
        headers=cast.county.bearer(cast.shift_leader),
    ).get_json()

    assert [one["done"] for one in answer["results"]] == [True, True, False]
    assert answer["results"][2]["problem"]["type"] == "/problems/state-forbids"


@pytest.mark.parametrize("query", ["waiting=nothing", "waiting=dispatch&as_of=2026-09-30"])
def test_a_wait_that_cannot_be_is_refused_by_its_name(cast: Cast, client: FlaskClient, query: str) -> None:
    answer: Any = client.get(f"/api/v1/cases?{query}", headers=cast.county.bearer(cast.dispatcher))

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"].endswith("/waiting")


def test_what_is_due_first_stands_first_page_by_page(cast: Cast, client: FlaskClient) -> None:
    late, _ = cast.report()
    cast.later(hours=1)
    soon, _ = cast.report("fire_lane_blocked", "A")
    path, bearer = "/api/v1/cases?waiting=dispatch&sort=due&limit=1", cast.county.bearer(cast.dispatcher)

    first: Any = client.get(path, headers=bearer).get_json()
    second: Any = client.get(f"{path}&cursor={first['next']}", headers=bearer).get_json()

    assert [one["case_id"] for one in (*first["items"], *second["items"])] == [str(soon), str(late)]
    assert second["next"] is None
    assert client.get("/api/v1/cases?sort=due&as_of=2026-11-01", headers=bearer).status_code == 422
    assert client.get("/api/v1/cases?sort=loudest", headers=bearer).status_code == 422
