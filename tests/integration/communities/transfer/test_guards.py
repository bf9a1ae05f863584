"""What PostgreSQL refuses of open ground, fire lanes, footways and gates, and the way back before them."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import migrations
from tests.build import County
from tests.integration.communities.transfer.filing import rows_of

SQUARE = "ST_GeomFromText('POLYGON((117 35, 117.1 35, 117.1 35.1, 117 35))', 4326)"
TIE = "ST_GeomFromText('POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))', 4326)"
LINE = "ST_GeomFromText('LINESTRING(117 35, 117.1 35)', 4326)"
GROUND = "INSERT INTO geo.open_ground (ground_id, kind, geom, valid_from, valid_to) VALUES"
LANE = "INSERT INTO geo.fire_lane (lane_id, width_m, geom, valid_from) VALUES"
WAY = "INSERT INTO geo.footway (footway_id, kind, geom, valid_from) VALUES"
GATE = "INSERT INTO geo.gate (gate_id, kind, geom, valid_from, version) VALUES"
NEW = "gen_random_uuid()"


@pytest.mark.parametrize(
    "sql",
    [
        f"{GROUND} ({NEW}, 'moon', {SQUARE}, '2026-01-01', NULL)",
        f"{GROUND} ({NEW}, 'green', {TIE}, '2026-01-01', NULL)",
        f"{GROUND} ({NEW}, 'green', ST_GeomFromText('POLYGON EMPTY', 4326), '2026-01-01', NULL)",
        f"{GROUND} ({NEW}, 'green', {SQUARE}, '2026-01-02', '2026-01-01')",
        f"{LANE} ({NEW}, 0, {SQUARE}, '2026-01-01')",
        f"{LANE} ({NEW}, 4, {TIE}, '2026-01-01')",
        f"{WAY} ({NEW}, 'Foot Way', {LINE}, '2026-01-01')",
        f"{WAY} ({NEW}, 'footway', ST_GeomFromText('LINESTRING EMPTY', 4326), '2026-01-01')",
        f"{GATE} ({NEW}, 'window', ST_GeomFromText('POINT(117 35)', 4326), '2026-01-01', 1)",
        f"{GATE} ({NEW}, 'both', ST_GeomFromText('POINT EMPTY', 4326), '2026-01-01', 1)",
        f"{GATE} ({NEW}, 'both', ST_GeomFromText('POINT(117 35)', 4326), '2026-01-01', 0)",
    ],
)
def test_plain_sql_cannot_store_what_cannot_be(county: County, sql: str) -> None:
    with pytest.raises(DBAPIError), county.owner() as session:
        session.execute(text(sql))


def test_0480_goes_back_over_buildings_in_no_community(county: County) -> None:
    outside = (
        "INSERT INTO geo.building (building_id, name, geom) VALUES (gen_random_uuid(), '', " + SQUARE + ")"
    )
    stood = rows_of(county, "SELECT count(*) FROM geo.building")
    with county.owner() as session:
        session.execute(text(outside))
        session.execute(text(f"{GROUND} ({NEW}, 'green', {SQUARE}, '2026-01-01', NULL)"))
    county.database.engine.dispose()

    migrations.downgrade(county.owner_url, "0460")
    there = rows_of(county, "SELECT to_regclass('geo.open_ground') IS NOT NULL")
    kept = rows_of(county, "SELECT count(*) FROM geo.building")
    migrations.upgrade(county.owner_url, "head")

    assert (there, kept) == ([(False,)], stood)
    assert rows_of(county, "SELECT count(*) FROM geo.open_ground") == [(0,)]
