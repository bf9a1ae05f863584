"""Charging sites: proposed and edited in the field, listed, drawn, travelling."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from server.auth.actor import Actor
from sync.entity import cell_bucket
from sync.mutations import Outcome
from tests.build import County, a_person
from tests.integration.communities.fieldwork import Field, assert_refused
from tests.integration.ledger.acting import a_digest, a_mutation, an_id


@pytest.fixture
def field(county: County) -> Field:
    return Field(county)


def propose(field: Field, actor: Actor | None = None, **data: Any) -> tuple[UUID, Outcome]:
    site_id = an_id()
    lon, lat = field.point
    body = {
        "community_id": str(field.community_id),
        "location": {"lon": lon, "lat": lat, "accuracy_m": 4, "datum": "wgs84"},
        "name": "北门车棚",
        **data,
    }
    [outcome] = field.push(actor or field.worker, a_mutation("charging_site.propose", site_id, body))
    return site_id, outcome


def test_a_proposed_site_travels_and_is_listed_and_drawn(field: Field, county: County) -> None:
    site_id, outcome = propose(field, charging_ports=20, has_shed=True, photos=[a_digest()])

    assert (outcome.status, outcome.version) == ("applied", 1)
    assert field.one(
        "SELECT alive FROM sync.bucket_entry"
        " WHERE entity = 'charging_site' AND entity_id = :id AND bucket = :bucket",
        id=str(site_id),
        bucket=cell_bucket(field.cell),
    ) == (True,)
    with county.transaction() as session:
        planner = a_person(session, "planner", "construction_hq")
    with county.client() as client:
        headers = county.bearer(planner)
        listed: Any = client.get(f"/api/v1/charging-sites?community_id={field.community_id}", headers=headers)
        drawn: Any = client.get("/api/v1/map/charging-sites.geojson", headers=headers)
        elsewhere: Any = client.get("/api/v1/charging-sites?status=in_service", headers=headers)
    [site] = listed.json["items"]
    assert (site["site_id"], site["status"], site["charging_ports"]) == (str(site_id), "proposed", 20)
    assert [one["id"] for one in drawn.json["features"]] == [str(site_id)]
    assert elsewhere.json["items"] == []


def test_edits_of_a_site_merge_and_it_can_be_removed(field: Field) -> None:
    site_id, _ = propose(field, charging_ports=10)
    edits: list[tuple[str, Any, Any, Actor]] = [
        ("charging_ports", 10, 12, field.worker),
        ("charging_ports", 10, 16, field.other),
        ("has_shed", None, True, field.worker),
        ("removed", False, True, field.worker),
        ("note", "", "不见了", field.other),
    ]

    outcomes = [
        field.edit("charging_site.edit", site_id, {name: (old, new)}, who) for name, old, new, who in edits
    ]

    assert [one.status for one in outcomes] == ["applied", "merged", "applied", "applied", "conflict"]
    assert [row[:2] for row in field.listed(site_id)] == [("field", "charging_ports"), ("deleted", "note")]


def test_a_site_is_proposed_once(field: Field) -> None:
    site_id, _ = propose(field)
    [again] = field.push(field.other, a_mutation("charging_site.propose", site_id, {}))

    assert again.status == "conflict"
    assert again.current is not None
    assert again.current["name"] == "北门车棚"


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"community_id": str(an_id())}, "/data/community_id"),
        ({"community_id": 7}, "/data/community_id"),
        ({"location": None}, "/data/location"),
        ({"location": {"lon": 35.6, "lat": 117.3}}, "/data/location"),
        ({"location": {"lon": 117.3, "lat": float(10**6)}}, "/data/location"),
        ({"location": {"lon": 117.3, "lat": 35.6, "datum": "mars"}}, "/data/location"),
        ({"status": "planned"}, "/data/status"),
        ({"charging_ports": -1}, "/data/charging_ports"),
        ({"has_shed": "yes"}, "/data/has_shed"),
        ({"name": "a\0"}, "/data/name"),
        ({"photos": ["short"]}, "/data/photos"),
    ],
)
def test_a_site_that_cannot_be_read_is_refused(field: Field, data: dict[str, Any], pointer: str) -> None:
    _, outcome = propose(field, **data)

    assert_refused(outcome, pointer)


def test_who_has_no_right_there_may_not_propose(field: Field, county: County) -> None:
    with county.transaction() as session:
        dispatcher = a_person(session, "dispatcher", "jihe_subdistrict")

    _, outcome = propose(field, dispatcher)

    assert outcome.status == "rejected"
