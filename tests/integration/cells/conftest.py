"""A cast around one community, and what to do with its cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server.auth.actor import Actor
from tests.build import County
from tests.integration.ledger.acting import Cast, a_cast


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as client:
        yield client


def rows(cast: Cast, sql: str, **bound: Any) -> list[tuple[Any, ...]]:
    with cast.county.transaction() as session:
        return [tuple(row) for row in session.execute(text(sql), bound)]


def bounds(cast: Cast, code: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a cell."""
    [found] = rows(
        cast,
        "SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)"
        " FROM geo.grid_cell WHERE code = :c",
        c=code,
    )
    return found[0], found[1], found[2], found[3]


def across(cast: Cast, code: str, share: float = 0.5) -> dict[str, Any]:
    """Return a line from west to east across a cell, at a share of its height."""
    west, south, east, north = bounds(cast, code)
    at = south + share * (north - south)
    return {"type": "LineString", "coordinates": [[west - 0.001, at], [east + 0.001, at]]}


def post(client: FlaskClient, cast: Cast, path: str, who: Actor, **body: Any) -> Any:
    answer = client.post(f"/api/v1/grid-cells{path}", json=body, headers=cast.county.bearer(who))
    return answer.status_code, answer.get_json()


def split(client: FlaskClient, cast: Cast, code: str, **more: Any) -> Any:
    body = {"line": across(cast, code), "why": "住户增多", **more}
    return post(client, cast, f"/{code}/split", cast.headquarters, **body)


def neighbour_of(cast: Cast, code: str) -> str:
    """Return a cell of the same neighbourhood that shares an edge."""
    [(found,), *_] = rows(
        cast,
        "SELECT b.code::text FROM geo.grid_cell a JOIN geo.grid_cell b"
        " ON b.neighbourhood_code = a.neighbourhood_code AND b.code <> a.code AND b.valid_to IS NULL"
        " WHERE a.code = :code AND ST_Relate(a.geom, b.geom, 'F***1****') ORDER BY 1",
        code=code,
    )
    return str(found)
