"""The doors of files of places: the API with its tasks, the command line, OpenStreetMap in one command."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from redis import Redis

from geo.boundary_io.reading import opened
from server.auth.actor import Actor
from server.cli import main
from server.wiring import FILES, JOBS
from server.work import Work
from tests.build import County, a_person
from tests.integration.communities.transfer.filing import (
    a_file,
    a_spot,
    a_square,
    cleared,
    furnished,
    rows_of,
)

Perform = Callable[[str], None]


@pytest.fixture
def perform(county: County) -> Perform:
    """Return what a worker does with a task's id."""

    def do(task_id: str) -> None:
        with Redis.from_url(county.settings.redis_url) as redis:
            JOBS["sheet-task"](Work(county.database, county.settings, redis, datetime.now(UTC)), task_id)

    return do


@pytest.fixture
def wangge(county: County, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return the command line upon this county."""
    monkeypatch.setenv("DATABASE_URL", county.database_url)
    monkeypatch.setenv("SECRET_KEY", county.settings.secret_key)
    monkeypatch.setenv("PHOTO_STORE", str(county.settings.photo_store))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def a_planner(county: County, role: str = "headquarters") -> Actor:
    with county.transaction() as session:
        return a_person(session, role, None if role == "headquarters" else "sihe_subdistrict")


def send(
    client: FlaskClient, headers: dict[str, str], layer: str, file: Path | None, **fields: str
) -> tuple[int, dict[str, Any]]:
    sent = {} if file is None else {"file": (io.BytesIO(file.read_bytes()), file.name)}
    answer = client.post(
        f"/api/v1/places/{layer}/imports",
        data={**fields, **sent},
        headers=headers,
        content_type="multipart/form-data",
    )
    return answer.status_code, answer.get_json()


def fetched(client: FlaskClient, headers: dict[str, str], address: str) -> tuple[str, bytes]:
    """Return the kind and the content of a file."""
    with client.get(address, headers=headers) as answer:
        return answer.content_type, answer.data


def test_a_file_is_sent_tried_drawn_and_taken_in(county: County, perform: Perform, tmp_path: Path) -> None:
    lon, lat = a_spot(county)
    file = a_file(tmp_path, (a_square(lon, lat), {"LM": "88号楼"}))
    ours = county.bearer(a_planner(county))
    fields = {"datum": "wgs84", "mapping_json": json.dumps({"LM": "name"})}
    with county.client() as client:
        _, tried = send(client, ours, "buildings", file, **fields, dry_run="true")
        perform(tried["task_id"])
        told = client.get(tried["status"], headers=ours).get_json()
        kind, drawn = fetched(client, ours, told["answer"]["changes"])
        _, sent = send(client, ours, "buildings", file, **fields)
        perform(sent["task_id"])
        done = client.get(sent["status"], headers=ours).get_json()

    assert (told["state"], told["answer"]["created"], told["answer"]["dry_run"]) == ("done", 1, True)
    assert kind == "application/geo+json"
    assert json.loads(drawn)["features"][0]["properties"]["name"] == "88号楼"
    assert (done["state"], done["answer"]["created"], done["done_rows"]) == ("done", 1, 1)
    assert rows_of(county, "SELECT count(*) FROM geo.building WHERE name = '88号楼'") == [(1,)]


@pytest.mark.parametrize("form", ["geojson", "gpkg", "shapefile", "csv"])
def test_a_layer_is_asked_for_and_downloaded(
    county: County, perform: Perform, tmp_path: Path, form: str
) -> None:
    ours = county.bearer(a_planner(county))
    with county.client() as client:
        asked = client.post(
            "/api/v1/places/buildings/exports", json={"format": form, "datum": "gcj02"}, headers=ours
        ).get_json()
        perform(asked["task_id"])
        told = client.get(asked["status"], headers=ours).get_json()
        answer = client.get(told["file"], headers=ours)
        (tmp_path / "got").write_bytes(answer.data)
        answer.close()

    with opened(tmp_path / "got") as source:
        assert (source.format, source.count) == (form, told["answer"]["rows"])
    assert "buildings_gcj02" in answer.headers["Content-Disposition"]
    assert "spreadsheet" not in answer.content_type


def test_a_desk_downloads_what_lies_in_its_subdistrict_only(county: County, perform: Perform) -> None:
    ours = county.bearer(a_planner(county, "shift_leader"))
    with county.client() as client:
        asked = client.post("/api/v1/places/grid-cells/exports", json={}, headers=ours).get_json()
        perform(asked["task_id"])
        told = client.get(asked["status"], headers=ours).get_json()
        features = json.loads(fetched(client, ours, told["file"])[1])["features"]

    codes = {one["properties"]["code"][:9] for one in features}
    assert codes == {"370831001"}


@pytest.mark.parametrize(
    ("layer", "fields", "status", "kind"),
    [
        ("buildings", {}, 422, "datum-missing"),
        ("buildings", {"datum": "beijing54"}, 422, "unknown-datum"),
        ("buildings", {"datum": "wgs84", "mapping_json": "["}, 422, "invalid-input"),
        ("buildings", {"datum": "wgs84", "mapping_json": '{"a": 1}'}, 422, "invalid-input"),
        ("buildings", {"datum": "wgs84", "colour": "red"}, 422, "invalid-input"),
        ("moons", {"datum": "wgs84"}, 404, "unknown-place-layer"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_door(
    county: County, tmp_path: Path, layer: str, fields: dict[str, str], status: int, kind: str
) -> None:
    ours, file = county.bearer(a_planner(county)), a_file(tmp_path)
    with county.client() as client:
        answered, problem = send(client, ours, layer, file, **fields)

    assert (answered, problem["type"]) == (status, f"/problems/{kind}")
    assert problem["detail_zh"]


def test_who_has_no_right_sends_nothing(county: County, tmp_path: Path) -> None:
    theirs = county.bearer(a_planner(county, "dispatcher"))
    with county.client() as client:
        status, problem = send(client, theirs, "buildings", a_file(tmp_path), datum="wgs84")

    assert (status, problem["type"]) == (403, "/problems/not-yours")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04 torn", "unreadable-places"),
        (b"name,floors\na,1\n", "no-geometry"),
        (b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}', ""),
    ],
)
def test_a_damaged_file_is_refused_by_its_task(
    county: County, perform: Perform, tmp_path: Path, content: bytes, kind: str
) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(content)
    ours = county.bearer(a_planner(county))
    with county.client() as client:
        _, sent = send(client, ours, "buildings", file, datum="wgs84")
        perform(sent["task_id"])
        told = client.get(sent["status"], headers=ours).get_json()
        report = fetched(client, ours, told["report"])[1] if told["report"] else b""

    assert told["state"] == "refused"
    assert told["answer"]["type"] == f"/problems/{kind or 'places-faulty'}"
    assert ("没有几何数据" in report.decode("utf-8-sig")) == (kind == "")


def test_every_layer_tells_its_columns(county: County) -> None:
    with county.client() as client:
        items = client.get("/api/v1/places/layers", headers=county.bearer(a_planner(county))).get_json()[
            "items"
        ]

    assert [one["name"] for one in items] == list(FILES)
    assert all(one["title"] and one["columns"] for one in items)


def test_layers_go_out_and_come_in_on_the_command_line(
    county: County, wangge: Callable[..., Result], tmp_path: Path
) -> None:
    furnished(county, tmp_path)
    file = tmp_path / "院落.zip"

    out = wangge("export", "open-ground", file, "--datum", "bd09", "--encoding", "GBK")
    asked = wangge("import", "open-ground", file)
    back = wangge("import", "open-ground", file, "--datum", "bd09")
    odd = wangge("import", "open-ground", file, "--datum", "bd09", "--map", "colour")

    assert (out.exit_code, out.output.startswith("1 rows in")) == (0, True)
    assert [Path(name).suffix for name in zipfile.ZipFile(file).namelist()] == [
        ".cpg",
        ".dbf",
        ".shp",
        ".shx",
    ]
    assert (asked.exit_code, "bd09" in asked.output) == (1, True)
    assert "1 rows upon bd09: 0 were created, 0 changed, 1 stood already" in back.output
    assert (odd.exit_code, "is not FIELD=COLUMN" in odd.output) == (2, True)


@pytest.mark.parametrize(
    ("town", "roads", "buildings", "greens"), [("370831_泗水县", 60, 0, 0), ("370826_微山县", 683, 35, 17)]
)
def test_a_county_town_of_openstreetmap_comes_in_by_one_command(
    county: County,
    wangge: Callable[..., Result],
    shared_data: Path,
    town: str,
    roads: int,
    buildings: int,
    greens: int,
) -> None:
    file = shared_data / "osm_county_towns" / f"{town}.geojson.gz"
    cleared(county)
    stood = rows_of(county, "SELECT count(*) FROM geo.building")[0][0]

    tried = wangge("import", "osm", file, "--dry-run")
    done = wangge("import", "osm", file)
    again = wangge("import", "osm", file)

    assert (tried.exit_code, done.exit_code, again.exit_code) == (0, 0, 0), done.output
    assert rows_of(
        county,
        "SELECT (SELECT count(*) FROM geo.footway), (SELECT count(*) FROM geo.building),"
        " (SELECT count(*) FROM geo.open_ground WHERE kind = 'green')",
    ) == [(roads, stood + buildings, greens)]
    assert "0 were created" in again.output
    assert f"{roads} stood already" in again.output
