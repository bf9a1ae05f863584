"""Draw the demo county: streets, then cells, compounds, houses, and what stands in them."""

from collections.abc import Iterable, Iterator
from itertools import count
from random import Random
from typing import get_args

import shapely
from shapely.geometry import Polygon

from geo.county_data import Division, divisions
from geo.demo_county.compounds import Compound, place_compounds, share_of
from geo.demo_county.contracts import contract_of, former_contracts
from geo.demo_county.furnish import Furnished, furnish
from geo.demo_county.model import (
    CommunityKind,
    DemoCell,
    DemoCommunity,
    DemoCompany,
    DemoContract,
    DemoCounty,
    DemoOutline,
)
from geo.demo_county.names import community_names, companies
from geo.demo_county.outdoors import street_ways
from geo.demo_county.pilots import with_pilots
from geo.demo_county.streets import (
    BLOCKS_DEEP,
    BLOCKS_WIDE,
    METRIC_SRID,
    Square,
    Streets,
    block_size,
    lay_streets,
    outline_in_degrees,
    share_out,
)
from geo.metric import area_m2
from geo.numbering import cell_codes

WEST, EAST = "370831002", "370831001"
CellsBySquare = dict[Square, DemoCell]


def demo_county(
    seed: int, communities: int = 40, cells: int = 300, *, successive: bool = False
) -> DemoCounty:
    """Return two demo subdistricts, Sihe (370831001) and Jihe (370831002), with all that lies in them.

    The same arguments give the same county, down to the last digit; ids depend on neither.

    Args:
        seed: any whole number.
        communities: how many, over twelve neighbourhoods in proportion to their cells.
        cells: about how many, the nearest number that fills twelve equal blocks.
        successive: also draw who served each community before its present company.

    Raises:
        ValueError: more communities than cells.
        TooManyCells: more than 999 cells in a neighbourhood.
    """
    west, east = _neighbourhoods(WEST), _neighbourhoods(EAST)
    rows, columns = block_size(cells, len(west + east))
    streets = lay_streets(Random(f"{seed}/streets"), rows * BLOCKS_DEEP, columns * BLOCKS_WIDE * 2)
    owned = share_out(Random(f"{seed}/borders"), rows, columns, west, east)
    by_square = _cells(streets, owned)
    outlines = [_outline(d, by_square, [d.code]) for d in divisions() if d.code in owned]
    subdistricts = [_outline(d, by_square, owned) for d in divisions() if d.code in (WEST, EAST)]
    compounds = list(_compounds(seed, streets, owned, communities))
    furnished = list(_furnished(seed, streets, by_square, compounds))
    firms = companies()
    contracts = [
        contract
        for one in furnished
        for contract in _contracts(seed, one.community, firms, successive=successive)
    ]
    return DemoCounty(
        seed=seed,
        subdistricts=tuple(subdistricts),
        neighbourhoods=tuple(outlines),
        cells=tuple(sorted(by_square.values(), key=lambda cell: cell.code)),
        communities=with_pilots([f.community for f in furnished]),
        buildings=tuple(building for f in furnished for building in f.buildings),
        entrances=tuple(entrance for f in furnished for entrance in f.entrances),
        facilities=tuple(facility for f in furnished for facility in f.facilities),
        grounds=tuple(ground for f in furnished for ground in f.outdoors.grounds),
        fire_lanes=tuple(lane for f in furnished for lane in f.outdoors.fire_lanes),
        footways=(*street_ways(streets, compounds), *(way for f in furnished for way in f.outdoors.footways)),
        gates=tuple(gate for f in furnished for gate in f.outdoors.gates),
        companies=firms,
        contracts=tuple(contracts),
    )


def _contracts(
    seed: int, community: DemoCommunity, firms: tuple[DemoCompany, ...], *, successive: bool
) -> Iterator[DemoContract]:
    present = contract_of(Random(f"{seed}/contract/{community.community_id}"), community, firms)
    if present is not None:
        yield present
        if successive:
            earlier = Random(f"{seed}/former/{community.community_id}")
            yield from former_contracts(earlier, community, present, firms)


def _neighbourhoods(subdistrict: str) -> list[Division]:
    return [d for d in divisions() if d.parent_code == subdistrict and d.kind == "neighbourhood"]


def _cells(streets: Streets, owned: dict[str, list[Square]]) -> CellsBySquare:
    cells: CellsBySquare = {}
    for neighbourhood_code, squares in owned.items():
        outlines = [outline_in_degrees(streets.square(square)) for square in squares]
        codes = cell_codes(neighbourhood_code, outlines)
        for square, code, outline in zip(squares, codes, outlines, strict=True):
            cells[square] = DemoCell(
                code, neighbourhood_code, outline, round(area_m2(outline, METRIC_SRID), 2)
            )
    return cells


def _outline(division: Division, cells: CellsBySquare, neighbourhoods: Iterable[str]) -> DemoOutline:
    codes = {code for code in neighbourhoods if code.startswith(division.code)}
    parts = [cell.outline for cell in cells.values() if cell.neighbourhood_code in codes]
    whole = shapely.coverage_union_all(parts)
    if not isinstance(whole, Polygon):
        raise ValueError(f"the cells of {division.code} do not hang together")
    return DemoOutline(division.code, division.name, whole)


def _compounds(
    seed: int, streets: Streets, owned: dict[str, list[Square]], communities: int
) -> Iterator[Compound]:
    shares = share_of(communities, [len(squares) for squares in owned.values()])
    for (code, squares), number in zip(owned.items(), shares, strict=True):
        yield from place_compounds(Random(f"{seed}/compounds/{code}"), streets, code, squares, number)


def _furnished(
    seed: int, streets: Streets, cells: CellsBySquare, compounds: Iterable[Compound]
) -> Iterator[Furnished]:
    names = {kind: community_names(Random(f"{seed}/names/{kind}"), kind) for kind in get_args(CommunityKind)}
    lift_serial = count(1)
    for compound in compounds:
        key = f"{compound.neighbourhood_code}/{compound.number}"
        random, outside = Random(f"{seed}/houses/{key}"), Random(f"{seed}/outdoors/{key}")
        reached = [cells[square] for square in compound.squares]
        yield furnish(random, outside, streets, compound, next(names[compound.kind]), reached, lift_serial)
