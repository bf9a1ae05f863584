"""Plans and comparisons as workbooks for Excel. Only jobs load it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from server.siting.outcome.words import FUND_WORDS, ITEM_WORDS, KIND_WORDS, Share, rule_line, told

Json = Mapping[str, Any]
# Sizes of paper as Excel numbers them, and how many letters wide a table is that needs the larger.
A3, A4, WIDE = 8, 9, 190
LINE_HIGH = 16
TICK = "√"
Table = tuple[str, Sequence[tuple[str, int]], Sequence[Sequence[Any]]]


def write_plan(file: Path, report: Json) -> None:
    """Write a plan as a workbook: summary, sites, rules by site, communities, power, who is left out."""
    _write(
        file,
        [
            _summary(report),
            _sites(report),
            _rules(report),
            _communities(report),
            _power(report),
            _left(report),
        ],
    )


def write_comparison(file: Path, plans: Json) -> None:
    """Write plans side by side as a workbook: figures, and which site is in which plan."""
    names = [plan["name"] for plan in plans["plans"]]
    widths = [(name, 18) for name in names]
    figures = [
        [row["zh"], row["unit"], *(told(value, row["unit"]) for value in row["values"])]
        for row in plans["figures"]
    ]
    sites = [
        [
            row["community_name"],
            row["name"],
            KIND_WORDS.get(row["kind"], row["kind"]),
            *(TICK if one else "" for one in row["in"]),
        ]
        for row in plans["sites"]
    ]
    _write(
        file,
        [
            ("方案比选", [("指标", 22), ("单位", 8), *widths], figures),
            ("点位对照", [("小区", 22), ("点位", 26), ("类型", 10), *widths], sites),
        ],
    )


def _summary(report: Json) -> Table:
    totals = report["totals"]
    rows: list[list[Any]] = [
        ["方案", report["name"]],
        ["结论", "最优" if report["status"] == "optimal" else f"可行，距最优不超过 {report['gap']:.2%}"],
        ["距离口径", "步行路网" if report["distances_by"] == "walking" else "直线距离（无步行路网）"],
        ["服务半径（米）", report["radius_m"]],
        ["需求电动自行车（辆）", totals["weight"]],
        ["服务电动自行车（辆）", totals["served_weight"]],
        ["步行覆盖率", told(totals["served_share"], "%")],
        ["直线覆盖率", told(totals["served_share_straight"], "%")],
        ["新增点位（处）", totals["new_sites"]],
        ["新增端口（个）", totals["new_ports"]],
        ["总投资（元）", totals["yuan"]],
        *([f"其中{FUND_WORDS[fund]}（元）", yuan] for fund, yuan in totals["yuan_by_fund"].items()),
        ["平均步行（米）", totals["mean_walk_m"]],
        ["最远步行（米）", totals["longest_walk_m"]],
    ]
    return ("方案概况", [("项目", 28), ("内容", 40)], rows)


def _sites(report: Json) -> Table:
    columns = [
        ("序号", 6),
        ("小区", 22),
        ("点位", 26),
        ("类型", 10),
        ("经度", 12),
        ("纬度", 12),
        ("端口", 8),
        ("车棚（㎡）", 10),
        ("服务车辆", 10),
        ("服务户数", 10),
        ("最远步行（米）", 12),
        *((f"{word}（元）", 14) for word in ITEM_WORDS.values()),
        ("合计（元）", 14),
        ("财政预算（元）", 14),
        ("用电（千瓦）", 12),
        ("提示", 30),
    ]
    return ("点位", columns, [_site(site) for site in report["sites"]])


def _site(site: Json) -> list[Any]:
    items = [site["items"].get(item, {}).get("yuan") for item in ITEM_WORDS]
    return [
        site["number"],
        site["community_name"],
        site["name"],
        KIND_WORDS.get(site["kind"], site["kind"]),
        site["location"]["lon"],
        site["location"]["lat"],
        site["ports"],
        site["shed_m2"],
        site["serves_weight"],
        site["serves_households"],
        site["longest_walk_m"],
        *items,
        site["yuan"],
        site["budget_yuan"],
        site["kw"],
        "、".join(site["warnings"]),
    ]


def _rules(report: Json) -> Table:
    columns = [
        ("点位", 26),
        ("规则", 30),
        ("要求（米）", 10),
        ("实测（米）", 12),
        ("性质", 8),
        ("结论", 8),
        ("依据", 36),
    ]
    rows = [
        [site["name"], *rule_line(rule)]
        for site in report["sites"]
        if not site["existing"]
        for rule in site["rules"]
    ]
    return ("规则核验", columns, rows)


def _communities(report: Json) -> Table:
    columns = [("小区", 24), ("户数", 10), ("需求车辆", 10), ("服务车辆", 10), ("覆盖率", 10), ("点位", 8)]
    rows = [
        [
            one["name"],
            one["households"],
            one["weight"],
            one["served_weight"],
            told(one["served_share"], "%"),
            one["sites"],
        ]
        for one in report["communities"]
    ]
    return ("小区", columns, rows)


def _power(report: Json) -> Table:
    columns = [("变压器", 24), ("余量（千伏安）", 14), ("可用（千瓦）", 14), ("新增用电（千瓦）", 16)]
    rows = [
        [
            one["name"],
            "未掌握" if one["spare_kva"] is None else one["spare_kva"],
            one["limit_kw"],
            one["new_kw"],
        ]
        for one in report["transformers"]
    ]
    return ("电力", columns, rows)


def _left(report: Json) -> Table:
    columns = [("小区", 24), ("楼栋", 20), ("车辆", 10), ("最近点位直线距离（米）", 20)]
    rows = [
        [one["community_name"], one["name"], one["weight"], one["nearest_site_straight_m"]]
        for one in report["unserved"]
    ]
    return ("未覆盖", columns, rows)


def _write(file: Path, tables: Sequence[Table]) -> None:
    with xlsxwriter.Workbook(str(file)) as book:
        look = _Look(book)
        for title, columns, rows in tables:
            sheet = book.add_worksheet(title)
            sheet.set_landscape()
            sheet.set_paper(A3 if sum(width for _, width in columns) > WIDE else A4)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            sheet.freeze_panes(1, 0)
            # Not every program makes a wrapped head as high as its words need.
            sheet.set_row(0, LINE_HIGH * max(_lines(name, width) for name, width in columns))
            for number, (name, width) in enumerate(columns):
                sheet.set_column(number, number, width)
                sheet.write_string(0, number, name, look.head)
            for at, row in enumerate(rows, start=1):
                for number, value in enumerate(row):
                    look.put(sheet, at, number, value)


def _lines(words: str, width: int) -> int:
    """Return how many lines words take in a column; a Chinese character is as wide as two letters."""
    return -(-sum(1 if letter.isascii() else 2 for letter in words) // max(width - 1, 1))


class _Look:
    """How cells look, by what stands in them."""

    def __init__(self, book: Any) -> None:
        plain = {"border": 1, "valign": "vcenter", "font_size": 10, "text_wrap": True}
        self.head = book.add_format(
            {**plain, "bold": True, "bg_color": "#D9E2F3", "align": "center", "font_size": 11}
        )
        self._plain = book.add_format(plain)
        self._share = book.add_format({**plain, "num_format": "0.0%"})
        self._tick = book.add_format({**plain, "align": "center"})

    def put(self, sheet: Any, row: int, column: int, value: Any) -> None:
        """Write a value into a cell."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self._plain)
        elif isinstance(value, bool | int | float):
            sheet.write_number(row, column, value, self._share if isinstance(value, Share) else self._plain)
        else:
            # Always as a string: a name that begins with "=" is no formula.
            sheet.write_string(row, column, str(value), self._tick if value == TICK else self._plain)
