"""Whether cells fit together: told as GeoJSON and on the command line; and laws of random changes."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

import orjson
import pytest
import shapely
from click.testing import CliRunner
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.errors import CannotBeCut, CannotBeJoined
from server.cells import queries, service
from server.cells.service import Asked
from server.cli import main
from tests.build import County
from tests.integration.cells.conftest import across, rows, split
from tests.integration.ledger.acting import Cast, a_cast


def faults_of(client: FlaskClient, cast: Cast, **query: str) -> Any:
    headers = cast.county.bearer(cast.headquarters)
    return client.get("/api/v1/grid-cells/faults", query_string=query, headers=headers).get_json()


def test_drawn_cells_have_no_fault_neither_before_nor_after_a_split(client: FlaskClient, cast: Cast) -> None:
    before = faults_of(client, cast)
    counted = rows(cast, "SELECT count(*) FROM geo.grid_cell")[0][0]
    split(client, cast, cast.cell)
    after = faults_of(client, cast, neighbourhood=cast.cell[:12])

    assert before["features"] == after["features"] == []
    assert before["checked"]["cells"] == counted
    assert after["checked"]["neighbourhoods"] == 1


def test_a_gap_is_told_with_its_place_and_its_size(client: FlaskClient, cast: Cast) -> None:
    with cast.county.owner() as session:
        session.execute(
            text("UPDATE geo.grid_cell SET geom = ST_Buffer(geom, -0.0001) WHERE code = :c"), {"c": cast.cell}
        )

    found = faults_of(client, cast, subdistrict=cast.cell[:9])["features"]

    [gap] = [one["properties"] for one in found if one["properties"]["kind"] == "gap"]
    assert gap["area_m2"] > 100
    assert cast.cell in gap["codes"]


def run(county: County, *args: str) -> Any:
    given = county.settings
    environment = {
        "DATABASE_URL": given.database_url,
        "DATABASE_OWNER_URL": given.database_owner_url,
        "REDIS_URL": given.redis_url,
        "SECRET_KEY": given.secret_key,
        "PHOTO_STORE": str(given.photo_store),
    }
    return CliRunner().invoke(main, ["cells", *args], env=environment, catch_exceptions=False)


def test_cells_are_split_checked_and_taken_back_on_the_command_line(cast: Cast, tmp_path: Any) -> None:
    line = tmp_path / "line.geojson"
    line.write_bytes(orjson.dumps({"type": "Feature", "geometry": across(cast, cast.cell)}))

    told = run(cast.county, "split", cast.cell, "--with", str(line), "--why", "住户增多", "--dry-run")
    done = run(cast.county, "split", cast.cell, "--with", str(line), "--why", "住户增多", "--json")
    change = orjson.loads(done.output)["change_id"]
    checked = run(cast.county, "check", "--within", cast.cell[:12])
    undone = run(cast.county, "undo", change)
    again = run(cast.county, "undo", change)

    assert "would take the place of " + cast.cell in told.output
    assert (checked.exit_code, undone.exit_code) == (0, 0)
    assert checked.output.startswith("0 faults in ")
    assert again.exit_code != 0
    assert "undone already" in again.output


def change_at_random(session: Session, rng: Random, home: str) -> None:
    """Split a cell along a straight line or merge two; what cannot be leaves all as it is."""
    asked = Asked("随机", False, None, datetime.now(UTC))
    living = list(
        session.scalars(
            text(
                "SELECT code::text FROM geo.grid_cell WHERE neighbourhood_code = :h AND valid_to IS NULL"
                " ORDER BY 1"
            ),
            {"h": home},
        )
    )
    try:
        if rng.random() < 0.6:
            code = rng.choice(living)
            [(_, outline)] = queries.cells(session, [code])
            at = outline.representative_point()
            lean = rng.uniform(-0.01, 0.01)
            line = LineString([(at.x - 0.01, at.y - lean), (at.x + 0.01, at.y + lean)])
            service.split(session, code, asked=asked, line=line, polygons=[])
        else:
            service.merge(session, rng.sample(living, 2), asked=asked)
    except (CannotBeCut, CannotBeJoined):
        pass


def ground(session: Session, home: str) -> BaseGeometry:
    """Return what the cells of a neighbourhood cover together."""
    rows = session.scalars(
        text(
            "SELECT ST_AsBinary(geom) FROM geo.grid_cell WHERE neighbourhood_code = :h AND valid_to IS NULL"
        ),
        {"h": home},
    )
    return shapely.union_all([shapely.from_wkb(bytes(row)) for row in rows])


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000))
def test_random_changes_keep_the_ground_and_each_open_case_in_one_cell_that_holds(
    cast_with_cases: Cast, seed: int
) -> None:
    cast, home, rng = cast_with_cases, cast_with_cases.cell[:12], Random(seed)
    session = cast.county.database.open()
    try:
        before = ground(session, home)
        for _ in range(4):
            change_at_random(session, rng, home)
        after = ground(session, home)
        homeless = session.scalar(
            text(
                'SELECT count(*) FROM server."case" c WHERE ended_at IS NULL AND NOT EXISTS (SELECT FROM'
                " geo.grid_cell g WHERE g.code = c.grid_cell_code AND g.valid_to IS NULL"
                " AND ST_DWithin(g.geom, c.geom, 1e-9))"
            )
        )
        lost = session.scalar(
            text(
                "SELECT count(*) FROM geo.community_cell k JOIN geo.grid_cell g ON g.code = k.grid_cell_code"
                " WHERE g.valid_to IS NOT NULL"
            )
        )
    finally:
        session.rollback()
        session.close()

    assert before.symmetric_difference(after).area < 1e-11
    assert (homeless, lost) == (0, 0)


@pytest.fixture
def cast_with_cases(county: County) -> Cast:
    cast = a_cast(county)
    for east_m in (0, 15, 30):
        cast.report(location=cast.location(east_m))
    return cast
