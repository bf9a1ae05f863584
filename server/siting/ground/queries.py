"""All SQL about the county's places as siting needs them; shapes come in metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Result, text
from sqlalchemy.orm import Session

Shapes = NDArray[np.object_]

_THINGS, _DEMAND, _COUNTS = (
    text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
    for name in ("things", "demand", "counts")
)
_GROUNDS = text(
    "SELECT g.ground_id::text AS id, g.community_id::text AS community_id, g.kind,"
    " ST_AsBinary(ST_Transform(g.geom, k.metric_srid)) AS shape"
    " FROM geo.open_ground g CROSS JOIN geo.county k"
    " WHERE g.community_id = ANY(CAST(:ids AS uuid[])) AND g.kind <> 'ladder_ground'"
    " AND daterange(g.valid_from, g.valid_to) @> CAST(:day AS date) ORDER BY g.community_id, g.ground_id"
)
_SITES = text(
    "SELECT s.site_id::text AS id, s.community_id::text AS community_id, s.name, s.status, s.has_shed,"
    " s.charging_ports AS ports, ST_X(ST_Transform(s.geom, k.metric_srid)) AS x,"
    " ST_Y(ST_Transform(s.geom, k.metric_srid)) AS y"
    " FROM server.charging_site s CROSS JOIN geo.county k"
    " WHERE (s.valid_to IS NULL OR s.valid_to > :day) AND s.status NOT IN ('refused', 'retired')"
    " AND s.site_id IN"
    " (SELECT n.site_id FROM geo.community c JOIN server.charging_site n"
    "   ON n.geom && ST_Expand(c.geom, CAST(:reach_m AS double precision) / 80000)"
    "  WHERE c.community_id = ANY(CAST(:ids AS uuid[])))"
    " ORDER BY s.site_id"
)
_FACILITIES = text(
    "SELECT f.facility_id::text AS id, f.community_id::text AS community_id, f.kind, f.name, f.attributes,"
    " ST_X(ST_Transform(f.geom, k.metric_srid)) AS x, ST_Y(ST_Transform(f.geom, k.metric_srid)) AS y"
    " FROM geo.facility f CROSS JOIN geo.county k"
    " WHERE f.kind = :kind AND (f.valid_to IS NULL OR f.valid_to > :day) AND f.facility_id IN"
    " (SELECT n.facility_id FROM geo.community c JOIN geo.facility n"
    "   ON n.geom && ST_Expand(c.geom, CAST(:reach_m AS double precision) / 80000)"
    "  WHERE c.community_id = ANY(CAST(:ids AS uuid[])))"
    " ORDER BY f.facility_id"
)
_CASES = text(
    "SELECT r.community_id::text AS community_id, ST_X(ST_Transform(r.geom, k.metric_srid)) AS x,"
    " ST_Y(ST_Transform(r.geom, k.metric_srid)) AS y"
    ' FROM server."case" r CROSS JOIN geo.county k'
    " WHERE r.category = 'private_wiring_charging' AND r.community_id = ANY(CAST(:ids AS uuid[]))"
    " AND r.reported_at >= :since AND r.state NOT IN ('declined', 'voided', 'merged') ORDER BY r.case_id"
)
_WAYS = text(
    "SELECT f.footway_id::text AS id, ST_AsBinary(ST_Transform(f.geom, k.metric_srid)) AS shape"
    " FROM geo.footway f CROSS JOIN geo.county k"
    " WHERE f.walkable AND daterange(f.valid_from, f.valid_to) @> CAST(:day AS date) AND f.footway_id IN"
    " (SELECT n.footway_id FROM geo.community c JOIN geo.footway n"
    "   ON n.geom && ST_Expand(c.geom, CAST(:reach_m AS double precision) / 80000)"
    "  WHERE c.community_id = ANY(CAST(:ids AS uuid[])))"
    " ORDER BY f.footway_id"
)
_GATES = text(
    "SELECT g.gate_id::text AS id, g.community_id::text AS community_id, g.kind, g.name,"
    " ST_X(g.geom) AS lon, ST_Y(g.geom) AS lat,"
    " ST_X(ST_Transform(g.geom, k.metric_srid)) AS x, ST_Y(ST_Transform(g.geom, k.metric_srid)) AS y,"
    " (SELECT c.name FROM geo.community c WHERE c.community_id = g.community_id LIMIT 1) AS community_name"
    " FROM geo.gate g CROSS JOIN geo.county k"
    " WHERE daterange(g.valid_from, g.valid_to) @> CAST(:day AS date) AND g.gate_id IN"
    " (SELECT n.gate_id FROM geo.community c JOIN geo.gate n"
    "   ON n.geom && ST_Expand(c.geom, CAST(:reach_m AS double precision) / 80000)"
    "  WHERE c.community_id = ANY(CAST(:ids AS uuid[])))"
    " ORDER BY g.gate_id"
)


def things_around(
    session: Session, ids: Sequence[str], day: date, reach_m: float, facilities: Sequence[str]
) -> dict[str, Shapes]:
    """Return by kind what stands in communities and within `reach_m` around them.

    Args:
        facilities: the kinds of facilities that rules name; theirs come as `facility:<kind>`.
    """
    given = {"ids": list(ids), "day": day, "reach_m": reach_m, "facilities": list(facilities)}
    rows = session.execute(_THINGS, given).all()
    kinds = np.array([row.kind for row in rows], dtype=object)
    shapes = shapely.from_wkb(np.array([bytes(row.shape) for row in rows], dtype=object))
    return {str(kind): shapes[kinds == kind] for kind in sorted(set(kinds.tolist()))}


def grounds_of(session: Session, ids: Sequence[str], day: date) -> list[Mapping[str, Any]]:
    """Return drawn open ground (`id, community_id, kind, shape`), ladder ground left out."""
    rows = session.execute(_GROUNDS, {"ids": list(ids), "day": day}).mappings()
    return [{**row, "shape": shapely.from_wkb(bytes(row["shape"]))} for row in rows]


def sites_around(session: Session, ids: Sequence[str], day: date, reach_m: float) -> list[Mapping[str, Any]]:
    """Return charging sites that are proposed, planned or built."""
    return _told(session.execute(_SITES, {"ids": list(ids), "day": day, "reach_m": reach_m}))


def facilities_around(
    session: Session, ids: Sequence[str], day: date, reach_m: float, kind: str
) -> list[Mapping[str, Any]]:
    """Return the facilities of a kind with their attributes."""
    given = {"ids": list(ids), "day": day, "reach_m": reach_m, "kind": kind}
    return _told(session.execute(_FACILITIES, given))


def homes_in(session: Session, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the buildings of communities with their households and where people leave them."""
    return _told(session.execute(_DEMAND, {"ids": list(ids)}))


def counts_in(session: Session, ids: Sequence[str], since: datetime) -> dict[str, Mapping[str, Any]]:
    """Return by community the e-bikes that were counted last."""
    rows = session.execute(_COUNTS, {"ids": list(ids), "since": since}).mappings()
    return {row["community_id"]: dict(row) for row in rows}


def cases_in(session: Session, ids: Sequence[str], since: datetime) -> list[Mapping[str, Any]]:
    """Return the fly-wire cases reported since a moment; `x`, `y` are None without a place."""
    return _told(session.execute(_CASES, {"ids": list(ids), "since": since}))


def ways_around(session: Session, ids: Sequence[str], day: date, reach_m: float) -> Shapes:
    """Return the footways that may be walked."""
    rows = session.execute(_WAYS, {"ids": list(ids), "day": day, "reach_m": reach_m}).all()
    found: Shapes = shapely.from_wkb(np.array([bytes(row.shape) for row in rows], dtype=object))
    return found


def gates_around(session: Session, ids: Sequence[str], day: date, reach_m: float) -> list[Mapping[str, Any]]:
    """Return gates; those of kind `emergency` are shut unless somebody opens them."""
    return _told(session.execute(_GATES, {"ids": list(ids), "day": day, "reach_m": reach_m}))


def _told(rows: Result[Any]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in rows.mappings()]
