"""Tiles as a map asks for them: what is in them, for whom, and what a bad question is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo.datum import Datum, from_wgs84
from geo.tiles import Tile
from server import wiring
from server.auth.actor import Actor
from server.communities.territory import Territory
from server.maps.tiles import moved, queries
from tests.build import CELL, County, a_person, a_worker
from tests.integration.ledger.acting import Cast
from tests.integration.maps.tiles.asking import COUNTY_BOX, Reader, features_in, tile_at, tiles_of

Ask = Callable[[Actor], Reader]


def _plain(properties: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """Return properties as they can be compared: a tile has no nulls and no nested values."""
    flat = ((name, value) for name, value in properties.items() if value is not None)
    return frozenset(
        (name, "nested" if isinstance(value, dict) or name == "attributes" else repr(_number(value)))
        for name, value in flat
    )


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


@pytest.mark.parametrize("layer", sorted(wiring.LAYERS))
def test_tiles_show_what_geojson_shows(layer: str, client: FlaskClient, cast: Cast) -> None:
    for east_m in (0, 40, 80):
        cast.report(location=cast.location(east_m))
    boss = Reader(client, cast.county, cast.headquarters)
    told = boss.get(f"/api/v1/map/{layer}.geojson").get_json(force=True)["features"]

    for zoom in (9, 14) if layer == "cases" else (10,):
        shown = boss.all_of(layer, zoom)

        assert {_plain(one["properties"]) for one in shown} == {_plain(one["properties"]) for one in told}
        assert len({one["id"] for one in shown}) == len(told)
        assert {type(one["id"]) for one in shown} <= {int}


def test_a_point_stands_where_it_was_reported(cast: Cast, client: FlaskClient) -> None:
    cast.report()
    at = tile_at(*cast.point, 18)

    [case] = features_in(Reader(client, cast.county, cast.headquarters).tile("cases", at).data, "cases")

    x, y = case["geometry"]["coordinates"]
    back = tile_at(*cast.point, 18 + 12)
    assert abs(at.x * 4096 + x - back.x) <= 1
    assert abs((at.y + 1) * 4096 - y - back.y) <= 1  # the decoder counts from the south


@pytest.mark.parametrize("zoom", [9, 12, 15])
@pytest.mark.parametrize("layer", ["buildings", "communities", "grid-cells"])
def test_crowded_tiles_hold_counts_that_add_up(layer: str, zoom: int, county: County, boss: Reader) -> None:
    told = boss.get(f"/api/v1/map/{layer}.geojson").get_json(force=True)["features"]

    with county.transaction() as session:
        heaps = [
            heap
            for at in tiles_of(COUNTY_BOX, zoom)
            for heap in features_in(
                queries.tile(session, wiring.LAYERS[layer], Territory(None), at, most=0)[1], layer
            )
        ]

    assert sum(heap["properties"]["count"] for heap in heaps) == len(told)
    assert all(heap["properties"]["aggregated"] is True for heap in heaps)
    assert all(heap["geometry"]["type"] == "Point" for heap in heaps)


def test_a_tile_turns_to_counts_only_when_it_holds_too_much(county: County, boss: Reader) -> None:
    at = tile_at(117.28, 35.66, 12)
    layer = wiring.LAYERS["buildings"]
    with county.transaction() as session:
        full = features_in(queries.tile(session, layer, Territory(None), at)[1], layer.name)
        exact = queries.tile(session, layer, Territory(None), at, most=len(full))[1]
        less = queries.tile(session, layer, Territory(None), at, most=len(full) - 1)[1]

    assert "aggregated" not in features_in(exact, layer.name)[0]["properties"]
    assert features_in(less, layer.name)[0]["properties"].keys() == {"aggregated", "count"}


def test_each_sees_the_own_reach_only(county: County, reader: Ask) -> None:
    with county.transaction() as session:
        worker = a_worker(session, [CELL])
        leader = a_person(session, "shift_leader", "sihe_subdistrict")

    walked = {one["properties"]["code"] for one in reader(worker).all_of("grid-cells", 10)}
    led = {one["properties"]["code"] for one in reader(leader).all_of("grid-cells", 10)}

    assert walked == {CELL}
    assert walked < led
    assert all(code.startswith("370831001") for code in led)


def test_who_may_not_see_a_layer_gets_no_tile_of_it(county: County, client: FlaskClient, reader: Ask) -> None:
    with county.transaction() as session:
        officer = a_person(session, "patron_officer", "natural_resources_bureau")

    for _ in range(2):
        assert reader(officer).tile("communities", Tile(0, 0, 0)).status_code == 403
    stranger = client.get("/tiles/communities/0/0/0.mvt")
    assert (stranger.status_code, stranger.headers["WWW-Authenticate"]) == (401, "Bearer")
    forged = client.get("/tiles/communities/0/0/0.mvt", headers={"Authorization": "Bearer x.y.z"})
    assert forged.status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "23/0/0",
        "0/1/0",
        "0/0/1",
        "3/8/0",
        "-1/0/0",
        "a/b/c",
        "1.5/0/0",
        "01/0/0",
        "9/999999999999/1",
        "2/٣/1",
    ],
)
def test_an_address_of_no_tile_is_not_found(boss: Reader, address: str) -> None:
    answer = boss.get(f"/tiles/communities/{address}.mvt")

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json(force=True)["type"] == "/problems/no-such-tile"


def test_a_layer_that_nobody_listed_is_not_found(boss: Reader) -> None:
    for path in ("/tiles/secrets/0/0/0.mvt", "/tiles/secrets/tilejson.json"):
        assert boss.get(path).get_json(force=True)["type"] == "/problems/unknown-layer"


def test_a_tile_without_features_is_a_valid_tile_without_bytes(boss: Reader) -> None:
    answer = boss.tile("communities", tile_at(-70, -30, 10))

    assert (answer.status_code, answer.data) == (200, b"")
    assert boss.tile("communities", tile_at(-70, -30, 10), answer.headers["ETag"]).status_code == 304


def test_tilejson_says_where_tiles_are_and_what_they_hold(boss: Reader) -> None:
    told = boss.get("/tiles/communities/tilejson.json").get_json()

    assert told["tilejson"] == "3.0.0"
    assert told["tiles"] == ["http://localhost/tiles/communities/{z}/{x}/{y}.mvt"]
    [layer] = told["vector_layers"]
    assert layer["id"] == "communities"
    assert {"name", "households", "aggregated", "count"} <= set(layer["fields"])
    west, south, east, north = told["bounds"]
    assert west < 117.28 < east
    assert south < 35.66 < north
    path = told["tiles"][0].removeprefix("http://localhost")
    assert boss.get(path.format(**tile_at(117.28, 35.66, 10)._asdict())).data


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_tiles_over_a_chinese_base_map_hold_every_feature_where_that_map_shows_it(
    datum: Datum, cast: Cast, client: FlaskClient
) -> None:
    cast.report()
    boss = Reader(client, cast.county, cast.headquarters)
    there = tuple(float(one) for one in from_wgs84(*cast.point, datum))
    at = tile_at(there[0], there[1], 18)

    def asked(at: Tile, coord: str) -> TestResponse:
        return boss.get(f"/tiles/cases/{at.z}/{at.x}/{at.y}.mvt?coord={coord}")

    [case] = features_in(asked(at, datum).data, "cases")

    x, y = case["geometry"]["coordinates"]
    back = tile_at(there[0], there[1], 18 + 12)
    assert abs(at.x * 4096 + x - back.x) <= 1
    assert abs((at.y + 1) * 4096 - y - back.y) <= 1
    plain = features_in(boss.tile("cases", tile_at(*cast.point, 18)).data, "cases")
    assert _plain(case["properties"]) == _plain(plain[0]["properties"])
    assert asked(at, datum).headers["ETag"] != asked(at, "wgs84").headers["ETag"]
    told = boss.get(f"/tiles/cases/tilejson.json?coord={datum}").get_json(force=True)
    assert (told["coord"], told["tiles"][0].endswith(f"coord={datum}")) == (datum, True)
    assert asked(at, "mars").status_code == 422


@pytest.mark.parametrize("zoom", [10, 15])
def test_crowded_tiles_over_a_chinese_base_map_add_up_too(zoom: int, county: County, boss: Reader) -> None:
    told = boss.get("/api/v1/map/buildings.geojson").get_json(force=True)["features"]
    layer = wiring.LAYERS["buildings"]

    with county.transaction() as session:
        tiles = [
            features_in(moved.tile(session, layer, Territory(None), at, "bd09", most=most)[1], layer.name)
            for most in (0, 5000)
            for at in tiles_of(COUNTY_BOX, 10 if most else zoom)
        ]

    heaps = [one for tile in tiles for one in tile if "aggregated" in one["properties"]]
    single = {one["id"] for tile in tiles for one in tile if "aggregated" not in one["properties"]}
    assert sum(heap["properties"]["count"] for heap in heaps) == len(told) == len(single)
