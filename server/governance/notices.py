"""What a street's unit is told of the votes in its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.notifications import service
from server.notifications.notices import Notice

_TOLD: Mapping[str, tuple[str, str]] = {
    "vote.open": ("开始表决，请双人录入表决票", "the vote is open, enter each ballot twice"),
    "vote.count": ("已计票，请核签并公示结果", "the ballots are counted, issue and post the notice"),
    "vote.object": ("公示期内收到异议，请答复", "an objection came in, please answer it"),
    "vote.decide": ("表决已定案", "the vote is decided"),
}


def tell(session: Session, row: Mapping[str, Any], command: str, seq: int, now: datetime) -> None:
    """Tell the street's unit of a step that asks for somebody's hand."""
    if command not in _TOLD or row["street"] is None:
        return
    zh, en = _TOLD[command]
    name = f"{row['community_name']} {row['subject']}"
    notice = Notice(
        event_id=f"vote:{row['vote_id']}:{seq}",
        kind=command.replace(".", "_"),
        entity="vote",
        entity_id=row["vote_id"],
        title_zh=f"{name}：{zh}",
        title_en=f"{name}: {en}",
        unit_code=row["street"],
    )
    service.post(session, [notice], now=now)
