"""Cutting one cell into several and joining several into one, so that exactly the same ground is covered."""

from collections.abc import Sequence

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
# Degrees, a tenth of a millimetre: corners that were computed meet only to the last digits.
BESIDE = 1e-9


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


def divide(outline: Polygon, drawn: Sequence[Polygon], metric_srid: int) -> list[Polygon]:
    """Return the pieces of an outline (WGS 84) that these areas mark out; together they are the outline.

    What reaches beyond the outline is left off. Slivers that were drawn twice or not at all go to the area
    beside them.

    Raises:
        CannotBeCut: the areas overlap or leave a gap of more than a thousandth of the cell, or one of
            them lies outside or falls into several pieces.
    """
    _check_fit(outline, drawn, metric_srid)
    faces = _faces(outline, [shapely.snap(area.boundary, outline, BESIDE) for area in drawn])
    owners = [_nearest(drawn, face.representative_point()) for face in faces]
    pieces = []
    for n in range(len(drawn)):
        piece = shapely.union_all([face for face, owner in zip(faces, owners, strict=True) if owner == n])
        if not isinstance(piece, Polygon) or piece.is_empty:
            raise CannotBeCut(
                "The area must lie in the cell in one piece.",
                "该区域须完整位于网格内且为单一地块。",
                f"/polygons/{n}",
            )
        pieces.append(piece)
    return _all_of_size(pieces, metric_srid, "/polygons")


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


def _nearest(drawn: Sequence[Polygon], at: BaseGeometry) -> int:
    return int(np.argmin([area.distance(at) for area in drawn]))


def _faces(outline: Polygon, lines: Sequence[BaseGeometry]) -> list[Polygon]:
    noded = shapely.union_all([outline.boundary, *lines])
    shapely.prepare(outline)
    return [face for face in polygonize(noded) if outline.contains(face.representative_point())]


def _check_fit(outline: Polygon, drawn: Sequence[Polygon], metric_srid: int) -> None:
    within = [outline.intersection(area) for area in drawn]
    covered = shapely.union_all(within)
    twice = sum(area_m2(one, metric_srid) for one in within) - area_m2(covered, metric_srid)
    missing = area_m2(outline.difference(covered), metric_srid)
    if len(drawn) < 2 or max(twice, missing) > PEN_SHARE * area_m2(outline, metric_srid):
        raise CannotBeCut(
            f"The areas must fill the cell: {missing:.1f} m² are left out, {twice:.1f} m² are drawn twice.",
            f"各区域须铺满网格：遗漏 {missing:.1f} 平方米，重复 {twice:.1f} 平方米。",
            "/polygons",
        )


def _all_of_size(pieces: list[Polygon], metric_srid: int, pointer: str) -> list[Polygon]:
    if any(area_m2(piece, metric_srid) < LEAST_M2 for piece in pieces):
        raise CannotBeCut("A piece would have less than a square metre.", "切出的地块不足一平方米。", pointer)
    return pieces
