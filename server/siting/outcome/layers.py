"""A plan as layers for desktop GIS: its sites, and who is left out. Only jobs load it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import orjson
import shapely
from pyogrio import raw

_TEXT, _NUMBER, _WHOLE, _FLAG = "text", "number", "whole", "flag"
_TYPES: Mapping[str, Any] = {_NUMBER: np.float64, _WHOLE: np.int32, _FLAG: np.bool_}
_SITES: tuple[tuple[str, str], ...] = (
    ("number", _WHOLE),
    ("id", _TEXT),
    ("kind", _TEXT),
    ("name", _TEXT),
    ("community_id", _TEXT),
    ("community_name", _TEXT),
    ("existing", _FLAG),
    ("ports", _WHOLE),
    ("shed_m2", _NUMBER),
    ("serves_weight", _NUMBER),
    ("serves_households", _NUMBER),
    ("alone_serves", _NUMBER),
    ("longest_walk_m", _NUMBER),
    ("yuan", _NUMBER),
    ("budget_yuan", _NUMBER),
    ("kw", _NUMBER),
    ("phase", _WHOLE),
    ("warnings", _TEXT),
)
_UNSERVED: tuple[tuple[str, str], ...] = (
    ("id", _TEXT),
    ("name", _TEXT),
    ("community_name", _TEXT),
    ("weight", _NUMBER),
    ("nearest_site_straight_m", _NUMBER),
)


def write(file: Path, report: Mapping[str, Any], form: str) -> None:
    """Write a plan's layers `sites` and `unserved`, WGS 84, as GeoPackage or GeoJSON.

    GeoJSON holds both in one collection; `layer` tells them apart.
    """
    layers = (("sites", _SITES, report["sites"]), ("unserved", _UNSERVED, report["unserved"]))
    if form == "geojson":
        features = [_feature(name, row, columns) for name, columns, rows in layers for row in rows]
        file.write_bytes(
            orjson.dumps({"type": "FeatureCollection", "name": report["name"], "features": features})
        )
        return
    with TemporaryDirectory(dir=file.parent, prefix=".plan-") as folder:
        made = Path(folder) / "plan.gpkg"
        for name, columns, rows in layers:
            _write_layer(made, name, columns, rows)
        made.replace(file)


def _cell(row: Mapping[str, Any], name: str) -> Any:
    value = row.get(name)
    return ", ".join(value) if isinstance(value, list) else value


def _feature(layer: str, row: Mapping[str, Any], columns: Sequence[tuple[str, str]]) -> dict[str, Any]:
    at = row["location"]
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "Point", "coordinates": [at["lon"], at["lat"]]},
        "properties": {"layer": layer, **{name: _cell(row, name) for name, _ in columns}},
    }


def _write_layer(
    file: Path, layer: str, columns: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]]
) -> None:
    points = shapely.points(
        [(row["location"]["lon"], row["location"]["lat"]) for row in rows] or np.empty((0, 2))
    )
    cells = [[_cell(row, name) for row in rows] for name, _ in columns]
    raw.write(
        str(file),
        shapely.to_wkb(np.asarray(points, dtype=object)),
        [_values(values, kind) for values, (_, kind) in zip(cells, columns, strict=True)],
        # GDAL keeps a column `id` of its own in a GeoPackage.
        np.array(["place_id" if name == "id" else name for name, _ in columns], dtype=object),
        field_mask=[np.array([value is None for value in values], dtype=bool) for values in cells],
        layer=layer,
        driver="GPKG",
        geometry_type="Point",
        crs="EPSG:4326",
        append=file.exists(),
    )


def _values(values: Sequence[Any], kind: str) -> Any:
    if kind == _TEXT:
        return np.array(["" if value is None else str(value) for value in values], dtype=object)
    return np.array([0 if value is None else value for value in values], dtype=_TYPES[kind])
