"""The base map: a row that headquarters set, checked, told to pages, and let through their policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.auth.actor import Actor
from server.cli import main
from tests.build import County, a_person

PATH = "/api/v1/base-map"
XYZ = {"kind": "xyz", "url": "https://tiles.example:8443/{z}/{x}/{y}.png", "datum": "gcj02"}


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


@pytest.fixture
def boss(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "headquarters", None)


def test_a_base_map_is_set_told_and_let_through_the_policy_of_pages_until_it_is_taken_away(
    client: FlaskClient, county: County, boss: Actor
) -> None:
    with county.transaction() as session:
        worker = a_person(session, "planner", "construction_hq")

    def held() -> Any:
        return client.get(PATH, headers=county.bearer(worker)).get_json()["base_map"]

    def policy() -> str:
        return client.get("/map", buffered=True).headers.get("Content-Security-Policy", "")

    assert held() is None
    assert client.put(PATH, json=XYZ, headers=county.bearer(worker)).status_code == 403
    assert client.put(PATH, json=XYZ, headers=county.bearer(boss)).status_code == 200
    assert (held()["url"], held()["datum"], held()["max_zoom"]) == (XYZ["url"], "gcj02", 18)
    assert "img-src 'self' blob: data: https://tiles.example:8443;" in policy() or policy() == ""
    own = {**XYZ, "kind": "pmtiles", "url": "/base/county.pmtiles", "datum": "wgs84"}
    assert client.put(PATH, json=own, headers=county.bearer(boss)).status_code == 200
    assert held()["kind"] == "pmtiles"
    assert client.delete(PATH, headers=county.bearer(boss)).status_code == 204
    assert held() is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "ftp://x/{z}/{x}/{y}"}, "url"),
        ({"url": "https://x/tiles"}, "url"),
        ({"url": "https://x;script-src */{z}/{x}/{y}"}, "url"),
        ({"url": "//x/{z}/{x}/{y}"}, "url"),
        ({"url": "javascript:{z}{x}{y}"}, "url"),
        ({"datum": "mars"}, "datum"),
        ({"kind": "wms"}, "kind"),
        ({"min_zoom": 9, "max_zoom": 3}, "max_zoom"),
        ({"tile_size": 100}, "tile_size"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_a_base_map_is_told_with_its_field(
    client: FlaskClient, county: County, boss: Actor, change: dict[str, Any], field: str
) -> None:
    answer = client.put(PATH, json={**XYZ, **change}, headers=county.bearer(boss))

    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.get_json()["errors"]] == [f"/{field}"]


def test_there_is_one_base_map_at_most_and_it_has_an_address(county: County) -> None:
    row = (
        "INSERT INTO server.base_map (kind, url, datum, max_zoom, tile_size, set_at, only_one)"
        " VALUES ('xyz', '{}', 'wgs84', 18, 256, now(), {})"
    )
    for url, only in (("nowhere", "true"), ("/a/{{z}}", "false")):
        with pytest.raises(DBAPIError), county.transaction() as session:
            session.execute(text(row.format(url, only)))


def test_the_command_line_sets_and_removes_it(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", county.database_url)
    monkeypatch.setenv("SECRET_KEY", county.settings.secret_key)
    monkeypatch.setenv("PHOTO_STORE", str(county.settings.photo_store))

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["base-map", *words])
        assert result.exit_code == 0, result.output
        return result.output

    run("set", "https://tiles.example/{z}/{x}/{y}.png", "--datum", "bd09")
    assert "bd09" in run("show")
    run("remove")
    assert "no base map" in run("show")
