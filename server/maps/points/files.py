"""Files of points as tables: CSV and Excel as they are, GeoJSON and GeoPackage with columns lon and lat."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import shapely

from geo.boundary_io.model import Feature, Source
from geo.boundary_io.reading import opened
from server.disk import room_or_storage_full
from server.sheets.columns import Row
from server.sheets.reading import Table, read_table

_SQLITE, _GZIP = b"SQLite format 3\x00", b"\x1f\x8b"
PLACE = ("lon", "lat")


@contextmanager
def table_of(file: Path, name: str) -> Iterator[Table]:
    """Yield the table of a file, told apart by its content.

    A feature lies at its point; a line or an area at a point of it. One without geometry has no lon and lat.

    Raises:
        UnreadableTable: the file as a table.
        GeoError: the file as places, see `geo.boundary_io.errors`.
    """
    if not _holds_features(file):
        yield read_table(file, name)
        return
    with room_or_storage_full(), opened(file, name) as source:
        titles = [*PLACE, *(title for title in source.titles if title not in PLACE)]
        yield Table(dict(enumerate(titles)), _rows(source))


def _holds_features(file: Path) -> bool:
    with file.open("rb") as raw:
        begin = raw.read(64)
    if begin.startswith(_GZIP):
        with gzip.open(file) as unpacked:
            begin = unpacked.read(64)
    return begin.startswith(_SQLITE) or begin.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _rows(source: Source) -> Iterator[Row]:
    for feature in source.features:
        own = {title: cell for title, cell in feature.properties.items() if title not in PLACE}
        yield Row(feature.row, {**own, **_place(feature)})


def _place(feature: Feature) -> dict[str, object]:
    if feature.geometry is None or feature.geometry.is_empty:
        return {}
    point = shapely.point_on_surface(feature.geometry)
    return {"lon": float(point.x), "lat": float(point.y)}
