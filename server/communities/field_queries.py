"""SQL of what changes in the field: communities' attributes and outlines, facilities."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from geo import queries as places
from geo.tables import Building, Community, County, Facility
from server.communities.territory import Territory
from sync import field_times

_LIST = text(Path(__file__).with_name("list_facilities.sql").read_text(encoding="utf-8"))
_DECIMALS = 7


def outline_wkb(session: Session) -> bytes | None:
    """Return the county's outline as WKB, None before the county is loaded."""
    return session.scalar(select(func.ST_AsBinary(County.geom)))


def communities(session: Session, ids: Collection[UUID], *, lock: bool) -> Sequence[Any]:
    """Return `(Community, outline as GeoJSON text)` of those that exist, in the order of their ids."""
    wanted = (
        select(Community, func.ST_AsGeoJSON(Community.geom, _DECIMALS))
        .where(Community.community_id.in_(ids))
        .order_by(Community.community_id)
        .execution_options(populate_existing=True)
    )
    return session.execute(wanted.with_for_update(of=Community) if lock else wanted).all()


def store_community(session: Session, community_id: UUID, columns: Mapping[str, Any], version: int) -> None:
    """Store a community's columns; `geometry` is GeoJSON and moves the cells that it reaches over."""
    given = dict(columns)
    shape = given.pop("geometry", None)
    if shape is not None:
        given |= {"geom": _shape(shape), "provisional_outline": False}
    session.execute(
        update(Community).where(Community.community_id == community_id).values(**given, version=version)
    )
    if shape is not None:
        places.fill_community_cells(session, [community_id])


def standing_in(session: Session, community_id: UUID) -> Mapping[str, list[UUID]]:
    """Return the ids of the buildings and facilities of a community, by entity."""
    buildings = select(Building.building_id).where(Building.community_id == community_id)
    facilities = select(Facility.facility_id).where(Facility.community_id == community_id)
    return {"building": list(session.scalars(buildings)), "facility": list(session.scalars(facilities))}


def facilities(session: Session, ids: Collection[UUID], *, lock: bool) -> Sequence[Any]:
    """Return `(Facility, lon, lat, the community's valid_to)` of those that exist, ordered by id."""
    wanted = (
        select(Facility, func.ST_X(Facility.geom), func.ST_Y(Facility.geom), Community.valid_to)
        .join(Community, Community.community_id == Facility.community_id)
        .where(Facility.facility_id.in_(ids))
        .order_by(Facility.facility_id)
        .execution_options(populate_existing=True)
    )
    return session.execute(wanted.with_for_update(of=Facility) if lock else wanted).all()


def store_facility(session: Session, facility_id: UUID, columns: Mapping[str, Any], version: int) -> None:
    """Store a facility's columns; `location` is `{lon, lat}` in WGS 84."""
    values = _with_point(columns)
    session.execute(
        update(Facility).where(Facility.facility_id == facility_id).values(**values, version=version)
    )


def insert_facility(session: Session, columns: Mapping[str, Any]) -> None:
    """Store a new facility; `location` is `{lon, lat}` in WGS 84."""
    session.execute(insert(Facility).values(**_with_point(columns), version=1, origin="surveyed"))


def registered(session: Session, code: str, but: UUID) -> bool:
    """Return whether a facility other than `but` has this registration code."""
    wanted = select(Facility.facility_id).where(
        Facility.registration_code == code, Facility.facility_id != but
    )
    return session.scalar(wanted) is not None


def building_of(session: Session, building_id: UUID, community_id: UUID) -> bool:
    """Return whether a building stands in a community."""
    wanted = select(Building.building_id).where(
        Building.building_id == building_id, Building.community_id == community_id
    )
    return session.scalar(wanted) is not None


def list_facilities(
    session: Session,
    territory: Territory,
    filters: Mapping[str, Any],
    after: Sequence[str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return facilities as JSON by community and id; filters `community_id`, `kind`, `grid_cell`."""
    place = dict(zip(("after_1", "after_2"), [*(after or ()), None, None], strict=False))
    found = session.execute(_LIST, {**filters, **territory.parameters(), **place, "limit": limit})
    rows = [dict(row) for row in found.scalars()]
    tablets = field_times.of(session, [UUID(row["facility_id"]) for row in rows])
    return [{**row, "tablets": tablets[UUID(row["facility_id"])]} for row in rows]


def ended(valid_to: date | None, day: date) -> bool:
    """Return whether what is valid until then no longer holds on a day."""
    return valid_to is not None and valid_to <= day


def _with_point(columns: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(columns)
    place = given.pop("location", None)
    if place is not None:
        given["geom"] = func.ST_SetSRID(func.ST_MakePoint(place["lon"], place["lat"]), 4326)
    return given


def _shape(geojson: Mapping[str, Any]) -> Any:
    return func.ST_SetSRID(func.ST_GeomFromGeoJSON(orjson.dumps(geojson).decode()), 4326)
