"""Part 4: planners create, replace, change and take away features, each by its room's own service."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.build import County, a_community_in, a_person, a_point_in, a_worker
from tests.integration.maps.ogc.conftest import Asking

SITES = "/collections/charging-sites/items"
FACILITIES = "/collections/facilities/items"
COMMUNITIES = "/collections/communities/items"
CRS_4548 = "<http://www.opengis.net/def/crs/EPSG/0/4548>"


@pytest.fixture
def planner(boss: Asking, county: County) -> Asking:
    with county.transaction() as session:
        return Asking(boss.client, county, a_person(session, "planner", "construction_hq"))


def _point(county: County) -> list[float]:
    with county.transaction() as session:
        lon, lat = a_point_in(session, a_community_in(session))
    return [round(lon, 7), round(lat, 7)]


def _feature(place: list[float] | None, **properties: Any) -> dict[str, Any]:
    shape = None if place is None else {"type": "Point", "coordinates": place}
    return {"type": "Feature", "geometry": shape, "properties": properties}


def _new_site(planner: Asking, county: County) -> str:
    answer = planner.ask(SITES, "POST", json=_feature(_point(county), name="北门车棚", charging_ports=20))
    assert answer.status_code == 201, answer.text
    return f"{SITES}/{answer.get_json(force=True)['id']}"


def test_a_new_site_is_stored_by_its_room_and_found_under_its_address(
    planner: Asking, county: County
) -> None:
    place = _point(county)

    answer = planner.ask(SITES, "POST", json=_feature(place, name="北门车棚", charging_ports=20))

    assert answer.status_code == 201, answer.text
    path = answer.headers["Location"].partition("/ogc")[2]
    found = planner.told(path)
    assert found["geometry"]["coordinates"] == place
    told = found["properties"]
    assert (told["name"], told["charging_ports"], told["status"], told["version"]) == (
        "北门车棚",
        20,
        "proposed",
        1,
    )
    with county.transaction() as session:
        wire = session.execute(
            text("SELECT 1 FROM sync.entity_state WHERE entity = 'charging_site' AND entity_id = :id"),
            {"id": found["id"]},
        ).scalar()
    assert wire == 1


def test_a_site_is_replaced_as_a_whole(planner: Asking, county: County) -> None:
    path = _new_site(planner, county)
    etag, place = planner.ask(path).headers["ETag"], _point(county)

    done = planner.ask(path, "PUT", json=_feature(place, name="南门"), headers={"If-Match": etag})

    assert done.status_code == 204, done.text
    now = planner.ask(path)
    told = now.get_json(force=True)["properties"]
    assert (told["name"], told["charging_ports"], told["version"]) == ("南门", None, 2)
    assert done.headers["ETag"] == now.headers["ETag"] != etag


def test_a_change_leaves_what_it_does_not_name(planner: Asking, county: County) -> None:
    path = _new_site(planner, county)
    etag = planner.ask(path).headers["ETag"]

    done = planner.ask(
        path,
        "PATCH",
        json={"properties": {"charging_ports": 24}},
        content_type="application/merge-patch+json",
        headers={"If-Match": etag},
    )

    assert done.status_code == 204, done.text
    told = planner.told(path)["properties"]
    assert (told["name"], told["charging_ports"], told["version"]) == ("北门车棚", 24, 2)


def test_what_is_taken_away_is_gone_from_the_map_and_kept_in_the_tables(
    planner: Asking, county: County
) -> None:
    path = _new_site(planner, county)
    etag = planner.ask(path).headers["ETag"]

    assert planner.ask(path, "DELETE", headers={"If-Match": etag}).status_code == 204

    planner.refused(path, 404)
    with county.transaction() as session:
        kept = session.execute(
            text("SELECT valid_to IS NOT NULL, version FROM server.charging_site WHERE site_id = :id"),
            {"id": path.rpartition("/")[2]},
        ).one()
    assert tuple(kept) == (True, 2)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_write_must_say_which_state_it_means_and_a_stale_one_is_refused(
    planner: Asking, county: County, method: str
) -> None:
    path, place = _new_site(planner, county), _point(county)
    body = {} if method == "DELETE" else {"json": _feature(place, name="乙")}
    stale = planner.ask(path).headers["ETag"]
    moved = planner.ask(path, "PATCH", json={"properties": {"name": "甲"}}, headers={"If-Match": stale})
    assert moved.status_code == 204

    assert planner.ask(path, method, **body).status_code == 428
    for etag in (stale, '"1"', '"nonsense"', f"W/{planner.ask(path).headers['ETag']}", ""):
        refused = planner.ask(path, method, headers={"If-Match": etag}, **body)
        assert (refused.status_code, refused.get_json(force=True)["type"]) == (
            412,
            "/problems/precondition-failed",
        )
    assert planner.told(path)["properties"]["name"] == "甲"
    assert planner.ask(path, method, headers={"If-Match": "*"}, **body).status_code == 204


def test_who_wrote_what_stands_in_the_audit_trail(planner: Asking, county: County) -> None:
    path = _new_site(planner, county)
    planner.ask(path, "PATCH", json={"properties": {"name": "新名"}}, headers={"If-Match": "*"})

    with county.transaction() as session:
        lines = session.execute(
            text("SELECT action, facts FROM server.audit_line WHERE entity_id = :id ORDER BY audit_line_id"),
            {"id": path.rpartition("/")[2]},
        ).all()
    assert [line[0] for line in lines] == ["charging_site.propose", "charging_site.edit"]
    assert (lines[1][1]["old"], lines[1][1]["new"]) == ({"name": "北门车棚"}, {"name": "新名"})


def test_a_community_s_outline_is_drawn_anew_in_metres_and_its_cells_follow(
    planner: Asking, county: County
) -> None:
    with county.transaction() as session:
        community_id = str(a_community_in(session))
    path = f"{COMMUNITIES}/{community_id}"
    metres = planner.told(path, crs=CRS_4548[1:-1])["geometry"]
    moved = [[[[x, y + 40] for x, y in ring] for ring in part] for part in metres["coordinates"]]

    done = planner.ask(
        path,
        "PATCH",
        json={"geometry": {"type": "MultiPolygon", "coordinates": moved}},
        headers={"If-Match": planner.ask(path).headers["ETag"], "Content-Crs": CRS_4548},
    )

    assert done.status_code == 204, done.text
    stands = planner.told(path, crs=CRS_4548[1:-1])["geometry"]["coordinates"]
    assert stands[0][0][0] == pytest.approx(moved[0][0][0], abs=0.02)
    with county.transaction() as session:
        covered = session.execute(
            text(
                "SELECT sum(k.area_m2) / ST_Area(ST_Transform(c.geom, 4548)) FROM geo.community c"
                " JOIN geo.community_cell k USING (community_id) WHERE community_id = :id GROUP BY c.geom"
            ),
            {"id": community_id},
        ).scalar_one()
    assert covered > 0.5


def test_a_facility_names_its_community_or_gets_the_one_it_stands_in(planner: Asking, county: County) -> None:
    with county.transaction() as session:
        community_id = a_community_in(session)
        place = list(a_point_in(session, community_id))

    answer = planner.ask(FACILITIES, "POST", json=_feature(place, kind="fire_hydrant", name="消火栓"))

    assert answer.status_code == 201, answer.text
    assert answer.get_json(force=True)["properties"]["community_id"] == str(community_id)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"geometry": {"type": "Point", "coordinates": [200, 0]}}, "/geometry"),
        ({"geometry": {"type": "Point", "coordinates": [35.66, 117.27]}}, "/geometry"),
        ({"geometry": {"type": "Point", "coordinates": ["a", "b"]}}, "/geometry"),
        ({"geometry": {"type": "Point", "coordinates": []}}, "/geometry"),
        ({"geometry": {"type": "LineString", "coordinates": [[117.2, 35.6], [117.3, 35.6]]}}, "/geometry"),
        ({"geometry": {"type": "Blob"}}, "/geometry"),
        ({"geometry": 5}, "/geometry"),
        ({"geometry": None}, "/geometry"),
        ({"properties": {"charging_ports": -1}}, "/properties/charging_ports"),
        ({"properties": {"name": "a\0"}}, "/properties/name"),
        ({"properties": {"colour": "red"}}, "/properties/colour"),
        ({"properties": [1]}, "/properties"),
        ({"type": "FeatureCollection", "features": []}, ""),
    ],
)
def test_what_cannot_be_stored_is_told_with_its_place_and_nothing_is_stored(
    planner: Asking, county: County, change: dict[str, Any], pointer: str
) -> None:
    path = _new_site(planner, county)

    answer = planner.ask(path, "PATCH", json=change, headers={"If-Match": "*"})

    assert answer.status_code == 422, answer.text
    problem = answer.get_json(force=True)
    assert problem["errors"][0]["pointer"].startswith(pointer)
    assert "/data" not in problem["detail"]
    assert planner.told(path)["properties"]["version"] == 1


def test_bodies_that_are_no_json_or_of_another_type_are_refused(planner: Asking) -> None:
    for body, media, status in ((b"{", "application/geo+json", 422), (b"{}", "text/plain", 415)):
        assert planner.ask(SITES, "POST", data=body, content_type=media).status_code == status


def test_layers_without_a_desk_cannot_be_written_and_say_what_they_allow(planner: Asking) -> None:
    for path in ("/collections/grid-cells/items", COMMUNITIES):
        answer = planner.ask(path, "POST", json=_feature([117.2, 35.6]))

        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


def test_options_and_the_openapi_file_tell_what_one_may_write(
    planner: Asking, nobody: Asking, county: County
) -> None:
    one = f"{COMMUNITIES}/{planner.ids('communities', limit='1')[0]}"

    assert planner.ask(SITES, "OPTIONS").headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert planner.ask(one, "OPTIONS").headers["Allow"] == "GET, HEAD, OPTIONS, PATCH, PUT"
    paths = planner.told("/api")["paths"]
    assert "post" in paths[SITES]
    assert {"put", "patch"} <= paths[f"{COMMUNITIES}/{{featureId}}"].keys()
    assert nobody.told("/api")["paths"]["/collections/subdistricts/items"].keys() == {"get"}


def test_who_has_no_right_or_lives_elsewhere_cannot_write(planner: Asking, county: County) -> None:
    path = _new_site(planner, county)
    with county.transaction() as session:
        far = Asking(planner.client, county, a_worker(session, ["370831002008001"]))
        bureau = Asking(planner.client, county, a_person(session, "department", "housing_bureau"))

    for who, status in ((far, 404), (bureau, 403), (Asking(planner.client, county, None), 401)):
        answer = who.ask(path, "PATCH", json={"properties": {"name": "x"}}, headers={"If-Match": "*"})
        assert answer.status_code == status, answer.text
    assert planner.told(path)["properties"]["version"] == 1
