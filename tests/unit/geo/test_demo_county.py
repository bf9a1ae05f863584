"""The demo county: official names and codes, cells that fit, houses that stand where they can."""

import pickle
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import get_args
from uuid import UUID

import pytest
import shapely
from shapely.geometry import Point

from geo.county_data import county, divisions
from geo.demo_county import DemoCounty, demo_county
from geo.demo_county.model import FacilityKind
from geo.metric import to_metres
from geo.topology import Cell, cell_faults

SRID = 4548
SEEDS = (1, 7, 831)


@pytest.fixture(scope="module", params=SEEDS)
def demo(request: pytest.FixtureRequest) -> DemoCounty:
    return demo_county(request.param)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert pickle.dumps(demo_county(7)) == pickle.dumps(demo_county(7))


def test_another_seed_gives_other_streets() -> None:
    assert demo_county(7).cells[0].outline != demo_county(8).cells[0].outline


def test_ids_depend_on_neither_seed_nor_size() -> None:
    small, large = demo_county(7), demo_county(8, communities=60, cells=600)

    assert {c.community_id for c in small.communities} <= {c.community_id for c in large.communities}


def test_names_and_codes_are_the_official_ones(demo: DemoCounty) -> None:
    official = {division.code: division for division in divisions()}

    assert [s.code for s in demo.subdistricts] == ["370831001", "370831002"]
    assert len(demo.neighbourhoods) == 12
    for place in demo.subdistricts + demo.neighbourhoods:
        assert place.name == official[place.code].name
    assert {official[n.code].kind for n in demo.neighbourhoods} == {"neighbourhood"}


def test_there_are_three_hundred_cells_of_about_ten_thousand_square_metres(demo: DemoCounty) -> None:
    assert len(demo.cells) == 300
    assert sum(cell.area_m2 for cell in demo.cells) / 300 == pytest.approx(10_000, rel=0.02)
    assert all(5_000 < cell.area_m2 < 16_000 for cell in demo.cells)


def test_cells_partition_their_neighbourhood_and_are_numbered_from_one(demo: DemoCounty) -> None:
    for neighbourhood in demo.neighbourhoods:
        own = [Cell(c.code, c.outline) for c in demo.cells if c.neighbourhood_code == neighbourhood.code]

        assert cell_faults(own, neighbourhood.outline, SRID, least_m2=0) == []
        assert [cell.code[12:] for cell in own] == [f"{n:03d}" for n in range(1, len(own) + 1)]
        assert {cell.code[:12] for cell in own} == {neighbourhood.code}


def test_all_cells_together_share_their_corners_exactly(demo: DemoCounty) -> None:
    assert shapely.coverage_is_valid([cell.outline for cell in demo.cells])
    assert shapely.coverage_is_valid([place.outline for place in demo.neighbourhoods])
    assert shapely.coverage_is_valid([place.outline for place in demo.subdistricts])


def test_the_subdistricts_are_neighbours_inside_the_county(demo: DemoCounty) -> None:
    sihe, jihe = (place.outline for place in demo.subdistricts)

    assert sihe.touches(jihe)
    assert county().outline.contains(sihe)
    assert county().outline.contains(jihe)


def test_the_seat_of_the_county_lies_in_a_cell_of_sihe(demo: DemoCounty) -> None:
    (cell,) = [cell for cell in demo.cells if cell.outline.contains(Point(117.2736, 35.6571))]

    assert cell.code.startswith("370831001")


def test_each_of_forty_communities_lies_in_one_neighbourhood_and_apart_from_the_others(
    demo: DemoCounty,
) -> None:
    outlines = {place.code: place.outline for place in demo.neighbourhoods}

    assert len(demo.communities) == 40
    assert len({community.name for community in demo.communities}) == 40
    for community in demo.communities:
        assert outlines[community.neighbourhood_code].contains(community.outline)
    assert not overlapping(community.outline for community in demo.communities)


def test_a_community_reaches_over_exactly_the_cells_it_names(demo: DemoCounty) -> None:
    for community in demo.communities:
        reached = {cell.code for cell in demo.cells if cell.outline.intersects(community.outline)}

        assert set(community.cell_areas_m2) == reached
        metric = to_metres(community.outline, SRID).area
        assert sum(community.cell_areas_m2.values()) == pytest.approx(metric, abs=0.1)
    sizes = Counter(len(community.cell_areas_m2) for community in demo.communities)
    assert len(sizes) > 1
    assert max(sizes) <= 4


def test_buildings_stand_inside_their_community_and_apart(demo: DemoCounty) -> None:
    outlines = {community.community_id: community.outline for community in demo.communities}

    for building in demo.buildings:
        assert outlines[building.community_id].contains(building.outline)
        assert len(building.outline.exterior.coords) == 5
    assert not overlapping(building.outline for building in demo.buildings)


def test_households_add_up(demo: DemoCounty) -> None:
    by_community: dict[UUID, int] = defaultdict(int)
    for building in demo.buildings:
        by_community[building.community_id] += building.households

    assert by_community == {c.community_id: c.households for c in demo.communities}
    assert min(by_community.values()) > 0


def test_entrances_are_on_the_wall_of_their_building_numbered_from_one(demo: DemoCounty) -> None:
    walls = {b.building_id: to_metres(b.outline, SRID).exterior for b in demo.buildings}
    numbers: dict[UUID, list[int]] = defaultdict(list)
    for entrance in demo.entrances:
        numbers[entrance.building_id].append(entrance.number)
        assert walls[entrance.building_id].distance(to_metres(entrance.location, SRID)) < 0.02

    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert numbers.keys() == walls.keys()


def test_facilities_lie_in_their_community_and_lifts_are_registered_once(demo: DemoCounty) -> None:
    communities = {c.community_id: c.outline for c in demo.communities}
    buildings = {b.building_id: b for b in demo.buildings}
    for facility in demo.facilities:
        assert communities[facility.community_id].contains(facility.location)
        if facility.kind == "lift":
            assert facility.building_id is not None
            assert buildings[facility.building_id].outline.contains(facility.location)

    lifts = [f.registration_code for f in demo.facilities if f.kind == "lift"]
    assert all(code and len(code) == 20 and code.isdigit() for code in lifts)
    assert len(set(lifts)) == len(lifts)
    assert {f.kind for f in demo.facilities} == set(get_args(FacilityKind))
    assert {f.kind for f in demo.facilities if f.registration_code} == {"lift"}


def test_some_communities_have_a_company_and_some_have_none(demo: DemoCounty) -> None:
    served = {contract.community_id for contract in demo.contracts}

    assert 6 <= len(demo.companies) <= 8
    assert all("演示" in company.name_zh for company in demo.companies)
    assert len(served) == len(demo.contracts)
    assert 0 < len(served) < len(demo.communities)
    assert {contract.kind for contract in demo.contracts} == {"preliminary", "owner_selected"}
    assert {contract.company_code for contract in demo.contracts} <= {
        company.code for company in demo.companies
    }
    assert all(c.ends_on is None or c.starts_on < c.ends_on for c in demo.contracts)


def test_no_id_is_given_twice(demo: DemoCounty) -> None:
    ids = [c.community_id for c in demo.communities] + [b.building_id for b in demo.buildings]
    ids += [e.entrance_id for e in demo.entrances] + [f.facility_id for f in demo.facilities]
    ids += [c.contract_id for c in demo.contracts]

    assert len(set(ids)) == len(ids)


def test_it_grows_to_three_hundred_communities_within_seconds() -> None:
    started = time.process_time()

    grown = demo_county(7, communities=300, cells=2400)

    assert time.process_time() - started < 3
    assert len(grown.communities) == len({community.name for community in grown.communities}) == 300
    assert abs(len(grown.cells) - 2400) <= 60
    assert all(county().outline.contains(place.outline) for place in grown.subdistricts)


@pytest.mark.parametrize(("communities", "cells"), [(0, 12), (12, 12), (24, 24), (300, 300), (1, 72)])
def test_any_size_that_fits_can_be_drawn(communities: int, cells: int) -> None:
    small = demo_county(3, communities=communities, cells=cells)

    assert (len(small.communities), len(small.cells)) == (communities, cells)


def test_more_communities_than_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        demo_county(3, communities=400, cells=300)


def overlapping(outlines: Iterable[shapely.Polygon]) -> list[tuple[int, int]]:
    """Pairs of outlines that touch or overlap, by position."""
    found = list(outlines)
    first, second = shapely.STRtree(found).query(found, predicate="intersects")
    return [(int(a), int(b)) for a, b in zip(first, second, strict=True) if a < b]


@pytest.mark.parametrize("communities", [40, 60])
def test_each_subdistrict_has_three_or_four_pilots(communities: int) -> None:
    drawn = demo_county(7, communities=communities)

    pilots = Counter(one.neighbourhood_code[:9] for one in drawn.communities if one.pilot)

    assert set(pilots) == {"370831001", "370831002"}
    assert all(3 <= number <= 4 for number in pilots.values())


def test_nothing_outdoors_lies_on_a_house_and_every_gate_on_a_way(demo: DemoCounty) -> None:
    houses = shapely.STRtree([house.outline for house in demo.buildings])
    open_places = [*(one.outline for one in demo.grounds), *(one.outline for one in demo.fire_lanes)]
    ways = shapely.STRtree([way.line for way in demo.footways])

    assert len(houses.query(open_places, predicate="intersects")[0]) == 0
    _, apart = ways.query_nearest([gate.location for gate in demo.gates], return_distance=True)
    assert len(demo.gates) == 2 * len(demo.communities)
    assert float(apart.max()) < 1e-6
