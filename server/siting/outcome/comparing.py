"""Plans side by side: the figures that a meeting looks at, and which site is in which plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
FEWEST, MOST = 2, 6
_TOTALS: tuple[tuple[str, str, str, str], ...] = (
    ("served_weight", "服务电动自行车", "E-bikes served", "辆"),
    ("served_share", "步行覆盖率", "Share reached on foot", "%"),
    ("served_share_straight", "直线覆盖率", "Share reached straight", "%"),
    ("new_sites", "新增点位", "New sites", "处"),
    ("existing_sites", "已有点位", "Standing sites", "处"),
    ("new_ports", "新增端口", "New ports", "个"),
    ("yuan", "总投资", "Whole cost", "元"),
    ("budget_yuan", "其中财政预算", "Of it, the budget", "元"),
    ("mean_walk_m", "平均步行距离", "Mean walk", "米"),
    ("longest_walk_m", "最远步行距离", "Longest walk", "米"),
    ("warnings", "软性规则提示", "Soft rules broken", "条"),
)
FUNDS = {
    "investor": ("社会投资", "Investor"),
    "maintenance_fund": ("维修资金", "Maintenance fund"),
    "property_company": ("物业企业", "Property company"),
}


def compared(reports: Sequence[Json]) -> dict[str, Any]:
    """Return reports side by side: `plans`, `figures` with one value a plan, `sites` with who has them."""
    figures = [_figure(name, zh, en, unit, reports, _total(name)) for name, zh, en, unit in _TOTALS]
    figures += [_figure(fund, zh, en, "元", reports, _paid_by(fund)) for fund, (zh, en) in FUNDS.items()]
    figures += [
        _figure(
            "communities_unserved", "无点位小区", "Communities without a site", "个", reports, _without_site
        ),
        _figure("unserved_weight", "未覆盖电动自行车", "E-bikes left out", "辆", reports, _left_out),
        _figure("gap", "与最优值差距上限", "Gap at most", "%", reports, lambda report: report["gap"]),
    ]
    return {
        "plans": [
            {
                **{name: report[name] for name in ("plan_id", "name", "scenario_id", "status")},
                "distances_by": report["distances_by"],
                "budget": report["budget"],
                "radius_m": report["radius_m"],
            }
            for report in reports
        ],
        "figures": figures,
        "sites": _sites(reports),
    }


def _figure(
    name: str, zh: str, en: str, unit: str, reports: Sequence[Json], of: Callable[[Json], Any]
) -> dict[str, Any]:
    return {"name": name, "zh": zh, "en": en, "unit": unit, "values": [of(report) for report in reports]}


def _total(name: str) -> Callable[[Json], Any]:
    return lambda report: report["totals"][name]


def _paid_by(fund: str) -> Callable[[Json], Any]:
    return lambda report: report["totals"]["yuan_by_fund"].get(fund, 0)


def _without_site(report: Json) -> int:
    return sum(not one["sites"] for one in report["communities"])


def _left_out(report: Json) -> float:
    totals = report["totals"]
    return float(totals["weight"] - totals["served_weight"])


def _sites(reports: Sequence[Json]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for report in reports:
        for site in report["sites"]:
            told = {name: site[name] for name in ("id", "kind", "name", "community_name", "existing")}
            found.setdefault(site["id"], told)
    has = [{site["id"] for site in report["sites"]} for report in reports]
    rows = [{**told, "in": [name in ids for ids in has]} for name, told in found.items()]
    return sorted(rows, key=lambda row: (row["existing"], row["community_name"], row["id"]))
