"""Part 4 upon what planners draw: buildings, entrances, open ground, fire lanes, footways, gates."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from geo.datum import from_wgs84
from tests.build import County, a_community_in, a_person, a_point_in
from tests.integration.maps.ogc.conftest import Asking

SHAPES = {
    "buildings": "Polygon",
    "entrances": "Point",
    "open-ground": "Polygon",
    "fire-lanes": "Polygon",
    "footways": "LineString",
    "gates": "Point",
}


@pytest.fixture
def planner(boss: Asking, county: County) -> Asking:
    with county.transaction() as session:
        return Asking(boss.client, county, a_person(session, "planner", "construction_hq"))


def _free_place(county: County) -> list[float]:
    """Return a place in a community, 8 m from every building."""
    with county.transaction() as session:
        found = session.execute(
            text(
                "SELECT ST_X(p), ST_Y(p) FROM geo.community c, LATERAL (SELECT (ST_Dump("
                "ST_GeneratePoints(c.geom, 40, 1))).geom AS p) g WHERE c.community_id = :id AND NOT EXISTS"
                " (SELECT FROM geo.building b WHERE ST_DWithin(b.geom::geography, p::geography, 8)) LIMIT 1"
            ),
            {"id": a_community_in(session)},
        ).one()
    return [round(one, 7) for one in found]


def _shape(kind: str, at: list[float], far: float = 0.00003) -> dict[str, Any]:
    (x, y), d = at, far
    square = [[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]]
    places: dict[str, Any] = {"Point": at, "LineString": [[x, y], [x + d, y + d]], "Polygon": [square]}
    return {"type": kind, "coordinates": places[kind]}


def _feature(shape: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape, "properties": properties}


def _written(planner: Asking, layer: str, feature: dict[str, Any]) -> str:
    answer = planner.ask(f"/collections/{layer}/items", "POST", json=feature)
    assert answer.status_code == 201, answer.text
    return f"/collections/{layer}/items/{answer.get_json(force=True)['id']}"


def test_each_is_created_replaced_changed_and_taken_away_under_its_etag(
    planner: Asking, county: County
) -> None:
    at = _free_place(county)
    building = _written(planner, "buildings", _feature(_shape("Polygon", at), name="9号楼", floors=6))
    assert planner.told(building)["properties"]["community_name"]
    for layer, kind in SHAPES.items():
        beside = [at[0] + 0.00008, at[1]] if kind == "Polygon" else at

        path = _written(planner, layer, _feature(_shape(kind, beside), name="甲"))

        first = planner.ask(path).headers["ETag"]
        body = _feature(_shape(kind, beside), name="乙")
        assert planner.ask(path, "PUT", json=body).status_code == 428
        done = planner.ask(path, "PUT", json=body, headers={"If-Match": first})
        assert done.status_code == 204, done.text
        again = planner.ask(path, "DELETE", headers={"If-Match": first})
        assert again.status_code == 412
        patched = planner.ask(
            path, "PATCH", json={"properties": {"name": "丙"}}, headers={"If-Match": done.headers["ETag"]}
        )
        assert patched.status_code == 204, patched.text
        told = planner.told(path)["properties"]
        assert (told["name"], told["version"]) == ("丙", 3), layer
        assert told["community_id"] is not None, layer
        gone = planner.ask(path, "DELETE", headers={"If-Match": patched.headers["ETag"]})
        assert gone.status_code == 204, gone.text
        planner.refused(path, 404)


def test_tablets_hear_of_buildings_and_their_entrances(planner: Asking, county: County) -> None:
    at = _free_place(county)
    building = _written(planner, "buildings", _feature(_shape("Polygon", at), name="9号楼"))
    building_id = building.rpartition("/")[2]

    entrance = _written(planner, "entrances", _feature(_shape("Point", at), name="1单元"))

    def body() -> Any:
        with county.transaction() as session:
            found = "SELECT body FROM sync.entity_state WHERE entity = 'building' AND entity_id = :id"
            return session.execute(text(found), {"id": building_id}).scalar()

    assert "1单元" in str(body())
    refused = planner.ask(building, "DELETE", headers={"If-Match": "*"})
    assert refused.get_json(force=True)["type"] == "/problems/still-referred"
    assert planner.ask(entrance, "DELETE", headers={"If-Match": "*"}).status_code == 204
    assert "1单元" not in str(body())
    assert planner.ask(building, "DELETE", headers={"If-Match": "*"}).status_code == 204
    with county.transaction() as session:
        alive = "SELECT bool_or(alive) FROM sync.bucket_entry WHERE entity = 'building' AND entity_id = :id"
        assert session.execute(text(alive), {"id": building_id}).scalar() is False


def test_what_cannot_lie_there_is_told_with_its_reason(planner: Asking, county: County) -> None:
    at = _free_place(county)
    with county.transaction() as session:
        community_id = str(a_community_in(session))
        house = session.execute(
            text(
                "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) p FROM geo.building LIMIT 1) b"
            )
        ).one()
    shifted = [float(one[0]) for one in from_wgs84([at[0]], [at[1]], "gcj02")]
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}

    def told(layer: str, feature: dict[str, Any]) -> str:
        answer = planner.ask(f"/collections/{layer}/items", "POST", json=feature)
        assert answer.status_code == 422, answer.text
        problem = answer.get_json(force=True)
        assert "/data" not in problem["detail"]
        return f"{problem['errors'][0]['pointer']} {problem['errors'][0]['detail']}"

    ground = _feature(_shape("Polygon", shifted), community_id=community_id)
    assert "as gcj02 it would lie there" in told("open-ground", ground)
    assert "overlaps another building" in told("buildings", _feature(_shape("Polygon", list(house))))
    assert "a fire lane must be free" in told("fire-lanes", _feature(_shape("Polygon", list(house))))
    assert "/properties/building_id" in told("entrances", _feature(_shape("Point", [117.21, 35.9]), name="1"))
    assert told("gates", _feature(_shape("Point", at), kind="tunnel")).startswith("/properties/kind")
    assert told("footways", _feature(_shape("Polygon", at))).startswith("/geometry")
    assert told("buildings", _feature(crossed)).startswith("/geometry")
    assert told("buildings", _feature(_shape("Polygon", at[::-1]))).startswith("/geometry")


def test_who_reaches_over_a_subdistrict_writes_there_alone(planner: Asking, county: County) -> None:
    with county.transaction() as session:
        leader = Asking(planner.client, county, a_person(session, "shift_leader", "sihe_subdistrict"))
        worker = Asking(
            planner.client, county, a_person(session, "grid_worker", None, cells=["370831001003001"])
        )
        found = "SELECT community_id FROM geo.community WHERE starts_with(neighbourhood_code, :code) LIMIT 1"
        at, own = (
            list(a_point_in(session, session.execute(text(found), {"code": code}).scalar_one()))
            for code in ("370831002", "370831001")
        )
    gate = "/collections/gates/items"

    assert leader.ask(gate, "POST", json=_feature(_shape("Point", own))).status_code == 201
    assert leader.ask(gate, "POST", json=_feature(_shape("Point", at))).status_code == 403
    assert leader.ask(gate, "POST", json=_feature(_shape("Point", [117.45, 35.62]))).status_code == 403
    assert worker.ask(gate, "POST", json=_feature(_shape("Point", own))).status_code == 403
