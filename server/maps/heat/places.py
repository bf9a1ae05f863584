"""The places that counts belong to: names, outlines and households, as far as the caller sees."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.hexagons import hexagon_ring
from server.communities.territory import Territory
from server.maps.bbox import Bbox

_DAY = "CAST(:day AS date)"
_DIVISION = "(CAST(:division AS text) IS NULL OR starts_with({code}::text, CAST(:division AS text)))"
_SERVED = (
    "(CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract s"
    " WHERE s.community_id = p.community_id AND s.unit_code = CAST(:unit AS text)"
    f" AND daterange(s.starts_on, s.ends_on) @> {_DAY}))"
)
_WALKED = (
    "(CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k"
    " WHERE k.community_id = p.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))"
)
_HOLDS = f"daterange(p.valid_from, p.valid_to) @> {_DAY}"
_OF_COMMUNITIES = f"{_HOLDS} AND {_DIVISION.format(code='p.neighbourhood_code')} AND {_SERVED} AND {_WALKED}"
_SQL = {
    "community": (
        "SELECT p.community_id::text AS place, p.name, CAST(p.households AS double precision) AS households,"
        f" p.geom FROM geo.community p WHERE p.community_id::text = ANY(:counted) OR {_OF_COMMUNITIES}"
    ),
    "neighbourhood": (
        "SELECT n.code::text AS place, n.name_zh AS name, t.households, n.geom FROM geo.neighbourhood n"
        " JOIN LATERAL (SELECT CAST(sum(p.households) AS double precision) AS households,"
        " count(*) AS communities"
        f" FROM geo.community p WHERE p.neighbourhood_code = n.code AND {_OF_COMMUNITIES}) t ON true"
        " WHERE n.code::text = ANY(:counted) OR t.communities > 0 OR (CAST(:unit AS text) IS NULL"
        f" AND CAST(:cells AS text[]) IS NULL AND {_DIVISION.format(code='n.code')})"
    ),
    # A community that reaches over several cells leaves each of them its share of households by area.
    "grid_cell": (
        "SELECT p.code::text AS place, p.code::text AS name, t.households, p.geom FROM geo.grid_cell p"
        " LEFT JOIN (SELECT k.grid_cell_code, sum(c.households * k.area_m2 / a.whole_m2) AS households"
        " FROM geo.community_cell k JOIN geo.community c USING (community_id)"
        " JOIN (SELECT community_id, sum(area_m2) AS whole_m2 FROM geo.community_cell GROUP BY 1) a"
        f" USING (community_id) WHERE daterange(c.valid_from, c.valid_to) @> {_DAY} GROUP BY 1) t"
        " ON t.grid_cell_code = p.code"
        f" WHERE p.code::text = ANY(:counted) OR {_HOLDS} AND {_DIVISION.format(code='p.code')}"
        " AND CAST(:unit AS text) IS NULL"
        " AND (CAST(:cells AS text[]) IS NULL OR p.code::text = ANY(CAST(:cells AS text[])))"
    ),
}
_TOLD = (
    "SELECT place, name, households, {geometry} FROM ({places}) AS p"
    " WHERE CAST(:west AS double precision) IS NULL OR geom && ST_MakeEnvelope("
    " CAST(:west AS double precision), CAST(:south AS double precision),"
    " CAST(:east AS double precision), CAST(:north AS double precision), 4326)"
    " ORDER BY place"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map.

    Attributes:
        households: None where nobody knows.
        geometry: GeoJSON text, WGS 84; None where it was not asked for, or no outline is known.
    """

    place: str
    name: str
    households: float | None
    geometry: str | None


def places(
    session: Session,
    by: str,
    seen: Territory,
    counted: Collection[str],
    *,
    outlines: bool = False,
    box: Bbox | None = None,
) -> list[Place]:
    """Return the places that the caller sees today and those that were counted, in order."""
    if by == "h3":
        return [_hexagon(one, outlines) for one in sorted(counted) if box is None or _reaches(one, box)]
    geometry = "ST_AsGeoJSON(geom, 7)" if outlines else "NULL"
    bound = {
        **seen.parameters(),
        **(box._asdict() if box else dict.fromkeys(Bbox._fields)),
        "counted": list(counted),
    }
    rows = session.execute(text(_TOLD.format(geometry=geometry, places=_SQL[by])), bound)
    return [Place(*row) for row in rows]


def _hexagon(code: str, outlines: bool) -> Place:
    outline = {"type": "Polygon", "coordinates": [hexagon_ring(code)]}
    return Place(code, code, None, orjson.dumps(outline).decode() if outlines else None)


def _reaches(code: str, box: Bbox) -> bool:
    ring = hexagon_ring(code)
    lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
    beside = max(lons) < box.west or min(lons) > box.east
    return not (beside or max(lats) < box.south or min(lats) > box.north)
