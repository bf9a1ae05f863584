"""Versions of a checklist over HTTP: tried, published, planned, compared, made current again."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from checklists.catalog import catalog
from server import queue
from server.communities.service import local_day
from server.programme.versions import publish_due
from server.work import Work
from tests.build import County, a_person


class Keeper:
    """Somebody of the headquarters before the checklists."""

    def __init__(self, county: County, client: FlaskClient) -> None:
        self.county, self.client = county, client
        self.today = local_day(datetime.now(UTC))
        with county.transaction() as session:
            self.headers = county.bearer(a_person(session, "headquarters", None))

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers)
        return answer.status_code, answer.get_json()

    def take_in(self, document: Any, **more: Any) -> tuple[int, Any]:
        return self("POST", "/checklists", {"document": document, **more})

    def current(self) -> str:
        return str(self("GET", "/checklists/T2")[1]["version"])


@pytest.fixture
def keeper(county: County) -> Iterator[Keeper]:
    with county.client() as client:
        yield Keeper(county, client)


def own_version(title: str = "E-bike charging, our way") -> dict[str, Any]:
    document = deepcopy(dict(catalog().get("T2").document))
    document["title_en"] = title
    document["items"][1]["label_zh"] = "门厅、楼梯间、走道是否有充电"
    return document


def work_on(county: County, days: int) -> Work:
    moment = datetime.now(UTC) + timedelta(days=days)
    return Work(county.database, county.settings, queue.connect(county.settings.redis_url), moment)


def test_a_version_is_tried_published_compared_and_the_old_one_made_current_again(keeper: Keeper) -> None:
    shipped = keeper.current()
    status, tried = keeper.take_in(own_version(), dry_run=True)
    assert (status, tried["outcome"], tried["faults"], tried["replaces"]) == (200, "tried", [], shipped)
    assert {one["pointer"] for one in tried["differences"]} == {
        "/title_en",
        "/charging_in_hall_or_stairs/label_zh",
    }
    assert keeper.current() == shipped

    assert keeper.take_in(own_version())[1]["outcome"] == "published"
    assert keeper.current() == tried["version"]
    told = keeper("GET", "/checklists/T2/versions")[1]["versions"]
    assert [(one["version"], one["retired_at"] is None) for one in told] == [
        (tried["version"], True),
        (shipped, False),
    ]
    found = keeper("GET", f"/checklist-differences?old={shipped}&new=T2")[1]["items"]
    assert [one["new"] for one in found if one["pointer"] == "/title_en"] == ["E-bike charging, our way"]

    assert keeper("POST", f"/checklists/{shipped}/make-current")[0] == 200
    assert keeper.current() == shipped


def test_a_planned_version_becomes_current_on_its_day_unless_it_is_withdrawn(keeper: Keeper) -> None:
    shipped = keeper.current()
    day = (keeper.today + timedelta(days=3)).isoformat()
    status, kept = keeper.take_in(own_version(), starts_on=day)
    assert (status, kept["outcome"]) == (200, "planned")
    again = keeper.take_in(own_version("another"), starts_on=day)
    assert (again[0], again[1]["type"]) == (409, "/problems/checklist-plan-stands")
    [plan] = keeper("GET", "/checklist-plans")[1]["items"]
    assert keeper("POST", f"/checklist-plans/{plan['plan_id']}/withdraw")[0] == 200
    assert publish_due(work_on(keeper.county, 3)) == 0

    keeper.take_in(own_version(), starts_on=day)
    assert publish_due(work_on(keeper.county, 2)) == 0
    assert keeper.current() == shipped
    assert publish_due(work_on(keeper.county, 3)) == 1

    assert keeper.current() == kept["version"]
    outcomes = [one["outcome"] for one in keeper("GET", "/checklists/T2/versions")[1]["plans"]]
    assert sorted(outcomes) == ["published", "withdrawn"]
    for attack in ("SET starts_on = '2020-01-01'", "SET outcome = NULL, ended_at = NULL"):
        with pytest.raises(DBAPIError), keeper.county.transaction() as session:
            session.execute(text(f"UPDATE server.checklist_plan {attack}"))


def test_every_fault_of_a_document_names_the_item_that_it_lies_in(keeper: Keeper) -> None:
    document = own_version()
    document["items"][1]["judgements"][0]["category"] = "moon_dust"
    document["items"][2]["type"] = "guess"

    status, tried = keeper.take_in(document, dry_run=True)
    assert status == 200
    assert {(one["item"], one["pointer"]) for one in tried["faults"]} >= {
        ("charging_in_hall_or_stairs", "/items/1/judgements/0/category"),
        ("batteries_in_rooms", "/items/2/type"),
    }

    status, refused = keeper.take_in(document)
    assert (status, refused["type"]) == (422, "/problems/invalid-input")
    assert "/document/items/2/type" in {one["pointer"] for one in refused["errors"]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"document": "T2"}, 422),
        ({"document": {"code": "T2"}}, 422),
        ({"document": {"code": "T2", "items": [[[]]]}}, 422),
        ({"document": {"version": "sha256:0", **own_version()}}, 422),
        ({"document": own_version("a\0b")}, 422),
        ({"document": own_version(), "starts_on": "2020-01-01"}, 422),
        ({"document": own_version(), "starts_on": "soon"}, 422),
        ({"document": own_version(), "note": 1}, 422),
    ],
)
def test_what_is_no_checklist_is_refused_and_nothing_is_stored(
    keeper: Keeper, body: dict[str, Any], status: int
) -> None:
    before = keeper.current()

    assert keeper("POST", "/checklists", body)[0] == status

    assert keeper.current() == before
    assert keeper("GET", "/checklists/T99/versions")[0] == 404


def test_what_no_reader_can_take_is_refused_without_a_fault_of_the_server(keeper: Keeper) -> None:
    deep = '{"document": {"code": "T2", "items": ' + "[" * 5000 + "]" * 5000 + "}}"

    answer = keeper.client.post(
        "/api/v1/checklists", data=deep, content_type="application/json", headers=keeper.headers
    )

    assert answer.status_code in (400, 422)
    assert keeper("GET", "/checklists/%00/versions")[0] == 404
