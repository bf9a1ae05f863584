"""Reading what was done in somebody's name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

_DEEDS = text(Path(__file__).with_name("deeds.sql").read_text(encoding="utf-8"))


def deeds(
    session: Session, stand_in: Mapping[str, Any], before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return what the deputy did for the absent in the days of a stand-in, the newest first."""
    told = {
        "absent_id": stand_in["absent"]["user_id"],
        "deputy_id": stand_in["deputy"]["user_id"],
        "from_on": stand_in["from_on"],
        "to_on": stand_in["to_on"],
        "before": before,
        "limit": limit,
    }
    return [dict(row) for row in session.execute(_DEEDS, told).mappings()]
