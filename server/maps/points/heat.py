"""How many points of an analysis layer lie where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from geo.placeholders import Placeholder, placeholders
from geo.study import Study
from server.maps.points import service
from server.maps.points.tables import AnalysisLayer


@dataclass(frozen=True, slots=True)
class Counted:
    """A layer's points by place, default positions included and told."""

    layer: AnalysisLayer
    by: str
    study: Study
    placeholders: Sequence[Placeholder]


def counted(session: Session, layer: AnalysisLayer, asked: Mapping[str, Any]) -> Counted:
    """Return where the points of a period and of some categories lie.

    Raises:
        TooManyPlaces, NoMetres: see `service.covered`.
    """
    found = service.points(session, layer, asked["first"], asked["last"], asked["category"])
    study = service.covered(
        layer,
        found,
        found.own,
        by=asked["by"],
        size_m=asked["size_m"],
        origin=asked["origin"],
        resolution=asked["resolution"],
    )
    return Counted(layer, asked["by"], study, placeholders(found.lon[found.own], found.lat[found.own]))


def as_json(found: Counted) -> dict[str, Any]:
    """Return the sums and the places that hold points."""
    return {**_summary(found), "items": _items(found)}


def as_geojson(found: Counted) -> dict[str, Any]:
    """Return the same as a FeatureCollection of outlines (WGS 84), the sums beside the features."""
    outlines = found.study.outlines(_full(found))
    features = [
        {"type": "Feature", "id": item["place"], "geometry": outline, "properties": item}
        for item, outline in zip(_items(found), outlines, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features, **_summary(found)}


def _full(found: Counted) -> list[int]:
    full: list[int] = np.flatnonzero(found.study.counts).tolist()
    return full


def _summary(found: Counted) -> dict[str, Any]:
    return {
        "layer": found.layer.name,
        "by": found.by,
        "records": int(found.study.counts.sum()),
        "places": len(found.study.counts),
        "placeholder_count": sum(place.records for place in found.placeholders),
        "placeholders": [
            {"lon": place.lon, "lat": place.lat, "records": place.records} for place in found.placeholders
        ],
    }


def _items(found: Counted) -> list[dict[str, Any]]:
    study, full = found.study, _full(found)
    columns = (
        [study.ids[number] for number in full],
        study.lon[full].round(7).tolist(),
        study.lat[full].round(7).tolist(),
        study.counts[full].astype(np.int64).tolist(),
    )
    return [
        {"place": place, "lon": lon, "lat": lat, "count": count}
        for place, lon, lat, count in zip(*columns, strict=True)
    ]
