"""The county as it ships: its real outline and the official names and codes of its divisions."""

import csv
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import shapely
from shapely.geometry import MultiPolygon, shape

DivisionKind = Literal["county", "subdistrict", "town", "neighbourhood", "village"]
DIVISION_KINDS: dict[str, DivisionKind] = {
    "县": "county",
    "街道": "subdistrict",
    "镇": "town",
    "社区居民委员会": "neighbourhood",
}


@dataclass(frozen=True)
class County:
    """A county: `adcode` of six digits, outline in WGS 84, `metric_srid` the EPSG code for its metres."""

    adcode: str
    name_zh: str
    name_en: str
    outline: MultiPolygon
    metric_srid: int
    origin: str
    source: str
    licence: str


@dataclass(frozen=True)
class Division:
    """An official division: 6 digits (county), 9 (subdistrict, town) or 12 (neighbourhood, village)."""

    code: str
    name: str
    kind: DivisionKind
    parent_code: str


@cache
def county() -> County:
    """Return Sishui, its outline prepared for fast containment tests."""
    text = (files("geo") / "data" / "sishui_outline.geojson").read_text(encoding="utf-8")
    feature = json.loads(text)["features"][0]
    outline = cast(MultiPolygon, shape(feature["geometry"]))
    shapely.prepare(outline)
    return County(outline=outline, **feature["properties"])


@cache
def divisions() -> tuple[Division, ...]:
    """Return the county, its 13 subdistricts and towns, its 442 neighbourhoods and villages, by code."""
    text = (files("geo") / "data" / "sishui_divisions.csv").read_text(encoding="utf-8")
    return tuple(
        Division(row["code"], row["name"], kind_of(row["name"]), row["parent_code"])
        for row in csv.DictReader(text.splitlines())
    )


def kind_of(name: str) -> DivisionKind:
    """Return the kind of a division by the ending of its official Chinese name, a village by default."""
    return next((kind for ending, kind in DIVISION_KINDS.items() if name.endswith(ending)), "village")
