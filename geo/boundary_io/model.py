"""A file of places as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shapely.geometry.base import BaseGeometry

from geo.datum import Datum

Format = Literal["geojson", "gpkg", "shapefile", "csv"]
FORMATS: Mapping[Format, str] = {
    "geojson": ".geojson",
    "gpkg": ".gpkg",
    "shapefile": ".zip",
    "csv": ".csv",
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a file.

    Attributes:
        row: as Excel counts in a CSV (the heading is row 1), else the number of the feature from 1.
        geometry: in degrees upon the file's datum, in two dimensions; None where there is none.
        unreadable: why the geometry could not be read, empty where it could.
    """

    row: int
    properties: Mapping[str, object]
    geometry: BaseGeometry | None
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is open for reading.

    Attributes:
        datum: what the file itself proves of its datum, None where it must be told.
        encoding: of its words.
        count: how many features it holds.
        heights: whether heights were left out.
        features: can be walked once.
    """

    format: Format
    titles: Sequence[str]
    datum: Datum | None
    encoding: str
    count: int
    heights: bool
    features: Iterator[Feature]
