"""Papers about plans as .docx: a sheet a site, the public notice (A3), the comparison. Only jobs load it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from server.siting.outcome.backdrop import Backdrop
from server.siting.outcome.picture import close_up, overview
from server.siting.outcome.words import FUND_WORDS, ITEM_WORDS, KIND_WORDS, rule_line, told

Json = Mapping[str, Any]
A4, A3 = (210, 297), (420, 297)
FONT = "宋体"
# So many sites fit on the notice, so many in letters of the usual size; the others stand on the sheets.
MOST_ON_NOTICE, MOST_IN_LARGE = 40, 26
LARGE, SMALL = 9.5, 7.5


def write_sheets(
    file: Path, report: Json, drawn: Backdrop, tell: Callable[[int], None] = lambda done: None
) -> None:
    """Write a page for each new site: picture, distances with the rules, ports, whom it serves, money."""
    paper = _paper(A4, margin_mm=18)
    fresh = [site for site in report["sites"] if not site["existing"]]
    for at, site in enumerate(fresh):
        if at:
            paper.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        _title(paper, "电动自行车充电点位单", 16)
        _line(paper, f"方案：{report['name']}　　点位编号：{site['number']}　　{site['community_name']}")
        _picture(paper, close_up(drawn, report, site, (6.8, 4.2)), 170)
        _table(paper, ("项目", "内容", "项目", "内容"), _facts(site), (22, 72, 22, 58))
        rules = ("核验项目", "要求（米）", "实测（米）", "性质", "结论", "依据")
        _table(paper, rules, [rule_line(rule) for rule in site["rules"]], (32, 20, 22, 14, 14, 72))
        _line(paper, "现场复核：墙距____米　出口距____米　复核人________　日期____年__月__日")
        tell(at + 1)
    if not fresh:
        _line(paper, "本方案没有新增点位。")
    paper.save(str(file))


def _facts(site: Json) -> list[list[Any]]:
    items = site["items"]
    money = [
        f"{ITEM_WORDS[name]} {one['quantity']:g}，{one['yuan']:g} 元（{FUND_WORDS[one['paid_by']]}）"
        for name, one in items.items()
    ]
    at = site["location"]
    return [
        ["类型", KIND_WORDS.get(site["kind"], site["kind"]), "坐标", f"{at['lon']:.6f}, {at['lat']:.6f}"],
        [
            "充电端口",
            f"{site['ports']} 个，分 {site['groups'] or 1} 组",
            "车棚面积",
            f"{site['shed_m2'] or 0:g} ㎡",
        ],
        ["服务住户", f"{site['serves_households']:g} 户", "服务车辆", f"{site['serves_weight']:g} 辆"],
        ["最远步行", _metres(site["longest_walk_m"]), "同时用电", f"{site['kw'] or 0:g} 千瓦"],
        ["投资", "；".join(money) or "—", "合计", f"{site['yuan']:g} 元"],
    ]


def write_notice(file: Path, report: Json, drawn: Backdrop) -> None:
    """Write the public notice of a plan: one A3 page with map and list, blanks for what only people know."""
    paper = _paper(A3, margin_mm=16)
    totals = report["totals"]
    _title(paper, f"关于「{report['name']}」电动自行车集中充电设施布点方案的公示", 24)
    walk = "按步行路网计算" if report["distances_by"] == "walking" else "按直线距离计算（暂无步行路网）"
    _line(
        paper,
        f"为解决居民电动自行车充电需求、治理飞线充电，拟在 {len(report['communities'])} 个小区新增充电点位"
        f" {totals['new_sites']} 处、端口 {totals['new_ports']} 个，服务半径 {report['radius_m']:g} 米"
        f"（{walk}），"
        f"覆盖电动自行车 {told(totals['served_share'], '%')}。现予公示，请业主和居民提出意见。",
        13,
    )
    fresh = [site for site in report["sites"] if not site["existing"]]
    rows = [
        [
            site["number"],
            site["community_name"],
            site["name"],
            site["ports"],
            f"{site['serves_households']:g}",
            _metres(site["longest_walk_m"]),
            _nearest(site, "building"),
            _nearest(site, "entrance"),
            "、".join(sorted({FUND_WORDS[one["paid_by"]] for one in site["items"].values()})) or "—",
        ]
        for site in fresh[:MOST_ON_NOTICE]
    ]
    heads = ("编号", "小区", "点位", "端口", "户数", "最远步行", "距外墙", "距出入口", "资金来源")
    left, right = _side_by_side(paper, (192, 196))
    _picture(left, overview(drawn, report, (7.4, 7.8)), 186)
    size = LARGE if len(rows) <= MOST_IN_LARGE else SMALL
    _table(right, heads, rows, (12, 32, 40, 12, 13, 19, 18, 19, 31), size)
    if len(fresh) > MOST_ON_NOTICE:
        _line(right, f"其余 {len(fresh) - MOST_ON_NOTICE} 处见点位单。")
    _line(
        paper, "公示期：____年__月__日至____年__月__日　　意见反馈：联系人________　电话________________", 13
    )
    _line(paper, "公示单位（盖章）：________________　　　　____年__月__日", 13)
    paper.save(str(file))


def write_comparison(file: Path, plans: Json) -> None:
    """Write plans side by side: figures, then the sites of each."""
    paper = _paper((297, 210), margin_mm=16)
    names = [plan["name"] for plan in plans["plans"]]
    _title(paper, "电动自行车充电设施布点方案比选表", 18)
    width = 200 / len(names)
    figures = [
        [row["zh"], row["unit"], *(told(value, row["unit"]) for value in row["values"])]
        for row in plans["figures"]
    ]
    _table(paper, ("指标", "单位", *names), figures, (46, 16, *[width] * len(names)))
    _line(paper, "点位对照（√ 表示方案包含该点位）", 12)
    sites = [
        [row["community_name"], row["name"], *("√" if one else "" for one in row["in"])]
        for row in plans["sites"]
        if not row["existing"]
    ]
    width = 150 / len(names)
    _table(paper, ("小区", "点位", *names), sites, (52, 60, *[width] * len(names)))
    _line(
        paper,
        "比选意见：____________________________________________________________　　日期：____年__月__日",
    )
    paper.save(str(file))


def _metres(value: float | None) -> str:
    return "—" if value is None else f"{value:g} 米"


def _nearest(site: Json, kind: str) -> str:
    found = [rule["distance_m"] for rule in site["rules"] if rule["kind"] == kind]
    if not found:
        return "—"
    return "100 米以上" if found[0] is None else f"{found[0]:g} 米"


def _paper(size_mm: tuple[int, int], margin_mm: int) -> Any:
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(size_mm[0]), Mm(size_mm[1])
    if size_mm[0] > size_mm[1]:
        section.orientation = WD_ORIENT.LANDSCAPE
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(margin_mm))
    return paper


def _title(paper: Any, words: str, size: float) -> None:
    line = paper.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(words)
    run.bold, run.font.size = True, Pt(size)


def _line(paper: Any, words: str, size: float = 10.5) -> None:
    line = paper.add_paragraph()
    line.paragraph_format.space_after = Pt(4)
    line.add_run(words).font.size = Pt(size)


def _picture(where: Any, png: bytes, width_mm: float) -> None:
    line = where.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after = Pt(4)
    line.add_run().add_picture(io.BytesIO(png), width=Mm(width_mm))


def _side_by_side(paper: Any, widths_mm: tuple[float, float]) -> tuple[Any, Any]:
    """Return two cells beside each other, without borders."""
    table = _grid(paper, 1, widths_mm)
    left, right = table.rows[0].cells
    return left, right


def _table(
    where: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths_mm: Sequence[float],
    size: float = LARGE,
) -> None:
    table = _grid(where, 1 + len(rows), widths_mm)
    table.style = "Table Grid"
    for line, (cells, values) in enumerate(zip(table.rows, [heads, *rows], strict=True)):
        for cell, value in zip(cells.cells, values, strict=True):
            _cell(cell, _written(value), size, bold=line == 0)
    where.add_paragraph().paragraph_format.space_after = Pt(0)


def _grid(where: Any, rows: int, widths_mm: Sequence[float]) -> Any:
    """Return a table of columns that are so wide in every program: some read the grid, others each cell."""
    table = where.add_table(rows, len(widths_mm))
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    return table


def _written(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if type(value) is float else str(value)


def _cell(cell: Any, words: str, size: float, *, bold: bool = False) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1)
    run = line.add_run(words)
    run.bold, run.font.size = bold, Pt(size)
