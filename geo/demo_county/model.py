"""What the demo county consists of. Geometries are WGS 84, rounded to a centimetre; ids follow from keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid5

from shapely.geometry import LineString, Point, Polygon

ORIGIN = "demo"
NAMESPACE = UUID("6b0f6f0e-0b53-5f0c-9a35-370831370831")

CommunityKind = Literal["commodity", "old_estate", "work_unit_compound"]
ContractKind = Literal["preliminary", "owner_selected"]
FacilityKind = Literal["lift", "hydrant", "camera", "charging_port", "door", "transformer"]


def stable_id(*key: object) -> UUID:
    """Return the id of a demo place by its key: the same on every load, whatever the seed."""
    return uuid5(NAMESPACE, "/".join(str(part) for part in key))


@dataclass(frozen=True)
class DemoOutline:
    """A demo outline for an official subdistrict (9-digit code) or neighbourhood (12-digit code)."""

    code: str
    name: str
    outline: Polygon


@dataclass(frozen=True)
class DemoCell:
    """A grid cell with its 15-digit code."""

    code: str
    neighbourhood_code: str
    outline: Polygon
    area_m2: float


@dataclass(frozen=True)
class DemoCommunity:
    """A residential community inside one neighbourhood, with the area it takes of each cell it reaches."""

    community_id: UUID
    name: str
    kind: CommunityKind
    neighbourhood_code: str
    outline: Polygon
    households: int
    built_year: int
    warranty_until: date | None
    cell_areas_m2: Mapping[str, float]
    pilot: bool = False


@dataclass(frozen=True)
class DemoBuilding:
    """A residential building, a rectangle inside its community."""

    building_id: UUID
    community_id: UUID
    name: str
    floors: int
    households: int
    outline: Polygon


@dataclass(frozen=True)
class DemoEntrance:
    """An entrance (单元) on the north wall of its building; `number` counts from the west, from 1."""

    entrance_id: UUID
    building_id: UUID
    number: int
    name: str
    location: Point


@dataclass(frozen=True)
class DemoFacility:
    """Something that is inspected; lifts have a registration code."""

    facility_id: UUID
    community_id: UUID
    building_id: UUID | None
    kind: FacilityKind
    name: str
    registration_code: str | None
    location: Point
    attributes: Mapping[str, int | str]


@dataclass(frozen=True)
class DemoGround:
    """Open ground of a community; `kind` as `geo.open_ground` names it."""

    ground_id: UUID
    community_id: UUID
    kind: str
    outline: Polygon


@dataclass(frozen=True)
class DemoFireLane:
    """The ground of a fire lane."""

    lane_id: UUID
    community_id: UUID
    width_m: float
    outline: Polygon


@dataclass(frozen=True)
class DemoFootway:
    """A way that people walk: a street outside, of no community, or a path inside one."""

    footway_id: UUID
    community_id: UUID | None
    kind: str
    line: LineString


@dataclass(frozen=True)
class DemoGate:
    """A gate in a fence; of kind `emergency` it is shut."""

    gate_id: UUID
    community_id: UUID
    kind: str
    name: str
    location: Point


@dataclass(frozen=True)
class DemoCompany:
    """A property service company, invented; `code` fits as the code of a unit."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class DemoContract:
    """A property service contract; an open end is None."""

    contract_id: UUID
    community_id: UUID
    company_code: str
    kind: ContractKind
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class DemoCounty:
    """Everything drawn from one seed."""

    seed: int
    subdistricts: tuple[DemoOutline, ...]
    neighbourhoods: tuple[DemoOutline, ...]
    cells: tuple[DemoCell, ...]
    communities: tuple[DemoCommunity, ...]
    buildings: tuple[DemoBuilding, ...]
    entrances: tuple[DemoEntrance, ...]
    facilities: tuple[DemoFacility, ...]
    grounds: tuple[DemoGround, ...]
    fire_lanes: tuple[DemoFireLane, ...]
    footways: tuple[DemoFootway, ...]
    gates: tuple[DemoGate, ...]
    companies: tuple[DemoCompany, ...]
    contracts: tuple[DemoContract, ...]
