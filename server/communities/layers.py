"""The places that can be drawn: divisions, grid cells, communities, buildings, facilities."""

from __future__ import annotations

from pathlib import Path

from geo.layers import Layer

EVERYBODY = "TRUE"
VALIDITY = ("valid_from", "valid_to")
DIVISION = ("code", "name_zh", "kind", "origin", "outline_origin")


def _layer(
    name: str,
    properties: tuple[str, ...],
    right: str,
    title: str,
    *,
    key: str,
    time: tuple[str, str] | None = None,
    published: str | None = None,
    points: bool = False,
) -> Layer:
    file = Path(__file__).with_name(f"layer_{name.replace('-', '_')}.sql")
    return Layer(
        name, file.read_text(encoding="utf-8"), properties, right, title, key, time, published, points
    )


def _standing(name: str, key: str, properties: tuple[str, ...], title: str, *, points: bool = False) -> Layer:
    """A layer of what stands in a community, or in none."""
    told = (key, *properties, "community_id", "community_name", "origin", "version", *VALIDITY)
    return _layer(name, told, "communities.list", title, key=key, time=VALIDITY, points=points)


PLACES: tuple[Layer, ...] = (
    # Outlines, names and codes of divisions are public data of their own, so everybody may have them here.
    _layer(
        "county",
        ("name_zh", "name_en", "origin", "source", "licence"),
        "neighbourhoods.list",
        "县域 County",
        key="id",
        published=EVERYBODY,
    ),
    _layer(
        "subdistricts",
        DIVISION,
        "neighbourhoods.list",
        "街道和镇 Subdistricts and towns",
        key="code",
        published=EVERYBODY,
    ),
    _layer(
        "neighbourhoods",
        (*DIVISION, "subdistrict_code"),
        "neighbourhoods.list",
        "社区和村 Neighbourhoods and villages",
        key="code",
        published=EVERYBODY,
    ),
    _layer(
        "grid-cells",
        (
            "code",
            "neighbourhood_code",
            "area_m2",
            "management_grade",
            "origin",
            *VALIDITY,
        ),
        "grid_cells.list",
        "单元网格 Grid cells",
        key="code",
        time=VALIDITY,
    ),
    _layer(
        "communities",
        (
            "community_id",
            "name",
            "kind",
            "neighbourhood_code",
            "households",
            "built_year",
            "warranty_until",
            "provisional_outline",
            "origin",
            "version",
            *VALIDITY,
        ),
        "communities.list",
        "住宅小区 Communities",
        key="community_id",
        time=VALIDITY,
    ),
    _layer(
        "buildings",
        (
            "building_id",
            "name",
            "floors",
            "households",
            "community_id",
            "community_name",
            "origin",
            "version",
        ),
        "communities.list",
        "楼栋 Buildings",
        key="building_id",
    ),
    _layer(
        "entrances",
        (
            "entrance_id",
            "name",
            "building_id",
            "building_name",
            "community_id",
            "community_name",
            "origin",
            "version",
        ),
        "communities.list",
        "单元出入口 Entrances",
        key="entrance_id",
        points=True,
    ),
    _standing("open-ground", "ground_id", ("kind", "name", "area_m2"), "空地 Open ground"),
    _standing("fire-lanes", "lane_id", ("name", "width_m", "area_m2"), "消防通道 Fire lanes"),
    _standing("footways", "footway_id", ("kind", "name", "walkable", "length_m"), "步行路网 Footways"),
    _standing("gates", "gate_id", ("kind", "name"), "小区出入口 Gates", points=True),
    _layer(
        "facilities",
        (
            "facility_id",
            "kind",
            "name",
            "registration_code",
            "attributes",
            "community_id",
            "community_name",
            "building_id",
            "origin",
            "version",
        ),
        "facilities.list",
        "设施 Facilities",
        key="facility_id",
        points=True,
    ),
)
