"""CSV with coordinates: columns of longitude and latitude, or of WKT; UTF-8 or GB 18030."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.boundary_io.errors import NoGeometry, UnreadablePlaces
from geo.boundary_io.model import Feature, Source

LON = ("lon", "lng", "longitude", "x", "经度")
LAT = ("lat", "latitude", "y", "纬度")
WKT = ("wkt", "geom", "geometry", "the_geom", "边界", "几何")
# As much as an outline of a hundred thousand corners takes.
LONGEST_CELL = 8 << 20


def source(file: Path, shown: str) -> Source:
    """Return the features of a CSV.

    Raises:
        UnreadablePlaces: neither UTF-8 nor GB 18030, or no table.
        NoGeometry: it has no column of positions.
    """
    encoding = _encoding(file, shown)
    csv.field_size_limit(LONGEST_CELL)
    try:
        with file.open(encoding=encoding, newline="") as text:
            rows = csv.reader(text)
            titles = [title.strip() for title in next(rows, [])]
            count = sum(bool(any(row)) for row in rows)
    except csv.Error as fault:
        raise UnreadablePlaces(shown, str(fault), "不是有效的 CSV") from fault
    lon, lat, wkt = (_named(titles, names) for names in (LON, LAT, WKT))
    if wkt is None and (lon is None or lat is None):
        raise NoGeometry(shown, titles)
    at = (wkt,) if wkt is not None else (lon or "", lat or "")
    told = [title for title in titles if title and title not in at]
    word = "UTF-8" if encoding.startswith("utf") else "GBK"
    return Source("csv", told, None, word, count, False, _features(file, encoding, titles, at))


def _features(file: Path, encoding: str, titles: Sequence[str], at: Sequence[str]) -> Iterator[Feature]:
    with file.open(encoding=encoding, newline="") as text:
        rows = csv.reader(text)
        next(rows, None)
        for number, cells in enumerate(rows, start=2):
            if not any(cells):
                continue
            row = dict(zip(titles, cells, strict=False))
            geometry, why = _read(row, at)
            kept = {title: cell for title, cell in row.items() if title and title not in at}
            yield Feature(number, kept, geometry, why)


def _read(row: Mapping[str, str], at: Sequence[str]) -> tuple[BaseGeometry | None, str]:
    told = [row.get(title, "").strip() for title in at]
    if not any(told):
        return None, ""
    try:
        found = shapely.from_wkt(told[0]) if len(at) == 1 else Point(float(told[0]), float(told[1]))
    except (ValueError, shapely.errors.ShapelyError):
        return None, f"{' '.join(told)[:60]!r} is no position"
    return shapely.force_2d(found), ""


def _named(titles: Sequence[str], names: Sequence[str]) -> str | None:
    return next((title for title in titles if title.casefold() in names), None)


def _encoding(file: Path, shown: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with file.open(encoding=encoding, newline="") as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadablePlaces(shown, "its words are neither UTF-8 nor GB 18030", "编码既非 UTF-8 也非 GB 18030")
