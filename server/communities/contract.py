"""How the OpenAPI file describes what places send to tablets and take from them."""

from __future__ import annotations

from server.communities.surveys import KINDS
from server.communities.values import SHAPES
from sync.contract import (
    ANYTHING,
    DAY,
    FLAG,
    ID,
    LOCATION,
    NUMBER,
    SHAPE,
    Schema,
    by_name,
    edited,
    many,
    maybe,
    one_of,
    record,
    shown,
    told,
    whole,
    words,
)

_PLACE = {"lon": 117.2736, "lat": 35.6571}
_COMMUNITY_ID = "01980000-0000-7000-8000-00000000c001"
_PLAIN = told(ANYTHING, "A text, number, truth value or null.")
_FACILITY = {
    "kind": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$", "description": "such as lift"},
    "name": words(200, 1),
    "registration_code": maybe(words(100, 1)),
    "location": told(LOCATION, "Within the county; degrees in `datum`, WGS 84 unless it says another."),
    "attributes": maybe(
        by_name(
            _PLAIN, "What else is known of it; an edit asks for what its `old` and `new` tell differently."
        )
    ),
}
_AREA = record("type coordinates", type=one_of(*SHAPES), coordinates=many(ANYTHING))
_COMMUNITY = {
    "name": words(200, 1),
    "kind": one_of(*KINDS),
    "households": whole(0, 100_000),
    "built_year": maybe(whole(1900, 2100)),
    "warranty_until": maybe(DAY),
    "geometry": told(_AREA, "A GeoJSON polygon in WGS 84, within the county; never merged by itself."),
}
REMOVED = told(FLAG, "True takes the record away, false brings it back.")
COMMANDS: dict[str, Schema] = {
    "facility.create": shown(
        record("community_id kind name location", community_id=ID, building_id=maybe(ID), **_FACILITY),
        community_id=_COMMUNITY_ID,
        kind="lift",
        name="1号梯",
        location=_PLACE,
    ),
    "facility.edit": edited({**_FACILITY, "removed": REMOVED}, name={"old": "1号梯", "new": "1号楼1号梯"}),
    "community.edit": edited(_COMMUNITY, households={"old": 480, "new": 496}),
}

_CELLS = many(words(15))
_ENTRANCE = record("entrance_id name lon lat", entrance_id=ID, name=words(), lon=NUMBER, lat=NUMBER)
ENTITIES: dict[str, Schema] = {
    "grid_cell": record(
        "code neighbourhood_code area_m2 geometry",
        code=words(15),
        neighbourhood_code=words(),
        area_m2=NUMBER,
        management_grade=maybe(words()),
        responsible_unit=maybe(words()),
        origin=words(),
        valid_from=maybe(DAY),
        valid_to=maybe(DAY),
        geometry=SHAPE,
    ),
    "community": record(
        "community_id name kind neighbourhood_code grid_cell_codes geometry",
        community_id=ID,
        name=words(),
        kind=one_of(*KINDS),
        neighbourhood_code=words(),
        neighbourhood_name=words(),
        subdistrict_code=words(),
        grid_cell_codes=_CELLS,
        households=maybe(whole(0)),
        built_year=maybe(whole()),
        warranty_until=maybe(DAY),
        pilot=FLAG,
        provisional_outline=FLAG,
        company_unit=maybe(words()),
        company_name=maybe(words()),
        origin=words(),
        geometry=SHAPE,
    ),
    "building": record(
        "building_id community_id name geometry entrances",
        building_id=ID,
        community_id=ID,
        name=words(),
        floors=maybe(whole()),
        households=maybe(whole(0)),
        origin=words(),
        geometry=SHAPE,
        entrances=many(_ENTRANCE),
    ),
    "facility": record(
        "facility_id community_id kind name lon lat",
        facility_id=ID,
        community_id=ID,
        building_id=maybe(ID),
        kind=words(),
        name=words(),
        registration_code=maybe(words()),
        attributes={"type": "object"},
        origin=words(),
        lon=NUMBER,
        lat=NUMBER,
    ),
    "unit": record(
        "code name_zh kind",
        code=words(),
        name_zh=words(),
        name_en=maybe(words()),
        kind=words(),
        division_code=maybe(words()),
        origin=words(),
        closed_on=maybe(DAY),
    ),
    "assignment": record(
        "assignment_id user_id grid_cell_code valid_from",
        assignment_id=ID,
        user_id=ID,
        grid_cell_code=words(15),
        valid_from=DAY,
        valid_to=maybe(DAY),
    ),
}
