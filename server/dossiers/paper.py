"""The sheet of a community as a Word paper."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from docx.enum.text import WD_LINE_SPACING
from docx.shared import Mm

from server.disk import replaced_whole
from server.dossiers import drawing, words
from server.ledger.terms import local_day
from server.papers import pages

PLAN_WIDTH = Mm(90)
PAIRS = 2


def write(file: Path, told: Mapping[str, Any]) -> None:
    """Write what `service.sheet` returned into a new file.

    Raises:
        StorageFull: there is no room; nothing is left of the file.
    """
    paper = pages.blank()
    pages.title(paper, f"{told['community']['name']}基本情况")
    pages.line(paper, f"（{local_day(datetime.fromisoformat(told['made_at']))}）", centred=True)
    facts = list(_facts(told))
    rows = [
        [*facts[at], *(facts[at + 1] if at + 1 < len(facts) else ("", ""))] for at in range(0, len(facts), 2)
    ]
    pages.table(paper, ("项目", "内容") * PAIRS, rows)
    picture = pages.line(paper, "", centred=True)
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    plan = drawing.plan(told["community"]["geometry"], told["buildings"], told["sites"])
    picture.add_run().add_picture(io.BytesIO(plan), width=PLAN_WIDTH)
    pages.table(paper, ("整治措施", "未结", "其中超时", "已销号"), list(_measures(told)))
    pages.line(paper, "")
    pages.table(paper, ("最近巡查", "检查表", "发现问题"), list(_inspections(told)))
    pages.line(paper, "")
    pages.table(paper, ("充电桩点位", "阶段", "端口数"), list(_sites(told)))
    with replaced_whole(file) as part:
        part.write_bytes(pages.as_bytes(paper))


def _facts(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    place, built, contract = told["community"], told["built"], told["contract"] or {}
    yield "所在社区", place["neighbourhood_name"]
    yield "小区类别", words.KINDS.get(place["kind"], place["kind"])
    yield "户数", str(place["households"])
    yield "建成年份", str(place["built_year"] or "不详")
    yield "楼栋、单元", f"{built['buildings']} 栋 {built['entrances']} 单元"
    yield "单元网格", "、".join(place["grid_cell_codes"]) or "无"
    yield "物业服务企业", place["company_name"] or "无"
    yield "合同期限", f"{contract['starts_on']} 至 {contract['ends_on'] or '今'}" if contract else "无"
    yield "物业电话", contract.get("phone") or "不详"
    for part in told["parts"]:
        yield words.PARTS.get(part["part"], part["part"]), part["name"]
    for facility in told["facilities"]:
        yield words.FACILITIES.get(facility["kind"], facility["kind"]), str(facility["count"])


def _measures(told: Mapping[str, Any]) -> Iterator[list[str]]:
    for one in told["measures"]:
        counts = (str(one[name]["cases"]) for name in ("open", "overdue", "closed"))
        yield [f"{one['measure']}. {one['title_zh']}", *counts]


def _inspections(told: Mapping[str, Any]) -> Iterator[list[str]]:
    for one in told["inspections"]:
        day = local_day(datetime.fromisoformat(one["at"]))
        yield [str(day), one["checklist"], str(one["violations"])]


def _sites(told: Mapping[str, Any]) -> Iterator[list[str]]:
    for one in told["sites"]:
        ports = "" if one["ports"] is None else str(one["ports"])
        yield [one["name"], words.SITES.get(one["status"], one["status"]), ports]
