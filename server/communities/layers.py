"""The places that can be drawn: divisions, grid cells, communities, buildings."""

from __future__ import annotations

from pathlib import Path

from geo.layers import Layer


def _layer(name: str, properties: tuple[str, ...], right: str) -> Layer:
    file = Path(__file__).with_name(f"layer_{name.replace('-', '_')}.sql")
    return Layer(name, file.read_text(encoding="utf-8"), properties, right)


DIVISION = ("code", "name_zh", "kind", "origin", "outline_origin")
PLACES: tuple[Layer, ...] = (
    _layer("county", ("name_zh", "name_en", "origin", "source", "licence"), "neighbourhoods.list"),
    _layer("subdistricts", DIVISION, "neighbourhoods.list"),
    _layer("neighbourhoods", (*DIVISION, "subdistrict_code"), "neighbourhoods.list"),
    _layer(
        "grid-cells",
        ("code", "neighbourhood_code", "area_m2", "management_grade", "origin"),
        "grid_cells.list",
    ),
    _layer(
        "communities",
        ("community_id", "name", "kind", "neighbourhood_code", "households", "provisional_outline", "origin"),
        "communities.list",
    ),
    _layer(
        "buildings",
        ("building_id", "name", "floors", "households", "community_id", "community_name", "origin"),
        "communities.list",
    ),
)
