"""Whether the cells of a neighbourhood fit together: no overlap, no gap, none outside, numbered in order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.metric import area_m2
from geo.numbering import cell_codes

# Degrees, a tenth of a millimetre: corners that were computed meet only to the last digits.
BESIDE = 1e-9
# Degrees, some 100 m: over this length the projection's scale does not change.
SCALE_STEP = 0.0005

FaultKind = Literal["overlap", "gap", "outside", "wrong_number"]


@dataclass(frozen=True)
class Cell:
    """A grid cell: its 15-digit code and its outline in WGS 84."""

    code: str
    outline: Polygon


@dataclass(frozen=True)
class CellFault:
    """One fault: the cells it touches, where it is (WGS 84), how large, and the code a cell should have."""

    kind: FaultKind
    codes: tuple[str, ...]
    where: BaseGeometry
    area_m2: float = 0.0
    expected_code: str | None = None


def cell_faults(
    cells: Sequence[Cell],
    neighbourhood: BaseGeometry,
    metric_srid: int,
    least_m2: float = 0.01,
    numbered_later: Collection[str] = (),
) -> list[CellFault]:
    """Return all faults of one neighbourhood's cells: overlaps, gaps, cells outside, wrong numbers.

    Args:
        cells: all cells of the neighbourhood that are valid on one day.
        neighbourhood: its outline in WGS 84.
        metric_srid: EPSG code for areas.
        least_m2: overlaps, gaps and excesses up to this many square metres are rounding, not faults.
        numbered_later: codes of cells that came of a split or merge: their numbers follow all earlier ones.
    """
    found = overlaps(cells, metric_srid) + gaps(cells, neighbourhood, metric_srid)
    found += outside(cells, neighbourhood, metric_srid)
    numbered = [cell for cell in cells if cell.code not in numbered_later]
    return [fault for fault in found if fault.area_m2 > least_m2] + wrong_numbers(numbered)


def overlaps(cells: Sequence[Cell], metric_srid: int) -> list[CellFault]:
    """Return every pair of cells, of whatever neighbourhoods, whose interiors meet."""
    outlines = np.asarray([cell.outline for cell in cells], dtype=object)
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = [(cells[a], cells[b]) for a, b in zip(first, second, strict=True) if a < b]
    return [
        _fault("overlap", (one.code, other.code), one.outline.intersection(other.outline), metric_srid)
        for one, other in pairs
        if shapely.relate_pattern(one.outline, other.outline, "T********")
    ]


def gaps(cells: Sequence[Cell], neighbourhood: BaseGeometry, metric_srid: int) -> list[CellFault]:
    """Return each piece of the neighbourhood that no cell covers, with the cells around it."""
    covered = shapely.union_all([cell.outline for cell in cells])
    pieces = shapely.get_parts(neighbourhood.difference(covered))
    return [
        _fault(
            "gap",
            tuple(cell.code for cell in cells if cell.outline.dwithin(piece, BESIDE)),
            piece,
            metric_srid,
        )
        for piece in pieces
    ]


def outside(cells: Sequence[Cell], neighbourhood: BaseGeometry, metric_srid: int) -> list[CellFault]:
    """Return the cells that reach beyond their neighbourhood, with the excess."""
    shapely.prepare(neighbourhood)
    return [
        _fault("outside", (cell.code,), cell.outline.difference(neighbourhood), metric_srid)
        for cell in cells
        if not neighbourhood.covers(cell.outline)
    ]


def wrong_numbers(cells: Sequence[Cell]) -> list[CellFault]:
    """Return the cells of one neighbourhood whose code is not the one the numbering rule gives.

    Numbers need not be consecutive, since retired cells keep theirs; their order has to be right.
    """
    if not cells:
        return []
    ranks = cell_codes(cells[0].code[:12], [cell.outline for cell in cells])
    in_order = sorted(cell.code for cell in cells)
    expected = [in_order[int(rank[12:]) - 1] for rank in ranks]
    return [
        CellFault("wrong_number", (cell.code,), cell.outline, expected_code=code)
        for cell, code in zip(cells, expected, strict=True)
        if cell.code != code
    ]


def _fault(kind: FaultKind, codes: tuple[str, ...], where: BaseGeometry, metric_srid: int) -> CellFault:
    return CellFault(kind, codes, where, _area_m2(where, metric_srid))


def _area_m2(where: BaseGeometry, metric_srid: int) -> float:
    # Edges are straight in degrees and curve by centimetres in the projected plane: a long edge against the
    # same edge with a corner more would measure as a sliver of square metres. So degrees are scaled instead.
    if where.is_empty:
        return 0.0
    around = box(*where.centroid.buffer(SCALE_STEP).bounds)
    return float(where.area / around.area * area_m2(around, metric_srid))
