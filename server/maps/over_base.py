"""Features over a Chinese base map: moved into the datum that the map is drawn in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import orjson
import shapely

from geo.datum import Datum, from_wgs84
from geo.vertices import Floats


def moved(body: str, datum: Datum) -> str:
    """Return a GeoJSON FeatureCollection (WGS 84) with its geometries in another datum.

    It says so in its member `coord`, so that nobody takes it for WGS 84 later.
    """
    collection = orjson.loads(body)
    features = [feature for feature in collection["features"] if feature["geometry"] is not None]
    there = geometries_moved([orjson.dumps(feature["geometry"]) for feature in features], datum)
    for feature, geometry in zip(features, there, strict=True):
        feature["geometry"] = orjson.Fragment(geometry)
    collection["coord"] = datum
    return orjson.dumps(collection).decode()


def geometries_moved(drawn: Sequence[str | bytes], datum: Datum) -> list[str]:
    """Return GeoJSON geometries (WGS 84) in another datum."""
    there = shapely.transform(shapely.from_geojson(list(drawn)), lambda xy: _in(xy, datum))
    return [str(told) for told in np.atleast_1d(shapely.to_geojson(there))]


def _in(xy: Floats, datum: Datum) -> Floats:
    there: Floats = np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))
    return np.asarray(there.round(7), dtype=np.float64)
