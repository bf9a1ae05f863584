"""Writing the register as Excel, page by page, within the reader's reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.complaints import queries, service
from server.complaints.sheets.filters import wanted_of
from server.disk import replaced_whole
from server.sheets.columns import Column
from server.sheets.layout import Layout
from server.sheets.writing import SheetWriter

TITLE = "投诉登记簿"
AT_ONCE = 500
COLUMNS = (
    Column("row_no", "序号", "No.", width=6),
    Column("number", "投诉编号", "Number", "code", width=16),
    Column("received_at", "受理时间", "Received", "instant", width=17),
    Column("channel", "渠道", "Channel", width=8),
    Column("community_name", "小区", "Community", width=18),
    Column("category_zh", "问题类别", "Kind", width=18),
    Column("description", "投诉内容", "Words", width=48, longest=4000),
    Column("state", "状态", "State", width=10),
    Column("finding", "核实结论", "Finding", width=10),
    Column("case_number", "案卷号", "Case", "code", width=20),
    Column("answer_due_at", "答复时限", "Answer due", "instant", width=17),
    Column("answered_at", "答复时间", "Answered", "instant", width=17),
    Column("in_time", "是否按时", "In time", width=8),
    Column("outcome", "回访结果", "Outcome", width=10),
    Column("reopened_count", "重办次数", "Reopened", width=8),
    Column("group_size", "同类投诉数", "Group", width=10),
    Column("closed_at", "办结时间", "Closed", "instant", width=17),
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    "channel": {"visit": "来访", "phone": "电话", "hotline": "热线", "online": "网上", "letter": "来信"},
    "state": {
        "received": "待受理",
        "acknowledged": "已受理",
        "verifying": "现场核实中",
        "verified": "已核实",
        "not_accepted": "不予受理",
        "transferred": "已转案卷",
        "answered": "已答复",
        "closed": "已办结",
        "reopened": "重新办理",
    },
    "finding": {"true": "属实", "false": "不属实", "not_found": "未发现"},
    "outcome": {
        "satisfied": "满意",
        "unsatisfied": "不满意",
        "unreachable": "联系不上",
        "no_objection": "无异议",
    },
}


def export(
    session: Session,
    file: Path,
    filters: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    tell: Callable[[int], None] = lambda rows: None,
) -> int:
    """Write the complaints that pass the filter into a new file; return how many lines it has.

    Raises:
        NotYours: the role sees no complaints. StorageFull: there is no room.
    """
    seen, wanted = service.seen_by(actor), wanted_of(filters)
    written, after = 0, None
    with replaced_whole(file) as part, SheetWriter(part, COLUMNS, Layout(TITLE)) as sheet:
        while rows := queries.complaints(session, seen, wanted, now, after=after, limit=AT_ONCE):
            for row in rows:
                written += 1
                line = _line(row, written)
                sheet.add([line[column.name] for column in COLUMNS])
            after = (rows[-1]["received_at"].isoformat(), rows[-1]["complaint_id"])
            tell(written)
    return written


def _line(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    line = {column.name: row.get(column.name) for column in COLUMNS}
    for name, words in _WORDS.items():
        line[name] = words.get(line[name] or "", line[name])
    answered = row["answered_at"] is not None
    in_time = ("否" if row["answered_late"] else "是") if answered else None
    return {**line, "row_no": number, "in_time": in_time}
