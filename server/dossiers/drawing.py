"""The plan of a community as a picture: outline, buildings, charging sites; north is up."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw

Point = tuple[float, float]
SIZE_PX = 1200
MARGIN_PX = 40
OUTLINE, WALLS, SITE = "#1d5a7a", "#b9c4cc", "#d99a06"
IN_USE = "in_service"


def plan(
    outline: Mapping[str, Any], buildings: Sequence[Mapping[str, Any]], sites: Sequence[Mapping[str, Any]]
) -> bytes:
    """Return a PNG of GeoJSON geometries in WGS 84; sites in service are full, others hollow."""
    at, size = _placing(list(_points(outline)))
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for building in buildings:
        for ring in _rings(building):
            draw.polygon([at(one) for one in ring], fill=WALLS, outline="white")
    for ring in _rings(outline):
        draw.line([at(one) for one in ring], fill=OUTLINE, width=6, joint="curve")
    for site in sites:
        x, y = at((site["lon"], site["lat"]))
        fill = SITE if site["status"] == IN_USE else "white"
        draw.ellipse((x - 14, y - 14, x + 14, y + 14), fill=fill, outline=SITE, width=6)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _placing(points: Sequence[Point]) -> tuple[Callable[[Point], Point], tuple[int, int]]:
    """Return where a position falls on a picture that holds these points, and its size."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    # Over a community a degree is as wide everywhere as in its middle.
    wide = math.cos(math.radians((south + north) / 2))
    across = max((east - west) * wide, north - south, 1e-9)
    scale = (SIZE_PX - 2 * MARGIN_PX) / across

    def at(point: Point) -> Point:
        return MARGIN_PX + (point[0] - west) * wide * scale, MARGIN_PX + (north - point[1]) * scale

    right, bottom = at((east, south))
    return at, (round(right) + MARGIN_PX, round(bottom) + MARGIN_PX)


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[Point]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            yield [(x, y) for x, y, *_ in ring]


def _points(geometry: Mapping[str, Any]) -> Iterator[Point]:
    for ring in _rings(geometry):
        yield from ring
