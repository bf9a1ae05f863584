"""All SQL about places in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from geoalchemy2 import WKBElement
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, insert, or_, select, text, update
from sqlalchemy.orm import Session

from geo.tables import Building, Community, County, Neighbourhood
from server.communities.territory import Territory
from server.communities.transfer.kinds import Kind


def county(session: Session) -> BaseGeometry | None:
    """Return the county's outline in WGS 84, prepared; None before it is loaded."""
    found = session.scalar(select(County.geom))
    if found is None:
        return None
    outline = _shape(found)
    shapely.prepare(outline)
    return outline


def records(session: Session, kind: Kind, day: date) -> Sequence[tuple[Any, BaseGeometry | None]]:
    """Return the records of a layer that hold on a day with their geometry, by key."""
    wanted: Select[Any] = select(kind.table).order_by(getattr(kind.table, kind.key))
    if hasattr(kind.table, "valid_to"):
        ends = kind.table.valid_to
        wanted = wanted.where(or_(ends.is_(None), ends > day))
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return [(one, None if one.geom is None else _shape(one.geom)) for one in found]


def keys_seen(session: Session, kind: Kind, seen: Territory) -> set[str]:
    """Return the keys of the layer's features within a territory."""
    given = {**seen.parameters(), "since": seen.day}
    return set(session.scalars(text(f"SELECT id FROM ({kind.layer.sql}) AS layer"), given))


def communities(session: Session, day: date) -> list[tuple[UUID, str, str, BaseGeometry]]:
    """Return id, name, neighbourhood code and outline of the communities that hold on a day, by id."""
    rows = session.execute(
        select(Community.community_id, Community.name, Community.neighbourhood_code, Community.geom)
        .where(or_(Community.valid_to.is_(None), Community.valid_to > day))
        .order_by(Community.community_id)
    )
    return [(row[0], row[1], row[2], _shape(row[3])) for row in rows]


def buildings(session: Session) -> list[tuple[UUID, str, UUID | None, BaseGeometry]]:
    """Return id, name, community and outline of all buildings, by id."""
    wanted = select(Building.building_id, Building.name, Building.community_id, Building.geom)
    rows = session.execute(wanted.order_by(Building.building_id))
    return [(row[0], row[1], row[2], _shape(row[3])) for row in rows]


def neighbourhood_codes(session: Session) -> set[str]:
    """Return the official codes of all neighbourhoods."""
    return set(session.scalars(select(Neighbourhood.code)))


def make(session: Session, kind: Kind, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new records."""
    if rows:
        session.execute(insert(kind.table), [dict(row) for row in rows])


def change(session: Session, kind: Kind, key: str, values: Mapping[str, Any]) -> None:
    """Store columns of a record; its version, where it has one, rises."""
    column = getattr(kind.table, kind.key)
    told = dict(values)
    if hasattr(kind.table, "version"):
        told["version"] = kind.table.version + 1
    session.execute(update(kind.table).where(column == key).values(**told))


def communities_around(session: Session, codes: Sequence[str]) -> list[UUID]:
    """Return the communities that lie in these grid cells, or did."""
    found = session.scalars(
        text(
            "SELECT c.community_id FROM geo.community c WHERE EXISTS (SELECT FROM geo.grid_cell g"
            " WHERE g.code = ANY(CAST(:codes AS text[])) AND ST_Intersects(g.geom, c.geom))"
            " UNION SELECT community_id FROM geo.community_cell"
            " WHERE grid_cell_code = ANY(CAST(:codes AS text[])) ORDER BY 1"
        ),
        {"codes": list(codes)},
    )
    return list(found)


def buildings_of_entrances(session: Session, keys: Sequence[str]) -> list[str]:
    """Return the buildings that these entrances belong to."""
    found = session.scalars(
        text(
            "SELECT DISTINCT building_id::text FROM geo.entrance"
            " WHERE entrance_id = ANY(CAST(:keys AS uuid[])) ORDER BY 1"
        ),
        {"keys": list(keys)},
    )
    return list(found)


def raise_versions(session: Session, building_ids: Sequence[str]) -> None:
    """Let buildings count as changed: tablets carry their entrances with them."""
    session.execute(
        text("UPDATE geo.building SET version = version + 1 WHERE building_id = ANY(CAST(:ids AS uuid[]))"),
        {"ids": list(building_ids)},
    )


def _shape(held: WKBElement) -> BaseGeometry:
    return shapely.from_wkb(bytes(held.data) if not isinstance(held.data, str) else held.data)
