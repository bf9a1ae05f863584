"""Faults of cells: what overlaps, what is not covered, what sticks out, what is numbered wrongly."""

import pytest
from shapely.geometry import Polygon, box

from geo.metric import area_m2
from geo.topology import Cell, cell_faults, overlaps

NEIGHBOURHOOD = "370831001003"
SRID = 4548
# A thousandth of a degree: about 90 m by 111 m.
STEP = 0.001
WEST, SOUTH = 117.27, 35.65


def block(x: float, y: float, width: float = 1, height: float = 1) -> Polygon:
    """A rectangle in steps east and north of the corner."""
    west, east = (round(WEST + at * STEP, 12) for at in (x, x + width))
    south, north = (round(SOUTH + at * STEP, 12) for at in (y, y + height))
    return box(west, south, east, north)


def cells(*outlines: Polygon, numbers: tuple[int, ...] = (1, 2, 3, 4)) -> list[Cell]:
    """Cells with these outlines, numbered as said."""
    return [Cell(f"{NEIGHBOURHOOD}{n:03d}", outline) for n, outline in zip(numbers, outlines, strict=False)]


AREA = block(0, 0, 2, 2)
FOUR = (block(0, 1), block(1, 1), block(0, 0), block(1, 0))


def test_four_cells_that_fill_their_neighbourhood_have_no_fault() -> None:
    assert cell_faults(cells(*FOUR), AREA, SRID) == []


def test_numbers_may_leave_out_those_of_retired_cells() -> None:
    assert cell_faults(cells(*FOUR, numbers=(2, 5, 7, 31)), AREA, SRID) == []


@pytest.mark.parametrize(
    ("outlines", "kind", "numbers"),
    [
        pytest.param(
            (FOUR[0], FOUR[1], FOUR[2], block(0.5, 0, 1.5)), "overlap", {"003", "004"}, id="overlap"
        ),
        pytest.param(
            (FOUR[0], FOUR[1], FOUR[2], block(1.1, 0, 0.9)), "gap", {"001", "002", "003", "004"}, id="gap"
        ),
        pytest.param((FOUR[0], FOUR[1], FOUR[2], block(1, 0, 1.5)), "outside", {"004"}, id="outside"),
    ],
)
def test_each_fault_is_found_alone_with_its_cells_and_its_size(
    outlines: tuple[Polygon, ...], kind: str, numbers: set[str]
) -> None:
    (fault,) = cell_faults(cells(*outlines), AREA, SRID)

    assert fault.kind == kind
    assert {code[12:] for code in fault.codes} == numbers
    assert fault.area_m2 == pytest.approx(area_m2(fault.where, SRID), rel=1e-3)
    assert fault.area_m2 > 900


def test_a_cell_missing_altogether_is_a_gap() -> None:
    (fault,) = cell_faults(cells(*FOUR[:3]), AREA, SRID)

    assert fault.kind == "gap"
    assert fault.where.equals(FOUR[3])


def test_no_cell_at_all_is_one_gap() -> None:
    assert [fault.kind for fault in cell_faults([], AREA, SRID)] == ["gap"]


def test_exchanged_numbers_are_told_with_the_right_ones() -> None:
    faults = cell_faults(cells(*FOUR, numbers=(2, 1, 3, 4)), AREA, SRID)

    assert {(fault.codes[0][12:], (fault.expected_code or "")[12:]) for fault in faults} == {
        ("001", "002"),
        ("002", "001"),
    }
    assert {fault.kind for fault in faults} == {"wrong_number"}


def test_the_same_cell_twice_overlaps_itself() -> None:
    twice = cells(FOUR[0], FOUR[0])

    assert [fault.codes for fault in overlaps(twice, SRID)] == [(twice[0].code, twice[1].code)]


def test_a_long_border_needs_no_corner_at_every_cell() -> None:
    row = [block(x, 0) for x in range(40)]
    codes = [Cell(f"{NEIGHBOURHOOD}{number:03d}", outline) for number, outline in enumerate(row, start=1)]

    assert cell_faults(codes, block(0, 0, 40, 1), SRID) == []


def test_slivers_below_the_limit_are_rounding() -> None:
    almost = (FOUR[0], FOUR[1], FOUR[2], block(1 - 1e-7, 0, 1 + 1e-7))

    assert cell_faults(cells(*almost), AREA, SRID) == []
    assert [fault.kind for fault in cell_faults(cells(*almost), AREA, SRID, least_m2=0)] == ["overlap"]
