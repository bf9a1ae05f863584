"""Fit a geometry to what a layer keeps: mend what can be mended and say so, name what cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

Shape = Literal["point", "line", "polygon", "multipolygon"]
SHAPES_ZH = {"point": "点", "line": "线", "polygon": "面", "multipolygon": "面"}


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was mended, or that cannot be, in both languages."""

    detail: str
    detail_zh: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A geometry fit to be stored with what was done to it; without geometry, `fault` says why."""

    geometry: BaseGeometry | None
    notes: tuple[Note, ...] = ()
    fault: Note | None = None


def mended(given: BaseGeometry | None, shape: Shape, *, turned_is_usual: bool = False) -> Mended:
    """Return a geometry (degrees, WGS 84) as one of this shape: rings closed, valid, exteriors anticlockwise.

    Args:
        turned_is_usual: say nothing of rings that run clockwise, as those of Shapefiles must.
    """
    if given is None or given.is_empty:
        return _unfit("has no geometry", "没有几何数据")
    corners = shapely.get_coordinates(given)
    if not np.isfinite(corners).all() or (np.abs(corners) > (180.0, 90.0)).any():
        return _unfit(
            "has coordinates that are no degrees; if they are metres, the file must say of which system",
            "坐标不是经纬度；若为投影坐标，文件须注明坐标系",
        )
    found, notes = _without_repeats(given)
    found, invalid = _valid(found)
    fitted = _fitted(found, shape)
    if isinstance(fitted, Note):
        return Mended(None, fault=fitted)
    turned = shapely.orient_polygons(fitted)
    if not turned_is_usual and not np.array_equal(
        shapely.get_coordinates(turned), shapely.get_coordinates(fitted)
    ):
        notes.append(Note("rings turned anticlockwise", "外环已改为逆时针"))
    return Mended(turned, (*notes, *invalid))


def _without_repeats(given: BaseGeometry) -> tuple[BaseGeometry, list[Note]]:
    if isinstance(given, Point):
        return given, []
    try:
        found = shapely.remove_repeated_points(given)
    except shapely.errors.GEOSException:
        # A ring of fewer than three different corners: whatever else it is part of is mended as a whole.
        return given, []
    gone = shapely.get_num_coordinates(given) - shapely.get_num_coordinates(found)
    if gone <= 0:
        return given, []
    return found, [Note(f"{gone} repeated points removed", f"已删除 {gone} 个重复点")]


def _valid(given: BaseGeometry) -> tuple[BaseGeometry, list[Note]]:
    if shapely.is_valid(given):
        return given, []
    why = str(shapely.is_valid_reason(given))
    found = shapely.make_valid(given, method="structure", keep_collapsed=False)
    areas = [part for part in shapely.get_parts(found) if isinstance(part, Polygon)]
    if len(areas) > 1:
        # It leaves areas side by side that share an edge; no valid multipolygon may.
        found = shapely.union_all(areas)
    return found, [Note(f"mended: {why}", f"已修复：{why}")]


def _fitted(given: BaseGeometry, shape: Shape) -> BaseGeometry | Note:
    """Return the geometry in the shape that is kept, or why it has none."""
    parts: list[BaseGeometry] = [part for part in shapely.get_parts(given) if not part.is_empty]
    wanted = {"point": Point, "line": LineString}.get(shape, Polygon)
    fitting = [part for part in parts if isinstance(part, wanted)]
    if not fitting or (shape in ("point", "line") and len(fitting) < len(parts)):
        return Note(
            f"is no {shape} but {given.geom_type if parts else 'nothing'}",
            f"应为{SHAPES_ZH[shape]}，实际为 {given.geom_type if parts else '空'}",
        )
    if shape == "multipolygon":
        return MultiPolygon([part for part in fitting if isinstance(part, Polygon)])
    if len(fitting) > 1:
        return Note(
            f"falls into {len(fitting)} parts, one is kept to a row",
            f"分为 {len(fitting)} 部分，每行只能有一个",
        )
    if isinstance(fitting[0], LineString) and fitting[0].length == 0:
        return Note("is a line without length", "线的长度为零")
    return fitting[0]


def _unfit(detail: str, detail_zh: str) -> Mended:
    return Mended(None, fault=Note(detail, detail_zh))
