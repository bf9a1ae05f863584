"""Heat as tiles, as a picture for reports, and the clusters that a job finds."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import mapbox_vector_tile
import pytest
from flask.testing import FlaskClient
from PIL import Image
from shapely.geometry import Point, shape
from sqlalchemy import text

from geo.datum import Datum, from_wgs84
from geo.hexagons import hexagon_at
from server import wiring
from server.auth.actor import Actor
from server.maps.heat import jobs
from server.maps.heat.tiling import resolution_at
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_cast
from tests.integration.maps.heat.counting import asking, inspected, work
from tests.integration.maps.tiles.asking import tile_at


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def boss(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "headquarters", None)


def _tile_at(county: County, cast: Cast, zoom: int) -> str:
    """Return the address of the tile around the cast's community."""
    lon, lat = cast.point
    with county.transaction() as session:
        x, y = session.execute(
            text(
                "SELECT floor((ST_X(p) + h) / (2 * h) * :side)::int,"
                " floor((h - ST_Y(p)) / (2 * h) * :side)::int"
                " FROM (SELECT 20037508.342789244 AS h,"
                " ST_Transform(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 3857) AS p) AS here"
            ),
            {"side": 2**zoom, "lon": lon, "lat": lat},
        ).one()
    return f"{zoom}/{x}/{y}"


def _told(client: FlaskClient, county: County, actor: Actor, address: str) -> dict[str, Any]:
    answer = client.get(f"/tiles/heat/{address}", headers=county.bearer(actor))
    assert answer.status_code == 200, answer.text
    if not answer.data:
        return {}
    layer = mapbox_vector_tile.decode(answer.data)["heat"]
    return {one["properties"]["place"]: one["properties"] for one in layer["features"]}


@pytest.mark.parametrize("zoom", [7, 10, 12, 13, 15])
def test_a_tile_shows_hexagons_as_fine_as_its_zoom(
    client: FlaskClient, county: County, cast: Cast, boss: Actor, zoom: int
) -> None:
    cast.report()

    told = _told(client, county, boss, f"{_tile_at(county, cast, zoom)}.mvt?by=h3")

    here = told[hexagon_at(*cast.point, resolution_at(zoom))]
    assert (len(told), here["count"], here["value"]) == (1, 1, 1)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("by", ["h3", "community"])
def test_over_a_chinese_base_map_places_lie_as_that_map_shows_them(
    client: FlaskClient, county: County, cast: Cast, boss: Actor, by: str, datum: Datum
) -> None:
    cast.report()
    lon, lat = (float(one) for one in from_wgs84(*cast.point, datum))
    at = tile_at(lon, lat, 16)
    address = f"/tiles/heat/{at.z}/{at.x}/{at.y}.mvt?by={by}&coord="

    plain, there, unknown = (
        client.get(address + coord, headers=county.bearer(boss)) for coord in ("wgs84", datum, "mars")
    )

    [layer] = mapbox_vector_tile.decode(there.data, default_options={"y_coord_down": True}).values()
    x, y = 4096 * (tile_at(lon, lat, 28).x / 4096 - at.x), 4096 * (tile_at(lon, lat, 28).y / 4096 - at.y)
    holding = [
        one["properties"]["count"]
        for one in layer["features"]
        if shape(one["geometry"]).contains(Point(x, y))
    ]
    assert holding == [1]
    assert there.data != plain.data
    assert there.headers["ETag"] != plain.headers["ETag"]
    assert (unknown.status_code, unknown.get_json(force=True)["errors"][0]["pointer"]) == (
        422,
        "/query/coord",
    )


@pytest.mark.parametrize("by", ["grid_cell", "community"])
def test_a_tile_of_places_tells_what_the_list_tells(
    client: FlaskClient, county: County, cast: Cast, boss: Actor, by: str
) -> None:
    cast.report()
    listed = asking(client, county, boss)(by=by, metric="per_100_households")["items"]

    told = _told(client, county, boss, f"{_tile_at(county, cast, 14)}.mvt?by={by}&metric=per_100_households")

    values = {one["place"]: (one["value"], one["smoothed"]) for one in listed}
    assert 0 < len(told) < len(listed)
    assert {place: (one.get("value"), one.get("smoothed")) for place, one in told.items()} == {
        place: values[place] for place in told
    }


def test_a_tile_far_away_is_empty_and_one_that_does_not_exist_is_a_problem(
    client: FlaskClient, county: County, boss: Actor
) -> None:
    assert _told(client, county, boss, "12/0/0.mvt?by=h3") == {}
    assert client.get("/tiles/heat/3/9/0.mvt", headers=county.bearer(boss)).status_code == 404
    assert client.get("/tiles/heat/3/1/1.mvt?by=x", headers=county.bearer(boss)).status_code == 422


def _done(client: FlaskClient, county: County, actor: Actor, address: str, asked: dict[str, Any]) -> Any:
    answer = client.post(address, json=asked, headers=county.bearer(actor))
    assert answer.status_code == 202, answer.text
    task = answer.get_json()
    work(county, lambda given: wiring.JOBS["sheet-task"](given, task["task_id"]))
    return client.get(task["status"], headers=county.bearer(actor)).get_json()


@pytest.mark.parametrize(
    "asked",
    [
        {"by": "grid_cell", "title": "十一月问题分布", "from": "2026-11-01", "to": "2026-11-30"},
        {"by": "h3", "resolution": 8, "language": "en"},
        {"by": "community", "metric": "per_inspection"},
    ],
    ids=["cells", "hexagons", "nothing to colour"],
)
def test_a_picture_for_reports_is_drawn_by_a_job(
    client: FlaskClient, county: County, cast: Cast, boss: Actor, asked: dict[str, Any]
) -> None:
    cast.report()

    task = _done(client, county, boss, "/api/v1/heat/pictures", asked)

    assert task["state"] == "done", task
    with client.get(task["file"], headers=county.bearer(boss)) as answer:
        content_type, drawn = answer.content_type, answer.data
    assert content_type == "image/png"
    with Image.open(BytesIO(drawn)) as picture:
        assert picture.size == (1500, 1200)
        colours = picture.convert("RGB").resize((150, 120)).getcolors(maxcolors=150 * 120)
        assert len(colours or ()) > 10


def test_a_picture_that_cannot_be_meant_is_refused(client: FlaskClient, county: County, boss: Actor) -> None:
    for asked, field in (({"metric": "beauty"}, "metric"), ({"colour": "red"}, "colour")):
        answer = client.post("/api/v1/heat/pictures", json=asked, headers=county.bearer(boss))

        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.get_json()["errors"]] == [f"/{field}"]


def test_clusters_are_cases_close_together_and_the_rest_is_noise(
    client: FlaskClient, county: County, cast: Cast, boss: Actor
) -> None:
    for east in (0.0, 20.0, 40.0, 60.0):
        cast.report(location=cast.location(east_m=east))
    cast.report(location=cast.location(east_m=400.0))

    assert client.get("/api/v1/clusters", headers=county.bearer(boss)).get_json()["items"] == []
    task = _done(client, county, boss, "/api/v1/clusters", {"radius_m": 25, "least": 3})
    told = client.get("/api/v1/clusters", headers=county.bearer(boss)).get_json()

    assert (task["state"], task["done_rows"], task["total_rows"]) == ("done", 2, 2)
    assert (told["clustered"], told["noise"], told["left_off"]) == (4, 1, 0)
    [one] = told["items"]
    assert (one["cluster"], one["cases"], one["open"]) == (1, 4, 4)
    assert one["radius_m"] == pytest.approx(30, rel=0.05)
    assert one["categories"] == {"parking_disorderly": 4}
    assert told["asked"]["radius_m"] == 25


def test_violations_cluster_where_their_inspections_were(
    client: FlaskClient, county: County, cast: Cast, boss: Actor
) -> None:
    case_id, _ = cast.report()
    inspected(cast, "lawn_parking", "lawn_parking", case_id=case_id)
    inspected(cast, "lawn_parking")

    _done(client, county, boss, "/api/v1/clusters", {"what": "violations", "radius_m": 5, "least": 3})
    told = client.get("/api/v1/clusters", headers=county.bearer(boss)).get_json()

    [one] = told["items"]
    assert (one["cases"], one["open"], told["noise"]) == (3, 2, 0)


def test_clusters_leave_out_positions_that_stand_for_an_unknown_place(
    client: FlaskClient, county: County, cast: Cast, boss: Actor
) -> None:
    for _ in range(32):
        cast.report()
    for number in range(5):
        cast.report(location=cast.location(east_m=200.0 + number))
    work(county, jobs.find_placeholders)

    _done(client, county, boss, "/api/v1/clusters", {"radius_m": 10, "least": 3})
    told = client.get("/api/v1/clusters", headers=county.bearer(boss)).get_json()

    assert [one["cases"] for one in told["items"]] == [5]
