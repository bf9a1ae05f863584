"""Demo places upon the county's official names and codes, all marked `origin = demo`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from geoalchemy2.shape import from_shape
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import exists, insert, select, text, update
from sqlalchemy.orm import Session

from geo.demo_county import (
    ORIGIN,
    DemoCounty,
    DemoFireLane,
    DemoFootway,
    DemoGate,
    DemoGround,
    demo_county,
)
from geo.queries import fill_community_cells
from geo.tables import (
    SRID,
    Building,
    Community,
    Entrance,
    Facility,
    FireLane,
    Footway,
    Gate,
    GridCell,
    Neighbourhood,
    OpenGround,
    Subdistrict,
)
from server.auth.tables import Unit
from server.communities.tables import PropertyCompany, ServiceContract
from sync import changes

# The plan's own date: everything that is drawn holds from then on, so that past days can be asked for.
SINCE = date(2019, 6, 10)
PARTY_MEMBERS = 6
Tell = Callable[[str], None]


def has_demo_places(session: Session) -> bool:
    """Return whether demo cells are stored, retired ones too."""
    return bool(session.scalar(select(exists().where(GridCell.origin == ORIGIN))))


def load_demo(
    session: Session,
    seed: int,
    tell: Tell,
    communities: int = 40,
    cells: int = 300,
    *,
    successive: bool = False,
) -> None:
    """Draw the demo county from a seed, store it and tell the tablets; see `geo.demo_county.demo_county`."""
    drawn = demo_county(seed, communities, cells, successive=successive)
    _outlines(session, drawn)
    _cells(session, drawn)
    tell(f"{len(drawn.cells)} grid cells")
    _communities(session, drawn)
    fill_community_cells(session, [one.community_id for one in drawn.communities])
    tell(f"{len(drawn.communities)} communities")
    _buildings(session, drawn)
    tell(f"{len(drawn.buildings)} buildings with {len(drawn.entrances)} entrances")
    tell(f"{len(drawn.facilities)} facilities")
    _outdoors(session, drawn)
    tell(f"{len(drawn.grounds)} open grounds, {len(drawn.footways)} footways, {len(drawn.gates)} gates")
    _companies(session, drawn)
    tell(f"{len(drawn.companies)} property companies, {len(drawn.contracts)} contracts")
    _append(session, drawn)


def _append(session: Session, drawn: DemoCounty) -> None:
    changes.append(session, "grid_cell", [one.code for one in drawn.cells])
    changes.append(session, "community", [one.community_id for one in drawn.communities])
    changes.append(session, "building", [one.building_id for one in drawn.buildings])
    changes.append(session, "facility", [one.facility_id for one in drawn.facilities])
    changes.append(session, "unit", [one.code for one in drawn.companies])


def _outlines(session: Session, drawn: DemoCounty) -> None:
    for table, outlines in ((Subdistrict, drawn.subdistricts), (Neighbourhood, drawn.neighbourhoods)):
        for one in outlines:
            session.execute(
                update(table)
                .where(table.code == one.code, table.geom.is_(None))
                .values(geom=_shape(MultiPolygon([one.outline])), outline_origin=ORIGIN)
            )


def _cells(session: Session, drawn: DemoCounty) -> None:
    rows = [
        {"code": one.code, "neighbourhood_code": one.neighbourhood_code, "geom": _shape(one.outline)}
        for one in drawn.cells
    ]
    _store(session, GridCell, [{**row, "management_grade": "standard", "valid_from": SINCE} for row in rows])


def _communities(session: Session, drawn: DemoCounty) -> None:
    names = (
        "community_id",
        "name",
        "kind",
        "neighbourhood_code",
        "households",
        "built_year",
        "warranty_until",
        "pilot",
    )
    rows = [
        {
            **{name: getattr(one, name) for name in names},
            "geom": _shape(MultiPolygon([one.outline])),
            "version": 1,
            "valid_from": SINCE,
        }
        for one in drawn.communities
    ]
    _store(session, Community, rows)


def _buildings(session: Session, drawn: DemoCounty) -> None:
    buildings = [
        {**_without(asdict(one), "outline"), "geom": _shape(one.outline), "version": 1}
        for one in drawn.buildings
    ]
    entrances = [
        {
            "entrance_id": one.entrance_id,
            "building_id": one.building_id,
            "name": one.name,
            "geom": _shape(one.location),
        }
        for one in drawn.entrances
    ]
    facilities = [
        {
            **_without({name: getattr(one, name) for name in one.__dataclass_fields__}, "location"),
            "attributes": dict(one.attributes),
            "geom": _shape(one.location),
            "version": 1,
        }
        for one in drawn.facilities
    ]
    _store(session, Building, buildings)
    _store(session, Entrance, entrances)
    _store(session, Facility, facilities)


def _outdoors(session: Session, drawn: DemoCounty) -> None:
    for table, rows in (
        (OpenGround, drawn.grounds),
        (FireLane, drawn.fire_lanes),
        (Footway, drawn.footways),
        (Gate, drawn.gates),
    ):
        _store(session, table, [_placed(one) for one in rows])
    # What transformers have left belongs to siting, which stands above this room.
    spare = [
        {"id": one.facility_id, "kva": one.attributes["spare_kva"], "since": SINCE}
        for one in drawn.facilities
        if one.kind == "transformer"
    ]
    session.execute(
        text(
            "INSERT INTO server.transformer_spare (facility_id, spare_kva, source, valid_from)"
            " VALUES (:id, :kva, '演示数据 demo', :since)"
        ),
        spare,
    )


def _placed(one: DemoGround | DemoFireLane | DemoFootway | DemoGate) -> dict[str, Any]:
    """Return the columns of what lies outdoors; whatever it is, its shape is the column `geom`."""
    told = {name: getattr(one, name) for name in one.__dataclass_fields__}
    shape = next(told.pop(name) for name in ("outline", "line", "location") if name in told)
    return {"name": "", **told, "geom": _shape(shape), "version": 1, "valid_from": SINCE}


def _companies(session: Session, drawn: DemoCounty) -> None:
    _store(session, Unit, [{**asdict(one), "kind": "property_company"} for one in drawn.companies])
    _store(
        session,
        PropertyCompany,
        [
            {"unit_code": one.code, "party_members": number % PARTY_MEMBERS}
            for number, one in enumerate(drawn.companies, start=1)
        ],
    )
    contracts = [{**asdict(one), "unit_code": one.company_code} for one in drawn.contracts]
    _store(session, ServiceContract, [_without(row, "company_code") for row in contracts])


def _store(session: Session, table: type, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), [{**row, "origin": ORIGIN} for row in rows])


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _shape(geometry: BaseGeometry) -> Any:
    return from_shape(geometry, srid=SRID)
