"""Positions that stand for "place unknown": found once an hour among all cases, counted in every answer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.placeholders import LEAST_RECORDS, Placeholder, placeholders
from server.communities.territory import Territory
from server.maps.heat.asking import HeatFilter

_COUNTS = {
    what: text(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    for what, name in (("cases", "placeholders.sql"), ("violations", "placeholders_found.sql"))
}
_POSITIONS = text('SELECT ST_X(geom), ST_Y(geom) FROM server."case" WHERE geom IS NOT NULL')
_FORGET = text("DELETE FROM server.placeholder_position")
_KEEP = text(
    "INSERT INTO server.placeholder_position (geom, records, found_at)"
    " SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4326), records, :now"
    " FROM unnest(CAST(:lons AS double precision[]), CAST(:lats AS double precision[]),"
    " CAST(:records AS integer[])) AS f (lon, lat, records)"
)


def count(session: Session, wanted: HeatFilter, seen: Territory) -> int:
    """Return how many of the cases or violations that count lie on a position that no real place explains."""
    asked = wanted.asked
    bound = {"severities": list(asked.severities), "standings": list(asked.standings)}
    found: int = session.execute(
        _COUNTS[wanted.what], {**seen.parameters(), **wanted.parameters(), **bound}
    ).scalar_one()
    return found


def find(session: Session, now: datetime) -> list[Placeholder]:
    """Look for such positions among all cases, and keep them instead of those known before."""
    rows = session.execute(_POSITIONS).all()
    if len(rows) < LEAST_RECORDS:
        found = []
    else:
        positions = np.array([tuple(row) for row in rows], dtype=np.float64)
        found = placeholders(positions[:, 0], positions[:, 1])
    session.execute(_FORGET)
    told = {"lons": [one.lon for one in found], "lats": [one.lat for one in found]}
    session.execute(_KEEP, {**told, "records": [one.records for one in found], "now": now})
    return found
