"""Edits of communities and facilities from tablets: applied, merged, in conflict, held, refused."""

from __future__ import annotations

from typing import Any

import pytest

from sync.entity import cell_bucket
from tests.build import County, a_person, a_worker
from tests.integration.communities.fieldwork import Field, assert_refused
from tests.integration.ledger.acting import a_mutation, an_id


@pytest.fixture
def field(county: County) -> Field:
    return Field(county)


def test_a_field_that_nobody_else_touched_is_applied_and_travels(field: Field) -> None:
    households, version = field.one(
        "SELECT households, version FROM geo.community WHERE community_id = :id", id=field.community_id
    )

    outcome = field.edit("community.edit", field.community_id, {"households": (households, households + 5)})

    assert (outcome.status, outcome.version) == ("applied", version + 1)
    body, mid = field.one(
        "SELECT body, mid FROM sync.entity_state WHERE entity = 'community' AND entity_id = :id",
        id=str(field.community_id),
    )
    assert body["households"] == households + 5
    assert mid is not None


def test_of_two_edits_of_one_field_the_later_stands_and_the_other_is_listed(field: Field) -> None:
    facility_id, _ = field.facility()
    field.edit("facility.edit", facility_id, {"name": ("1号梯", "东侧梯")})

    outcome = field.edit("facility.edit", facility_id, {"name": ("1号梯", "一号电梯")}, field.other)

    assert (outcome.status, outcome.version) == ("merged", 3)
    assert field.listed(facility_id) == [("field", "name", "1号梯", "一号电梯", "东侧梯")]


def test_two_tablets_tell_different_facts_of_a_lift_and_both_hold(field: Field) -> None:
    facility_id, _ = field.facility(attributes={"stops": 9, "maintainer": "泗水电梯"})
    seen = {"stops": 9, "maintainer": "泗水电梯"}

    first = field.edit("facility.edit", facility_id, {"attributes": (seen, {**seen, "stops": 11})})
    second = field.edit(
        "facility.edit", facility_id, {"attributes": (seen, {**seen, "maintainer": "济宁电梯"})}, field.other
    )

    assert [(one.status, one.version) for one in (first, second)] == [("applied", 2), ("applied", 3)]
    assert not field.listed(facility_id)
    body, _ = field.one(
        "SELECT body, mid FROM sync.entity_state WHERE entity = 'facility' AND entity_id = :id",
        id=str(facility_id),
    )
    assert body["attributes"] == {"stops": 11, "maintainer": "济宁电梯"}


def test_two_tablets_tell_one_fact_differently_and_that_one_is_listed(field: Field) -> None:
    facility_id, _ = field.facility(attributes={"stops": 9})
    field.edit("facility.edit", facility_id, {"attributes": ({"stops": 9}, {"stops": 11})})

    outcome = field.edit(
        "facility.edit",
        facility_id,
        {"attributes": ({"stops": 9}, {"stops": 10, "remark": "东侧"})},
        field.other,
    )

    assert outcome.status == "merged"
    assert [one.pointer for one in outcome.warnings] == ["/data/fields/attributes/new/stops"]
    assert field.listed(facility_id) == [("field", "attributes", 9, 10, 11)]
    assert field.one("SELECT fact FROM sync.conflict WHERE entity_id = :id", id=facility_id) == ("stops",)


def test_facts_that_are_too_many_together_are_refused(field: Field) -> None:
    facility_id, _ = field.facility(attributes={f"a{number}": 1 for number in range(60)})

    outcome = field.edit(
        "facility.edit", facility_id, {"attributes": ({}, {f"b{number}": 1 for number in range(60)})}
    )

    assert_refused(outcome, "/data/fields/attributes/new")


def test_the_same_value_twice_is_applied_once(field: Field) -> None:
    facility_id, _ = field.facility()

    first = field.edit("facility.edit", facility_id, {"name": ("1号梯", "东侧梯")})
    second = field.edit("facility.edit", facility_id, {"name": ("1号梯", "东侧梯")}, field.other)

    assert [(one.status, one.version) for one in (first, second)] == [("applied", 2), ("applied", 2)]
    assert not field.listed(facility_id)


def test_two_moved_shapes_are_a_conflict_with_both_kept(field: Field) -> None:
    facility_id, _ = field.facility()
    lon, lat = (round(one, 7) for one in field.point)
    here, there, yonder = ({"lon": lon + east, "lat": lat} for east in (0, 0.0001, 0.0002))
    field.edit("facility.edit", facility_id, {"location": (here, there)})

    outcome = field.edit(
        "facility.edit", facility_id, {"location": (here, yonder), "name": ("1号梯", "2号梯")}, field.other
    )

    assert (outcome.status, outcome.version) == ("conflict", 2)
    assert outcome.problem is not None
    assert outcome.problem["type"] == "/problems/edited-meanwhile"
    assert outcome.current is not None
    assert outcome.current["lon"] == pytest.approx(there["lon"])
    assert [row[:2] for row in field.listed(facility_id)] == [("geometry", "location"), ("not_done", "name")]


def test_what_one_removed_the_other_cannot_edit(field: Field) -> None:
    facility_id, _ = field.facility()
    assert field.edit("facility.edit", facility_id, {"removed": (False, True)}).status == "applied"

    outcome = field.edit("facility.edit", facility_id, {"name": ("1号梯", "2号梯")}, field.other)

    assert outcome.status == "conflict"
    assert field.listed(facility_id) == [("deleted", "name", "1号梯", "2号梯", "1号梯")]
    assert field.one(
        "SELECT bool_or(alive) FROM sync.bucket_entry WHERE entity = 'facility' AND entity_id = :id",
        id=str(facility_id),
    ) == (False,)


def test_what_another_edited_meanwhile_is_not_removed_unseen(field: Field) -> None:
    facility_id, _ = field.facility()
    field.edit("facility.edit", facility_id, {"name": ("1号梯", "2号梯")})

    outcome = field.edit("facility.edit", facility_id, {"removed": (False, True)}, field.other, version=1)

    assert outcome.status == "conflict"
    assert field.listed(facility_id) == [("deleted", "removed", False, True, False)]


def test_a_tablet_removes_what_it_edited_itself_before(field: Field) -> None:
    facility_id, _ = field.facility()
    edits = (
        {"name": {"old": "1号梯", "new": "2号梯"}},
        {"removed": {"old": False, "new": True}},
    )

    outcomes = field.push(
        field.worker, *(a_mutation("facility.edit", facility_id, {"fields": one}, 1) for one in edits)
    )

    assert [one.status for one in outcomes] == ["applied", "applied"]


def test_an_outline_that_is_drawn_moves_the_community_into_its_cells(field: Field) -> None:
    lon, lat = field.point
    outline = field.one(
        "SELECT ST_AsGeoJSON(geom, 7)::json FROM geo.community WHERE community_id = :id",
        id=field.community_id,
    )[0]
    ring = [[lon, lat], [lon + 0.001, lat], [lon + 0.001, lat + 0.001], [lon, lat + 0.001], [lon, lat]]

    outcome = field.edit(
        "community.edit",
        field.community_id,
        {"geometry": (outline, {"type": "Polygon", "coordinates": [ring]})},
    )

    assert outcome.status == "applied"
    area, cells = field.one(
        "SELECT ST_Area(c.geom::geography), (SELECT sum(area_m2) FROM geo.community_cell k"
        " WHERE k.community_id = c.community_id) FROM geo.community c WHERE community_id = :id",
        id=field.community_id,
    )
    assert cells <= area * 1.001
    assert 9_000 < area < 11_000


def test_an_edit_of_what_has_not_arrived_waits(field: Field) -> None:
    assert field.edit("facility.edit", an_id(), {"name": ("a", "b")}).status == "held"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": {"old": "1号梯", "new": ""}}, "/data/fields/name/new"),
        ({"name": {"old": "1号梯", "new": 7}}, "/data/fields/name/new"),
        ({"name": {"old": "1号梯", "new": "a\0b"}}, "/data/fields/name/new"),
        ({"name": "新名"}, "/data/fields/name"),
        ({"name": {"new": "新名"}}, "/data/fields/name"),
        ({"colour": {"old": 1, "new": 2}}, "/data/fields"),
        ({}, "/data/fields"),
        ([], "/data/fields"),
        (None, "/data/fields"),
        ({"location": {"old": {}, "new": {"lon": 35.6, "lat": 117.2}}}, "/data/fields/location/new/lon"),
        ({"location": {"old": {}, "new": {"lon": 120.0, "lat": 30.0}}}, "/data/fields/location/new"),
        ({"location": {"old": {}, "new": "here"}}, "/data/fields/location/new"),
        ({"attributes": {"old": {}, "new": {"deep": {"er": 1}}}}, "/data/fields/attributes/new"),
        ({"kind": {"old": "lift", "new": "A lift"}}, "/data/fields/kind/new"),
        ({"removed": {"old": False, "new": "yes"}}, "/data/fields/removed/new"),
    ],
)
def test_a_facility_is_not_edited_by_what_cannot_be_read(field: Field, fields: Any, pointer: str) -> None:
    facility_id, _ = field.facility()

    [outcome] = field.push(field.worker, a_mutation("facility.edit", facility_id, {"fields": fields}))

    assert_refused(outcome, pointer)


SQUARE = [[[117.2, 35.6], [117.3, 35.6], [117.3, 35.7], [117.2, 35.7], [117.2, 35.6]]]


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("households", -1),
        ("households", True),
        ("households", 3.5),
        ("kind", "castle"),
        ("built_year", 1),
        ("warranty_until", "tomorrow"),
        ("geometry", {"type": "Point", "coordinates": [117.2, 35.6]}),
        ("geometry", {"type": "Polygon", "coordinates": "here"}),
        ("geometry", {"type": "Polygon", "coordinates": []}),
        ("geometry", {"type": "Polygon", "coordinates": [[[117.2, 35.6], [117.3, 35.7]]]}),
        (
            "geometry",
            {"type": "Polygon", "coordinates": [[[117.2, 35.6], [None, 35.6], [1, 1], [117.2, 35.6]]]},
        ),
        (
            "geometry",
            {
                "type": "Polygon",
                "coordinates": [[[117.2, 35.6], [117.3, 35.7], [117.3, 35.6], [117.2, 35.7], [117.2, 35.6]]],
            },
        ),
        ("geometry", {"type": "Polygon", "coordinates": [[[y, x] for x, y in SQUARE[0]]]}),
        ("geometry", {"type": "MultiPolygon", "coordinates": SQUARE}),
    ],
)
def test_a_community_is_not_edited_by_what_cannot_be_read(field: Field, name: str, new: Any) -> None:
    outcome = field.edit("community.edit", field.community_id, {name: (None, new)})

    assert_refused(outcome, f"/data/fields/{name}/new")


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"community_id": "none"}, "/data/community_id"),
        ({"community_id": str(an_id())}, "/data/community_id"),
        ({"kind": None}, "/data/kind"),
        ({"name": " "}, "/data/name"),
        ({"location": None}, "/data/location"),
        ({"building_id": str(an_id())}, "/data/building_id"),
        ({"attributes": []}, "/data/attributes"),
        ({"registration_code": ""}, "/data/registration_code"),
    ],
)
def test_a_facility_that_cannot_be_read_is_not_created(
    field: Field, data: dict[str, Any], pointer: str
) -> None:
    _, outcome = field.facility(**data)

    assert_refused(outcome, pointer)


def test_a_facility_is_created_once_and_stands_in_the_cells_of_its_community(field: Field) -> None:
    facility_id, outcome = field.facility(registration_code="电梯37", attributes={"floors": 18}, colour="red")

    assert outcome.status == "applied"
    assert [warning.type for warning in outcome.warnings] == ["unknown-field"]
    assert field.one(
        "SELECT bucket, alive FROM sync.bucket_entry"
        " WHERE entity = 'facility' AND entity_id = :id AND bucket = :cell",
        id=str(facility_id),
        cell=cell_bucket(field.cell),
    ) == (cell_bucket(field.cell), True)
    again = a_mutation("facility.create", facility_id, {"community_id": str(field.community_id)})
    [second] = field.push(field.other, again)
    assert second.status == "conflict"
    _, taken = field.facility(registration_code="电梯37")
    assert_refused(taken, "/data/registration_code")


def test_facilities_are_listed_within_reach_page_by_page(field: Field, county: County) -> None:
    ids = {str(field.facility(kind="test_lift")[0]) for _ in range(3)}
    with county.transaction() as session:
        far = a_person(session, "dispatcher", "jihe_subdistrict")

    with county.client() as client:
        path = f"/api/v1/facilities?kind=test_lift&limit=2&community_id={field.community_id}"
        first: Any = client.get(path, headers=county.bearer(field.worker)).json
        rest: Any = client.get(f"{path}&cursor={first['next']}", headers=county.bearer(field.worker)).json
        unseen: Any = client.get(path, headers=county.bearer(far)).json
        odd = client.get(f"{path}&cursor=WyJhIiwiYiJd", headers=county.bearer(field.worker))

    assert {one["facility_id"] for one in (*first["items"], *rest["items"])} == ids
    assert rest["next"] is None
    assert unseen["items"] == []
    assert odd.status_code in (400, 422)


def test_who_walks_elsewhere_or_has_no_right_may_not_edit(field: Field, county: County) -> None:
    with county.transaction() as session:
        elsewhere = a_worker(session, ["370831002008001"])
        strangers = [elsewhere, a_person(session, "department", "housing_bureau")]
    told = {"fields": {"households": {"old": 1, "new": 2}}}

    outcomes = [
        field.push(one, a_mutation("community.edit", field.community_id, told), scope=False)[0]
        for one in strangers
    ]

    assert [(one.status, one.problem and one.problem["type"]) for one in outcomes] == [
        ("rejected", "/problems/not-yours")
    ] * 2
