"""Lists of places and people over HTTP: pages, filters, and who sees which rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.auth.actor import Actor
from tests.build import CELL, JIHE_CELL, OTHER_CELL, County, a_person, a_worker


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


@pytest.fixture
def boss(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "headquarters", None)


def _get(client: FlaskClient, county: County, actor: Actor, what: str, **query: Any) -> Any:
    return client.get(f"/api/v1/{what}", query_string=query, headers=county.bearer(actor))


def _all(client: FlaskClient, county: County, actor: Actor, what: str, **query: Any) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = None
    while True:
        page = _get(client, county, actor, what, **query, **({"cursor": cursor} if cursor else {})).json
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


@pytest.mark.parametrize(
    ("what", "key", "count"),
    [("communities", "community_id", 40), ("grid-cells", "code", 300), ("neighbourhoods", "code", 442)],
)
def test_pages_show_every_row_once(
    client: FlaskClient, county: County, boss: Actor, what: str, key: str, count: int
) -> None:
    keys = [row[key] for row in _all(client, county, boss, what, limit=37)]

    assert (len(keys), len(set(keys))) == (count, count)


def test_a_community_tells_its_cells_its_company_and_its_shape(
    client: FlaskClient, county: County, boss: Actor
) -> None:
    first = _get(client, county, boss, "communities").json["items"][0]

    again = _get(client, county, boss, f"communities/{first['community_id']}").json

    assert again == first
    assert first["grid_cell_codes"]
    assert first["geometry"]["type"] == "MultiPolygon"
    assert first["origin"] == "demo"


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"neighbourhood": "370831001003"}, "neighbourhood_code"),
        ({"subdistrict": "370831002"}, "subdistrict_code"),
        ({"kind": "old_estate"}, "kind"),
    ],
)
def test_filters_keep_what_was_asked_for(
    client: FlaskClient, county: County, boss: Actor, query: dict[str, str], key: str
) -> None:
    found = _all(client, county, boss, "communities", **query)

    assert found
    assert {row[key] for row in found} == set(query.values())


def test_a_text_is_looked_for_as_it_stands(client: FlaskClient, county: County, boss: Actor) -> None:
    name = _get(client, county, boss, "communities").json["items"][3]["name"]

    assert name in {row["name"] for row in _all(client, county, boss, "communities", text=name)}
    for text in ("%", "_", "\\", "'; DROP TABLE geo.community; --"):
        assert _all(client, county, boss, "communities", text=text) == []


def test_a_worker_sees_the_communities_that_touch_the_own_cells(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        worker = a_worker(session, [CELL, OTHER_CELL])

    cells = {row["code"] for row in _all(client, county, worker, "grid-cells")}
    communities = _all(client, county, worker, "communities")

    assert cells == {CELL, OTHER_CELL}
    assert all(cells & set(row["grid_cell_codes"]) for row in communities)


def test_a_company_sees_the_communities_it_serves(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        company = a_person(session, "property_company", "demo_company_01")

    found = _all(client, county, company, "communities")

    assert {row["company_unit"] for row in found} == {"demo_company_01"}


def test_a_community_out_of_reach_is_not_found(client: FlaskClient, county: County, boss: Actor) -> None:
    with county.transaction() as session:
        worker = a_worker(session, [CELL])
    far = _all(client, county, boss, "communities", subdistrict="370831002")[0]

    assert _get(client, county, worker, f"communities/{far['community_id']}").status_code == 404


def test_a_desk_lists_the_people_of_its_own_subdistrict(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        leader = a_person(session, "shift_leader", "sihe_subdistrict", username="leader")
        a_worker(session, [CELL], username="sihe_worker")
        a_worker(session, [JIHE_CELL], username="jihe_worker")
        a_person(session, "neighbourhood", "n370831001003", username="quarter")

    names = [row["username"] for row in _all(client, county, leader, "users")]

    assert names == ["leader", "quarter", "sihe_worker"]


def test_a_role_without_work_gets_empty_hands_and_no_fault(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        officer = a_person(session, "patron_officer", "natural_resources_bureau")

    assert _get(client, county, officer, "me").json["has_work"] is False
    assert _get(client, county, officer, "communities").status_code == 403


def test_an_admin_creates_a_worker_and_nobody_else_does(
    client: FlaskClient, county: County, boss: Actor
) -> None:
    with county.transaction() as session:
        admin = a_person(session, "admin", None)
    new = {"username": "zhao", "role": "grid_worker", "cells": [CELL], "password": "long enough"}

    refused = client.post("/api/v1/users", json=new, headers=county.bearer(boss))
    made: Any = client.post("/api/v1/users", json=new, headers=county.bearer(admin))
    again = client.post("/api/v1/users", json=new, headers=county.bearer(admin))

    assert (refused.status_code, made.status_code, again.status_code) == (403, 201, 409)
    assert made.json["unit"]["code"] == "sihe_subdistrict"


def test_a_shift_leader_gives_cells_within_the_own_subdistrict(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        leader = a_person(session, "shift_leader", "sihe_subdistrict")
        a_worker(session, [CELL], username="ours")
        a_worker(session, [JIHE_CELL], username="theirs")

    def give(name: str, cell: str) -> int:
        answer = client.put(
            f"/api/v1/users/{name}/assignments",
            json={"cells": [cell], "from": "2026-12-01"},
            headers=county.bearer(leader),
        )
        return answer.status_code

    assert [give("ours", OTHER_CELL), give("ours", JIHE_CELL), give("theirs", CELL)] == [200, 403, 403]


@pytest.mark.parametrize(
    ("what", "query", "pointer"),
    [
        ("communities", {"limit": 0}, "/query/limit"),
        ("communities", {"limit": "many"}, "/query/limit"),
        ("communities", {"neighbourhood": "1"}, "/query/neighbourhood"),
        ("communities", {"text": "\0"}, "/query/text"),
        ("grid-cells", {"cursor": "W10"}, "/query/cursor"),
        ("units", {"limit": 1001}, "/query/limit"),
    ],
)
def test_a_question_that_cannot_be_read_is_told_where(
    client: FlaskClient, county: County, boss: Actor, what: str, query: dict[str, Any], pointer: str
) -> None:
    answer = _get(client, county, boss, what, **query)

    assert answer.status_code in (400, 422)
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_checklists_categories_and_measures_are_open_to_everybody(
    client: FlaskClient, county: County
) -> None:
    with county.transaction() as session:
        worker = a_worker(session)

    checklists = _all(client, county, worker, "checklists")
    named = _get(client, county, worker, f"checklists/{checklists[0]['version']}").json

    assert named == checklists[0]
    assert all(item["code"] for checklist in checklists for item in checklist["items"])
    assert len(_all(client, county, worker, "measures")) == 20
    assert all(category["rules"] for category in _all(client, county, worker, "categories"))
