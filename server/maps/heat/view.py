"""Heat as JSON and GeoJSON."""

from __future__ import annotations

from typing import Any

import orjson

from geo.heatmap import Figures
from server.maps.heat.places import Place
from server.maps.heat.service import Heat, described


def as_json(heat: Heat) -> dict[str, Any]:
    """Return the figures with what was asked."""
    return {**_head(heat), "items": [properties(place, heat.figures[place.place]) for place in heat.places]}


def as_geojson(heat: Heat) -> bytes:
    """Return a FeatureCollection (WGS 84, 7 decimals); what was asked stands beside `features`."""
    features = [
        {
            "type": "Feature",
            "id": place.place,
            "geometry": orjson.Fragment(place.geometry or "null"),
            "properties": properties(place, heat.figures[place.place]),
        }
        for place in heat.places
    ]
    return orjson.dumps({"type": "FeatureCollection", **_head(heat), "features": features})


def properties(place: Place, told: Figures) -> dict[str, Any]:
    """Return what a map shows of one place."""
    return {
        "place": place.place,
        "name": place.name,
        "status": told.status,
        "count": told.count,
        "inspections": told.inspections,
        "households": None if place.households is None else round(place.households, 1),
        "value": told.value,
        "smoothed": told.smoothed,
    }


def _head(heat: Heat) -> dict[str, Any]:
    return {
        **described(heat.wanted),
        "total": heat.total,
        "unplaced": heat.unplaced,
        "placeholder_count": heat.placeholder_count,
    }
