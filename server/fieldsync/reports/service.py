"""Taking in what a tablet tells of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.fieldsync.reports import queries

_COLUMNS = {
    "storage": ("used_bytes", "quota_bytes", "days_left", "room"),
    "battery": ("battery_percent", "charging"),
    "outbox": ("waiting_items", "waiting_photos", "waiting_photo_bytes", "oldest_at"),
}


def take(session: Session, device_id: UUID, told: Mapping[str, Any], now: datetime) -> None:
    """Keep the newest report of a tablet; a part that it left out is not known from now on.

    Args:
        told: as `DeviceReportSchema` reads it.
    """
    queries.keep(session, device_id, flat(told), now)
    if told.get("app_version"):
        queries.keep_version(session, device_id, told["app_version"])


def flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a report, None for what was not told."""
    return {
        column: (told.get(part) or {}).get(column) for part, columns in _COLUMNS.items() for column in columns
    }
