"""Charging sites as files carry them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from server.communities.rosters.columns import YES_NO
from server.communities.transfer.kinds import Kind, Known
from server.sheets.columns import Column
from server.siting.layers import CHARGING_SITES
from server.siting.tables import ChargingSite
from sync import changes

STATUS = {
    "candidate": ("候选",),
    "proposed": ("拟建", "建议"),
    "approved": ("已批准", "规划", "planned"),
    "under_construction": ("在建",),
    "in_service": ("投入使用", "已建", "已建成", "built"),
    "retired": ("停用",),
    "refused": ("不予建设",),
}


def _stamp(day: date, now: datetime) -> Known:
    return {"origin": "imported", "version": 1, "proposed_at": now}


def _tell(session: Session, touched: Sequence[str], moved: Sequence[str]) -> None:
    changes.append(session, "charging_site", touched)


KIND = Kind(
    CHARGING_SITES,
    "point",
    ChargingSite,
    "site_id",
    (
        Column("name", "名称", "Name", longest=200),
        Column("status", "状态", "Status", "choice", choices=STATUS),
        Column("charging_ports", "充电端口", "Ports", "whole"),
        Column("has_shed", "有车棚", "Shed", "choice", choices=YES_NO),
        Column("note", "备注", "Note"),
    ),
    belongs="community",
    alone=False,
    named_by=("community_id", "name"),
    defaults={"name": "", "note": "", "status": "proposed"},
    bounds={"charging_ports": (0, 10_000)},
    stamp=_stamp,
    follow=_tell,
)
