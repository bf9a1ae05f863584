"""What a desk is told when the clock of an order runs out; it names nobody. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checklists.deadlines import SHANGHAI
from server.notifications.notices import Notice


def notice_of(row: Mapping[str, Any]) -> Notice:
    """Return the reminder of one order whose signal is yellow or red; each is told once per deadline."""
    due = row["due_at"].astimezone(SHANGHAI)
    what_zh, what_en = ("已超时限", "is overdue") if row["signal"] == "red" else ("即将到期", "is due soon")
    place = f" {row['community']}" if row["community"] else ""
    return Notice(
        event_id=f"hotline:{row['order_id']}:{row['signal']}:{row['due_at'].isoformat()}",
        kind=f"hotline_{row['signal']}",
        entity="hotline_order",
        entity_id=row["order_id"],
        title_zh=f"12345工单 {row['order_no']}{place} {what_zh}（{due:%m-%d %H:%M}）",
        title_en=f"Hotline order {row['order_no']}{place} {what_en} ({due:%m-%d %H:%M})",
        unit_code=row["unit_code"],
    )
