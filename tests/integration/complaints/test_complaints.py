"""Complaints: taken in once, with whom to call back, listed within reach."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from server.auth.actor import Actor
from sync.mutations import Outcome
from tests.build import County, a_person
from tests.integration.communities.fieldwork import Field, assert_refused
from tests.integration.ledger.acting import a_digest, a_mutation, an_id


@pytest.fixture
def field(county: County) -> Field:
    return Field(county)


def take(field: Field, complaint_id: UUID | None = None, **data: Any) -> tuple[UUID, Outcome]:
    taken = complaint_id or an_id()
    body = {"community_id": str(field.community_id), "description": "电梯多次困人", **data}
    [outcome] = field.push(field.worker, a_mutation("complaint.create", taken, body))
    return taken, outcome


def listed(county: County, actor: Actor, **query: Any) -> Any:
    with county.client() as client:
        return client.get("/api/v1/complaints", query_string=query, headers=county.bearer(actor))


def test_a_complaint_is_listed_for_the_street_and_for_who_took_it(field: Field, county: County) -> None:
    lon, lat = field.point
    complaint_id, outcome = take(
        field,
        channel="phone",
        contact={"name": "张女士", "phone": "0537-4220000"},
        location={"lon": lon, "lat": lat, "accuracy_m": 8, "datum": "wgs84"},
        photos=[a_digest()],
        mood="angry",
    )
    with county.transaction() as session:
        near = a_person(session, "dispatcher", field.worker.unit_code)
        far = a_person(session, "dispatcher", "jihe_subdistrict")
        planner = a_person(session, "planner", "construction_hq")

    assert (outcome.status, [one.type for one in outcome.warnings]) == ("applied", ["unknown-field"])
    for actor in (near, field.worker):
        [one] = listed(county, actor, channel="phone").json["items"]
        assert one["complaint_id"] == str(complaint_id)
        assert one["has_contact"]
        assert "0537" not in str(one)
        assert one["evidence"] == {"expected": 1, "received": 0, "missing": 1}
        assert one["grid_cell_code"]
    assert listed(county, far).json["items"] == []
    assert listed(county, field.other).json["items"] == []
    assert listed(county, near, channel="letter").json["items"] == []
    assert listed(county, planner).status_code == 403


def test_a_second_complaint_under_one_id_is_a_conflict(field: Field) -> None:
    complaint_id, _ = take(field)

    _, again = take(field, complaint_id, description="另一件事")

    assert again.status == "conflict"
    assert again.current is not None
    assert len(again.current["content_sha256"]) == 64


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"community_id": None}, "/data/community_id"),
        ({"community_id": str(an_id())}, "/data/community_id"),
        ({"description": " "}, "/data/description"),
        ({"description": 7}, "/data/description"),
        ({"channel": "pigeon"}, "/data/channel"),
        ({"category": "noise_of_stars"}, "/data/category"),
        ({"contact": "me"}, "/data/contact"),
        ({"contact": {"phone": 5}}, "/data/contact/phone"),
        ({"location": []}, "/data/location"),
        ({"location": {"lon": 35.6, "lat": 117.3}}, "/data/location"),
        ({"photos": ["x"]}, "/data/photos/0"),
    ],
)
def test_a_complaint_that_cannot_be_read_is_refused(field: Field, data: dict[str, Any], pointer: str) -> None:
    _, outcome = take(field, **data)

    assert_refused(outcome, pointer)
