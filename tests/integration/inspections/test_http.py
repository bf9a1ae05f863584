"""Inspections over HTTP: lists, one in detail, and who sees which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server.auth.actor import Actor
from tests.build import a_person, a_worker
from tests.integration.inspections.making import an_inspection, push
from tests.integration.ledger.acting import Cast, an_id


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as opened:
        yield opened


def get(cast: Cast, client: FlaskClient, actor: Actor, path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1{path}", headers=cast.county.bearer(actor))
    assert answer.status_code == status, answer.text
    return answer.json


def test_an_inspection_is_listed_and_shown_with_its_cases(
    cast: Cast, client: FlaskClient, version: str
) -> None:
    mutation = an_inspection(cast, version)
    push(cast, [mutation])

    [listed] = get(cast, client, cast.dispatcher, "/inspections")["items"]
    shown = get(cast, client, cast.dispatcher, f"/inspections/{mutation.entity_id}")

    assert listed["inspection_id"] == shown["inspection_id"] == str(mutation.entity_id)
    assert shown["checklist"] == "T2"
    assert shown["answers"] == mutation.data["answers"]
    assert shown["location_sent"] == mutation.data["location"]
    assert len(shown["case_ids"]) == 1
    assert get(cast, client, cast.dispatcher, f"/cases/{shown['case_ids'][0]}")["inspection_id"] == str(
        mutation.entity_id
    )


def test_filters_and_pages(cast: Cast, client: FlaskClient, version: str) -> None:
    wanted = [an_inspection(cast, version) for _ in range(3)]
    for mutation in wanted:
        push(cast, [mutation])

    def found(query: str) -> int:
        return len(get(cast, client, cast.dispatcher, f"/inspections?{query}")["items"])

    assert found(f"community_id={cast.community_id}") == 3
    assert found("checklist=T2") == 3
    assert found("checklist=T1") == 0
    assert found(f"user_id={cast.worker.user_id}") == 3
    assert found("received_from=2026-11-21") == 0
    assert found("received_to=2026-11-20") == 3
    first = get(cast, client, cast.dispatcher, "/inspections?limit=2")
    rest = get(cast, client, cast.dispatcher, f"/inspections?limit=2&cursor={first['next']}")
    ids = [one["inspection_id"] for one in first["items"] + rest["items"]]
    assert ids == [str(mutation.entity_id) for mutation in wanted][::-1]


def test_everybody_sees_their_own_part(cast: Cast, client: FlaskClient, version: str) -> None:
    mutation = an_inspection(cast, version)
    push(cast, [mutation])
    with cast.county.transaction() as session:
        other = "jihe_subdistrict" if cast.dispatcher.unit_code == "sihe_subdistrict" else "sihe_subdistrict"
        far = session.execute(text("SELECT code FROM geo.grid_cell ORDER BY code DESC LIMIT 1")).scalar_one()
        blind = [a_worker(session, [far]), a_person(session, "dispatcher", other)]

    for actor in (cast.worker, cast.checker, cast.dispatcher, cast.fixer, cast.headquarters):
        assert len(get(cast, client, actor, "/inspections")["items"]) == 1
    for actor in blind:
        assert get(cast, client, actor, "/inspections")["items"] == []
        get(cast, client, actor, f"/inspections/{mutation.entity_id}", 404)


def test_unknown_and_unreadable(cast: Cast, client: FlaskClient) -> None:
    get(cast, client, cast.dispatcher, f"/inspections/{an_id()}", 404)
    get(cast, client, cast.dispatcher, "/inspections/7", 404)
    get(cast, client, cast.dispatcher, "/inspections?received_from=soon", 422)
    get(cast, client, cast.dispatcher, "/inspections?cursor=xyz", 400)
