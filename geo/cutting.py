"""Cutting one cell into several and joining several into one, so that exactly the same ground is covered."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from geo.errors import CannotBeCut, CannotBeJoined
from geo.metric import area_m2

LEAST_M2 = 1.0
# What people draw meets only roughly: up to this share of a cell is the pen's fault, not the plan's.
PEN_SHARE = 0.001
OUTLINE = "/outline"
# Degrees, a tenth of a millimetre: corners that were computed meet only to the last digits.
BESIDE = 1e-9
# Degrees, about a metre: a border that is drawn this near to one that stands is meant to be it.
PEN = 1e-5


def cut(outline: Polygon, line: LineString, metric_srid: int) -> list[Polygon]:
    """Return the pieces into which a line (both WGS 84) cuts an outline.

    Raises:
        CannotBeCut: the line does not lead across, or a piece has less than a square metre.
    """
    pieces = _faces(outline, [line])
    if len(pieces) < 2:
        raise CannotBeCut(
            "The line does not cut the cell in two. Draw it from outside to outside.",
            "该线未能把网格一分为二，请从网格外画到网格外。",
            "/line",
        )
    return _all_of_size(pieces, metric_srid, "/line")


def divide(
    outline: Polygon, drawn: Sequence[BaseGeometry], metric_srid: int, pointer: str | None = None
) -> list[Polygon]:
    """Return the pieces of an outline (WGS 84) that these areas mark out; together they are the outline.

    Args:
        pointer: what a fault points to; None is `/polygons`.

    What reaches beyond the outline is left off. Slivers that were drawn twice or not at all go to the area
    beside them.

    Raises:
        CannotBeCut: the areas overlap or leave a gap of more than a thousandth of the cell, or one of
            them lies outside or falls into several pieces.
    """
    _check_fit(outline, drawn, metric_srid, pointer)
    faces = _faces(outline, [shapely.snap(area.boundary, outline, BESIDE) for area in drawn])
    owners = [_nearest(drawn, face.representative_point()) for face in faces]
    pieces = []
    for n in range(len(drawn)):
        piece = shapely.union_all([face for face, owner in zip(faces, owners, strict=True) if owner == n])
        if not isinstance(piece, Polygon) or piece.is_empty:
            raise CannotBeCut(
                "The area must lie in the cell in one piece.",
                "该区域须完整位于网格内且为单一地块。",
                pointer or f"/polygons/{n}",
            )
        pieces.append(piece)
    return _all_of_size(pieces, metric_srid, pointer or "/polygons")


def redraw(code: str, drawn: Polygon, cells: Mapping[str, Polygon], metric_srid: int) -> dict[str, Polygon]:
    """Return the outlines (WGS 84) of the cells that change when one of them is drawn anew, that one first.

    Its neighbours give up what it takes, and each piece that it leaves goes to the neighbour with the longest
    border to it, so that all of them together cover the same ground as before. What reaches beyond the cells
    is left off.

    Args:
        cells: the outline of that cell, and of all that may give and take.

    Raises:
        CannotBeCut: nothing would change, a neighbour would vanish or fall apart, or ground be nobody's.
    """
    near = shapely.MultiPoint(shapely.get_coordinates(list(cells.values())))
    meant = shapely.snap(drawn, near, PEN)
    others = {other: outline for other, outline in cells.items() if other != code}
    wanted: dict[str, BaseGeometry] = {code: meant}
    for other, outline in others.items():
        if area_m2(outline.intersection(meant), metric_srid) > LEAST_M2:
            wanted[other] = outline.difference(meant)
    for piece in shapely.get_parts(cells[code].difference(meant)):
        if area_m2(piece, metric_srid) > LEAST_M2:
            heir = _longest_border(piece, others)
            wanted[heir] = wanted.get(heir, others[heir]).union(piece)
    if len(wanted) < 2:
        raise CannotBeCut("The outline is as it was.", "边界没有变化。", OUTLINE)
    whole = join([cells[one] for one in wanted], metric_srid)
    pieces = divide(whole, [_largest(one) for one in wanted.values()], metric_srid, OUTLINE)
    return dict(zip(wanted, pieces, strict=True))


def _longest_border(piece: Polygon, others: Mapping[str, Polygon]) -> str:
    borders = {
        other: piece.boundary.intersection(outline.buffer(PEN)).length for other, outline in others.items()
    }
    heir = max(borders, key=lambda other: borders[other], default=None)
    if heir is None or borders[heir] <= 0:
        raise CannotBeCut(
            "Ground that the cell leaves borders on no other cell.", "让出的地块没有相邻网格接收。", OUTLINE
        )
    return heir


def _largest(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape without the slivers that a pen leaves beside it."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
    if not parts:
        raise CannotBeCut("A neighbour would vanish.", "相邻网格将不复存在。", OUTLINE)
    most = max(part.area for part in parts)
    kept = [part for part in parts if part.area > PEN_SHARE * most]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def join(outlines: Sequence[Polygon], metric_srid: int) -> Polygon:
    """Return the one outline (WGS 84) of several that lie side by side.

    Raises:
        CannotBeJoined: they do not share edges, or enclose ground that is none of theirs.
    """
    corners = shapely.MultiPoint(shapely.get_coordinates(list(outlines)))
    whole = shapely.union_all([shapely.snap(one, corners, BESIDE) for one in outlines])
    if not isinstance(whole, Polygon):
        raise CannotBeJoined
    holes = [ring for ring in whole.interiors if area_m2(Polygon(ring), metric_srid) > LEAST_M2]
    return Polygon(whole.exterior, holes)


def _nearest(drawn: Sequence[BaseGeometry], at: BaseGeometry) -> int:
    return int(np.argmin([area.distance(at) for area in drawn]))


def _faces(outline: Polygon, lines: Sequence[BaseGeometry]) -> list[Polygon]:
    noded = shapely.union_all([outline.boundary, *lines])
    shapely.prepare(outline)
    return [face for face in polygonize(noded) if outline.contains(face.representative_point())]


def _check_fit(
    outline: Polygon, drawn: Sequence[BaseGeometry], metric_srid: int, pointer: str | None
) -> None:
    within = [outline.intersection(area) for area in drawn]
    covered = shapely.union_all(within)
    twice = sum(area_m2(one, metric_srid) for one in within) - area_m2(covered, metric_srid)
    missing = area_m2(outline.difference(covered), metric_srid)
    if len(drawn) < 2 or max(twice, missing) > PEN_SHARE * area_m2(outline, metric_srid):
        raise CannotBeCut(
            f"The areas must fill the cell: {missing:.1f} m² are left out, {twice:.1f} m² are drawn twice.",
            f"各区域须铺满网格：遗漏 {missing:.1f} 平方米，重复 {twice:.1f} 平方米。",
            pointer or "/polygons",
        )


def _all_of_size(pieces: list[Polygon], metric_srid: int, pointer: str) -> list[Polygon]:
    if any(area_m2(piece, metric_srid) < LEAST_M2 for piece in pieces):
        raise CannotBeCut("A piece would have less than a square metre.", "切出的地块不足一平方米。", pointer)
    return pieces
