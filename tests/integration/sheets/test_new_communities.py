"""Communities that a roster makes: from a position, provisionally, or from an outline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely import wkt
from shapely.geometry import mapping
from sqlalchemy import text

from geo.datum import from_wgs84
from server.communities.rosters.columns import ROSTERS
from server.communities.rosters.outcome import By, Outcome
from server.communities.rosters.work import take_in
from server.sheets.errors import TableFaulty
from server.sheets.layout import Layout
from server.sheets.writing import SheetWriter
from tests.integration.ledger.acting import Cast

NEIGHBOURHOOD = "370831001003"
# Fields in the south of the county, where the demo county has no community.
LON, LAT = 117.30, 35.50
SQUARE = "POLYGON((117.30 35.50,117.302 35.50,117.302 35.502,117.30 35.502,117.30 35.50))"
NEW: dict[str, object] = {
    "community": "新苑小区",
    "neighbourhood": NEIGHBOURHOOD,
    "households": 320,
    "kind": "商品房小区",
    "pilot": "是",
    "lon": LON,
    "lat": LAT,
}


def take(cast: Cast, folder: Path, *rows: dict[str, object], **how: bool) -> Outcome:
    """Take a roster of these communities in; a cell named None is left empty."""
    file, columns = folder / "小区.xlsx", ROSTERS["communities"].columns
    with SheetWriter(file, columns, Layout("住宅小区名册")) as sheet:
        for row in rows:
            sheet.add([row.get(column.name) for column in columns])
    with cast.county.transaction() as session:
        by = By(cast.headquarters, cast.later())
        asked = {"dry_run": False, **how}
        return take_in(session, "communities", file, file_name=file.name, by=by, **asked).outcome


def faults(cast: Cast, folder: Path, *rows: dict[str, object]) -> list[tuple[int, str]]:
    with pytest.raises(TableFaulty) as told:
        take(cast, folder, *rows)
    return [(fault.row, fault.column.removesuffix("*")) for fault in told.value.faults]


def stored(cast: Cast, name: str = "新苑小区") -> Any:
    with cast.county.transaction() as session:
        return (
            session.execute(
                text(
                    "SELECT c.*, ST_X(ST_Centroid(geom)) AS lon, ST_Y(ST_Centroid(geom)) AS lat,"
                    " ST_Area(geom::geography) AS area_m2, (SELECT unit_code FROM server.service_contract s"
                    " WHERE s.community_id = c.community_id) AS company"
                    " FROM geo.community c WHERE name = :name"
                ),
                {"name": name},
            )
            .mappings()
            .one_or_none()
        )


def test_a_position_makes_a_community_with_a_provisional_outline(cast: Cast, tmp_path: Path) -> None:
    outcome = take(cast, tmp_path, NEW)

    made = stored(cast)
    assert outcome.created == 1
    assert (made["households"], made["pilot"], made["provisional_outline"]) == (320, True, True)
    assert (made["lon"], made["lat"]) == pytest.approx((LON, LAT), abs=1e-5)
    assert made["area_m2"] == pytest.approx(11_290, rel=0.02)


def test_the_same_roster_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    drawn = {
        **NEW,
        "community": "南苑",
        "lon": None,
        "lat": None,
        "outline": "POLYGON((117.31 35.5,117.312 35.5,117.312 35.502,117.31 35.5))",
    }
    take(cast, tmp_path, NEW, drawn)

    again = take(cast, tmp_path, NEW, drawn)

    assert again == Outcome(unchanged=2)


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "cgcs2000"])
def test_a_position_is_read_in_its_datum(cast: Cast, tmp_path: Path, datum: Any) -> None:
    lon, lat = from_wgs84(LON, LAT, datum)

    take(cast, tmp_path, {**NEW, "lon": float(lon), "lat": float(lat), "datum": datum})

    assert (stored(cast)["lon"], stored(cast)["lat"]) == pytest.approx((LON, LAT), abs=1e-5)


@pytest.mark.parametrize("form", ["wkt", "geometry", "feature", "collection"])
def test_an_outline_comes_as_wkt_or_geojson(cast: Cast, tmp_path: Path, form: str) -> None:
    geometry = mapping(wkt.loads(SQUARE))
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    told = {
        "wkt": SQUARE,
        "geometry": json.dumps(geometry),
        "feature": json.dumps(feature),
        "collection": json.dumps({"type": "FeatureCollection", "features": [feature]}),
    }[form]

    take(cast, tmp_path, {**NEW, "lon": None, "lat": None, "outline": told})

    made = stored(cast)
    assert not made["provisional_outline"]
    assert made["area_m2"] == pytest.approx(40_200, rel=0.02)


def test_an_outline_drawn_later_replaces_the_provisional_one(cast: Cast, tmp_path: Path) -> None:
    take(cast, tmp_path, NEW)

    outcome = take(cast, tmp_path, {"community": "新苑小区", "outline": SQUARE})

    made = stored(cast)
    assert outcome.changed == 1
    assert (made["provisional_outline"], made["version"], made["households"]) == (False, 2, 320)


def test_tablets_hear_of_a_new_community_in_its_cells(cast: Cast, tmp_path: Path) -> None:
    with cast.county.transaction() as session:
        lon, lat, cell = session.execute(
            text(
                "SELECT ST_X(p), ST_Y(p), code FROM"
                " (SELECT code, (ST_Dump(ST_GeneratePoints(geom, 400, 7))).geom AS p"
                " FROM geo.grid_cell) g WHERE NOT EXISTS"
                " (SELECT FROM geo.community c WHERE ST_Intersects(c.geom, g.p)) LIMIT 1"
            )
        ).one()

    take(cast, tmp_path, {**NEW, "lon": lon, "lat": lat})

    with cast.county.transaction() as session:
        body = session.execute(
            text(
                "SELECT body FROM sync.entity_state"
                " WHERE entity = 'community' AND body ->> 'name' = '新苑小区'"
            )
        ).scalar_one()
    assert body["provisional_outline"] is True
    assert cell in body["grid_cell_codes"]


def test_a_new_community_comes_with_its_company(cast: Cast, tmp_path: Path) -> None:
    company = cast.fixer.unit_code

    take(cast, tmp_path, {**NEW, "company": company, "contract": "业主选聘"})
    again = take(cast, tmp_path, {**NEW, "company": company, "contract": "业主选聘"})

    assert stored(cast)["company"] == company
    assert again == Outcome(unchanged=1)


def test_a_pilot_is_marked_and_unmarked(cast: Cast, tmp_path: Path) -> None:
    take(cast, tmp_path, NEW)

    take(cast, tmp_path, {"community": "新苑小区", "pilot": "否"})

    assert stored(cast)["pilot"] is False


def test_a_circle_leaves_the_neighbours_their_ground(cast: Cast, tmp_path: Path) -> None:
    take(cast, tmp_path, {**NEW, "lon": None, "lat": None, "outline": SQUARE})

    take(cast, tmp_path, {**NEW, "community": "西邻", "lon": LON - 0.0003, "lat": LAT + 0.001})

    with cast.county.transaction() as session:
        shared = session.scalar(
            text(
                "SELECT ST_Area(ST_Intersection(a.geom, b.geom)::geography)"
                " FROM geo.community a, geo.community b"
                " WHERE a.name = '新苑小区' AND b.name = '西邻'"
            )
        )
    assert shared < 0.01
    assert 5_000 < stored(cast, "西邻")["area_m2"] < 11_000


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"neighbourhood": None}, "社区"),
        ({"neighbourhood": "没有的社区"}, "社区"),
        ({"kind": None}, "小区类型"),
        ({"lat": None}, "纬度"),
        ({"lon": LAT, "lat": LON}, "经度"),
        ({"lon": 2.35, "lat": 48.85}, "经度"),
        ({"lon": 1e9}, "经度"),
        ({"datum": "北京54"}, "坐标系"),
        ({"pilot": "也许"}, "示范/试点"),
        ({"outline": "POLYGON((117.30"}, "边界"),
        ({"outline": '{"type": "Polygon"}'}, "边界"),
        ({"outline": "POINT(117.3 35.5)"}, "边界"),
        ({"outline": "POLYGON((117.3 35.5,117.31 35.51,117.31 35.5,117.3 35.51,117.3 35.5))"}, "边界"),
        ({"outline": "POLYGON((117.3 35.5,117.3001 35.5,117.3 35.50001,117.3 35.5))"}, "边界"),
        ({"outline": "POLYGON((117 35,118 35,118 36,117 36,117 35))"}, "边界"),
        ({"company": "没有的企业"}, "物业企业"),
    ],
)
def test_a_cell_that_places_nothing_is_named(
    cast: Cast, tmp_path: Path, cells: dict[str, object], column: str
) -> None:
    assert (2, column) in faults(cast, tmp_path, {**NEW, **cells})

    assert stored(cast) is None


def test_two_communities_never_stand_on_one_place(cast: Cast, tmp_path: Path) -> None:
    inside = {**NEW, "community": "内苑", "lon": LON + 0.001, "lat": LAT + 0.001}
    same = {**NEW, "community": "外苑", "lon": None, "lat": None, "outline": SQUARE}

    told = faults(cast, tmp_path, {**same, "community": "新苑小区"}, inside, same)

    assert told == [(3, "经度"), (4, "边界")]


def test_the_good_rows_are_taken_where_the_others_may_be_left_out(cast: Cast, tmp_path: Path) -> None:
    outcome = take(
        cast, tmp_path, NEW, {**NEW, "community": "远方", "lon": 2.35, "lat": 48.85}, skip_refused=True
    )

    assert outcome == Outcome(created=1)
    assert stored(cast) is not None
    assert stored(cast, "远方") is None


def test_a_dry_run_makes_no_community(cast: Cast, tmp_path: Path) -> None:
    assert take(cast, tmp_path, NEW, dry_run=True).created == 1

    assert stored(cast) is None
