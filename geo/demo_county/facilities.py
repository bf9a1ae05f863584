"""What stands in a compound to be inspected: lifts, doors, cameras, hydrants, charging ports."""

from collections.abc import Iterator, Mapping
from random import Random
from uuid import UUID

import numpy as np
from shapely.geometry import Point

from geo.demo_county.compounds import Compound
from geo.demo_county.houses import House
from geo.demo_county.model import DemoBuilding, DemoCommunity, DemoFacility, FacilityKind, stable_id
from geo.demo_county.streets import Floats, point_in_degrees

# How far inside the fence things in the open stand: outside every building.
FENCE_M = 1.5


def indoor_facilities(
    community: DemoCommunity, building: DemoBuilding, house: House, lift_serial: Iterator[int]
) -> Iterator[DemoFacility]:
    """Yield a door at every entrance and, in high buildings, a lift with its registration code behind it."""
    middle = np.asarray(house.outline.centroid.coords[0])
    for number, entrance in enumerate(house.entrances, start=1):
        name = f"{building.name}{number}单元"
        yield _facility(community, "door", f"{name}门", entrance, building_id=building.building_id)
        if house.has_lifts:
            code = f"3110370831{community.built_year}12{next(lift_serial):04d}"
            behind = entrance + (middle - entrance) * 0.3
            yield _facility(community, "lift", f"{name}电梯", behind, building.building_id, code)


def outdoor_facilities(
    random: Random, community: DemoCommunity, compound: Compound
) -> Iterator[DemoFacility]:
    """Yield cameras and hydrants by the compound's size, in two of three also a group of e-bike ports."""
    fence = compound.outline.buffer(-FENCE_M, join_style="mitre").exterior
    size = len(compound.squares)
    plan: list[tuple[FacilityKind, str]] = [("camera", f"{n}号摄像头") for n in range(1, size + 2)]
    plan += [("hydrant", f"{n}号消火栓") for n in range(1, size + 1)]
    plan += [("charging_port", "电动自行车充电处")] * (random.random() < 2 / 3)
    for kind, name in plan:
        place = fence.interpolate(random.random(), normalized=True)
        attributes = {"ports": random.choice((10, 12, 20))} if kind == "charging_port" else {}
        yield _facility(community, kind, name, place, attributes=attributes)


def _facility(
    community: DemoCommunity,
    kind: FacilityKind,
    name: str,
    place: Floats | Point,
    building_id: UUID | None = None,
    registration_code: str | None = None,
    attributes: Mapping[str, int | str] | None = None,
) -> DemoFacility:
    facility_id = stable_id("facility", community.community_id, kind, name)
    location = point_in_degrees(place)
    return DemoFacility(
        facility_id,
        community.community_id,
        building_id,
        kind,
        name,
        registration_code,
        location,
        attributes or {},
    )
