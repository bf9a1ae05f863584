"""Hot spots as JSON and as GeoJSON, with words that say what the figures mean."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

import numpy as np

from geo.hotspots import FALSE_DISCOVERY
from geo.study import Study
from server.maps.hotspots.service import HotSpots

# What z must exceed where one place alone is judged at 1 %.
ALONE = 2.576
MEANING = (
    "A place is hot when it and its neighbours together hold more records than chance would give them"
    " (Getis-Ord Gi*). class 3, 2, 1: at most 1 %, 5 %, 10 % of the places so called are false alarms;"
    " negative classes are cold. z is the score, p its two-sided probability. hot_alone: places that hold"
    " records and whose z is above 2.576; hot_alone_empty: those that are so by their neighbours alone."
)
MEANING_ZH = (
    "热点：该处及其相邻处合计的记录数明显多于随机分布（Getis-Ord Gi*）。等级 3、2、1 表示"
    "误判比例不超过 1%、5%、10%，负数为冷点。z 为得分，p 为双侧概率。hot_alone：自身有记录且 z 大于 2.576"
    " 的单元数；hot_alone_empty：自身无记录、仅因相邻单元而 z 大于 2.576 的单元数。"
)


def as_json(found: HotSpots, only: str | None) -> dict[str, Any]:
    """Return the summary and one item a place; `only` keeps `significant` ones or those `with_records`."""
    numbers = chosen(found, only)
    return {**summary(found), "items": [_item(found, number) for number in numbers]}


def as_geojson(found: HotSpots, only: str | None) -> dict[str, Any]:
    """Return the same as a FeatureCollection of outlines (WGS 84), the summary beside the features."""
    numbers = chosen(found, only)
    features = [
        {
            "type": "Feature",
            "id": found.study.ids[number],
            "geometry": outline,
            "properties": _item(found, number),
        }
        for number, outline in zip(numbers, found.study.outlines(numbers), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features, **summary(found)}


def summary(found: HotSpots) -> dict[str, Any]:
    """Return what was asked and what stands out of the whole."""
    asked, counts = found.question, found.study.counts
    alone = np.nan_to_num(found.z) > ALONE
    return {
        "by": asked.by,
        "size_m": asked.size_m if asked.by == "lattice" else None,
        "origin": list(asked.origin) if asked.by == "lattice" else None,
        "resolution": asked.resolution if asked.by == "h3" else None,
        "radius_m": asked.radius_m if asked.by == "community" else None,
        "metric_srid": found.metric_srid,
        "places": len(counts),
        "records": int(counts.sum()),
        "mean": float(counts.mean()),
        "moran_i": _number(found.moran),
        "hot": int((found.classes > 0).sum()),
        "cold": int((found.classes < 0).sum()),
        "hot_alone": int((alone & (counts > 0)).sum()),
        "hot_alone_empty": int((alone & (counts == 0)).sum()),
        "classes": {str(level): int((found.classes == level).sum()) for level in range(-3, 4)},
        "false_discovery": dict(zip("123", FALSE_DISCOVERY, strict=True)),
        "placeholders_left_out": asked.leave_out,
        "placeholder_count": sum(place.records for place in found.placeholders),
        "placeholders": [
            {"lon": place.lon, "lat": place.lat, "records": place.records} for place in found.placeholders
        ],
        "meaning": MEANING,
        "meaning_zh": MEANING_ZH,
    }


def chosen(found: HotSpots, only: str | None) -> Sequence[int]:
    """Return the numbers of the places to show, in their order."""
    if only == "significant":
        return [int(number) for number in np.flatnonzero(found.classes)]
    if only == "with_records":
        return with_records(found.study)
    return range(len(found.study.ids))


def with_records(study: Study) -> list[int]:
    """Return the numbers of the places that hold records."""
    return [int(number) for number in np.flatnonzero(study.counts)]


def _item(found: HotSpots, number: int) -> dict[str, Any]:
    study = found.study
    return {
        "place": study.ids[number],
        "name": found.names[number],
        "lon": round(float(study.lon[number]), 7),
        "lat": round(float(study.lat[number]), 7),
        "count": int(study.counts[number]),
        "z": _number(float(found.z[number])),
        "p": _number(float(found.p[number])),
        "class": int(found.classes[number]),
    }


def _number(value: float) -> float | None:
    return None if isnan(value) else value
