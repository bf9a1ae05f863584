"""A file of places is taken in as a whole or not at all, by key, and says what it did and what it found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import affinity

from geo.datum import Datum, geometry_from_wgs84
from server.communities.rosters.outcome import By
from server.communities.transfer.errors import DatumMissing, PlacesFaulty
from server.communities.transfer.taking import How, take_in
from server.sheets.errors import ColumnsMissing, UnknownColumn
from server.wiring import FILES
from tests.build import CELL, NOW, OTHER_CELL, County
from tests.integration.communities.transfer.filing import (
    a_file,
    a_spot,
    a_square,
    cleared,
    furnished,
    give,
    rows_of,
    take,
)


def change_no(county: County) -> int:
    return int(rows_of(county, "SELECT coalesce(max(change_no), 0) FROM sync.change")[0][0])


def counts(taken: Any) -> tuple[int, int, int]:
    return taken.count("created"), taken.count("changed"), taken.count("unchanged")


def test_a_building_is_made_in_the_community_it_stands_in_then_changed_by_its_name(
    county: County, tmp_path: Path
) -> None:
    lon, lat = a_spot(county)
    first = a_file(tmp_path, (a_square(lon, lat), {"name": "88号楼", "floors": 6}))
    second = a_file(tmp_path, (a_square(lon, lat, 0.0002), {"楼名": "88号楼", "floors": 7}), name="b")

    made, again = take(county, "buildings", first), take(county, "buildings", first)
    told = change_no(county)
    changed = take(county, "buildings", second, mapping={"楼名": "name"})

    assert [counts(made), counts(again), counts(changed)] == [(1, 0, 0), (0, 0, 1), (0, 1, 0)]
    assert rows_of(
        county,
        "SELECT b.floors, b.version, b.origin, ST_Covers(c.geom, ST_PointOnSurface(b.geom))"
        " FROM geo.building b JOIN geo.community c USING (community_id) WHERE b.name = '88号楼'",
    ) == [(7, 2, "imported", True)]
    assert change_no(county) > told


def test_a_building_in_no_community_is_kept_without_one(county: County, tmp_path: Path) -> None:
    file = a_file(tmp_path, (a_square(117.05, 35.9), {"name": None}), (a_square(117.06, 35.9), {}))

    assert counts(take(county, "buildings", file)) == (2, 0, 0)
    assert counts(take(county, "buildings", file)) == (0, 0, 2)
    assert rows_of(county, "SELECT count(*) FROM geo.building WHERE community_id IS NULL") == [(2,)]


def test_one_faulty_row_stops_all_of_them(county: County, tmp_path: Path) -> None:
    lon, lat = a_spot(county)
    file = a_file(
        tmp_path,
        (a_square(lon, lat), {"name": "88号楼"}),
        (shapely.Point(lon, lat), {"name": "89号楼"}),
        (a_square(lon, lat), {"name": "90号楼", "floors": "many", "community": "无此小区"}),
        (a_square(lon, lat), {"name": "88号楼"}),
        (None, {"name": "91号楼"}),
    )

    with pytest.raises(PlacesFaulty) as stopped:
        take(county, "buildings", file)
    left = take(county, "buildings", file, skip_refused=True)

    assert [(fault.row, fault.column) for fault in stopped.value.faults] == [
        (2, ""),
        (3, "floors"),
        (3, "community"),
        (4, ""),
        (5, ""),
    ]
    assert all(fault.detail_zh for fault in stopped.value.faults)
    assert counts(left) == (1, 0, 0)


def test_a_dry_run_tells_and_draws_what_would_be_and_leaves_no_trace(county: County, tmp_path: Path) -> None:
    lon, lat = a_spot(county)
    bad = {"name": "90号楼", "floors": 999}
    file = a_file(
        tmp_path,
        (a_square(lon, lat), {"name": "88号楼"}),
        (None, {"name": "89号楼"}),
        (a_square(lon, lat), bad),
    )
    before = rows_of(county, "SELECT count(*), (SELECT count(*) FROM server.audit_line) FROM geo.building")

    told = take(county, "buildings", file, dry_run=True, drawing=tmp_path / "c.geojson")

    drawn = json.loads((tmp_path / "c.geojson").read_text("utf-8"))["features"]
    assert [(one["properties"]["what"], one["properties"]["name"]) for one in drawn] == [
        ("created", "88号楼"),
        ("refused", "90号楼"),
    ]
    assert "1 至 200" in drawn[1]["properties"]["faults_zh"]
    assert shapely.from_geojson(json.dumps(drawn[0]["geometry"])).equals(a_square(lon, lat))
    assert (counts(told), len(told.faults)) == ((1, 0, 0), 2)
    assert (
        rows_of(county, "SELECT count(*), (SELECT count(*) FROM server.audit_line) FROM geo.building")
        == before
    )


def test_rings_are_mended_and_listed(county: County, tmp_path: Path) -> None:
    cleared(county)
    lon, lat = a_spot(county)
    d = 0.0001
    corners = [(lon, lat), (lon, lat + d), (lon + d, lat + d), (lon + d, lat + d), (lon + d, lat)]
    file = a_file(tmp_path, (shapely.Polygon(corners), {"name": "绿地", "kind": "绿地"}))

    taken = take(county, "open-ground", file)

    assert [note.detail for _, note in taken.mended] == [
        "1 repeated points removed",
        "rings turned anticlockwise",
    ]
    assert rows_of(county, "SELECT kind, ST_NPoints(geom), round(area_m2) > 50 FROM geo.open_ground") == [
        ("green", 5, True)
    ]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_file_upon_another_datum_than_declared_is_warned_of(
    county: County, tmp_path: Path, datum: Datum
) -> None:
    (east,) = rows_of(
        county,
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT (ST_DumpPoints(ST_Buffer(geom, -0.001))).geom AS p"
        " FROM geo.county) AS at ORDER BY ST_X(p) DESC LIMIT 1",
    )
    point = geometry_from_wgs84(shapely.Point(*east), datum)
    file = a_file(tmp_path, (point, {"name": "东门"}))

    as_told, as_is = take(county, "gates", file, dry_run=True), take(county, "gates", file, datum=datum)

    assert [one.code for one in as_told.warnings] == ["datum-mismatch"]
    assert datum in as_told.warnings[0].detail
    assert as_told.inside[datum] == 1.0
    assert as_is.warnings == []


@pytest.mark.parametrize("layer", ["open-ground", "buildings", "communities", "entrances"])
def test_places_that_would_miss_their_communities_are_warned_of_although_they_lie_in_the_county(
    county: County, tmp_path: Path, layer: str
) -> None:
    file = give(county, layer, tmp_path, "gpkg", "gcj02")

    warned = {
        datum: [one.code for one in take(county, layer, file, datum=datum, dry_run=True).warnings]
        for datum in ("wgs84", "gcj02")
    }

    assert warned == {"wgs84": ["datum-mismatch"], "gcj02": []}


def test_the_outline_of_the_county_itself_tells_upon_which_datum_it_was_published(
    county: County, tmp_path: Path, shared_data: Path
) -> None:
    published = json.loads(
        (shared_data / "sishui_boundaries" / "sishui_gcj02_raw.geojson").read_text("utf-8")
    )
    outline = shapely.geometry.shape(published["features"][0]["geometry"])
    code = rows_of(county, "SELECT code FROM geo.subdistrict ORDER BY code LIMIT 1")[0][0]
    file = a_file(tmp_path, (outline, {"code": code, "name": "泗河街道"}))

    warned = {
        datum: [one.code for one in take(county, "subdistricts", file, datum=datum, dry_run=True).warnings]
        for datum in ("wgs84", "gcj02", "bd09")
    }

    assert warned == {"wgs84": ["datum-mismatch"], "gcj02": [], "bd09": ["datum-mismatch"]}


def test_a_file_without_a_datum_is_asked_for_it(county: County, tmp_path: Path) -> None:
    file = a_file(tmp_path, (a_square(117.27, 35.66), {}))

    with pytest.raises(DatumMissing) as asked:
        take(county, "buildings", file, datum=None)

    assert "gcj02" in asked.value.detail
    assert asked.value.errors[0]["pointer"] == "/datum"


def test_a_file_that_proves_its_datum_need_not_be_asked(county: County, tmp_path: Path) -> None:
    furnished(county, tmp_path)
    file = give(county, "gates", tmp_path, "gpkg", "cgcs2000")

    taken = take(county, "gates", file, datum=None)

    assert (taken.datum, counts(taken)) == ("cgcs2000", (0, 0, 1))


@pytest.mark.parametrize(
    ("layer", "properties", "kind", "mapping"),
    [
        ("grid-cells", {"name": "x"}, ColumnsMissing, {}),
        ("buildings", {"name": "x"}, UnknownColumn, {"name": "colour"}),
        ("buildings", {"name": "x"}, UnknownColumn, {"colour": "name"}),
    ],
)
def test_columns_that_cannot_be_meant_stop_the_file(
    county: County,
    tmp_path: Path,
    layer: str,
    properties: dict[str, str],
    kind: type[Exception],
    mapping: dict[str, str],
) -> None:
    file = a_file(tmp_path, (a_square(117.27, 35.66), properties))

    with pytest.raises(kind):
        take(county, layer, file, mapping=mapping)


@pytest.mark.parametrize(
    ("layer", "properties", "told"),
    [
        ("subdistricts", {"code": "999999999"}, "no official code"),
        ("grid-cells", {"code": "12"}, "15 digits"),
        ("grid-cells", {"code": "999999999999001"}, "no neighbourhood"),
        ("communities", {"name": "新小区"}, "needed for a new record"),
        ("facilities", {"name": "电梯", "kind": "Lift!"}, "small letters"),
        (
            "facilities",
            {"name": "电梯", "kind": "lift"},
            "is needed: the position lies in no known community",
        ),
        ("facilities", {"name": "a", "kind": "lift", "attributes": "[1]"}, "no JSON object"),
        ("entrances", {"name": "1单元", "building": "无此楼"}, "is not known here"),
        ("gates", {"gate_id": "not-an-id"}, "is no id"),
        ("buildings", {"floors": 0}, "from 1 to 200"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(
    county: County, tmp_path: Path, layer: str, properties: dict[str, Any], told: str
) -> None:
    point = FILES[layer].shape == "point"
    geometry = shapely.Point(117.05, 35.9) if point else a_square(117.05, 35.9)

    taken = take(county, layer, a_file(tmp_path, (geometry, properties)), dry_run=True)

    assert [fault for fault in taken.faults if told in fault.detail]
    assert counts(taken) == (0, 0, 0)


def test_cells_that_trade_ground_are_stored_in_whatever_order_works(county: County, tmp_path: Path) -> None:
    rows = rows_of(
        county,
        "SELECT a.code, b.code, ST_AsBinary(a.geom), ST_AsBinary(b.geom) FROM geo.grid_cell a"
        " JOIN geo.grid_cell b ON a.code < b.code AND ST_Relate(a.geom, b.geom, 'F***1****')"
        " ORDER BY 1, 2 LIMIT 1",
    )
    taker, giver = (shapely.from_wkb(bytes(one)) for one in rows[0][2:])
    smaller = giver.difference(giver.boundary.intersection(taker).buffer(0.00005))
    larger = taker.union(giver.difference(smaller)).buffer(0)
    features = [(larger, {"code": rows[0][0]}), (smaller, {"code": rows[0][1]})]
    told = change_no(county)

    taken = take(county, "grid-cells", a_file(tmp_path, *features))

    assert counts(taken) == (0, 2, 0)
    assert change_no(county) > told
    assert rows_of(
        county,
        "SELECT count(*) FROM geo.community_cell k JOIN geo.community c USING (community_id)"
        " JOIN geo.grid_cell g ON g.code = k.grid_cell_code WHERE NOT ST_Intersects(c.geom, g.geom)",
    ) == [(0,)]


def test_a_cell_that_overlaps_another_is_refused_by_its_row(county: County, tmp_path: Path) -> None:
    (shape,) = rows_of(county, "SELECT ST_AsBinary(geom) FROM geo.grid_cell WHERE code = :code", code=CELL)
    file = a_file(tmp_path, (shapely.from_wkb(bytes(shape[0])), {"code": OTHER_CELL}))

    with pytest.raises(PlacesFaulty) as stopped:
        take(county, "grid-cells", file)

    assert [fault.row for fault in stopped.value.faults] == [1]
    assert "overlaps" in stopped.value.faults[0].detail


def test_an_outline_drawn_anew_moves_a_community_and_is_provisional_no_longer(
    county: County, tmp_path: Path
) -> None:
    (row,) = rows_of(
        county, "SELECT community_id::text, ST_AsBinary(geom), version FROM geo.community ORDER BY 1 LIMIT 1"
    )
    smaller = affinity.scale(shapely.from_wkb(bytes(row[1])), 0.9, 0.9)

    taken = take(county, "communities", a_file(tmp_path, (smaller, {"community_id": row[0]})))

    assert counts(taken) == (0, 1, 0)
    assert rows_of(
        county,
        "SELECT version, provisional_outline, (SELECT count(*) > 0 FROM geo.community_cell k"
        " WHERE k.community_id = c.community_id) FROM geo.community c WHERE community_id::text = :id",
        id=row[0],
    ) == [(row[2] + 1, False, True)]


def test_a_record_named_by_its_id_keeps_its_community_wherever_it_moves(
    county: County, tmp_path: Path
) -> None:
    stands = "SELECT facility_id::text, community_id FROM geo.facility ORDER BY 1 LIMIT 1"
    before = rows_of(county, stands)
    file = a_file(tmp_path, (shapely.Point(117.05, 35.9), {"facility_id": before[0][0]}))

    assert counts(take(county, "facilities", file)) == (0, 1, 0)
    assert rows_of(county, stands) == before


def test_ten_thousand_rows_are_taken_in_and_again_without_a_change(county: County, tmp_path: Path) -> None:
    points = [shapely.Point(117.1 + (n % 100) / 1000, 35.6 + n // 100 / 1000) for n in range(10_000)]
    file = a_file(tmp_path, *((point, {"kind": "vehicle"}) for point in points))
    heard: list[tuple[int, int | None]] = []

    with county.transaction() as session:
        made = take_in(
            session,
            FILES["gates"],
            file,
            How("wgs84"),
            file_name="gates",
            by=By(None, NOW),
            tell=lambda done, total: heard.append((done, total)),
        )
    again = take(county, "gates", file)

    assert (counts(made), counts(again)) == ((10_000, 0, 0), (0, 0, 10_000))
    assert heard == sorted(heard)
    assert heard[-1] == (10_000, 10_000)
