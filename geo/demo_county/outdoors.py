"""What lies between the houses of a compound: open ground, a fire lane, footways, gates, its transformer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import numpy as np
from shapely import STRtree
from shapely.geometry import LineString, Point, Polygon

from geo.demo_county.compounds import Compound
from geo.demo_county.houses import rows_of_bars
from geo.demo_county.model import (
    DemoCommunity,
    DemoFacility,
    DemoFireLane,
    DemoFootway,
    DemoGate,
    DemoGround,
    stable_id,
)
from geo.demo_county.streets import (
    Floats,
    Square,
    Streets,
    line_in_degrees,
    outline_in_degrees,
    point_in_degrees,
)

# Shares of a square from the west: the fire lane runs inside the fence, the parking strip on the other side.
LANE, PARKING = 0.12, (0.86, 0.905)
YARD = (0.2, 0.8)
# Shares from the north: where gates stand in the fence, and the path that joins the lanes of a wide compound.
NORTH_GATE, SOUTH_GATE, CROSSING = 0.085, 0.915, 0.905
HALF_BAR, PATH_OFF = 0.085, 0.02
LANE_WIDTH_M = 4.0
SHEDS = 0.4
SPARE_KVA = (0, 12, 20, 40, 63, 80, 125)


@dataclass(frozen=True)
class Outdoors:
    """What lies between the houses of one community."""

    grounds: tuple[DemoGround, ...]
    fire_lanes: tuple[DemoFireLane, ...]
    footways: tuple[DemoFootway, ...]
    gates: tuple[DemoGate, ...]
    transformers: tuple[DemoFacility, ...]


def outdoors(random: Random, streets: Streets, compound: Compound, community: DemoCommunity) -> Outdoors:
    """Return what lies between the houses of a compound."""
    lanes = list(_lanes(streets, compound))
    return Outdoors(
        tuple(_grounds(random, streets, compound, community)),
        tuple(_fire_lane(community, number, lane) for number, lane in enumerate(lanes, start=1)),
        tuple(_footways(streets, compound, community, lanes)),
        tuple(_gates(community, lanes[0])),
        (_transformer(random, streets, compound, community),),
    )


def street_ways(streets: Streets, compounds: Sequence[Compound]) -> Iterator[DemoFootway]:
    """Yield the streets between the squares, corner to corner; none leads through a compound."""
    inside = STRtree([compound.outline for compound in compounds])
    rows, columns = streets.corners.shape[:2]
    for row in range(rows):
        for column in range(columns):
            for name, other in (("east", (row, column + 1)), ("south", (row + 1, column))):
                if other[0] < rows and other[1] < columns:
                    ends = (streets.corners[row, column], streets.corners[other])
                    if len(inside.query(Point(np.mean(ends, axis=0)), predicate="intersects")):
                        continue
                    way = stable_id("street", row, column, name)
                    yield DemoFootway(way, None, "residential", line_in_degrees(LineString(ends)))


def _columns(compound: Compound) -> list[list[Square]]:
    """Return the squares column by column from the west, each from the north."""
    found: dict[int, list[Square]] = {}
    for square in sorted(compound.squares):
        found.setdefault(square[1], []).append(square)
    return [found[column] for column in sorted(found)]


def _lanes(streets: Streets, compound: Compound) -> Iterator[list[Floats]]:
    """Yield the lane of each column, from the street in the north to the one in the south.

    Every path along doors begins at one of its corners, so that they meet.
    """
    for column in _columns(compound):
        turns = [
            streets.point(square, LANE, _path(row))
            for square in column
            for row in rows_of_bars(streets, square)
        ]
        yield [
            streets.point(column[0], LANE, 0.0),
            streets.point(column[0], LANE, NORTH_GATE),
            *turns,
            streets.point(column[-1], LANE, CROSSING),
            streets.point(column[-1], LANE, SOUTH_GATE),
            streets.point(column[-1], LANE, 1.0),
        ]


def _path(row: float) -> float:
    """Return the share from the north at which the path along the doors of a bar runs."""
    return row - HALF_BAR - PATH_OFF


def _fire_lane(community: DemoCommunity, number: int, lane: list[Floats]) -> DemoFireLane:
    band = LineString(lane[1:-1]).buffer(LANE_WIDTH_M / 2, cap_style="flat")
    lane_id = stable_id("fire_lane", community.community_id, number)
    return DemoFireLane(lane_id, community.community_id, LANE_WIDTH_M, outline_in_degrees(band))


def _grounds(
    random: Random, streets: Streets, compound: Compound, community: DemoCommunity
) -> Iterator[DemoGround]:
    number = 0
    for square in compound.squares:
        rows = rows_of_bars(streets, square)
        patches = [("yard", (*YARD, north + HALF_BAR, south - HALF_BAR)) for north, south in pairwise(rows)]
        patches.append(("parking", (*PARKING, 0.15, 0.85)))
        if random.random() < SHEDS:
            patches.append(("bike_shed", (0.3, 0.52, 0.1, 0.125)))
        for kind, (west, east, north, south) in patches:
            number += 1
            corners = [(west, north), (east, north), (east, south), (west, south)]
            shape = Polygon([streets.point(square, u, v) for u, v in corners])
            ground = stable_id("open_ground", community.community_id, number)
            yield DemoGround(ground, community.community_id, kind, outline_in_degrees(shape))


def _footways(
    streets: Streets, compound: Compound, community: DemoCommunity, lanes: list[list[Floats]]
) -> Iterator[DemoFootway]:
    """Yield the lanes, a path along the doors of each house, and the path that joins lanes."""
    lines = [LineString(lanes[0]), *(LineString(lane[1:-1]) for lane in lanes[1:])]
    for square in compound.squares:
        for row in rows_of_bars(streets, square):
            lines.append(LineString([streets.point(square, u, _path(row)) for u in (LANE, 0.84)]))
    bottoms = [column[-1] for column in _columns(compound)]
    if len(bottoms) > 1:
        lines.append(LineString([streets.point(square, LANE, CROSSING) for square in bottoms]))
    for number, line in enumerate(lines, start=1):
        way = stable_id("footway", community.community_id, number)
        yield DemoFootway(way, community.community_id, "footway", line_in_degrees(line))


def _gates(community: DemoCommunity, lane: list[Floats]) -> Iterator[DemoGate]:
    """Yield the gate in the south, always open, and the one in the north, for emergencies only."""
    for kind, name, place in (("both", "南门", lane[-2]), ("emergency", "北侧应急门", lane[1])):
        gate = stable_id("gate", community.community_id, kind)
        yield DemoGate(gate, community.community_id, kind, name, point_in_degrees(place))


def _transformer(
    random: Random, streets: Streets, compound: Compound, community: DemoCommunity
) -> DemoFacility:
    """Return the transformer beside the south gate; one in seven has nothing to spare, as far as is known."""
    square = _columns(compound)[0][-1]
    return DemoFacility(
        stable_id("facility", community.community_id, "transformer", 1),
        community.community_id,
        None,
        "transformer",
        f"{community.name}箱变",
        None,
        point_in_degrees(streets.point(square, 0.17, 0.9)),
        {"rated_kva": 400, "spare_kva": random.choice(SPARE_KVA)},
    )
