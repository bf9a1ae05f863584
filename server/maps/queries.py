"""Features of a layer as GeoJSON text, made by PostgreSQL."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from geo.layers import Layer
from server.communities.territory import Territory
from server.maps.bbox import Bbox

_FEATURES = Path(__file__).with_name("features.sql").read_text(encoding="utf-8")


def features(session: Session, layer: Layer, seen: Territory, box: Bbox | None, limit: int) -> str:
    """Return a GeoJSON FeatureCollection (WGS 84, 7 decimals) in the order of ids.

    `truncated` tells that more than `limit` features lie in the window.
    """
    window = box._asdict() if box else dict.fromkeys(Bbox._fields)
    found: str = session.execute(
        _statement(layer), {**window, **seen.parameters(), "limit": limit}
    ).scalar_one()
    return found


@cache
def _statement(layer: Layer) -> TextClause:
    properties = ", ".join(f"'{name}', {name}" for name in layer.properties)
    return text(_FEATURES.replace("{layer}", layer.sql).replace("{properties}", properties))
