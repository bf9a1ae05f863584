"""What of the places travels to tablets: cells, communities, buildings, facilities, units, assignments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo import queries as places
from server.auth.tables import Unit
from server.communities import queries
from server.communities.editing import edit_command
from server.communities.facilities import CREATE_FACILITY
from server.communities.facilities import FACILITY as FACILITY_FIELDS
from server.communities.surveys import COMMUNITY as COMMUNITY_FIELDS
from server.communities.tables import Assignment
from sync.entity import GLOBAL_BUCKET, SyncEntity, Wire, cell_bucket, user_bucket


def _cells(codes: Sequence[str] | frozenset[str]) -> frozenset[str]:
    return frozenset(cell_bucket(code) for code in codes)


def _placed(kind: places.TravellingKind) -> Callable[[Session, Sequence[str]], Sequence[Wire]]:
    def load(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
        found = places.placed(session, kind, ids)
        return [Wire(place.id, place.version, _cells(place.cells), place.data) for place in found]

    return load


def _communities(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
    found = queries.travelling_communities(session, ids)
    return [Wire(row["id"], row["version"], _cells(row["cells"]), row["data"]) for row in found]


def _units(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
    found = session.scalars(select(Unit).where(Unit.code.in_(ids)))
    return [Wire(unit.code, 1, frozenset({GLOBAL_BUCKET}), _unit(unit)) for unit in found]


def _unit(unit: Unit) -> dict[str, Any]:
    names = ("code", "name_zh", "name_en", "kind", "division_code", "origin", "closed_on")
    return {name: getattr(unit, name) for name in names}


def _assignments(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
    found = queries.assignments(session, ids)
    return [
        Wire(str(one.assignment_id), 1, frozenset({user_bucket(one.user_id)}), _assignment(one))
        for one in found
    ]


def _assignment(one: Assignment) -> dict[str, Any]:
    return {
        "assignment_id": str(one.assignment_id),
        "user_id": str(one.user_id),
        "grid_cell_code": one.grid_cell_code,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
    }


GRID_CELL = SyncEntity("grid_cell", _placed("grid_cell"))
COMMUNITY = SyncEntity("community", _communities)
BUILDING = SyncEntity("building", _placed("building"))
FACILITY = SyncEntity("facility", _placed("facility"))
UNIT = SyncEntity("unit", _units)
ASSIGNMENT = SyncEntity("assignment", _assignments)
ENTITIES = (GRID_CELL, COMMUNITY, BUILDING, FACILITY, UNIT, ASSIGNMENT)

EDITABLE = {one.entity: one for one in (COMMUNITY_FIELDS, FACILITY_FIELDS)}
COMMAND_TYPES = {
    command.name: command for command in (CREATE_FACILITY, *(edit_command(one) for one in EDITABLE.values()))
}
