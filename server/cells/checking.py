"""Looking for faults of cells again whenever they or neighbourhoods changed; what is found is drawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import orjson
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.cells.faults import faults
from server.communities.service import local_day
from server.work import Work

EVERY_S = 60

_NAMES = UUID("7f1d3c8e-6f1b-5a53-9d53-5a2f6f0f4a11")
_STANDING = text(
    "SELECT coalesce(max(v.version), 0) AS version, (SELECT c.version FROM geo.cell_check c"
    " WHERE c.checked_on = CAST(:day AS date)) AS checked FROM server.layer_version v"
    " WHERE v.source IN ('grid_cell', 'neighbourhood', 'cell_lineage')"
)
_FORGET = text("DELETE FROM geo.cell_fault WHERE NOT fault_id = ANY(CAST(:ids AS uuid[]))")
_KEEP = text(
    "INSERT INTO geo.cell_fault (fault_id, kind, codes, neighbourhood_code, area_m2, expected_code,"
    " geom, found_at) SELECT f.fault_id, f.kind, f.codes, f.neighbourhood_code, f.area_m2, f.expected_code,"
    " ST_GeomFromWKB(decode(f.wkb, 'hex'), 4326), :now FROM jsonb_to_recordset(CAST(:found AS jsonb)) AS f ("
    " fault_id uuid, kind text, codes text[], neighbourhood_code text, area_m2 double precision,"
    " expected_code text, wkb text) ON CONFLICT (fault_id) DO NOTHING"
)
_CHECKED = text(
    "INSERT INTO geo.cell_check (version, checked_on, checked_at) VALUES (:version, :day, :now)"
    " ON CONFLICT (only_one) DO UPDATE SET version = excluded.version, checked_on = excluded.checked_on,"
    " checked_at = excluded.checked_at"
)


def check_cells(work: Work) -> int:
    """Look for faults if something changed since, or the day did; return how many stand, -1 if not looked."""
    day = local_day(work.now)
    with work.database.transaction() as session:
        row = session.execute(_STANDING, {"day": day}).one()
        if row.checked == row.version or not session.scalar(text("SELECT EXISTS (SELECT FROM geo.county)")):
            return -1
        found = _found(session, work)
        session.execute(_FORGET, {"ids": [one["fault_id"] for one in found]})
        session.execute(_KEEP, {"found": orjson.dumps(found).decode(), "now": work.now})
        session.execute(_CHECKED, {"version": row.version, "day": day, "now": work.now})
    return len(found)


def _found(session: Session, work: Work) -> list[dict[str, Any]]:
    told = faults(session, None, local_day(work.now))["features"]
    return [kept for kept in map(_kept, told) if kept is not None]


def _kept(feature: dict[str, Any]) -> dict[str, Any] | None:
    """Return a fault as it is stored, under an id that it has again when it is found so again."""
    shape = _areas(shapely.geometry.shape(feature["geometry"]))
    if shape.is_empty or not feature["properties"]["codes"]:
        return None
    wkb = shapely.to_wkb(shape, hex=True)
    told = feature["properties"]
    name = f"{told['kind']} {' '.join(told['codes'])} {told['expected_code']} {wkb}"
    return {**told, "fault_id": str(uuid5(_NAMES, name)), "wkb": wkb}


def _areas(shape: Any) -> shapely.MultiPolygon:
    """Return the parts of a shape that have an area; where outlines only touch there is none."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    nested = [
        part for one in shapely.get_parts(shape) if one.geom_type == "MultiPolygon" for part in one.geoms
    ]
    return shapely.MultiPolygon([*parts, *nested])
