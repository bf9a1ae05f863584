"""All SQL about patrol tracks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.inspections.track_reading import TrackPoint

_LIST = text(Path(__file__).with_name("tracks.sql").read_text(encoding="utf-8"))
_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('track ' || :track_id, 0));"
    "SELECT user_id FROM server.track WHERE track_id = CAST(:track_id AS uuid)"
)
# A track is made with its first point; what follows from all points is computed anew below.
_BEGIN = text(
    "INSERT INTO server.track"
    " (track_id, user_id, device_id, begun_at, ended_at, point_count, length_m, received_at)"
    " VALUES (:track_id, :user_id, :device_id, :at, :at, 1, 0, :now)"
)
_ADD = text("""
INSERT INTO server.track_point (track_id, at, lon, lat, accuracy_m)
SELECT CAST(:track_id AS uuid), p.*
  FROM unnest(CAST(:ats AS timestamptz[]), CAST(:lons AS double precision[]),
              CAST(:lats AS double precision[]), CAST(:accuracies AS double precision[])) AS p
ON CONFLICT DO NOTHING
""")
_DRAW = text("""
UPDATE server.track t
   SET begun_at = f.begun_at, ended_at = f.ended_at, point_count = f.points, geom = f.line,
       length_m = coalesce(ST_Length(ST_Transform(f.line, f.srid)), 0)
  FROM (SELECT min(at) AS begun_at, max(at) AS ended_at, count(*) AS points,
               CASE WHEN count(*) > 1 THEN
                 ST_MakeLine(ST_SetSRID(ST_MakePoint(lon, lat), 4326) ORDER BY at, lon, lat) END AS line,
               coalesce((SELECT min(metric_srid) FROM geo.county), 4548) AS srid
          FROM server.track_point WHERE track_id = CAST(:track_id AS uuid)) f
 WHERE t.track_id = CAST(:track_id AS uuid)
""")


def owner_for_update(session: Session, track_id: UUID) -> UUID | None:
    """Return whose track it is, None for a new one; nobody else appends until the transaction ends."""
    found = session.execute(_LOCK, {"track_id": str(track_id)}).scalar()
    return None if found is None else UUID(str(found))


def append(
    session: Session,
    track_id: UUID,
    points: Sequence[TrackPoint],
    *,
    begin_for: tuple[UUID, UUID] | None,
    now: datetime,
) -> None:
    """Add points, each once, and draw the line anew.

    Args:
        begin_for: person and device of a track that does not stand yet.
    """
    if begin_for is not None:
        user_id, device_id = begin_for
        begun = {"track_id": track_id, "user_id": user_id, "device_id": device_id, "at": points[0].at}
        session.execute(_BEGIN, {**begun, "now": now})
    session.execute(
        _ADD,
        {
            "track_id": str(track_id),
            "ats": [point.at for point in points],
            "lons": [point.lon for point in points],
            "lats": [point.lat for point in points],
            "accuracies": [point.accuracy_m for point in points],
        },
    )
    session.execute(_DRAW, {"track_id": str(track_id)})


def tracks(
    session: Session,
    *,
    division: str | None,
    own: UUID | None,
    user_id: UUID | None,
    day: date | None,
    with_line: bool,
    after: tuple[str, str] | None,
    limit: int,
) -> list[Mapping[str, Any]]:
    """Return tracks of a division's people, or of one person, the newest first."""
    after_at, after_id = after or (None, None)
    given = {"division": division, "own": own, "user_id": user_id, "day": day, "with_line": with_line}
    place = {"after_at": after_at, "after_id": after_id, "limit": limit}
    return [dict(row) for row in session.execute(_LIST, {**given, **place}).mappings()]
