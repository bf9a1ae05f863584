"""Turn a county's outline as published in another datum into the WGS 84 file kept in `data/`."""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from geo.datum import Datum, geometry_to_wgs84

# A millimetre: finer than any source, coarse enough that every machine writes the same digits.
DEGREE_DECIMALS = 8


def outline_document(geometry: dict[str, Any], datum: Datum, properties: Mapping[str, Any]) -> str:
    """Return the GeoJSON text of one outline in WGS 84, its origin and licence in `properties`.

    Args:
        geometry: a GeoJSON Polygon or MultiPolygon in `datum`.
        datum: what the source is published in.
        properties: adcode, names, metric_srid, origin, source and licence.
    """
    moved = geometry_to_wgs84(shape(geometry), datum)
    rounded = shapely.transform(moved, lambda xy: xy.round(DEGREE_DECIMALS))
    feature = {"type": "Feature", "properties": dict(properties), "geometry": mapping(rounded)}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False) + "\n"
