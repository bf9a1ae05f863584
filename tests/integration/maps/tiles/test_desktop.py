"""Tiles for desktop GIS: found through OGC collections, read with a password or a token in the address."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from server.auth.actor import Actor
from tests.build import PASSWORD, County, a_person
from tests.integration.maps.tiles.asking import COUNTY_BOX, Reader, features_in, tiles_of


def _basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


def _planner(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "planner", "construction_hq")


def test_a_collection_leads_to_its_tiles_and_the_token_goes_along(
    client: FlaskClient, county: County
) -> None:
    token = county.bearer(_planner(county))["Authorization"].removeprefix("Bearer ")

    found: Any = client.get(f"/ogc/collections/grid-cells?f=json&token={token}").get_json(force=True)
    [described] = [link for link in found["links"] if "tilejson" in link["href"]]
    told: Any = client.get(described["href"].removeprefix("http://localhost")).get_json(force=True)
    [template] = told["tiles"]
    tile = next(tiles_of(COUNTY_BOX, 8))
    drawn = client.get(template.removeprefix("http://localhost").format(z=tile.z, x=tile.x, y=tile.y))

    assert drawn.status_code == 200
    assert features_in(drawn.data, "grid-cells")


def test_tiles_are_read_with_a_password_and_are_those_of_the_person(
    client: FlaskClient, county: County, reader: Callable[[Actor], Reader]
) -> None:
    planner = _planner(county)
    tile = next(tiles_of(COUNTY_BOX, 8))

    by_password = client.get(
        f"/tiles/grid-cells/{tile.z}/{tile.x}/{tile.y}.mvt", headers=_basic(planner.username)
    )
    wrong = client.get("/tiles/grid-cells/0/0/0.mvt", headers=_basic(planner.username, "wrong-password"))
    nobody = client.get("/tiles/grid-cells/0/0/0.mvt")

    assert by_password.data == reader(planner).tile("grid-cells", tile).data
    assert (wrong.status_code, nobody.status_code) == (401, 401)
