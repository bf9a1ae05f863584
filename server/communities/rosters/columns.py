"""The rosters that an office keeps in Excel, and their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.sheets.columns import Column

CONTRACTS = {"preliminary": ("前期物业",), "owner_selected": ("业主选聘",)}
COMMUNITIES = {
    "commodity": ("商品房小区",),
    "old_estate": ("老旧小区",),
    "work_unit_compound": ("家属院", "单位家属院"),
}

YES_NO = {"yes": ("是", "示范", "试点", "√", "true", "1"), "no": ("否", "不是", "×", "false", "0")}
DATUMS = {
    "wgs84": ("WGS84", "WGS-84", "EPSG:4326"),
    "cgcs2000": ("国家2000", "CGCS2000", "2000国家大地坐标系"),
    "gcj02": ("火星坐标", "GCJ-02", "高德", "腾讯"),
    "bd09": ("百度", "BD-09", "百度坐标"),
}
# As much as a cell of Excel holds.
LONGEST_OUTLINE = 32_767


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster: its title, its columns, and what a cell of each may say."""

    title: str
    columns: tuple[Column, ...]
    example: tuple[object, ...]


ROSTERS: Mapping[str, Roster] = {
    "workers": Roster(
        "网格员名册",
        (
            Column("username", "用户名", "User name", "code", required=True, width=16, longest=64),
            Column("display_name", "姓名", "Name", required=True, longest=64),
            Column("cells", "网格编码", "Grid cells", "code", required=True, width=40),
            Column("unit", "单位", "Unit", width=24),
            Column("password", "初始密码", "First password", "code", width=18, longest=256),
        ),
        ("wang.li", "王丽", "370831001001001、370831001001002", "泗河街道办事处", None),
    ),
    "companies": Roster(
        "物业企业名册",
        (
            Column("code", "单位代码", "Unit code", "code", required=True, width=18, longest=64),
            Column("name", "企业名称", "Company", required=True, width=28, longest=200),
            Column("name_en", "英文名称", "English name", width=28, longest=200),
            Column("credit_code", "统一社会信用代码", "Credit code", "code", width=22),
            Column("phone", "联系电话", "Phone", "code", width=16, longest=40),
            Column("party_members", "党员人数", "Party members", "whole", width=10),
        ),
        ("hongda_wuye", "泗水县宏达物业服务有限公司", None, None, "0537-4221234", 3),
    ),
    "contracts": Roster(
        "物业合同名册",
        (
            Column("community", "小区", "Community", required=True, width=20),
            Column("neighbourhood", "社区", "Neighbourhood", width=18),
            Column("company", "物业企业", "Company", required=True, width=28),
            Column("kind", "合同类型", "Kind", "choice", required=True, choices=CONTRACTS),
            Column("starts_on", "开始日期", "First day", "day", required=True),
            Column("last_on", "终止日期", "Last day", "day"),
        ),
        ("锦绣花园", "泉兴社区", "泗水县宏达物业服务有限公司", "业主选聘", "2025-01-01", "2027-12-31"),
    ),
    "communities": Roster(
        "住宅小区名册",
        (
            Column("community", "小区", "Community", required=True, width=20),
            Column("neighbourhood", "社区", "Neighbourhood", width=18),
            Column("households", "户数", "Households", "whole"),
            Column("kind", "小区类型", "Kind", "choice", choices=COMMUNITIES),
            Column("built_year", "建成年份", "Built in", "whole"),
            Column("warranty_until", "保修期至", "Warranty until", "day"),
            Column("pilot", "示范/试点", "Pilot", "choice", choices=YES_NO, width=10),
            Column("lon", "经度", "Longitude", "decimal"),
            Column("lat", "纬度", "Latitude", "decimal"),
            Column("datum", "坐标系", "Datum", "choice", choices=DATUMS),
            Column("outline", "边界", "Outline (WKT or GeoJSON)", width=30, longest=LONGEST_OUTLINE),
            Column("company", "物业企业", "Company", width=28),
            Column("contract", "合同类型", "Contract", "choice", choices=CONTRACTS),
        ),
        (
            *(
                "锦绣花园",
                "泉兴社区",
                1024,
                "商品房小区",
                2019,
                "2029-06-30",
                "是",
                117.2765,
                35.6648,
                "WGS84",
            ),
            "POLYGON((117.27 35.66,117.28 35.66,117.28 35.67,117.27 35.66))",
            "泗水县宏达物业服务有限公司",
            "业主选聘",
        ),
    ),
    "assignments": Roster(
        "网格分工名册",
        (
            Column("username", "用户名", "User name", "code", required=True, width=16, longest=64),
            Column("cell", "网格编码", "Grid cell", "code", required=True, width=18, longest=15),
            Column("starts_on", "开始日期", "First day", "day", required=True),
            Column("last_on", "最后日期", "Last day", "day"),
        ),
        ("wang.li", "370831001001001", "2026-01-01", None),
    ),
}
