"""Layers as a map asks for them: who sees what, in which window, and what a bad question is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyproj import Geod

from geo.datum import known_datum, to_wgs84
from server.auth.actor import Actor
from tests.build import CELL, County, a_person, a_worker


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


def _leader(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "shift_leader", "sihe_subdistrict")


def _ids(client: FlaskClient, county: County, actor: Actor, what: str) -> set[str]:
    answer = client.get(f"/api/v1/map/{what}", headers=county.bearer(actor))
    assert answer.status_code == 200, answer.text
    return {feature["id"] for feature in answer.get_json(force=True)["features"]}


def test_every_place_of_the_county_is_drawn_for_headquarters(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        boss = a_person(session, "headquarters", None)

    drawn = {
        name: len(_ids(client, county, boss, f"{name}.geojson"))
        for name in ("county", "subdistricts", "neighbourhoods", "grid-cells", "communities", "buildings")
    }

    assert drawn == {
        "county": 1,
        "subdistricts": 2,
        "neighbourhoods": 12,
        "grid-cells": 300,
        "communities": 40,
        "buildings": 152,
    }


def test_a_worker_sees_the_own_cells_and_what_stands_in_them(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        worker = a_worker(session, [CELL])

    assert _ids(client, county, worker, "grid-cells.geojson") == {CELL}
    assert len(_ids(client, county, worker, "communities.geojson")) < 3


def test_a_subdistrict_s_desk_sees_its_own_cells_only(client: FlaskClient, county: County) -> None:
    seen = _ids(client, county, _leader(county), "grid-cells.geojson")

    assert seen
    assert all(code.startswith("370831001") for code in seen)


@pytest.mark.parametrize(("coord", "least_m", "most_m"), [("gcj02", 500, 560), ("bd09", 1260, 1340)])
def test_a_layer_is_drawn_over_a_chinese_base_map(
    client: FlaskClient, county: County, coord: str, least_m: float, most_m: float
) -> None:
    leader = _leader(county)

    def corners(asked: str) -> Any:
        headers = county.bearer(leader)
        drawn: Any = client.get(f"/api/v1/map/grid-cells.geojson{asked}", headers=headers).get_json(
            force=True
        )
        return drawn.get("coord"), [one["geometry"]["coordinates"][0][0] for one in drawn["features"]]

    (plain, here), (told, there) = corners(""), corners(f"?coord={coord}")

    assert (plain, told) == (None, coord)
    for (lon, lat), (moved_lon, moved_lat) in zip(here, there, strict=True):
        _, _, metres = Geod(ellps="WGS84").inv(lon, lat, moved_lon, moved_lat)
        assert least_m < metres < most_m
        back_lon, back_lat = to_wgs84(moved_lon, moved_lat, known_datum(coord))
        assert abs(float(back_lon) - lon) < 2e-7
        assert abs(float(back_lat) - lat) < 2e-7


def test_an_unknown_datum_of_a_base_map_is_told(client: FlaskClient, county: County) -> None:
    answer = client.get("/api/v1/map/grid-cells.geojson?coord=mars", headers=county.bearer(_leader(county)))

    assert (answer.status_code, answer.get_json(force=True)["errors"][0]["pointer"]) == (422, "/query/coord")


def test_a_window_keeps_what_touches_it(client: FlaskClient, county: County) -> None:
    leader = _leader(county)
    everything = _ids(client, county, leader, "grid-cells.geojson")

    inside = _ids(client, county, leader, "grid-cells.geojson?bbox=117.268,35.664,117.272,35.667")

    assert set() < inside < everything
    assert _ids(client, county, leader, "grid-cells.geojson?bbox=0,0,1,1") == set()


def test_a_full_answer_says_that_more_lies_in_the_window(client: FlaskClient, county: County) -> None:
    headers = county.bearer(_leader(county))

    cut = client.get("/api/v1/map/grid-cells.geojson?limit=5", headers=headers).get_json(force=True)

    assert (len(cut["features"]), cut["truncated"]) == (5, True)


def test_features_are_geojson_with_the_named_properties(client: FlaskClient, county: County) -> None:
    answer = client.get("/api/v1/map/communities.geojson", headers=county.bearer(_leader(county)))
    feature: dict[str, Any] = answer.get_json(force=True)["features"][0]

    assert answer.content_type == "application/geo+json"
    assert (feature["type"], feature["geometry"]["type"]) == ("Feature", "MultiPolygon")
    assert feature["properties"]["origin"] == "demo"
    assert feature["properties"]["community_id"] == feature["id"]


def test_the_same_features_are_not_sent_twice(client: FlaskClient, county: County) -> None:
    headers = county.bearer(_leader(county))
    first = client.get("/api/v1/map/communities.geojson", headers=headers)

    again = client.get(
        "/api/v1/map/communities.geojson", headers={**headers, "If-None-Match": first.headers["ETag"]}
    )

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "bbox",
    [
        "abc",
        "1,2,3",
        "1,2,3,4,5",
        "117,36,118,35",
        "118,35,117,36",
        "nan,0,1,1",
        "117,35,inf,36",
        "35,117,36,118",
        "",
    ],
)
def test_a_bad_window_is_told_where_and_how_to_mend_it(
    client: FlaskClient, county: County, bbox: str
) -> None:
    answer = client.get(
        "/api/v1/map/county.geojson", query_string={"bbox": bbox}, headers=county.bearer(_leader(county))
    )

    assert (answer.status_code, answer.get_json(force=True)["type"]) == (422, "/problems/bad-bbox")
    assert answer.get_json(force=True)["errors"][0]["pointer"] == "/query/bbox"


def test_an_unknown_layer_is_not_found_and_a_stranger_not_let_in(client: FlaskClient, county: County) -> None:
    unknown = client.get("/api/v1/map/secrets.geojson", headers=county.bearer(_leader(county)))
    stranger = client.get("/api/v1/map/county.geojson")

    assert (unknown.status_code, unknown.get_json(force=True)["type"]) == (404, "/problems/unknown-layer")
    assert (stranger.status_code, stranger.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_role_without_work_is_offered_the_divisions_only(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        officer = a_person(session, "patron_officer", "natural_resources_bureau")
    headers = county.bearer(officer)

    offered = client.get("/api/v1/map/layers", headers=headers).get_json()["items"]

    assert [layer["name"] for layer in offered] == ["county", "subdistricts", "neighbourhoods"]
    assert client.get("/api/v1/map/communities.geojson", headers=headers).status_code == 403
