"""SQL of what planners draw one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
import shapely
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session

from geo.position import datums_that_fit
from geo.tables import SRID, Building
from server.communities.drawn_rules import Below, Beside
from server.communities.values import DECIMALS

_HOMES = {
    "community_id": "SELECT ST_AsBinary(geom) FROM geo.community WHERE community_id = :id",
    "building_id": "SELECT ST_AsBinary(geom) FROM geo.building WHERE building_id = :id",
}
_DISTANCE = text(
    "SELECT ST_Distance(ST_Transform(ST_GeomFromWKB(:one, 4326), c.metric_srid),"
    " ST_Transform(ST_GeomFromWKB(:other, 4326), c.metric_srid)) FROM geo.county c"
)
_BELOW = text(
    "SELECT b.name, ST_Area(ST_Intersection(b.geom, s.shape)) / least(ST_Area(b.geom), ST_Area(s.shape))"
    " FROM geo.building b, (SELECT ST_GeomFromWKB(:shape, 4326) AS shape) s"
    " WHERE b.geom && s.shape AND b.building_id <> :but AND ST_Intersects(b.geom, s.shape)"
)
_RAISE = text("UPDATE geo.building SET version = version + 1 WHERE building_id = ANY(CAST(:ids AS uuid[]))")
_NEAREST = text(
    "SELECT building_id FROM (SELECT b.building_id, b.geom <-> p.at AS far, p.at, b.geom FROM geo.building b,"
    " (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS at) p ORDER BY b.geom <-> p.at LIMIT 1) n"
    " WHERE ST_DWithin(geom::geography, at::geography, :within_m)"
)


def records(
    session: Session, table: type[DeclarativeBase], key: str, ids: Collection[UUID], *, lock: bool
) -> list[tuple[Any, dict[str, Any], UUID | None]]:
    """Return `(record, geometry as GeoJSON, its community)` of those that exist."""
    column = getattr(table, key)
    # Each table that comes here has these columns, which their common base does not declare.
    shape = func.ST_AsGeoJSON(table.geom, DECIMALS)  # type: ignore[attr-defined]
    home = getattr(table, "community_id", None)
    wanted = select(table, shape, Building.community_id if home is None else home).where(column.in_(ids))
    if home is None:
        wanted = wanted.join(Building, Building.building_id == table.building_id)  # type: ignore[attr-defined]
    wanted = wanted.order_by(column).execution_options(populate_existing=True)
    found = session.execute(wanted.with_for_update(of=table) if lock else wanted)
    return [(record, orjson.loads(told), community_id) for record, told, community_id in found]


def store(
    session: Session,
    table: type[DeclarativeBase],
    key: str,
    record_id: UUID,
    columns: Mapping[str, Any],
    version: int,
) -> None:
    """Store columns of a record; `geometry` is GeoJSON, `location` `{lon, lat}`, both WGS 84."""
    values = {**_with_shape(columns), "version": version}
    session.execute(update(table).where(getattr(table, key) == record_id).values(**values))


def add(session: Session, table: type[DeclarativeBase], columns: Mapping[str, Any]) -> None:
    """Store a new record as version 1."""
    session.execute(insert(table).values(**_with_shape(columns), version=1, origin="surveyed"))


def removed(session: Session, table: type[DeclarativeBase], key: str, record_id: UUID) -> bool:
    """Remove a record and return whether that was possible: what others stand in stays."""
    try:
        with session.begin_nested():
            session.execute(delete(table).where(getattr(table, key) == record_id))
    except IntegrityError:
        return False
    return True


def building(session: Session, building_id: UUID) -> Building | None:
    """Return a building, None when there is none."""
    return session.get(Building, building_id)


def building_near(session: Session, lon: float, lat: float, within_m: float) -> UUID | None:
    """Return the building nearest to a point (WGS 84) within so many metres."""
    found: UUID | None = session.scalar(_NEAREST, {"lon": lon, "lat": lat, "within_m": within_m})
    return found


def home(session: Session, belongs: str, home_id: UUID) -> BaseGeometry | None:
    """Return the outline of the community or building that a record belongs to, in WGS 84."""
    stored = session.scalar(text(_HOMES[belongs]), {"id": home_id})
    return None if stored is None else shapely.from_wkb(bytes(stored))


def beside(session: Session, shape: BaseGeometry, ground: BaseGeometry) -> Beside:
    """Return how far a shape lies from a ground, and upon which other datum it would lie within it."""
    bound = {"one": shapely.to_wkb(shape), "other": shapely.to_wkb(ground)}
    lon, lat = (float(one) for one in shapely.get_coordinates(shape)[0])
    return Beside(
        float(session.execute(_DISTANCE, bound).scalar_one()),
        datums_that_fit(shapely.convex_hull(ground), lon, lat, "wgs84"),
    )


def buildings_below(session: Session, shape: BaseGeometry, but: UUID) -> list[Below]:
    """Return the buildings other than `but` that a polygon lies upon."""
    return [Below(*row) for row in session.execute(_BELOW, {"shape": shapely.to_wkb(shape), "but": but})]


def raise_versions(session: Session, building_ids: Sequence[UUID]) -> None:
    """Let buildings count as changed: tablets carry their entrances with them."""
    session.execute(_RAISE, {"ids": [str(one) for one in building_ids]})


def shape_of(told: Mapping[str, Any]) -> BaseGeometry:
    """Return the geometry of a field's value, GeoJSON or `{lon, lat}`."""
    if "type" in told:
        return shapely.from_geojson(orjson.dumps(told))
    return shapely.Point(told["lon"], told["lat"])


def _with_shape(columns: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(columns)
    told = given.pop("geometry", None) or given.pop("location", None)
    if told is not None:
        given["geom"] = from_shape(shape_of(told), SRID)
    return given
