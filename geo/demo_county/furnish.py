"""Fill one compound: its community, buildings, entrances and facilities, in WGS 84 and with their ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from geo.demo_county.compounds import Compound
from geo.demo_county.facilities import indoor_facilities, outdoor_facilities
from geo.demo_county.houses import House, build_houses
from geo.demo_county.model import DemoBuilding, DemoCell, DemoCommunity, DemoEntrance, DemoFacility, stable_id
from geo.demo_county.outdoors import Outdoors, outdoors
from geo.demo_county.streets import METRIC_SRID, Streets, outline_in_degrees, point_in_degrees
from geo.metric import area_m2

WARRANTY_YEARS = 5


@dataclass(frozen=True)
class Furnished:
    """A community with everything in it."""

    community: DemoCommunity
    buildings: tuple[DemoBuilding, ...]
    entrances: tuple[DemoEntrance, ...]
    facilities: tuple[DemoFacility, ...]
    outdoors: Outdoors


def furnish(
    random: Random,
    outside: Random,
    streets: Streets,
    compound: Compound,
    name: str,
    cells: Sequence[DemoCell],
    lift_serial: Iterator[int],
) -> Furnished:
    """Return the community of a compound that reaches over `cells`, with all that stands in it.

    What lies between the houses is drawn from `outside`, so that the houses are the same without it.
    """
    houses = list(build_houses(random, streets, compound))
    community = _community(compound, name, houses, cells)
    buildings = [_building(community, house) for house in houses]
    entrances: list[DemoEntrance] = []
    facilities: list[DemoFacility] = []
    for building, house in zip(buildings, houses, strict=True):
        entrances += _entrances(building, house)
        facilities += indoor_facilities(community, building, house, lift_serial)
    facilities += outdoor_facilities(random, community, compound)
    between = outdoors(outside, streets, compound, community)
    facilities += between.transformers
    return Furnished(community, tuple(buildings), tuple(entrances), tuple(facilities), between)


def _community(
    compound: Compound, name: str, houses: Sequence[House], cells: Sequence[DemoCell]
) -> DemoCommunity:
    outline = outline_in_degrees(compound.outline)
    areas = {cell.code: area_m2(outline.intersection(cell.outline), METRIC_SRID) for cell in cells}
    guaranteed = compound.kind == "commodity"
    return DemoCommunity(
        community_id=stable_id("community", compound.neighbourhood_code, compound.number),
        name=name,
        kind=compound.kind,
        neighbourhood_code=compound.neighbourhood_code,
        outline=outline,
        households=sum(house.households for house in houses),
        built_year=compound.built_year,
        warranty_until=date(compound.built_year + WARRANTY_YEARS, 6, 30) if guaranteed else None,
        cell_areas_m2={code: round(area, 2) for code, area in sorted(areas.items())},
    )


def _building(community: DemoCommunity, house: House) -> DemoBuilding:
    return DemoBuilding(
        stable_id("building", community.community_id, house.number),
        community.community_id,
        f"{house.number}号楼",
        house.floors,
        house.households,
        outline_in_degrees(house.outline),
    )


def _entrances(building: DemoBuilding, house: House) -> list[DemoEntrance]:
    return [
        DemoEntrance(
            stable_id("entrance", building.building_id, number),
            building.building_id,
            number,
            f"{number}单元",
            point_in_degrees(place),
        )
        for number, place in enumerate(house.entrances, start=1)
    ]
