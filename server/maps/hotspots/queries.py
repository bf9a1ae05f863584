"""All SQL about hot spots of cases: the ground, the records in it, stored places and who lies beside whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from server.communities.territory import Territory
from server.ledger.terms import midnight
from server.maps.hotspots.question import By, Question
from server.maps.packed import Records, unpacked

_PLACES: Mapping[By, tuple[str, str]] = {
    "grid_cell": ("grid_cells", "SELECT code::text, ST_AsGeoJSON(geom, 7) FROM geo.grid_cell WHERE code"),
    "community": (
        "communities",
        "SELECT community_id::text, ST_AsGeoJSON(geom, 7) FROM geo.community WHERE community_id::text",
    ),
}


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """A cell or community: its id and name, a point of it (WGS 84), and the ids beside it, for cells."""

    id: str
    name: str
    lon: float
    lat: float
    beside: Sequence[str] | None


def area(session: Session, seen: Territory) -> BaseGeometry | None:
    """Return the ground that a caller looks at (WGS 84); None where no outline is known."""
    found = session.execute(_sql("area"), seen.parameters()).scalar()
    return shapely.from_wkb(bytes(found)) if found is not None else None


def metric_srid(session: Session) -> int:
    """Return the EPSG code of the county's metres."""
    found: int = session.execute(text("SELECT metric_srid FROM geo.county LIMIT 1")).scalar_one()
    return found


def records(session: Session, seen: Territory, asked: Question, places: Sequence[str] = ()) -> Records:
    """Return the cases or violations that the question counts; cases that were no problem are left out."""
    found = session.execute(
        _sql("records" if asked.what == "cases" else "records_found"),
        {
            **seen.parameters(),
            "by": asked.by,
            "resolution": asked.resolution,
            "since": midnight(asked.first) if asked.first else None,
            "until": _after(asked),
            "category": list(asked.category),
            "severity": list(asked.severity),
            "item": list(asked.item),
            "places": list(places),
        },
    ).scalar()
    return unpacked(found)


def stored_places(session: Session, seen: Territory, by: By) -> list[StoredPlace]:
    """Return the cells or communities that stand on the caller's ground."""
    rows = session.execute(_sql(_PLACES[by][0]), seen.parameters())
    return [StoredPlace(*row) for row in rows]


def outlines(session: Session, by: By, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return the GeoJSON geometries of stored places, in the order of the ids."""
    rows = session.execute(text(f"{_PLACES[by][1]} = ANY(CAST(:ids AS text[]))"), {"ids": list(ids)})
    by_id = {place: orjson.loads(outline) for place, outline in rows}
    return [by_id[place] for place in ids]


def _after(asked: Question) -> datetime | None:
    return midnight(asked.last + timedelta(days=1)) if asked.last else None


@cache
def _sql(name: str) -> TextClause:
    return text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
