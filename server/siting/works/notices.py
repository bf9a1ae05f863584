"""Telling units that it is their turn, that they are urged, and that their day is past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.communities.service import local_day
from server.notifications import service
from server.notifications.notices import Notice
from server.siting.works import queries
from server.siting.works.rules import Turn
from server.work import Work

REMIND_EVERY_S = 3600
_NEXT: Mapping[str, tuple[str, str]] = {
    "planned": ("请召开物业联席会议", "please hold the joint meeting"),
    "discussed": ("请组织业主表决或征求意见", "please let the owners vote, or poll them"),
    "consulted": ("请进行消防审查", "please review fire safety"),
    "fire_reviewed": ("请答复供电容量", "please reply on power"),
    "power_replied": ("请落实投资方", "please find the investor"),
    "invested": ("请组织开工", "please begin building"),
    "building": ("请按期建成投用", "please finish by the day promised"),
}


def tell(
    session: Session, row: Mapping[str, Any], command: str, seq: int, to_state: str, turn: Turn, now: datetime
) -> None:
    """Tell the unit whose turn it is now; who is urged hears of that, the street hears of an end."""
    name = f"{row['community_name']} {row['name']}".strip()
    unit = turn.responsible or row["street"]
    if unit is None:
        return
    if command == "work.urge":
        kind, zh, en = "work_urged", "督促加快充电桩建设", "you are urged to speed up"
    elif to_state in _NEXT:
        kind, (zh, en) = "work_turn", _NEXT[to_state]
    else:
        kind, zh, en = "work_ended", "充电桩点位办理结束", "the work on the site has ended"
    notice = Notice(
        event_id=f"charging_work:{row['work_id']}:{seq}",
        kind=kind,
        entity="charging_work",
        entity_id=row["work_id"],
        title_zh=f"{name}：{zh}",
        title_en=f"{name}: {en}",
        unit_code=unit,
    )
    service.post(session, [notice], now=now)


def remind_late(work: Work) -> int:
    """Tell units once of each step whose day is past; return how many steps are late."""
    with work.database.transaction() as session:
        found = queries.late(session, local_day(work.now))
        notices = [
            Notice(
                event_id=f"charging_work:{row.work_id}:{row.head_seq}:late",
                kind="work_late",
                entity="charging_work",
                entity_id=row.work_id,
                title_zh=f"{row.name}：已超过办理期限（{row.due_on}）",
                title_en=f"{row.name}: its day was {row.due_on}",
                unit_code=row.responsible,
            )
            for row in found
        ]
        service.post(session, notices, now=work.now)
    return len(found)
