"""Features of a layer as GeoJSON text, made by PostgreSQL; versions of what layers show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from geo.layers import Layer
from server.communities.territory import Territory
from server.maps.bbox import Bbox

_FEATURES = Path(__file__).with_name("features.sql").read_text(encoding="utf-8")
_VERSIONS = text(
    "SELECT source, version FROM server.layer_version WHERE source = ANY(CAST(:sources AS text[]))"
)


def features(session: Session, layer: Layer, seen: Territory, box: Bbox | None, limit: int) -> str:
    """Return a GeoJSON FeatureCollection (WGS 84, 7 decimals) in the order of ids.

    `truncated` tells that more than `limit` features lie in the window.
    """
    window = box._asdict() if box else dict.fromkeys(Bbox._fields)
    found: str = session.execute(
        _statement(layer), {**window, **seen.parameters(), "limit": limit}
    ).scalar_one()
    return found


def versions(session: Session, sources: Collection[str]) -> dict[str, int]:
    """Return the number of the last change of each of these tables, 0 where none was counted."""
    found = {row.source: row.version for row in session.execute(_VERSIONS, {"sources": list(sources)})}
    return {source: found.get(source, 0) for source in sources}


def unknown_categories(session: Session, asked: Sequence[str]) -> list[str]:
    """Return those of the categories that the programme does not know."""
    rows = session.execute(
        text(
            "SELECT a FROM unnest(CAST(:asked AS text[])) AS a"
            " WHERE NOT EXISTS (SELECT FROM server.category c WHERE c.category = a)"
        ),
        {"asked": list(asked)},
    )
    return list(rows.scalars())


@cache
def _statement(layer: Layer) -> TextClause:
    properties = ", ".join(f"'{name}', {name}" for name in layer.properties)
    return text(_FEATURES.replace("{layer}", layer.sql).replace("{properties}", properties))
