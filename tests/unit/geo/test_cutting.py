"""Cutting and joining cells: laws of ground that is neither lost nor counted twice, and what is refused."""

from __future__ import annotations

from random import Random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from geo.cutting import cut, divide, join, redraw
from geo.errors import CannotBeCut, CannotBeJoined
from geo.metric import area_m2

SRID = 4548
CELL = box(117.270, 35.650, 117.272, 35.652)
ACROSS = LineString([(117.269, 35.651), (117.273, 35.651)])


def across(rng: Random, outline: Polygon) -> LineString:
    """A straight line across the outline, somewhere through its inside."""
    at = outline.representative_point()
    lean = rng.uniform(-1, 1) * 0.01
    if rng.random() < 0.5:
        return LineString([(at.x - 0.01, at.y - lean), (at.x + 0.01, at.y + lean)])
    return LineString([(at.x - lean, at.y - 0.01), (at.x + lean, at.y + 0.01)])


def overlap_degrees(pieces: list[Polygon]) -> float:
    return sum(
        float(one.intersection(other).area) for n, one in enumerate(pieces) for other in pieces[n + 1 :]
    )


@given(st.randoms(use_true_random=False))
def test_whatever_is_cut_and_joined_again_covers_the_same_ground(rng: Random) -> None:
    pieces = [CELL]
    for _ in range(rng.randint(1, 5)):
        target = max(pieces, key=lambda one: one.area)
        pieces.remove(target)
        pieces += cut(target, across(rng, target), SRID)

    assert overlap_degrees(pieces) < 1e-12
    assert sum(one.area for one in pieces) == pytest.approx(CELL.area, rel=1e-9)

    whole = join(pieces, SRID)
    assert len(whole.interiors) == 0
    assert whole.symmetric_difference(CELL).area < 1e-12


def test_a_line_across_makes_two_pieces_whose_edges_meet() -> None:
    first, second = cut(CELL, ACROSS, SRID)

    assert first.touches(second)
    assert shapely.relate_pattern(first, second, "F***1****")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(LineString([(117.2705, 35.651), (117.2715, 35.651)]), id="within"),
        pytest.param(LineString([(117.269, 35.651), (117.271, 35.651)]), id="half way"),
        pytest.param(LineString([(117.1, 35.6), (117.2, 35.6)]), id="elsewhere"),
        pytest.param(LineString([(117.269, 35.65), (117.273, 35.65)]), id="along the edge"),
        pytest.param(LineString([(117.269, 35.65000001), (117.273, 35.65000001)]), id="a sliver"),
    ],
)
def test_a_line_that_cuts_nothing_off_is_refused(line: LineString) -> None:
    with pytest.raises(CannotBeCut):
        cut(CELL, line, SRID)


def test_areas_drawn_by_hand_fill_the_cell_to_the_last_corner() -> None:
    # Seven decimals, as people's maps write them: a centimetre too much here, too little there.
    west = box(117.2699999, 35.6499999, 117.2710001, 35.6520001)
    east = box(117.2710001, 35.65, 117.2719999, 35.652)

    pieces = divide(CELL, [west, east], SRID)

    assert overlap_degrees(pieces) < 1e-16
    assert area_m2(shapely.union_all(pieces).symmetric_difference(CELL), SRID) < 1e-6


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param([box(117.27, 35.65, 117.271, 35.652)], id="only one"),
        pytest.param([box(117.27, 35.65, 117.271, 35.652), box(117.2711, 35.65, 117.272, 35.652)], id="gap"),
        pytest.param(
            [box(117.27, 35.65, 117.2712, 35.652), box(117.271, 35.65, 117.272, 35.652)], id="twice"
        ),
        pytest.param([CELL, box(117.3, 35.65, 117.31, 35.652)], id="outside"),
    ],
)
def test_areas_that_do_not_fill_the_cell_are_refused(drawn: list[Polygon]) -> None:
    with pytest.raises(CannotBeCut):
        divide(CELL, drawn, SRID)


def test_cells_apart_or_touching_in_a_corner_are_not_joined() -> None:
    corner = box(117.272, 35.652, 117.273, 35.653)
    apart = box(117.28, 35.65, 117.29, 35.66)

    for other in (corner, apart):
        with pytest.raises(CannotBeJoined):
            join([CELL, other], SRID)


WEST, EAST = box(117.270, 35.650, 117.272, 35.652), box(117.272, 35.650, 117.274, 35.652)
NORTH = box(117.270, 35.652, 117.274, 35.654)
SIDE_BY_SIDE = {"west": WEST, "east": EAST, "north": NORTH}


@pytest.mark.parametrize(
    ("drawn", "changed"),
    [
        (box(117.270, 35.650, 117.273, 35.652), {"west", "east"}),
        (box(117.270, 35.650, 117.271, 35.652), {"west", "east"}),
        (box(117.270, 35.650, 117.273, 35.653), {"west", "east", "north"}),
        (box(117.269, 35.649, 117.2730001, 35.6520001), {"west", "east"}),
    ],
    ids=["takes", "leaves", "takes from two", "beyond and almost along borders"],
)
def test_a_cell_drawn_anew_trades_ground_with_its_neighbours_and_none_is_lost(
    drawn: Polygon, changed: set[str]
) -> None:
    after = redraw("west", drawn, SIDE_BY_SIDE, SRID)

    assert after.keys() == changed
    assert next(iter(after)) == "west"
    whole = shapely.union_all([SIDE_BY_SIDE[one] for one in changed])
    assert shapely.union_all(list(after.values())).symmetric_difference(whole).area < 1e-12
    assert overlap_degrees(list(after.values())) < 1e-12
    assert after["west"].area == pytest.approx(drawn.intersection(whole).area, rel=1e-2)


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        (WEST, "as it was"),
        (box(117.270, 35.650, 117.274, 35.652), "vanish"),
        (box(117.2725, 35.650, 117.2735, 35.652), "one piece"),
    ],
    ids=["nothing changes", "a neighbour vanishes", "a neighbour falls apart"],
)
def test_a_cell_is_not_drawn_anew_where_a_neighbour_would_suffer(drawn: Polygon, told: str) -> None:
    with pytest.raises(CannotBeCut, match=told) as refused:
        redraw("west", drawn, {"west": WEST, "east": EAST}, SRID)

    assert refused.value.errors[0]["pointer"] == "/outline"
