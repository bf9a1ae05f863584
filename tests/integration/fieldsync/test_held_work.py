"""Real work that is held: beyond its worker's cells, by a checklist not published yet, on an unknown case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from checklists.document import template_from_document
from server import queue, wiring
from server.auth.actor import Actor
from server.fieldsync.rules import RELEASE
from server.programme import publishing, queries
from server.work import Work
from tests.build import County, actor_of
from tests.integration.inspections.making import inspection_data, version_of_checklist
from tests.integration.ledger.acting import Cast, a_cast, an_id
from tests.integration.sync.pushing import an_item


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as opened:
        yield opened


def a_tablet(cast: Cast) -> Actor:
    """Enrol a tablet of the worker that has pulled nothing yet."""
    device_id = an_id()
    with cast.county.transaction() as session:
        session.execute(
            text(
                "INSERT INTO server.device (device_id, user_id, name, platform, app_version, enrolled_at)"
                " VALUES (:device_id, :user_id, 't', '', '', '2026-01-01T00:00:00Z')"
            ),
            {"device_id": device_id, "user_id": cast.worker.user_id},
        )
        return actor_of(session, cast.worker.user_id, device_id)


def push(cast: Cast, client: FlaskClient, tablet: Actor, *items: dict[str, Any]) -> list[dict[str, Any]]:
    told = {"device_id": str(tablet.device_id), "first_seq": items[0]["seq"], "mutations": list(items)}
    answer = client.post("/sync/v1/push", json=told, headers=cast.county.bearer(tablet))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["results"] if answer.json else []
    return found


def an_inspection(cast: Cast, seq: int, **data: Any) -> dict[str, Any]:
    version = data.pop("version", None) or version_of_checklist(cast)
    return an_item(seq, type="inspection.create", data=inspection_data(cast, version, **data))


def work(cast: Cast) -> None:
    with queue.connect(cast.county.settings.redis_url) as redis:
        wiring.JOBS[RELEASE](Work(cast.county.database, cast.county.settings, redis, datetime.now(UTC)))


def outcomes(cast: Cast, client: FlaskClient, tablet: Actor) -> dict[int, str]:
    page = client.get("/sync/v1/pull", query_string={"limit": 5000}, headers=cast.county.bearer(tablet)).json
    assert page is not None
    return {op["data"]["seq"]: op["data"]["status"] for op in page["ops"] if op["entity"] == "outcome"}


def count(cast: Cast, sql: str, **bound: Any) -> int:
    with cast.county.transaction() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {sql}"), bound).scalar_one())


def test_an_inspection_beyond_the_workers_cells_is_decided_by_the_shift_leader(
    cast: Cast, client: FlaskClient
) -> None:
    tablet = a_tablet(cast)
    with cast.county.transaction() as session:
        sql = "SELECT community_id FROM geo.community WHERE neighbourhood_code LIKE '370831002%' LIMIT 1"
        elsewhere = session.execute(text(sql)).scalar_one()
    item = an_inspection(cast, 1, community_id=str(elsewhere), location=None)
    [held] = push(cast, client, tablet, item)
    work(cast)
    office = cast.county.bearer(cast.shift_leader)

    page = client.get("/api/v1/sync/held", headers=office).json
    assert page is not None
    [shown] = page["items"]
    path = f"/api/v1/sync/held/{tablet.device_id}/1/resolve"
    answer = client.post(path, json={"action": "apply", "reason": "he stood in"}, headers=office)

    assert (held["status"], shown["waits_for"]) == ("held", ["leader"])
    assert answer.status_code == 200, answer.text
    assert count(cast, "server.inspection WHERE started_at = '2026-11-20T09:00:00+08:00'") == 1
    assert count(cast, 'server."case" WHERE community_id = :id', id=elsewhere) == 1
    assert outcomes(cast, client, tablet) == {1: "applied"}


def test_an_inspection_by_a_checklist_that_is_published_later_is_taken_then(
    cast: Cast, client: FlaskClient
) -> None:
    tablet = a_tablet(cast)
    with cast.county.transaction() as session:
        stored = queries.checklist(session, "T2")
        assert stored is not None
        newer = {**stored.document, "title_en": "A newer one"}
    version = template_from_document(newer).version
    [held] = push(cast, client, tablet, an_inspection(cast, 1, version=version))
    work(cast)
    before = outcomes(cast, client, tablet)

    with cast.county.transaction() as session:
        publishing.publish(session, newer, file="t2.json", actor=None, now=datetime.now(UTC))
    work(cast)

    assert (held["status"], before) == ("held", {})
    assert outcomes(cast, client, tablet) == {1: "applied"}


def test_photos_and_notes_on_a_case_that_arrives_later_follow_it(cast: Cast, client: FlaskClient) -> None:
    tablet, other = a_tablet(cast), a_tablet(cast)
    case_id = str(an_id())
    note = an_item(1, type="case.note", entity_id=case_id, data={"text": "seen"})
    photos = an_item(2, type="photo.attach", entity_id=case_id, data={"photos": [{"sha256": "9f" * 32}]})
    report = an_item(
        1,
        type="case.report",
        entity_id=case_id,
        data={
            "category": "parking_disorderly",
            "severity": "C",
            "community_id": str(cast.community_id),
            "location": cast.location(),
            "description": "two rows",
            "photos": [],
        },
    )
    outcomes(cast, client, tablet)
    first = push(cast, client, tablet, note, photos)
    second = push(cast, client, other, report)
    work(cast)

    assert [one["status"] for one in first] == ["held", "held"]
    assert [one["status"] for one in second] == ["applied"], second
    assert outcomes(cast, client, tablet) == {1: "applied", 2: "applied"}
    assert count(cast, "server.photo_claim WHERE entity_id = :id", id=UUID(case_id)) == 1
