"""What planners draw one by one: buildings, entrances, open ground, fire lanes, footways, gates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import DeclarativeBase, Session

from geo import tables
from server.communities import drawn_queries as queries
from server.communities import values
from server.communities.desk import Desk, Held, Tell
from server.communities.drawn_rules import check_distance, check_overlap
from server.communities.editing import Editable, Standing
from server.communities.errors import StillReferred, UnknownCommunity
from server.communities.field_queries import ended
from server.communities.fieldwork import Fieldwork
from server.communities.outline import county_outline
from server.communities.reading import Fault, Readers, an_id, fault, read_members, unreadable
from server.communities.service import local_day
from server.communities.transfer.places import GATES, GROUNDS
from sync import changes
from sync.merge import REMOVED

_NAME = values.words(0, 200)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A kind of record that is drawn.

    Attributes:
        shape: the field of its geometry, `location` (a point) or `geometry`.
        read_shape: makes the reader of that field, given the county's outline.
        facts: the readers of its other fields; what is missing is read as null.
        belongs: the field that names its community, which may be null, or its building.
        ends: whether it has a validity; else taking it away removes the row.
    """

    entity: str
    table: type[DeclarativeBase]
    key: str
    shape: str
    read_shape: Callable[[BaseGeometry], values.Reader]
    facts: Readers
    belongs: str = "community_id"
    ends: bool = True

    def fields(self, outline: BaseGeometry) -> Readers:
        """Return the readers of all fields that a planner writes."""
        belongs = _an_id if self.belongs == "building_id" else values.maybe(_an_id)
        return {self.belongs: belongs, **self.facts, self.shape: self.read_shape(outline)}


def _an_id(value: Any) -> str:
    return str(an_id(value))


def _or(reader: values.Reader, otherwise: Any) -> values.Reader:
    return lambda value: otherwise if value is None else reader(value)


def _polygon(outline: BaseGeometry) -> values.Reader:
    return values.one_shape("Polygon", outline)


def _line(outline: BaseGeometry) -> values.Reader:
    return values.one_shape("LineString", outline)


BUILDING = Drawn(
    "building",
    tables.Building,
    "building_id",
    "geometry",
    _polygon,
    {
        "name": _or(_NAME, ""),
        "floors": values.maybe(values.whole(1, 200)),
        "households": _or(values.whole(0, 100_000), 0),
    },
    ends=False,
)
ENTRANCE = Drawn(
    "entrance",
    tables.Entrance,
    "entrance_id",
    "location",
    values.point,
    {"name": values.words(1, 200)},
    belongs="building_id",
    ends=False,
)
OPEN_GROUND = Drawn(
    "open_ground",
    tables.OpenGround,
    "ground_id",
    "geometry",
    _polygon,
    {"kind": _or(values.one_of(*GROUNDS), "other"), "name": _or(_NAME, "")},
)
FIRE_LANE = Drawn(
    "fire_lane",
    tables.FireLane,
    "lane_id",
    "geometry",
    _polygon,
    {"name": _or(_NAME, ""), "width_m": values.maybe(values.number(0.1, 999))},
)
FOOTWAY = Drawn(
    "footway",
    tables.Footway,
    "footway_id",
    "geometry",
    _line,
    {
        "kind": _or(values.code("footway"), "footway"),
        "name": _or(_NAME, ""),
        "walkable": _or(values.flag, True),
    },
)
GATE = Drawn(
    "gate",
    tables.Gate,
    "gate_id",
    "location",
    values.point,
    {"kind": _or(values.one_of(*GATES), "pedestrian"), "name": _or(_NAME, "")},
)


def _load(
    drawn: Drawn, session: Session, ids: Collection[UUID], now: datetime, *, lock: bool
) -> dict[UUID, Standing]:
    day = local_day(now)
    return {
        getattr(record, drawn.key): Standing(
            community_id,
            record.version,
            ended(getattr(record, "valid_to", None), day),
            {
                **{name: _plain(getattr(record, name)) for name in (drawn.belongs, *drawn.facts)},
                drawn.shape: shape if drawn.shape == "geometry" else _lon_lat(shape),
                REMOVED: ended(getattr(record, "valid_to", None), day),
            },
        )
        for record, shape, community_id in queries.records(session, drawn.table, drawn.key, ids, lock=lock)
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _lon_lat(point: Mapping[str, Any]) -> dict[str, float]:
    lon, lat = point["coordinates"]
    return {"lon": lon, "lat": lat}


def _store(
    drawn: Drawn, session: Session, key: UUID, given: Mapping[str, Any], version: int, now: datetime
) -> None:
    columns = dict(given)
    if columns.pop(REMOVED, False):
        _remove(drawn, session, key, version, now)
        return
    stands = _load(drawn, session, [key], now, lock=False)[key]
    _check(session, drawn, key, {**stands.values, **columns}, columns)
    queries.store(session, drawn.table, drawn.key, key, columns, version)


def _remove(drawn: Drawn, session: Session, key: UUID, version: int, now: datetime) -> None:
    if drawn.ends:
        queries.store(session, drawn.table, drawn.key, key, {"valid_to": local_day(now)}, version)
    elif not queries.removed(session, drawn.table, drawn.key, key):
        raise StillReferred


def _create(
    drawn: Drawn,
    session: Session,
    key: UUID,
    given: Mapping[str, Any],
    work: Fieldwork,
    now: datetime,
) -> None:
    faults: list[Fault] = []
    read = read_members(given, drawn.fields(county_outline(session)), faults)
    if faults:
        raise unreadable(faults)
    work.check_somewhere(f"{drawn.entity}.create", _community_of(session, drawn, read))
    _check(session, drawn, key, read, read)
    begins = {"valid_from": local_day(now)} if drawn.ends else {}
    queries.add(session, drawn.table, {drawn.key: key, **read, **begins})


def _community_of(session: Session, drawn: Drawn, read: Mapping[str, Any]) -> UUID | None:
    named = read[drawn.belongs]
    if drawn.belongs == "community_id":
        return None if named is None else UUID(named)
    building = queries.building(session, UUID(named))
    if building is None:
        raise unreadable([fault("/data/building_id", "is no building that stands", "没有这栋楼")])
    return building.community_id


def _check(
    session: Session, drawn: Drawn, key: UUID, stands: Mapping[str, Any], changed: Mapping[str, Any]
) -> None:
    """Refuse what cannot lie so beside what stands: far from its home, or upon a building."""
    if not {drawn.shape, drawn.belongs} & changed.keys():
        return
    at, shape = f"/data/{drawn.shape}", queries.shape_of(stands[drawn.shape])
    home = stands[drawn.belongs]
    if home is not None:
        ground = queries.home(session, drawn.belongs, UUID(home))
        if ground is None and drawn.belongs == "community_id":
            raise UnknownCommunity(home)
        if ground is None:
            raise unreadable([fault(f"/data/{drawn.belongs}", "is no building that stands", "没有这栋楼")])
        check_distance(queries.beside(session, shape, ground), drawn.belongs, at)
    if drawn.entity in ("building", "fire_lane") and drawn.shape in changed:
        check_overlap(drawn.entity, queries.buildings_below(session, shape, key), at)


def _tell_nobody(session: Session, key: UUID, held: Held) -> None:
    """No tablet carries such records."""


def _tell_building(session: Session, key: UUID, held: Held) -> None:
    now = held[-1]
    if now.get(REMOVED) or now["community_id"] is None:
        changes.withdraw(session, "building", [key])
    else:
        changes.append(session, "building", [key])


def _tell_of_entrance(session: Session, key: UUID, held: Held) -> None:
    """Tell of the buildings that carried an entrance before and carry it now."""
    buildings = sorted({UUID(one["building_id"]) for one in held})
    queries.raise_versions(session, buildings)
    changes.append(session, "building", buildings)


def _desk(drawn: Drawn, tell: Tell = _tell_nobody) -> Desk:
    editable = Editable(
        drawn.entity,
        lambda outline: {**drawn.fields(outline), REMOVED: values.flag},
        partial(_load, drawn),
        partial(_store, drawn),
        frozenset({drawn.shape}),
    )
    return Desk(
        editable,
        drawn.shape,
        partial(_create, drawn),
        f"{drawn.entity}.create",
        removable=True,
        tell=tell,
    )


DESKS: Mapping[str, Desk] = {
    "buildings": _desk(BUILDING, _tell_building),
    "entrances": _desk(ENTRANCE, _tell_of_entrance),
    "open-ground": _desk(OPEN_GROUND),
    "fire-lanes": _desk(FIRE_LANE),
    "footways": _desk(FOOTWAY),
    "gates": _desk(GATE),
}
