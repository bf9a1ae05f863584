"""`facility.create` and `facility.edit`: lifts, hydrants, cameras, doors, as they are found on the spot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from server.communities import field_queries as queries
from server.communities import values
from server.communities.editing import Editable, Standing, tell
from server.communities.errors import AlreadyThere, UnknownCommunity
from server.communities.fieldwork import Fieldwork
from server.communities.outline import county_outline
from server.communities.reading import Fault, Readers, an_id, fault, read_members, unreadable
from server.communities.service import local_day
from server.outcomes import conflict, rejected, unknown_field
from server.problems import DomainError
from sync.merge import REMOVED
from sync.mutations import CommandType, Mutation, Outcome, Sender

CREATE = "facility.create"


def _fields(outline: BaseGeometry) -> Readers:
    return {
        "kind": values.code("fire_hydrant"),
        "name": values.words(1, 200),
        "registration_code": values.maybe(values.words(1, 100)),
        "location": values.point(outline),
        "attributes": lambda value: values.attributes({} if value is None else value),
    }


def new_readers(outline: BaseGeometry) -> Readers:
    """Return the readers of a new facility's members."""
    return {"community_id": an_id, "building_id": values.maybe(an_id), **_fields(outline)}


def create_facilities(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Store new facilities, in order; each gets its outcome."""
    work = Fieldwork(session, sender, now)
    told: dict[UUID, UUID | None] = {}
    outcomes = [_create(session, mutation, work, told, now) for mutation in mutations]
    tell(session, "facility", told)
    return outcomes


def _create(
    session: Session, mutation: Mutation, work: Fieldwork, told: dict[UUID, UUID | None], now: datetime
) -> Outcome:
    facility_id = mutation.entity_id
    if queries.facilities(session, [facility_id], lock=False):
        wire = session.info["travelling"]["facility"].load(session, [str(facility_id)])[0]
        return conflict(AlreadyThere(), wire.version, wire.data)
    readers = new_readers(county_outline(session))
    try:
        place_facility(session, facility_id, mutation.data, work, readers)
    except DomainError as error:
        return rejected(error)
    told[facility_id] = mutation.mid
    unknown = sorted(str(name) for name in mutation.data if name not in readers)[:20]
    return Outcome("applied", version=1, warnings=tuple(map(unknown_field, unknown)))


def place_facility(
    session: Session, facility_id: UUID, data: Mapping[str, Any], work: Fieldwork, readers: Readers
) -> None:
    """Store a new facility; telling the tablets is left to the caller.

    Raises:
        InvalidInput: `errors` point at what cannot be read.
        UnknownCommunity, NotYours: the community does not hold, or lies beyond the person's right.
    """
    faults: list[Fault] = []
    given = read_members(data, readers, faults)
    if faults:
        raise unreadable(faults)
    _check_place(session, given, work)
    _check_code(session, facility_id, given)
    queries.insert_facility(session, {"facility_id": facility_id, **given})


def _check_place(session: Session, given: Mapping[str, Any], work: Fieldwork) -> None:
    community = work.community(given["community_id"])
    if community is None or not community.holds:
        raise UnknownCommunity(given["community_id"])
    work.check(CREATE, community)
    building_id = given["building_id"]
    if building_id is not None and not queries.building_of(session, building_id, community.community_id):
        raise unreadable([fault("/data/building_id", "is no building of the community", "不是该小区的楼栋")])


def _check_code(session: Session, facility_id: UUID, given: Mapping[str, Any], at: str = "/data") -> None:
    code = given.get("registration_code")
    if code is not None and queries.registered(session, code, facility_id):
        raise unreadable(
            [fault(f"{at}/registration_code", "another facility has this code", "该登记编号已被其他设施使用")]
        )


def _load(session: Session, ids: Collection[UUID], now: datetime, *, lock: bool) -> dict[UUID, Standing]:
    day = local_day(now)
    return {
        one.facility_id: Standing(
            one.community_id,
            one.version,
            queries.ended(one.valid_to, day) or queries.ended(community_until, day),
            {
                "kind": one.kind,
                "name": one.name,
                "registration_code": one.registration_code,
                "location": {"lon": round(lon, values.DECIMALS), "lat": round(lat, values.DECIMALS)},
                "attributes": one.attributes,
                REMOVED: queries.ended(one.valid_to, day),
            },
        )
        for one, lon, lat, community_until in queries.facilities(session, ids, lock=lock)
    }


def _store(session: Session, entity_id: UUID, given: Mapping[str, Any], version: int, now: datetime) -> None:
    columns = dict(given)
    _check_code(session, entity_id, columns, "/data/fields")
    if REMOVED in columns:
        columns["valid_to"] = local_day(now) if columns.pop(REMOVED) else None
    queries.store_facility(session, entity_id, columns, version)


FACILITY = Editable(
    "facility",
    lambda outline: {**_fields(outline), REMOVED: values.flag},
    _load,
    _store,
    shapes=frozenset({"location"}),
    facts=frozenset({"attributes"}),
)
CREATE_FACILITY = CommandType(CREATE, create_facilities)
