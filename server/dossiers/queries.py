"""Reading what a sheet shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_SHEET = text(Path(__file__).with_name("sheet.sql").read_text(encoding="utf-8"))


def sheet(session: Session, community_id: UUID, day: date, now: datetime) -> Mapping[str, Any]:
    """Return `parts`, `contract`, `built`, `facilities`, `sites`, `inspections`, `measures`, `buildings`."""
    asked = {"community_id": community_id, "day": day, "now": now}
    return dict(session.execute(_SHEET, asked).mappings().one())
