"""Tables of the PostgreSQL schema `geo`: divisions, grid cells, communities and what stands in them.

Geometries are WGS 84 (EPSG:4326); `_m2` is measured in the county's metric CRS by PostgreSQL.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import FetchedValue, ForeignKey, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SRID = 4326


class Base(DeclarativeBase):
    """Tables of the PostgreSQL schema `geo`."""

    metadata = MetaData(schema="geo")


def _outline(kind: str) -> Geometry:
    return Geometry(kind, srid=SRID, spatial_index=False)


class County(Base):
    """The county: its facts are a row, so that another county is data."""

    __tablename__ = "county"
    adcode: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(_outline("MULTIPOLYGON"))
    metric_srid: Mapped[int]
    origin: Mapped[str]
    source: Mapped[str]
    licence: Mapped[str]


class Subdistrict(Base):
    """A subdistrict or town with its official 9-digit code; the outline may be missing or demo."""

    __tablename__ = "subdistrict"
    code: Mapped[str] = mapped_column(primary_key=True)
    adcode: Mapped[str] = mapped_column(ForeignKey("geo.county.adcode"))
    name_zh: Mapped[str]
    kind: Mapped[str]
    origin: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(_outline("MULTIPOLYGON"))
    outline_origin: Mapped[str | None]


class Neighbourhood(Base):
    """A neighbourhood or village with its official 12-digit code; the outline may be missing or demo."""

    __tablename__ = "neighbourhood"
    code: Mapped[str] = mapped_column(primary_key=True)
    subdistrict_code: Mapped[str] = mapped_column(ForeignKey("geo.subdistrict.code"))
    name_zh: Mapped[str]
    kind: Mapped[str]
    origin: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(_outline("MULTIPOLYGON"))
    outline_origin: Mapped[str | None]


class GridCell(Base):
    """A grid cell with its 15-digit code; `valid_to` is the first day on which it no longer holds."""

    __tablename__ = "grid_cell"
    code: Mapped[str] = mapped_column(primary_key=True)
    neighbourhood_code: Mapped[str] = mapped_column(ForeignKey("geo.neighbourhood.code"))
    geom: Mapped[WKBElement] = mapped_column(_outline("POLYGON"))
    area_m2: Mapped[float] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    management_grade: Mapped[str]
    responsible_unit: Mapped[str | None]
    origin: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Community(Base):
    """A residential community; `valid_to` is the first day on which it no longer holds."""

    __tablename__ = "community"
    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    neighbourhood_code: Mapped[str] = mapped_column(ForeignKey("geo.neighbourhood.code"))
    geom: Mapped[WKBElement] = mapped_column(_outline("MULTIPOLYGON"))
    households: Mapped[int]
    built_year: Mapped[int | None]
    warranty_until: Mapped[date | None]
    pilot: Mapped[bool] = mapped_column(default=False)
    provisional_outline: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int]
    origin: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class CommunityCell(Base):
    """How much of a community lies in which cell."""

    __tablename__ = "community_cell"
    community_id: Mapped[UUID] = mapped_column(ForeignKey("geo.community.community_id"), primary_key=True)
    grid_cell_code: Mapped[str] = mapped_column(ForeignKey("geo.grid_cell.code"), primary_key=True)
    area_m2: Mapped[float]


class Building(Base):
    """A building, of a community if it stands in one that is known."""

    __tablename__ = "building"
    building_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("geo.community.community_id"))
    name: Mapped[str]
    floors: Mapped[int | None]
    households: Mapped[int]
    geom: Mapped[WKBElement] = mapped_column(_outline("POLYGON"))
    origin: Mapped[str]
    version: Mapped[int]


class Entrance(Base):
    """An entrance (单元) of a building."""

    __tablename__ = "entrance"
    entrance_id: Mapped[UUID] = mapped_column(primary_key=True)
    building_id: Mapped[UUID] = mapped_column(ForeignKey("geo.building.building_id"))
    name: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(_outline("POINT"))
    origin: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)


class Facility(Base):
    """Something that is inspected: a lift, a hydrant, a camera, a charging port, a door.

    `valid_to` is the first day on which it no longer holds.
    """

    __tablename__ = "facility"
    facility_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("geo.community.community_id"))
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey("geo.building.building_id"))
    kind: Mapped[str]
    name: Mapped[str]
    registration_code: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(_outline("POINT"))
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    origin: Mapped[str]
    version: Mapped[int]
    valid_to: Mapped[date | None]


class OpenGround(Base):
    """Ground that nothing stands on: where people may sit, park, or put a shed."""

    __tablename__ = "open_ground"
    ground_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("geo.community.community_id"))
    kind: Mapped[str]
    name: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(_outline("POLYGON"))
    area_m2: Mapped[float] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    origin: Mapped[str]
    version: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class FireLane(Base):
    """The ground that fire engines need; nothing may stand on it."""

    __tablename__ = "fire_lane"
    lane_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("geo.community.community_id"))
    name: Mapped[str]
    width_m: Mapped[float | None]
    geom: Mapped[WKBElement] = mapped_column(_outline("POLYGON"))
    area_m2: Mapped[float] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    origin: Mapped[str]
    version: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Footway(Base):
    """An edge of the network that people walk; `kind` as OpenStreetMap's `highway` names it."""

    __tablename__ = "footway"
    footway_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("geo.community.community_id"))
    kind: Mapped[str]
    name: Mapped[str]
    walkable: Mapped[bool]
    geom: Mapped[WKBElement] = mapped_column(_outline("LINESTRING"))
    length_m: Mapped[float] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    origin: Mapped[str]
    version: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Gate(Base):
    """Where people and vehicles enter a community."""

    __tablename__ = "gate"
    gate_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("geo.community.community_id"))
    kind: Mapped[str]
    name: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(_outline("POINT"))
    origin: Mapped[str]
    version: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
