"""Writing files of places in each of the four formats, upon whatever datum is asked for."""

from __future__ import annotations

import csv
import errno
import json
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import pyogrio
import shapely
from pyogrio import raw
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.boundary_io.model import Format
from geo.datum import Datum, geometry_from_wgs84
from geo.mending import Shape

Kind = Literal["text", "whole", "decimal"]
# 1e-12 degrees are a tenth of a micrometre: what a double holds at these longitudes.
DECIMALS = 12
LONGEST_DBF = 254
_TYPES: Mapping[Shape, str] = {
    "point": "Point",
    "line": "LineString",
    "polygon": "Polygon",
    "multipolygon": "MultiPolygon",
}
# GCJ-02 and BD-09 have no entry in any register: a file upon them says nothing rather than something wrong.
_CRS: Mapping[Datum, str | None] = {
    "wgs84": "EPSG:4326",
    "cgcs2000": "EPSG:4490",
    "gcj02": None,
    "bd09": None,
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A record to be written: values by title, geometry in WGS 84."""

    values: Mapping[str, Any]
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class How:
    """In which form to write.

    Attributes:
        encoding: of a Shapefile's words, `UTF-8` or `GBK`; the other formats are always UTF-8.
        name: what the table inside is called.
    """

    format: Format
    datum: Datum
    name: str
    shape: Shape
    encoding: str = "UTF-8"


def write(file: Path, rows: Sequence[Placed], titles: Mapping[str, Kind], how: How) -> int:
    """Write records, outer rings anticlockwise; return how many values a Shapefile could not hold whole.

    Raises:
        OSError: there is no room.
    """
    # A database may keep rings turned either way; GDAL turns them itself for Shapefiles.
    moved = [shapely.orient_polygons(geometry_from_wgs84(row.geometry, how.datum)) for row in rows]
    if how.format == "csv":
        _write_csv(file, rows, list(titles), moved, how)
        return 0
    with TemporaryDirectory(prefix=".places-", dir=file.parent) as folder:
        made = Path(folder) / f"{how.name}{_ENDING[how.format]}"
        try:
            _write_gdal(made, rows, titles, moved, how)
        except _UNWRITTEN as fault:
            # The rows are ours and sound; what GDAL cannot write then is the disk's affair.
            raise OSError(errno.ENOSPC, "The file could not be written") from fault
        if how.format == "shapefile":
            _zip(file, Path(folder))
        else:
            made.replace(file)
    return _cut(rows, titles, how) if how.format == "shapefile" else 0


_ENDING: Mapping[Format, str] = {"geojson": ".geojson", "gpkg": ".gpkg", "shapefile": ".shp"}
_DRIVER: Mapping[Format, str] = {"geojson": "GeoJSON", "gpkg": "GPKG", "shapefile": "ESRI Shapefile"}


def _write_gdal(
    file: Path, rows: Sequence[Placed], titles: Mapping[str, Kind], moved: Sequence[BaseGeometry], how: How
) -> None:
    columns = [
        _column([_held(row.values.get(title), kind, how) for row in rows], kind)
        for title, kind in titles.items()
    ]
    options: dict[str, Any] = {}
    if how.format == "geojson":
        options["layer_options"] = {"COORDINATE_PRECISION": str(DECIMALS)}
    if how.format == "shapefile":
        options["encoding"] = how.encoding
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        raw.write(
            str(file),
            shapely.to_wkb(np.asarray(moved, dtype=object)),
            [values for values, _ in columns],
            _names(list(titles), how),
            field_mask=[empty for _, empty in columns],
            layer=how.name,
            driver=_DRIVER[how.format],
            geometry_type=_TYPES[how.shape],
            crs="EPSG:4326" if how.format == "geojson" else _CRS[how.datum],
            **options,
        )
    # A buffer that found no room when the file was closed is told nowhere else.
    if pyogrio.read_info(str(file), force_feature_count=True)["features"] != len(rows):
        raise pyogrio.errors.DataSourceError("rows are missing")


_UNWRITTEN = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
)


def _held(value: Any, kind: Kind, how: How) -> Any:
    """Return a value as its column holds it; a Shapefile cuts long words, and GBK lacks signs."""
    if value is None or kind != "text":
        return value
    if how.format != "shapefile":
        return written(value)
    return written(value).encode(how.encoding, "replace")[:LONGEST_DBF].decode(how.encoding, "ignore")


def _names(titles: Sequence[str], how: How) -> list[str]:
    """Return the titles as the format bears them: those of a Shapefile have ten signs."""
    return [title[:10] for title in titles] if how.format == "shapefile" else list(titles)


def _column(held: Sequence[Any], kind: Kind) -> tuple[Any, Any]:
    """Return values and where they are missing."""
    empty = np.asarray([value is None for value in held], dtype=bool)
    if kind == "text":
        return np.asarray(held, dtype=object), empty
    dtype = np.int64 if kind == "whole" else np.float64
    return np.asarray([0 if value is None else value for value in held], dtype=dtype), empty


def written(value: Any) -> str:
    """Return a value as files tell it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def _write_csv(
    file: Path, rows: Sequence[Placed], titles: Sequence[str], moved: Sequence[BaseGeometry], how: How
) -> None:
    place = ["lon", "lat"] if how.shape == "point" else ["wkt"]
    # Excel takes a file for Chinese only with this mark.
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow([*titles, *place])
        for row, geometry in zip(rows, moved, strict=True):
            told = [row.values.get(title) for title in titles]
            table.writerow(["" if value is None else written(value) for value in told] + _place(geometry))


def _place(geometry: BaseGeometry) -> list[str]:
    if isinstance(geometry, Point):
        return [repr(geometry.x), repr(geometry.y)]
    return [shapely.to_wkt(geometry, rounding_precision=DECIMALS)]


def _zip(file: Path, folder: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in sorted(folder.iterdir()):
            packed.write(part, part.name)


def _cut(rows: Sequence[Placed], titles: Mapping[str, Kind], how: How) -> int:
    told = [row.values.get(title) for row in rows for title, kind in titles.items() if kind == "text"]
    return sum(written(value) != _held(value, "text", how) for value in told if value is not None)
