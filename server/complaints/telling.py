"""What the street's desk is told of complaints; never who complained, nor their words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.communities.queries import CommunityFacts
from server.ledger.rulebook import units_of
from server.notifications import service
from server.notifications.notices import Notice

_TOLD: Mapping[str, tuple[str, str]] = {
    "complaint_received": ("新投诉，请受理", "a new complaint, please take it up"),
    "complaint_reopened": (
        "投诉人不满意，请重新办理",
        "its sender is not satisfied, please take it up again",
    ),
    "complaint_case_ended": ("所转案卷已办结，请答复投诉人", "its case has ended, please answer its sender"),
    "complaint_overdue": ("已超过办理时限", "its time limit has passed"),
}


def tell_desk(
    session: Session,
    complaint_id: UUID,
    number: str,
    version: int,
    kind: str,
    community: CommunityFacts,
    now: datetime,
) -> None:
    """Tell the street's unit once of what happened to a complaint at a version of it."""
    tell_division(
        session, complaint_id, f"{number} {community.name}", version, kind, community.subdistrict_code, now
    )


def tell_worker(session: Session, row: Mapping[str, Any], worker: UUID, now: datetime) -> None:
    """Tell a worker once that he is asked to look at a complaint."""
    version, name = row["version"] + 1, f"{row['number']} {row['community_name']}"
    notice = Notice(
        event_id=f"complaint:{row['complaint_id']}:{version}:verification_asked",
        kind="verification_asked",
        entity="complaint",
        entity_id=UUID(row["complaint_id"]),
        title_zh=f"{name}：请您现场核实",
        title_en=f"{name}: please look at it on site",
        user_id=worker,
    )
    service.post(session, [notice], now=now)


def tell_division(
    session: Session, complaint_id: UUID, name: str, version: int, kind: str, division: str, now: datetime
) -> None:
    """Tell the unit that answers for a subdistrict; where there is none, nobody is told."""
    unit = units_of(session, {division}, now).get(division)
    if unit is None:
        return
    zh, en = _TOLD[kind]
    notice = Notice(
        event_id=f"complaint:{complaint_id}:{version}:{kind}",
        kind=kind,
        entity="complaint",
        entity_id=complaint_id,
        title_zh=f"{name}：{zh}",
        title_en=f"{name}: {en}",
        unit_code=unit,
    )
    service.post(session, [notice], now=now)
