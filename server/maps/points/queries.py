"""All SQL about analysis layers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, delete, or_, select, text
from sqlalchemy.orm import Session

from server.maps.points.columns import Columns, unpacked
from server.maps.points.tables import AnalysisLayer

Point = tuple[int, float, float, datetime | None, str | None]
"""Row of the file, longitude, latitude (WGS 84), moment, category."""

_COPY = "COPY server.analysis_point (layer_id, number, geom, at, category) FROM STDIN"


def layers(session: Session, owner_id: UUID | None) -> Sequence[AnalysisLayer]:
    """Return the layers of an owner and those without one, by name."""
    wanted = select(AnalysisLayer).where(_open_to(owner_id))
    return list(session.scalars(wanted.order_by(AnalysisLayer.name, AnalysisLayer.layer_id)))


def layer(session: Session, owner_id: UUID | None, name: str) -> AnalysisLayer | None:
    """Return the layer of that name that is the owner's, or else one without an owner."""
    wanted = select(AnalysisLayer).where(_open_to(owner_id), AnalysisLayer.name == name)
    return session.scalar(wanted.order_by(AnalysisLayer.owner_id.nulls_last()).limit(1))


def owned(session: Session, owner_id: UUID | None, name: str) -> AnalysisLayer | None:
    """Return the layer of that name that belongs to just this owner."""
    return session.scalar(
        select(AnalysisLayer).where(
            AnalysisLayer.owner_id.is_not_distinct_from(owner_id), AnalysisLayer.name == name
        )
    )


def remove(session: Session, layer_id: UUID) -> None:
    """Remove a layer with its points."""
    session.execute(delete(AnalysisLayer).where(AnalysisLayer.layer_id == layer_id))


def copy_points(session: Session, layer_id: UUID, points: Iterable[Point]) -> None:
    """Store points of a layer that is stored afterwards."""
    lines = "".join(_line(layer_id, *point) for point in points)
    cursor = session.connection().connection.cursor()
    try:
        cursor.copy_expert(_COPY, io.StringIO(lines))
    finally:
        cursor.close()


def columns(session: Session, layer_id: UUID) -> Columns:
    """Return all points of a layer."""
    packed, named = session.execute(_sql("points"), {"layer_id": layer_id}).one()
    return unpacked(packed, named)


def categories(session: Session, layer_id: UUID) -> list[tuple[str, int]]:
    """Return the categories of a layer with how many points each has, the most frequent first."""
    rows = session.execute(
        text(
            "SELECT category, count(*) FROM server.analysis_point"
            " WHERE layer_id = :layer_id AND category IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        {"layer_id": layer_id},
    )
    return [(category, count) for category, count in rows]


def _open_to(owner_id: UUID | None) -> Any:
    return or_(AnalysisLayer.owner_id.is_(None), AnalysisLayer.owner_id == owner_id)


def _line(
    layer_id: UUID, number: int, lon: float, lat: float, at: datetime | None, category: str | None
) -> str:
    moment = at.isoformat() if at else r"\N"
    return f"{layer_id}\t{number}\tSRID=4326;POINT({lon!r} {lat!r})\t{moment}\t{_escaped(category)}\n"


def _escaped(told: str | None) -> str:
    if told is None:
        return r"\N"
    return told.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


@cache
def _sql(name: str) -> TextClause:
    return text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
