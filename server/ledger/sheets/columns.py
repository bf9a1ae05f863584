"""The columns of the ledger as officials know it, in their order, and the lists made of the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.sheets.columns import Column
from server.sheets.layout import A3, A4, Layout

LEDGER: tuple[Column, ...] = (
    Column("row_no", "序号", "No.", "whole", width=6),
    Column("number", "案卷号", "Case number", "code", width=20),
    Column("grid_cell", "网格编码", "Grid cell", "code", width=17),
    Column("subdistrict", "街道", "Subdistrict", width=10),
    Column("neighbourhood", "社区", "Neighbourhood"),
    Column("community", "小区", "Community", width=16),
    Column("place", "位置描述", "Place", width=18),
    Column("lon", "经度", "Longitude", "decimal", width=11),
    Column("lat", "纬度", "Latitude", "decimal", width=11),
    Column("measure", "措施序号", "Measure", "whole", width=8),
    Column("category", "问题类别", "Category", width=18),
    Column("description", "问题描述", "Description", width=30),
    Column("found_at", "发现日期", "Found", "instant", width=16),
    Column("found_by", "发现人", "Found by", width=10),
    Column("source", "来源", "Source", width=10),
    Column("photos_before", "整改前照片", "Photos before"),
    Column("responsible_party", "责任主体", "Responsible party", width=18),
    Column("lead_unit", "牵头单位", "Lead unit", width=18),
    Column("responsible_unit", "责任单位", "Responsible unit", width=18),
    Column("contact", "责任人/电话", "Contact"),
    Column("demand", "整改要求", "Demand", width=24),
    Column("due_at", "整改时限", "Due", "instant", width=16),
    Column("extensions", "延期情况", "Extensions"),
    Column("done", "整改措施", "Done", width=24),
    Column("done_at", "完成日期", "Done on", "instant", width=16),
    Column("photos_after", "整改后照片", "Photos after"),
    Column("claimed_at", "申请销号日期", "Close-out asked", "instant", width=16),
    Column("checker", "核查人", "Checker", width=10),
    Column("checked_at", "核查日期", "Checked", "instant", width=16),
    Column("photos_check", "核查照片", "Photos of the check"),
    Column("check_result", "核查结论", "Check result", width=10),
    Column("closed_at", "销号日期", "Closed", "instant", width=16),
    Column("signed_by", "销号签字", "Signed by", width=10),
    Column("supervisions", "督办次数", "Supervisions", "whole", width=8),
    Column("signal", "信号灯", "Signal", width=7),
    Column("rework", "返工次数", "Reworks", "whole", width=8),
    Column("rebound", "反弹次数", "Rebounds", "whole", width=8),
    Column("company", "物业企业", "Property company", width=18),
    Column("doer", "行为人", "Who did it", width=10),
    Column("urging_unit", "督促单位", "Urging unit"),
    Column("patron", "包保责任人", "Patron officer", width=10),
    Column("investigating_unit", "查处单位", "Investigating unit"),
    Column("document_no", "处理文号", "Document number"),
    Column("hotline_no", "12345工单号", "Hotline number", "code"),
    Column("paid_by", "资金来源", "Paid by", width=12),
    Column("transferred_to", "移交去向", "Transferred to"),
    Column("revisited_at", "复查日期", "Revisited", "instant", width=16),
    Column("revisit_result", "复查结论", "Revisit result", width=10),
    Column("remarks", "备注", "Remarks", width=24),
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in LEDGER}
PHOTO_COLUMNS: Mapping[str, str] = {
    "photos_before": "before",
    "photos_after": "after",
    "photos_check": "check",
}
STAMPS = "填报单位（盖章）：                    填报人：                    审核人：                    "


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to show the ledger: its columns and its page."""

    columns: tuple[Column, ...]
    layout: Layout


def _kind(title: str, names: Sequence[str], *, paper: int = A4, print_for: str = "") -> Kind:
    return Kind(tuple(BY_NAME[name] for name in names), Layout(title, paper, print_for))


_PLACE = ("row_no", "number", "subdistrict", "neighbourhood", "community", "place")
_PROBLEM = ("measure", "category", "description", "found_at")

KINDS: Mapping[str, Kind] = {
    "ledger": _kind("整改台账", tuple(BY_NAME), paper=A3),
    "problems": _kind(
        "问题清单", (*_PLACE, *_PROBLEM, "found_by", "source", "photos_before", "signal", "remarks")
    ),
    "duties": _kind(
        "责任清单",
        (
            *_PLACE,
            *("category", "description", "responsible_party", "lead_unit", "responsible_unit", "contact"),
            *("demand", "due_at", "extensions", "supervisions", "signal", "patron", "urging_unit"),
        ),
    ),
    "close_outs": _kind(
        "销号清单",
        (
            *_PLACE,
            *("category", "description", "responsible_unit", "done", "done_at", "photos_after", "claimed_at"),
            *("checker", "checked_at", "photos_check", "check_result", "closed_at", "signed_by"),
        ),
    ),
    "print": _kind(
        "整改台账",
        (
            *("row_no", "number", "subdistrict", "community", "place", "category", "description", "found_at"),
            *("lead_unit", "responsible_unit", "demand", "due_at", "done", "check_result", "closed_at"),
            "remarks",
        ),
        paper=A3,
        print_for=STAMPS,
    ),
}
TITLES: Mapping[str, str] = {
    "问题清单": "problems",
    "责任清单": "duties",
    "销号清单": "close_outs",
    "整改台账": "ledger",
}


def kind_named(name: str) -> str | None:
    """Return the kind with this name or Chinese title, None when there is none."""
    return name if name in KINDS else TITLES.get(name)
