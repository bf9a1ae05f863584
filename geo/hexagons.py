"""The hexagons of positions (H3 4, h3geo.org): 64-bit integers in tables, their usual text outside."""

from __future__ import annotations

from h3.api import basic_int, basic_str

RESOLUTIONS = (7, 8, 9, 10)
Ring = tuple[tuple[float, float], ...]


def hexagons(lon: float | None, lat: float | None) -> dict[str, int | None]:
    """Return the hexagons of a position (WGS 84) as columns `h3_7` … `h3_10`; all None without one."""
    if lon is None or lat is None:
        return {f"h3_{resolution}": None for resolution in RESOLUTIONS}
    return {f"h3_{resolution}": basic_int.latlng_to_cell(lat, lon, resolution) for resolution in RESOLUTIONS}


def hexagon_at(lon: float, lat: float, resolution: int) -> str:
    """Return the text of the hexagon of this resolution that a position lies in."""
    return str(basic_str.latlng_to_cell(lat, lon, resolution))


def column_of(hexagon: str) -> tuple[str, int] | None:
    """Return the column and the integer under which a hexagon is stored; None for what is no such hexagon."""
    if not basic_str.is_valid_cell(hexagon):
        return None
    resolution = basic_str.get_resolution(hexagon)
    return (f"h3_{resolution}", basic_str.str_to_int(hexagon)) if resolution in RESOLUTIONS else None


def hexagon_ring(hexagon: str) -> Ring:
    """Return the closed outline of a hexagon as (lon, lat) in degrees, anticlockwise."""
    ring = [(lon, lat) for lat, lon in basic_str.cell_to_boundary(hexagon)]
    return (*ring, ring[0])


def hexagons_in(west: float, south: float, east: float, north: float, resolution: int) -> list[str]:
    """Return the hexagons that reach into a window in degrees, perhaps some just beside it."""
    corners = [(south, west), (south, east), (north, east), (north, west)]
    inside = basic_str.h3shape_to_cells_experimental(
        basic_str.LatLngPoly(corners), resolution, "bbox_overlap"
    )
    return sorted(inside)
