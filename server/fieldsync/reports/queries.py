"""Keeping the newest report of each tablet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

COLUMNS = (
    "used_bytes",
    "quota_bytes",
    "days_left",
    "room",
    "battery_percent",
    "charging",
    "waiting_items",
    "waiting_photos",
    "waiting_photo_bytes",
    "oldest_at",
)
# Of two reports that overtake one another the later one stays.
_KEEP = text(f"""
INSERT INTO server.device_report AS r (device_id, reported_at, {", ".join(COLUMNS)})
VALUES (CAST(:device_id AS uuid), :reported_at, {", ".join(f":{name}" for name in COLUMNS)})
ON CONFLICT (device_id) DO UPDATE
   SET reported_at = excluded.reported_at, {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
 WHERE r.reported_at <= excluded.reported_at
""")
_VERSION = text(
    "UPDATE server.device SET app_version = :app_version"
    " WHERE device_id = CAST(:device_id AS uuid) AND app_version <> :app_version"
)


def keep(session: Session, device_id: UUID, told: Mapping[str, Any], now: datetime) -> None:
    """Store what a tablet told in the place of what it told before."""
    session.execute(_KEEP, {"device_id": str(device_id), "reported_at": now, **told})


def keep_version(session: Session, device_id: UUID, app_version: str) -> None:
    """Store which version of its app a tablet runs now."""
    session.execute(_VERSION, {"device_id": str(device_id), "app_version": app_version})
