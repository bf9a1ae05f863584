"""Foreign sets of points: taken in by command and over HTTP, whose they are, heat and hot spots upon them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server.auth.actor import Actor
from server.cli import main
from server.wiring import JOBS
from server.work import Work
from tests.build import County, a_person

GOOD = (
    "经度,纬度,when,what\n"
    "117.27,35.66,2026-01-05 08:00,noise\n"
    "117.28,35.66,2026-02-05,noise\n"
    "117.28,35.67,,light\n"
)
MAP = "lon=经度,lat=纬度,time=when,category=what"


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


@pytest.fixture
def planner(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "planner", "construction_hq")


@pytest.fixture
def wangge(county: County, monkeypatch: pytest.MonkeyPatch) -> County:
    """Return the county that commands reach."""
    monkeypatch.setenv("DATABASE_URL", county.database_url)
    monkeypatch.setenv("SECRET_KEY", county.settings.secret_key)
    monkeypatch.setenv("PHOTO_STORE", str(county.settings.photo_store))
    return county


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def send(client: FlaskClient, county: County, actor: Actor, content: str | bytes, **form: Any) -> Any:
    data = content.encode() if isinstance(content, str) else content
    told = {"name": "noise", "srid": "4548", "map": MAP, "file": (io.BytesIO(data), "noise.csv"), **form}
    return client.post("/api/v1/analysis-layers", data=told, headers=county.bearer(actor))


def taken_in(client: FlaskClient, county: County, actor: Actor, content: str, **form: Any) -> dict[str, Any]:
    """Send a file, let a worker take it in, and return what came of it."""
    sent = send(client, county, actor, content, **form)
    assert sent.status_code == 202, sent.text
    with Redis.from_url(county.settings.redis_url) as redis:
        work = Work(county.database, county.settings, redis, datetime.now(UTC))
        JOBS["sheet-task"](work, sent.get_json()["task_id"])
    told: dict[str, Any] = get(client, county, actor, sent.get_json()["status"])
    return told


def get(client: FlaskClient, county: County, actor: Actor, path: str, **query: Any) -> Any:
    answer = client.get(path, query_string=query, headers=county.bearer(actor))
    assert answer.status_code == 200, answer.text
    return answer.get_json(force=True)


def status(client: FlaskClient, county: County, actor: Actor, path: str) -> int:
    return client.get(path, headers=county.bearer(actor)).status_code


def stored(county: County) -> tuple[int, int]:
    with county.transaction() as session:
        row = session.execute(
            text(
                "SELECT (SELECT count(*) FROM server.analysis_layer),"
                " (SELECT count(*) FROM server.analysis_point)"
            )
        ).one()
    return row[0], row[1]


def test_features_of_geojson_are_points_wherever_they_lie(
    client: FlaskClient, county: County, planner: Actor
) -> None:
    square = [[[117.27, 35.66], [117.28, 35.66], [117.28, 35.67], [117.27, 35.67], [117.27, 35.66]]]
    shapes = [
        {"type": "Point", "coordinates": [117.27, 35.66]},
        {"type": "Polygon", "coordinates": square},
        None,
    ]
    features = [
        {"type": "Feature", "geometry": one, "properties": {"what": "noise", "lon": 1.0}} for one in shapes
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features})
    told = {"map": "category=what", "skip_refused": "true"}

    geojson = taken_in(client, county, planner, body, **told)

    assert (geojson["state"], geojson["answer"]["points"], geojson["answer"]["refused_rows"]) == (
        "done",
        2,
        1,
    )
    layer = get(client, county, planner, "/api/v1/analysis-layers/noise")
    assert layer["bbox"][0] == 117.27
    assert layer["categories"] == [{"category": "noise", "points": 2}]


def test_what_is_sent_becomes_a_layer_that_its_owner_alone_sees_and_removes(
    client: FlaskClient, county: County, planner: Actor
) -> None:
    with county.transaction() as session:
        other = a_person(session, "planner", "construction_hq")

    told = taken_in(client, county, planner, GOOD, licence="CC0", source="a survey")

    assert (told["state"], told["answer"]["points"], told["done_rows"]) == ("done", 3, 3)
    layer = get(client, county, planner, "/api/v1/analysis-layers/noise")
    assert (layer["points"], layer["own"], layer["licence"]) == (3, True, "CC0")
    assert layer["bbox"] == [117.27, 35.66, 117.28, 35.67]
    assert layer["categories"] == [{"category": "noise", "points": 2}, {"category": "light", "points": 1}]
    assert layer["first_at"] == "2026-01-05T00:00:00+00:00"
    assert get(client, county, other, "/api/v1/analysis-layers")["items"] == []
    for path in ("analysis-layers/noise", "analysis-layers/noise/heat", "hotspots?layer=noise"):
        assert status(client, county, other, f"/api/v1/{path}") == 404
    address, headers = "/api/v1/analysis-layers/noise", county.bearer
    assert client.delete(address, headers=headers(other)).status_code == 404
    assert client.delete(address, headers=headers(planner)).status_code == 204
    assert stored(county) == (0, 0)


def test_a_dry_run_tells_what_would_come_and_stores_nothing(
    client: FlaskClient, county: County, planner: Actor
) -> None:
    told = taken_in(client, county, planner, GOOD, dry_run="true")

    assert (told["state"], told["answer"]["points"], told["answer"]["dry_run"]) == ("done", 3, True)
    assert stored(county) == (0, 0)


BAD = GOOD + "north,35.6,,x\n200,35.6,,x\n117.2,,,x\n117.2,35.6,someday,x\n"


def test_one_faulty_row_stops_all_and_each_is_told(
    client: FlaskClient, county: County, planner: Actor
) -> None:
    stopped = taken_in(client, county, planner, BAD)

    assert (stopped["state"], stopped["answer"]["refused_rows"], stored(county)) == ("refused", 4, (0, 0))
    assert [fault["pointer"] for fault in stopped["answer"]["errors"]] == [
        "/rows/5/经度",
        "/rows/6/经度",
        "/rows/7/纬度",
        "/rows/8/when",
    ]
    report = client.get(stopped["report"], headers=county.bearer(planner))
    assert "6,经度,200" in report.text
    report.close()

    taken = taken_in(client, county, planner, BAD, skip_refused="true")

    assert (taken["state"], taken["answer"]["points"], stored(county)) == ("done", 3, (1, 3))


def test_points_in_another_datum_are_kept_in_wgs_84(
    client: FlaskClient, county: County, planner: Actor
) -> None:
    taken_in(client, county, planner, GOOD, datum="gcj02")

    west, south, _, _ = get(client, county, planner, "/api/v1/analysis-layers/noise")["bbox"]

    assert 0.005 < 117.27 - west < 0.0065
    assert 0 < abs(35.66 - south) < 0.002


def test_heat_counts_in_squares_and_hexagons_with_period_and_category(
    client: FlaskClient, county: County, planner: Actor
) -> None:
    taken_in(client, county, planner, GOOD)
    address = "/api/v1/analysis-layers/noise/heat"

    squares = get(client, county, planner, address, size_m=200)
    hexagons = get(client, county, planner, address, by="h3", resolution=9, format="geojson")
    january = get(
        client, county, planner, address, category="noise", **{"from": "2026-01-05", "to": "2026-01-31"}
    )

    assert sorted(item["count"] for item in squares["items"]) == [1, 1, 1]
    assert sum(one["properties"]["count"] for one in hexagons["features"]) == 3
    assert (january["records"], january["placeholder_count"]) == (1, 0)


@pytest.mark.parametrize(
    ("form", "slug", "code"),
    [
        ({"name": "No Spaces"}, "invalid-input", 422),
        ({"srid": "4326"}, "invalid-input", 422),
        ({"srid": "3"}, "invalid-input", 422),
        ({"srid": "99999999999"}, "invalid-input", 422),
        ({"zone": "Mars/Olympus"}, "invalid-input", 422),
        ({"zone": "../../etc/passwd"}, "invalid-input", 422),
        ({"datum": "nad27"}, "invalid-input", 422),
        ({"map": "lon"}, "invalid-input", 422),
        ({"map": "height=经度"}, "invalid-input", 422),
        ({"more": "x"}, "invalid-input", 422),
    ],
)
def test_a_description_that_cannot_be_used_is_refused_before_the_file_is_read(
    client: FlaskClient, county: County, planner: Actor, form: dict[str, str], slug: str, code: int
) -> None:
    answer = send(client, county, planner, GOOD, **form)

    assert (answer.status_code, answer.get_json()["type"]) == (code, f"/problems/{slug}")
    assert answer.get_json()["errors"]


@pytest.mark.parametrize(
    ("content", "form", "slug"),
    [
        ("a,b\n1,2\n", {"map": ""}, "columns-missing"),
        (GOOD, {"map": "lon=x"}, "unknown-column"),
        ("nothing", {"map": ""}, "unreadable-table"),
        ("lon,lat\n", {"map": ""}, "no-points"),
    ],
)
def test_a_file_that_cannot_be_a_layer_is_refused_as_a_whole(
    client: FlaskClient, county: County, planner: Actor, content: str, form: dict[str, str], slug: str
) -> None:
    told = taken_in(client, county, planner, content, **form)

    assert (told["state"], told["answer"]["type"]) == ("refused", f"/problems/{slug}")
    assert stored(county) == (0, 0)


def test_a_name_is_taken_once_by_each_owner(client: FlaskClient, county: County, planner: Actor) -> None:
    taken_in(client, county, planner, GOOD)

    again = send(client, county, planner, GOOD)

    assert (again.status_code, again.get_json()["type"]) == (409, "/problems/analysis-layer-stands")


def test_only_who_analyses_may_send_or_ask(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        leader = a_person(session, "shift_leader")

    assert send(client, county, leader, GOOD).status_code == 403
    assert status(client, county, leader, "/api/v1/analysis-layers") == 403
    assert status(client, county, leader, "/api/v1/hotspots?layer=noise") == 403


@pytest.mark.parametrize("query", ["by=grid_cell", "by=community", "severity=A"])
def test_what_layers_do_not_have_cannot_be_asked_of_them(
    client: FlaskClient, county: County, planner: Actor, query: str
) -> None:
    taken_in(client, county, planner, GOOD)

    answer = client.get(f"/api/v1/hotspots?layer=noise&{query}", headers=county.bearer(planner))

    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["pointer"] == f"/query/{query.split('=')[0]}"


def test_the_command_line_takes_in_lists_and_removes(
    wangge: County, client: FlaskClient, planner: Actor, tmp_path: Path
) -> None:
    file, report = tmp_path / "noise.csv", tmp_path / "refused.csv"
    file.write_text(BAD, encoding="gb18030")
    words = ("import", "points", file, "--name", "noise", "--srid", 4548, "--map", MAP, "--report", report)

    stopped, tried = run(*words), run(*words, "--skip-refused", "--dry-run")
    assert (stopped.exit_code, "4 of 7 rows are faulty" in stopped.output) == (1, True)
    assert "6,经度,200" in report.read_text(encoding="utf-8-sig")
    assert "7 rows: 3 points would be stored as noise, 4 rows refused." in tried.output
    assert stored(wangge) == (0, 0)

    assert run(*words, "--skip-refused").exit_code == 0

    assert "noise\t3 points\tEPSG:4548" in run("analysis-layers", "list").output
    assert get(client, wangge, planner, "/api/v1/analysis-layers/noise")["own"] is False
    address = "/api/v1/analysis-layers/noise"
    assert client.delete(address, headers=wangge.bearer(planner)).status_code == 404
    assert run("analysis-layers", "remove", "noise").output == "noise removed\n"
    assert run("analysis-layers", "remove", "noise").exit_code == 1
    assert stored(wangge) == (0, 0)


LAYER = (
    "INSERT INTO server.analysis_layer VALUES"
    " (gen_random_uuid(), :name, NULL, :srid, 'wgs84', 'UTC', '', '', '', :points, 1, 1, :east, 2,"
    " NULL, NULL, now())"
)


@pytest.mark.parametrize(
    "change",
    [{"name": "A b"}, {"srid": 4326}, {"points": 0}, {"points": 5}, {"east": 0}, {"east": 181}],
    ids=str,
)
def test_the_database_itself_refuses_a_layer_that_cannot_be(county: County, change: dict[str, Any]) -> None:
    given = {"name": "a", "srid": 4548, "points": 1, "east": 2, **change}

    with pytest.raises(DatabaseError), county.transaction() as session:
        session.execute(text(LAYER), given)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE server.analysis_layer SET points = 4",
        "UPDATE server.analysis_point SET category = 'x'",
        "DELETE FROM server.analysis_point",
        "INSERT INTO server.analysis_point SELECT layer_id, 99, geom, at, category"
        " FROM server.analysis_point LIMIT 1",
        "INSERT INTO server.analysis_point SELECT gen_random_uuid(), 99, geom, at, category"
        " FROM server.analysis_point LIMIT 1",
    ],
)
def test_a_layer_stays_what_its_file_was(
    client: FlaskClient, county: County, planner: Actor, sql: str
) -> None:
    taken_in(client, county, planner, GOOD)

    with pytest.raises(DatabaseError), county.transaction() as session:
        session.execute(text(sql))


def test_a_real_year_by_command_finds_its_default_point_and_its_hot_spots(
    wangge: County, client: FlaskClient, planner: Actor, shared_data: Path
) -> None:
    file = shared_data / "boston_311_2015" / "boston_311_2015.csv.gz"
    words = ("--name", "boston", "--srid", 26986, "--map", "time=open_dt,category=reason")

    taken = run("import", "points", file, *words, "--zone", "America/New_York")

    assert taken.exit_code == 0, taken.output
    assert "121145 rows: 121145 points were stored as boston, 0 rows refused." in taken.output
    assert "default position -71.0587, 42.3594: 17070 points" in taken.output
    asked = {"layer": "boston", "only": "significant"}
    told = get(client, wangge, planner, "/api/v1/hotspots", **asked)
    with_it = get(client, wangge, planner, "/api/v1/hotspots", placeholders="counted", **asked)
    assert (told["hot_alone"], with_it["hot_alone"]) == (157, 22)
    assert (told["hot_alone_empty"], with_it["hot_alone_empty"]) == (2, 0)
    assert told["placeholders"] == [{"lon": -71.0587, "lat": 42.3594, "records": 17_070}]
    assert (told["records"], with_it["records"]) == (121_145 - 17_070, 121_145)
    heat = get(client, wangge, planner, "/api/v1/analysis-layers/boston/heat", by="h3", resolution=8)
    assert sum(item["count"] for item in heat["items"]) == heat["records"] == 121_145
    assert heat["placeholder_count"] == 17_070
    part = get(
        client, wangge, planner, "/api/v1/hotspots", **asked, category="Street Lights", to="2015-06-30"
    )
    assert 0 < part["records"] < 10_000
    assert part["places"] == told["places"]
