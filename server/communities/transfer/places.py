"""The layers of places that files carry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo import queries as geo
from geo import tables
from geo.layers import Layer
from server.communities.field_queries import standing_in
from server.communities.layers import PLACES as LAYERS
from server.communities.rosters.columns import COMMUNITIES, YES_NO
from server.communities.rosters.ground import Ground
from server.communities.rosters.queries import communities as standing_communities
from server.communities.transfer import queries
from server.communities.transfer.kinds import Check, Kind, Known, Standing
from server.communities.transfer.matching import same_place
from server.sheets.columns import Column
from server.sheets.rows import CheckedRow
from sync import changes

_LAYERS: Mapping[str, Layer] = {layer.name: layer for layer in LAYERS}
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CELL = re.compile(r"[0-9]{15}")
_NAME = Column("name", "名称", "Name", longest=200)
_PEOPLE = {"households": (0, 100_000)}
GROUNDS = {
    "square": ("广场",),
    "green": ("绿地", "greens"),
    "yard": ("院落",),
    "parking": ("停车场",),
    "bike_shed": ("车棚",),
    "ladder_ground": ("登高场地", "消防登高场地"),
    "other": ("其他",),
}
GATES = {
    "pedestrian": ("人行",),
    "vehicle": ("车行",),
    "both": ("人车混行",),
    "emergency": ("应急",),
}


def _division_checks(session: Session, day: date) -> Check:
    def check(row: CheckedRow, geometry: BaseGeometry, standing: Standing | None) -> None:
        if standing is None:
            row.wrong("code", "is no official code of this county", "不是本县的官方编码")

    return check


def _cell_checks(session: Session, day: date) -> Check:
    known = queries.neighbourhood_codes(session)

    def check(row: CheckedRow, geometry: BaseGeometry, standing: Standing | None) -> None:
        code = row.values.get("code", "")
        if not _CELL.fullmatch(code):
            row.wrong("code", "must be 15 digits", "应为 15 位数字")
        elif code[:12] not in known:
            row.wrong("code", "begins with no neighbourhood's code", "前 12 位不是已有社区的编码")
        elif row.values.setdefault("neighbourhood_code", code[:12]) != code[:12]:
            row.wrong("neighbourhood_code", "must be the first 12 digits of the code", "应为编码的前 12 位")

    return check


def _community_checks(session: Session, day: date) -> Check:
    known = queries.neighbourhood_codes(session)
    homes = standing_communities(session, day)
    ground = Ground(session, [home for some in homes.values() for home, _ in some])

    def check(row: CheckedRow, geometry: BaseGeometry, standing: Standing | None) -> None:
        if row.values.get("neighbourhood_code", next(iter(known), None)) not in known:
            row.wrong("neighbourhood_code", "is no neighbourhood here", "没有这个社区")
        own = UUID(standing.key) if standing else None
        drawn = MultiPolygon(list(getattr(geometry, "geoms", ())))
        stays = standing is not None and same_place(standing.geometry, geometry)
        if not stays and ground.outline(row, drawn, own):
            ground.settle(own or UUID(int=row.row), str(row.values.get("name", "")), drawn)

    return check


def _kind_is_a_word(session: Session, day: date) -> Check:
    def check(row: CheckedRow, geometry: BaseGeometry, standing: Standing | None) -> None:
        told = row.values.get("kind")
        if told is not None and not _WORD.fullmatch(told):
            row.wrong("kind", "must be a word of small letters, digits and _", "须为小写字母、数字和下划线")

    return check


def _tell_cells(session: Session, touched: Sequence[str], moved: Sequence[str]) -> None:
    changes.append(session, "grid_cell", touched)
    _reach_anew(session, queries.communities_around(session, moved) if moved else [])


def _tell_communities(session: Session, touched: Sequence[str], moved: Sequence[str]) -> None:
    changes.append(session, "community", [key for key in touched if key not in set(moved)])
    _reach_anew(session, [UUID(key) for key in moved])


def _reach_anew(session: Session, community_ids: Sequence[UUID]) -> None:
    """Compute in which cells communities lie, and tell of them and of what stands in them."""
    geo.fill_community_cells(session, community_ids)
    changes.append(session, "community", community_ids)
    for community_id in community_ids:
        for entity, ids in standing_in(session, community_id).items():
            changes.append(session, entity, ids)


def _tell_buildings(session: Session, touched: Sequence[str], moved: Sequence[str]) -> None:
    changes.append(session, "building", touched)


def _tell_entrances(session: Session, touched: Sequence[str], moved: Sequence[str]) -> None:
    buildings = queries.buildings_of_entrances(session, touched)
    queries.raise_versions(session, buildings)
    changes.append(session, "building", buildings)


def _tell_facilities(session: Session, touched: Sequence[str], moved: Sequence[str]) -> None:
    changes.append(session, "facility", touched)


def _surveyed(day: date, now: datetime) -> Known:
    return {"origin": "imported", "version": 1}


def _drawn(day: date, now: datetime) -> Known:
    return {"origin": "imported"}


def _cell(day: date, now: datetime) -> Known:
    return {"origin": "imported", "valid_from": day}


_OUTLINES: Mapping[str, Any] = {
    "shape": "multipolygon",
    "key": "code",
    "facts": (),
    "makes": False,
    "drawn_as": {"outline_origin": "imported"},
    "checks": _division_checks,
}
_PARTS: Mapping[str, Any] = {"belongs": "community", "named_by": ("community_id", "name")}

KINDS: tuple[Kind, ...] = (
    Kind(_LAYERS["subdistricts"], table=tables.Subdistrict, **_OUTLINES),
    Kind(_LAYERS["neighbourhoods"], table=tables.Neighbourhood, **_OUTLINES),
    Kind(
        _LAYERS["grid-cells"],
        "polygon",
        tables.GridCell,
        "code",
        (
            Column("neighbourhood_code", "社区编码", "Neighbourhood code", "code", longest=12),
            Column("management_grade", "管理等级", "Grade", longest=40),
            Column("responsible_unit", "责任单位", "Responsible unit", longest=200),
        ),
        defaults={"management_grade": "standard"},
        stamp=_cell,
        checks=_cell_checks,
        follow=_tell_cells,
    ),
    Kind(
        _LAYERS["communities"],
        "multipolygon",
        tables.Community,
        "community_id",
        (
            _NAME,
            Column("neighbourhood_code", "社区编码", "Neighbourhood code", "code", longest=12),
            Column("kind", "小区类型", "Kind", "choice", choices=COMMUNITIES),
            Column("households", "户数", "Households", "whole"),
            Column("built_year", "建成年份", "Built in", "whole"),
            Column("warranty_until", "保修期至", "Warranty until", "day"),
            Column("pilot", "示范/试点", "Pilot", "choice", choices=YES_NO),
        ),
        named_by=("name", "neighbourhood_code"),
        needed=("name", "neighbourhood_code", "kind"),
        defaults={"households": 0, "pilot": False},
        bounds={**_PEOPLE, "built_year": (1900, 2100)},
        drawn_as={"provisional_outline": False},
        checks=_community_checks,
        follow=_tell_communities,
    ),
    Kind(
        _LAYERS["buildings"],
        "polygon",
        tables.Building,
        "building_id",
        (
            _NAME,
            Column("floors", "层数", "Floors", "whole"),
            Column("households", "户数", "Households", "whole"),
        ),
        defaults={"name": "", "households": 0},
        bounds={**_PEOPLE, "floors": (1, 200)},
        stamp=_surveyed,
        follow=_tell_buildings,
        **_PARTS,
    ),
    Kind(
        _LAYERS["entrances"],
        "point",
        tables.Entrance,
        "entrance_id",
        (_NAME,),
        belongs="building",
        named_by=("building_id", "name"),
        needed=("name",),
        stamp=_drawn,
        follow=_tell_entrances,
    ),
    Kind(
        _LAYERS["facilities"],
        "point",
        tables.Facility,
        "facility_id",
        (
            _NAME,
            Column("kind", "设施类型", "Kind", longest=64),
            Column("registration_code", "登记编号", "Registration code", "code", longest=100),
            Column("attributes", "属性", "Attributes (JSON)", longest=20_000),
        ),
        belongs="community",
        named_by=("community_id", "kind", "name"),
        alone=False,
        needed=("name", "kind"),
        defaults={"attributes": {}},
        stamp=_surveyed,
        checks=_kind_is_a_word,
        follow=_tell_facilities,
    ),
    Kind(
        _LAYERS["open-ground"],
        "polygon",
        tables.OpenGround,
        "ground_id",
        (_NAME, Column("kind", "用途", "Kind", "choice", choices=GROUNDS)),
        defaults={"kind": "other", "name": ""},
        **_PARTS,
    ),
    Kind(
        _LAYERS["fire-lanes"],
        "polygon",
        tables.FireLane,
        "lane_id",
        (_NAME, Column("width_m", "宽度（米）", "Width (m)", "decimal")),
        defaults={"name": ""},
        bounds={"width_m": (0.1, 999)},
        **_PARTS,
    ),
    Kind(
        _LAYERS["footways"],
        "line",
        tables.Footway,
        "footway_id",
        (
            _NAME,
            Column("kind", "道路类型", "Kind", longest=64),
            Column("walkable", "可步行", "Walkable", "choice", choices=YES_NO),
        ),
        belongs="community",
        defaults={"kind": "footway", "name": "", "walkable": True},
        checks=_kind_is_a_word,
    ),
    Kind(
        _LAYERS["gates"],
        "point",
        tables.Gate,
        "gate_id",
        (_NAME, Column("kind", "类型", "Kind", "choice", choices=GATES)),
        defaults={"kind": "pedestrian", "name": ""},
        **_PARTS,
    ),
)
