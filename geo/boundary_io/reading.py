"""Reading files of places, in batches, whatever of the four formats they are in."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio import raw
from shapely.geometry.base import BaseGeometry

from geo.boundary_io import csv_table
from geo.boundary_io.dbf import UTF8, attribute_encoding
from geo.boundary_io.errors import NoGeometry, SeveralTables, TooManyFeatures, UnreadablePlaces
from geo.boundary_io.model import Feature, Format, Source
from geo.boundary_io.packed import gunzipped, unzipped
from geo.boundary_io.reference import Reference
from geo.vertices import move_vertices

# A deed takes some kilobytes until its file is stored whole, and a job has 2 GB.
MOST_FEATURES = 100_000
BATCH = 5_000
_ENDINGS: Mapping[Format, str] = {"geojson": ".geojson", "gpkg": ".gpkg"}
_ZIP, _GZIP, _SQLITE, _SHP = b"PK\x03\x04", b"\x1f\x8b", b"SQLite format 3\x00", b"\x00\x00\x27\x0a"
_GDAL = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FieldError)


@contextmanager
def opened(file: Path, name: str | None = None, *, table: str | None = None) -> Iterator[Source]:
    """Yield the features of a file, told apart by its content; a zip or gzip is unpacked beside nobody.

    Args:
        name: how the file is called where it came from.
        table: which of several tables in it.

    Raises:
        UnreadablePlaces, NoGeometry, SeveralTables, UnknownReference, TooManyFeatures: the file as a whole.
    """
    shown = name or file.name
    with ExitStack() as left:
        folder = Path(left.enter_context(TemporaryDirectory(prefix="places-")))
        main = _unpacked(file, shown, folder, table)
        kind = _format(main, shown)
        if kind in _ENDINGS:
            main = _named(main, folder, _ENDINGS[kind])
        source = csv_table.source(main, shown) if kind == "csv" else _source(main, shown, kind, table)
        if source.count > MOST_FEATURES:
            raise TooManyFeatures(MOST_FEATURES)
        yield source


def _unpacked(file: Path, shown: str, folder: Path, table: str | None) -> Path:
    begin = _begin(file)
    if begin.startswith(_GZIP):
        return gunzipped(file, shown, folder)
    if not begin.startswith(_ZIP):
        return file
    found = unzipped(file, shown, folder)
    if table is not None and len(found) > 1:
        found = [path for path in found if path.stem == table] or found
    if len(found) > 1:
        raise SeveralTables(shown, [path.stem for path in found])
    return found[0]


def _format(file: Path, shown: str) -> Format:
    begin = _begin(file)
    if begin.startswith(_SQLITE):
        return "gpkg"
    if begin.startswith(_SHP):
        return "shapefile"
    if begin.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return "geojson"
    if b"\0" in begin or not begin.strip():
        raise UnreadablePlaces(shown)
    return "csv"


def _begin(file: Path) -> bytes:
    with file.open("rb") as opened_file:
        return opened_file.read(512)


def _named(file: Path, folder: Path, ending: str) -> Path:
    """Return the file under a name that tells GDAL its format; what people upload has none."""
    named = folder / f"named{ending}"
    named.symlink_to(file.absolute())
    return named


def _source(file: Path, shown: str, kind: Format, table: str | None) -> Source:
    path = str(file)
    try:
        with _quietly():
            layer = _layer(path, shown, table)
            encoding = attribute_encoding(file) if kind == "shapefile" else UTF8
            about = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
    except (*_GDAL, ValueError, UnicodeDecodeError) as fault:
        raise UnreadablePlaces(shown, _first_line(fault), "文件内容已损坏") from fault
    titles = [str(title) for title in about["fields"]]
    count = int(about["features"])
    if about["geometry_type"] is None and count:
        raise NoGeometry(shown, titles)
    reference = Reference(about["crs"])
    heights = " Z" in str(about["geometry_type"]) or str(about["geometry_type"]).startswith("2.5D")
    features = _features(path, shown, layer, encoding, count, reference)
    return Source(kind, titles, reference.datum, encoding, count, heights, features)


@contextmanager
def _quietly() -> Iterator[None]:
    """Let GDAL's warnings pass: what matters of them comes as errors, or shows in the rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def _layer(path: str, shown: str, table: str | None) -> str | int:
    names = [str(row[0]) for row in pyogrio.list_layers(path)]
    if not names:
        raise UnreadablePlaces(shown, "it holds no table", "没有图层")
    if table in names:
        return str(table)
    if len(names) > 1:
        raise SeveralTables(shown, names)
    return 0


def _features(
    path: str, shown: str, layer: str | int, encoding: str, count: int, reference: Reference
) -> Iterator[Feature]:
    for skip in range(0, count, BATCH):
        try:
            with _quietly():
                about, _, shapes, columns = raw.read(
                    path,
                    layer=layer,
                    encoding=encoding,
                    force_2d=True,
                    skip_features=skip,
                    max_features=BATCH,
                )
        except (*_GDAL, ValueError, UnicodeDecodeError, pyogrio.errors.GeometryError) as fault:
            raise UnreadablePlaces(shown, _first_line(fault), "文件内容已损坏") from fault
        titles = [str(title) for title in about["fields"]]
        for at, shape in enumerate(shapes):
            properties = {title: plain(column[at]) for title, column in zip(titles, columns, strict=True)}
            geometry, why = _geometry(shape, reference)
            yield Feature(skip + at + 1, properties, geometry, why)


def _geometry(shape: Any, reference: Reference) -> tuple[BaseGeometry | None, str]:
    if shape is None:
        return None, ""
    try:
        found = shapely.force_2d(shapely.from_wkb(shape))
        if reference.to_degrees is not None:
            found = move_vertices(found, reference.to_degrees)
    except (shapely.errors.ShapelyError, ValueError) as fault:
        return None, _first_line(fault)
    return found, ""


def plain(value: Any) -> object:
    """Return a value as GDAL hands it over as text, number, truth or None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value.astype("datetime64[s]")).removesuffix("T00:00:00")
    if isinstance(value, np.ndarray):
        return ", ".join(str(one) for one in value.tolist())
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)


def _first_line(fault: BaseException) -> str:
    # What GDAL says may name folders of the machine.
    lines: Sequence[str] = str(fault).splitlines() or [type(fault).__name__]
    return " ".join(word for word in lines[0].split() if "/" not in word)[:200].rstrip(".;")
